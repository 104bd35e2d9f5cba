import type { AuditRecord } from '../../core/model/audit-record.ts'

/** A record as a ledger keeps it. */
export interface LedgerRecord extends AuditRecord {
  /**
   * How many numbers of its engine are not in the ledger before this record: the sink refused them, as
   * on a full disk, or they were never offered to it. Absent where none is missing. It is part of what
   * the hash is of.
   */
  readonly missing_before?: number
}

/** The record with what the sink knows to be missing before it. */
export function withMissing(record: AuditRecord, missing: number): LedgerRecord {
  return missing === 0 ? record : { ...record, missing_before: missing }
}
