import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonValue } from '../../core/model/json.ts'

type Value = string | number | boolean | null

/** One column: its type, and what a record has for it. */
export interface Column {
  readonly name: string
  readonly type: 'text' | 'timestamptz' | 'bigint' | 'double precision' | 'boolean' | 'jsonb'
  readonly isRequired?: true
  readonly read: (record: AuditRecord) => Value
}

/** Longer texts are cut in columns, so that each fits an index; the line has them whole. */
export const MAX_COLUMN_CHARACTERS = 512

type TextField = {
  [Name in keyof AuditRecord]: AuditRecord[Name] extends string | null ? Name : never
}[keyof AuditRecord]

function text(name: TextField, column: string = name): Column {
  return { name: column, type: 'text', read: (record) => textValue(record[name]) }
}

function required(name: TextField): Column {
  return { ...text(name), isRequired: true }
}

function json(name: 'arguments' | 'patch' | 'findings' | 'act_chain', column: string): Column {
  return { name: column, type: 'jsonb', read: (record) => jsonValue(record[name] as JsonValue) }
}

/** What is asked for in queries. All else is in the line. */
export const COLUMNS: readonly Column[] = [
  { name: 'ts', type: 'timestamptz', isRequired: true, read: ({ ts }) => timeValue(ts) },
  required('id'),
  { name: 'seq', type: 'bigint', isRequired: true, read: ({ seq }) => seq },
  required('kind'),
  required('status'),
  text('trace_id'),
  text('session_id'),
  text('context_id'),
  text('client_id'),
  text('task_id'),
  text('request_id'),
  text('tool_call_id'),
  text('request_method'),
  text('request_source'),
  text('parent_id'),
  text('user_id'),
  text('actor_kind'),
  json('act_chain', 'act_chain'),
  text('agent'),
  text('tenant'),
  text('team'),
  text('department'),
  text('tier'),
  text('server'),
  text('tool'),
  text('resource'),
  text('verb'),
  text('scope'),
  text('effect'),
  text('reason'),
  text('gate'),
  { name: 'rule_role', type: 'text', read: ({ rule }) => textValue(rule?.role ?? null) },
  { name: 'rule_name', type: 'text', read: ({ rule }) => textValue(rule?.name ?? null) },
  text('constraint', 'constraint_kind'),
  { name: 'enforced', type: 'boolean', read: ({ enforced }) => enforced },
  text('mode'),
  text('policy_digest'),
  text('input_hash'),
  text('output_hash'),
  json('arguments', 'arguments'),
  json('patch', 'patch'),
  json('findings', 'findings'),
  text('disposition'),
  { name: 'risk', type: 'double precision', read: ({ risk }) => risk },
  text('approval_id'),
  { name: 'duration_ms', type: 'double precision', read: ({ duration_ms }) => duration_ms },
  text('error'),
  { name: 'cost_nusd', type: 'double precision', read: ({ cost_nusd }) => cost_nusd },
  text('model'),
]

const NUL = /\u0000/g
const LONE_SURROGATE = /\p{Cs}/u
const LONE_SURROGATES = /\p{Cs}/gu

/** PostgreSQL keeps no NUL, and nothing that is no UTF-8. */
export function textValue(value: string | null): string | null {
  if (value === null) return null
  let held =
    value.length > MAX_COLUMN_CHARACTERS ? `${value.slice(0, MAX_COLUMN_CHARACTERS - 1)}…` : value
  if (held.includes('\u0000')) held = held.replace(NUL, '\ufffd')
  // A cut may go through a pair.
  return LONE_SURROGATE.test(held) ? held.replace(LONE_SURROGATES, '\ufffd') : held
}

/** PostgreSQL knows words for times, such as `now`: no record means one. Empty is refused. */
function timeValue(value: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? value : ''
}

/** Empty lists are null: nobody asks for them, and each costs space. */
function jsonValue(value: JsonValue): string | null {
  if (value === null || (Array.isArray(value) && value.length === 0)) return null
  // Escape by escape, so that `u0000` behind an escaped backslash stays what it is.
  return JSON.stringify(value).replace(/\\(?:u....|.)/g, (pair) =>
    pair === '\\u0000' || pair.startsWith('\\ud') ? '\\ufffd' : pair,
  )
}

/** Literals of arrays, one a column: far fewer parameters than one a value, and a statement of one form. */
export function arraysOf(records: readonly AuditRecord[]): readonly string[] {
  return COLUMNS.map(({ read }) => arrayOf(records.map(read)))
}

/** `unnest` fills shorter arrays with null: a column that nobody has costs nothing. */
export function arrayOf(values: readonly Value[]): string {
  let last = values.length
  while (last > 0 && values[last - 1] === null) last--
  let literal = '{'
  for (let index = 0; index < last; index++)
    literal += (index === 0 ? '' : ',') + element(values[index] ?? null)
  return `${literal}}`
}

function element(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value !== 'string') return String(value)
  return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`
}
