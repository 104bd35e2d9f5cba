import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { EngineRuns } from '../ledger/engine-runs.ts'
import { fitRecord } from '../ledger/fit-record.ts'
import { withMissing } from '../ledger/missing-before.ts'
import { sealLine } from '../ledger/seal.ts'
import type { Batch } from './journal.ts'

/** What goes out in one write, unless a single list of records is larger. */
const BATCH_CHARACTERS = 4 * 1_048_576

export interface SealedBatch {
  readonly batch: Batch
  /** How many lists went into it. */
  readonly taken: number
  /** The numbers to go on from, once the batch is written. */
  readonly runs: EngineRuns
}

/** The lines of the lists that go out together: linked, bounded, and saying which numbers are missing. */
export function sealBatch(
  lists: readonly { readonly records: readonly AuditRecord[] }[],
  after: { readonly prev: string | null; readonly runs: EngineRuns },
  maxRecordBytes: number,
): SealedBatch {
  const runs = after.runs.fork()
  let { prev } = after
  let text = ''
  let taken = 0
  let records = 0
  let first: Batch['first'] | undefined
  let last: Batch['last'] = { seq: 0, ts: '', hash: '' }
  for (const list of lists) {
    if (taken > 0 && text.length > BATCH_CHARACTERS) break
    for (const record of list.records) {
      const told = withMissing(record, runs.take(record.seq))
      const { line, hash } = sealWithin(told, prev, maxRecordBytes)
      text += `${line}\n`
      prev = hash
      last = { seq: record.seq, ts: record.ts, hash }
      first ??= last
      records++
    }
    taken++
  }
  const batch = { bytes: Buffer.from(text), records, first: first ?? last, last }
  return { batch, taken, runs }
}

function sealWithin(record: AuditRecord, prev: string | null, maxBytes: number) {
  const sealed = sealLine(record, prev)
  // A UTF-16 unit takes three bytes at most: most lines need not be measured.
  if (sealed.line.length * 3 <= maxBytes || Buffer.byteLength(sealed.line) <= maxBytes)
    return sealed
  return sealLine(fitRecord(record, maxBytes), prev)
}
