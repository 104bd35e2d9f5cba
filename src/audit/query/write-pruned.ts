import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises'
import { machineFs } from '../jsonl/file-system.ts'
import { takeLock } from '../jsonl/lock.ts'
import { type LedgerReport, type VerifyOptions, verifyLedger } from '../ledger/verify-ledger.ts'
import { auditFiles } from './audit-files.ts'
import { type PruneOptions, prunedLines } from './prune.ts'
import { trailError } from './trail-error.ts'

export interface WritePrunedOptions extends PruneOptions {
  /** Files of one ledger, in order. */
  readonly files: readonly string[]
  /** A file that is not there yet; undefined: the one file is replaced. */
  readonly out: string | undefined
  readonly verify: VerifyOptions
  readonly onNote: (note: string) => void
  /** Only counts. */
  readonly dryRun: boolean
}

export interface Pruned {
  /** Of what was written, or of the ledger where nothing was. */
  readonly report: LedgerReport
  /** Records that were, or would be, removed. */
  readonly removed: number
  /** False for a dry run, for a ledger that is not intact, and where nothing is to be removed. */
  readonly isWritten: boolean
}

const OWNER_ONLY = 0o600
const BATCH_CHARACTERS = 256 * 1024

/**
 * Writes a ledger without some of its records. One that is not intact is left alone, and its report
 * given back; so is what was written, before it counts. Where nothing is to be removed nothing is written. A file that a sink writes cannot be replaced.
 * @throws {CallgateError} ERR_AUDIT_INVALID, ERR_AUDIT_UNAVAILABLE where a sink holds the file
 */
export async function writePruned(options: WritePrunedOptions): Promise<Pruned> {
  const { files, out, dryRun } = options
  if (dryRun || out !== undefined) return pruneInto(out ?? '', options)
  const [file, other] = files
  if (file === undefined || other !== undefined || file.endsWith('.gz'))
    throw trailError('only one file that is not gzipped can be replaced')
  const lock = await takeLock(file, machineFs, (_code, message) => options.onNote(message))
  const draft = `${file}.pruned`
  try {
    const pruned = await pruneInto(draft, options)
    if (!pruned.isWritten) return pruned
    await rename(draft, file)
    await machineFs.syncFolder(file)
    return pruned
  } finally {
    await lock.release()
  }
}

async function pruneInto(target: string, options: WritePrunedOptions): Promise<Pruned> {
  const before = await verifyLedger({ files: options.files }, options.verify)
  const removed = before.ok ? await countRemoved(options) : 0
  if (removed === 0 || options.dryRun) return { report: before, removed, isWritten: false }
  const mode = (await stat(options.files[0] ?? '')).mode & 0o777
  const handle = await open(target, 'wx', options.out === undefined ? mode : OWNER_ONLY)
  let isGood = false
  try {
    await writeLines(handle, prunedLines(auditFiles(options.files).lines(), options))
    await handle.sync()
    const after = await verifyLedger({ files: [target] }, options.verify)
    if (!after.ok)
      throw trailError(`what was written does not verify: ${after.fault?.message}; it was removed`)
    isGood = true
    return { report: after, removed, isWritten: true }
  } finally {
    await handle.close()
    if (!isGood) await unlink(target)
  }
}

async function countRemoved({ files, isRemoved }: WritePrunedOptions): Promise<number> {
  let count = 0
  for await (const record of auditFiles(files).records()) if (isRemoved(record)) count++
  return count
}

async function writeLines(handle: FileHandle, lines: AsyncIterable<string>): Promise<void> {
  let batch = ''
  for await (const line of lines) {
    batch += `${line}\n`
    if (batch.length < BATCH_CHARACTERS) continue
    await handle.writeFile(batch)
    batch = ''
  }
  await handle.writeFile(batch)
}
