import type { KeyLike } from 'node:crypto'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { recordOf } from './audit-files.ts'
import type { TrailLine } from './read-lines.ts'
import { MOST_REMOVED, type RemovedRecord, tombstoneLine } from './tombstone.ts'
import { trailError } from './trail-error.ts'

export interface PruneOptions {
  readonly isRemoved: (record: AuditRecord) => boolean
  /** Kept in the tombstones: name no person that was erased. */
  readonly why: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Ed25519; without it the tombstones are not signed. */
  readonly privateKey?: KeyLike
}

/** Records that stand together and are removed. */
interface Run {
  readonly prev: string | null
  readonly removed: RemovedRecord[]
}

/**
 * The lines of a ledger without some of its records: a tombstone stands for each run of them, so that
 * the chain still holds. Lines that are kept stay as they are, byte for byte.
 * @throws {CallgateError} ERR_AUDIT_INVALID for a line that is no record, or a removed one without links
 */
export async function* prunedLines(
  lines: AsyncIterable<TrailLine>,
  options: PruneOptions,
): AsyncGenerator<string> {
  let run: Run | undefined
  for await (const line of lines) {
    const record = recordOf(line)
    if (record === undefined && !line.ended) continue // cut short: nobody was told that it is kept
    const removed =
      record !== undefined && options.isRemoved(record) ? removedOf(record, line) : undefined
    if (run !== undefined && (removed === undefined || run.removed.length >= MOST_REMOVED)) {
      yield lineOf(run, options)
      run = undefined
    }
    if (record === undefined || removed === undefined) {
      yield line.text
      continue
    }
    run ??= { prev: record.prev, removed: [] }
    run.removed.push(removed)
  }
  if (run !== undefined) yield lineOf(run, options)
}

function removedOf({ seq, ts, hash }: AuditRecord, { file, number }: TrailLine): RemovedRecord {
  if (hash !== null) return { seq, ts, hash }
  throw trailError(`${file}:${number}: the record has no hash that could stay`)
}

function lineOf({ prev, removed }: Run, { why, at, privateKey }: PruneOptions): string {
  const [first] = removed
  const last = removed.at(-1)
  if (first === undefined || last === undefined) throw trailError('a run of nothing was removed')
  return tombstoneLine(
    {
      schema: 1,
      kind: 'tombstone',
      seq: first.seq,
      ts: first.ts,
      prev,
      hash: last.hash,
      removed,
      why,
      removed_at: new Date(at).toISOString(),
      signature: null,
    },
    privateKey,
  )
}
