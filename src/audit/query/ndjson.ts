import { canonicalJson } from '../../core/hash.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonObject } from '../../core/model/json.ts'

/** A record as a ledger has it: in its canonical form, so that its hash can still be checked. */
export function ndjsonLine(record: AuditRecord): string {
  try {
    return canonicalJson(record as unknown as JsonObject) // plain JSON by its type
  } catch {
    return JSON.stringify(record) // what no ledger wrote may have lone surrogates
  }
}
