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
}

const OWNER_ONLY = 0o600
const BATCH_CHARACTERS = 256 * 1024

/**
 * Writes a ledger without some of its records. One that is not intact is left alone, and its report
 * given back; so is what was written, before it counts. A file that a sink writes cannot be replaced.
 * @throws {CallgateError} ERR_AUDIT_INVALID, ERR_AUDIT_UNAVAILABLE where a sink holds the file
 */
export async function writePruned(options: WritePrunedOptions): Promise<LedgerReport> {
  const { files, out } = options
  if (out !== undefined) return pruneInto(out, options)
  const [file, other] = files
  if (file === undefined || other !== undefined || file.endsWith('.gz'))
    throw trailError('only one file that is not gzipped can be replaced')
  const lock = await takeLock(file, machineFs, (_code, message) => options.onNote(message))
  const draft = `${file}.pruned`
  try {
    const report = await pruneInto(draft, options)
    if (!report.ok) return report
    await rename(draft, file)
    await machineFs.syncFolder(file)
    return report
  } finally {
    await lock.release()
  }
}

async function pruneInto(target: string, options: WritePrunedOptions): Promise<LedgerReport> {
  const before = await verifyLedger({ files: options.files }, options.verify)
  if (!before.ok) return before
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
    return after
  } finally {
    await handle.close()
    if (!isGood) await unlink(target)
  }
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
