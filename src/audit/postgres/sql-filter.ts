import type { RecordFilter } from '../query/filter.ts'
import { textValue } from './columns.ts'

/** The columns of which any may have the value. */
const COLUMNS_OF = {
  session: ['session_id'],
  user: ['user_id'],
  agent: ['agent'],
  tool: ['tool', 'resource'],
  server: ['server'],
  effect: ['effect'],
  reason: ['reason'],
  gate: ['gate'],
  kind: ['kind'],
  status: ['status'],
} as const satisfies Partial<Record<keyof RecordFilter, readonly string[]>>

type ColumnFilter = keyof typeof COLUMNS_OF
const COLUMN_FILTERS = Object.keys(COLUMNS_OF) as readonly ColumnFilter[] // its own keys

/** What every PostgreSQL knows as a time, and no record goes beyond. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59Z')

/**
 * What a filter asks for as conditions of a query, each behind `and`. It lets through all that the filter
 * wants and perhaps more, since columns hold cut texts: who asks looks at each record again.
 */
export function sqlFilter(
  filter: RecordFilter,
  firstParameter: number,
): { readonly where: string; readonly parameters: readonly unknown[] } {
  const parameters: unknown[] = []
  const conditions: string[] = []
  const parameter = (value: unknown): string => {
    parameters.push(value)
    return `$${firstParameter + parameters.length - 1}`
  }
  for (const name of COLUMN_FILTERS) {
    const values = filter[name]
    if (values === undefined) continue
    const list = `${parameter(values.map(textValue))}::text[]`
    conditions.push(
      `(${COLUMNS_OF[name].map((column) => `"${column}" = any(${list})`).join(' or ')})`,
    )
  }
  if (filter.finding !== undefined) conditions.push('findings is not null')
  // A column is rounded to microseconds, and may so be at the end itself.
  if (filter.since !== undefined && filter.since > FIRST_MS)
    conditions.push(`ts >= ${parameter(timeOf(filter.since))}::timestamptz`)
  if (filter.until !== undefined && filter.until < LAST_MS)
    conditions.push(`ts <= ${parameter(timeOf(Math.ceil(filter.until)))}::timestamptz`)
  return { where: conditions.map((condition) => ` and ${condition}`).join(''), parameters }
}

function timeOf(at: number): string {
  return new Date(Math.min(LAST_MS, Math.max(FIRST_MS, at))).toISOString()
}
