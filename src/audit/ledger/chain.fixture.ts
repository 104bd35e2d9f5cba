import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Checkpoint } from './checkpoint.ts'
import { seal } from './seal.ts'

/** The lines of a good ledger and their hashes. */
export function chainOf(records: readonly AuditRecord[]) {
  const sealed: ReturnType<typeof seal>[] = []
  for (const record of records) sealed.push(seal(record, sealed.at(-1)?.hash ?? null))
  return { lines: sealed.map(({ line }) => line), hashes: sealed.map(({ hash }) => hash) }
}

/** The checkpoint of a line of a ledger whose first record has the number 1. */
export function pointOf(hashes: readonly string[], line: number): Checkpoint {
  return {
    schema: 1,
    seq: line,
    hash: hashes[line - 1] ?? '',
    count: line,
    ts: '2026-01-01T00:00:00.000Z',
    file: 'audit.jsonl',
  }
}
