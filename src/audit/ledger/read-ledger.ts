import type { AuditRecord } from '../../core/model/audit-record.ts'
import { joinCalls } from '../query/calls.ts'
import { readBytes, readLines } from '../query/read-lines.ts'
import { readRecord } from '../query/read-record.ts'
import { isTombstone } from '../query/tombstone.ts'

export interface LedgerReader<T> extends AsyncIterable<T> {
  /** Lines passed over so far: cut short by a crash, or no record. `verifyLedger` says which. */
  torn(): number
}

/** The records of files, in the order given. A trail that was torn can be read. */
export function readLedger(files: readonly string[]): LedgerReader<AuditRecord> {
  let torn = 0
  return {
    torn: () => torn,
    async *[Symbol.asyncIterator]() {
      torn = 0
      for (const file of files)
        for await (const { text } of readLines(file, readBytes(file))) {
          const record = readRecord(text)
          if (typeof record !== 'string') yield record
          else if (!isTombstone(text)) torn++
        }
    },
  }
}

/**
 * The calls of files: intent and outcome as one record, with the intent's time and the outcome's
 * status. An intent without an outcome is `unknown`: nobody can say that it succeeded.
 */
export function readCalls(
  files: readonly string[],
  options: Parameters<typeof joinCalls>[1] = {},
): LedgerReader<AuditRecord> {
  const records = readLedger(files)
  return {
    torn: () => records.torn(),
    [Symbol.asyncIterator]: () => joinCalls(records, options),
  }
}
