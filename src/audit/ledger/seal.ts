import { canonicalJson, sha256Hex } from '../../core/hash.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonValue } from '../../core/model/json.ts'

/** A record as it is kept: linked to the one before it, and in its canonical form. */
export interface Sealed {
  readonly record: AuditRecord
  /** RFC 8785, without a line break. */
  readonly line: string
  /** `sha256:<hex>`: what the next record names as `prev`. */
  readonly hash: string
}

/**
 * Links a record to the one before. Its hash is that of its canonical form with `prev` set and `hash`
 * null, so that whoever holds the line can check it without anything else.
 */
export function seal(record: AuditRecord, prev: string | null): Sealed {
  const linked = { ...record, prev, hash: null }
  const hash = hashOfLine(canonicalJson(linked as unknown as JsonValue)) // plain JSON by its type
  const sealed = Object.freeze({ ...linked, hash })
  return { record: sealed, hash, line: canonicalJson(sealed as unknown as JsonValue) }
}

export function hashOfLine(canonical: string): string {
  return `sha256:${sha256Hex(canonical)}`
}
