/** Reference text that comes from the code: the table of fields of an audit record. */
import type { RecordField } from '../audit/schema/field.ts'
import { RECORD_FIELDS } from '../audit/schema/record-fields.ts'

const FIELDS: Readonly<Record<string, RecordField>> = RECORD_FIELDS

/** The table of `docs/reference/audit-record.md`. */
export function renderRecordFields(): string {
  const rows = Object.entries(FIELDS).map(
    ([name, { type, means, written }]) => `| \`${name}\` | ${type} | ${means} | ${written} |`,
  )
  return ['| Field | Type | Meaning | Written |', '|---|---|---|---|', ...rows].join('\n')
}
