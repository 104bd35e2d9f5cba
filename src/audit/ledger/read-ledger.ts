import type { AuditRecord } from '../../core/model/audit-record.ts'
import { joinCalls } from '../query/calls.ts'
import { readBytes, readLines } from '../query/read-lines.ts'
import { readRecord } from '../query/read-record.ts'
import { isTombstone } from '../query/tombstone.ts'

export interface LedgerReader<T> extends AsyncIterable<T> {
  /** Lines passed over so far: cut short by a crash, or no record. `verifyLedger` says which. */
  torn(): number
}

/**
 * The records of files, in the order given. A trail that was torn can be read: a line without its end
 * is passed over, whatever it says, for `verifyLedger` has not looked at it.
 */
export function readLedger(files: readonly string[]): LedgerReader<AuditRecord> {
  let torn = 0
  return {
    torn: () => torn,
    async *[Symbol.asyncIterator]() {
      torn = 0
      for await (const record of recordsIn(files))
        if (record === 'torn') torn++
        else if (record !== undefined) yield record
    },
  }
}

async function* recordsIn(
  files: readonly string[],
): AsyncGenerator<AuditRecord | 'torn' | undefined> {
  for (const file of files)
    for await (const { text, ended } of readLines(file, readBytes(file)))
      yield recordIn(text, ended)
}

/** Undefined for a line that stands for removed records. */
function recordIn(text: string, ended: boolean): AuditRecord | 'torn' | undefined {
  if (!ended) return 'torn'
  const record = readRecord(text)
  if (typeof record !== 'string') return record
  return isTombstone(text) ? undefined : 'torn'
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
