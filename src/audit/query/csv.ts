import type { AuditRecord } from '../../core/model/audit-record.ts'
import { RECORD_FIELDS } from './read-record.ts'

/** Line of column names. Lines are ended by `\r\n`. */
export const CSV_HEADER = RECORD_FIELDS.join(',')

/**
 * A record as one line of CSV with every field; lists and objects are JSON.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvLine(record: AuditRecord): string {
  return RECORD_FIELDS.map((field) => cell(record[field])).join(',')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

// A spreadsheet would run it: `=cmd|...`. Full-width forms count, for some programs fold them.
// @see https://owasp.org/www-community/attacks/CSV_Injection
const FORMULA = /^[\s']*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u
