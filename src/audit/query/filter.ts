import type { AuditRecord } from '../../core/model/audit-record.ts'

/** Which records are wanted. Of several values of one field any will do; fields must all match. */
export interface RecordFilter {
  /** Epoch milliseconds: not before. */
  readonly since?: number
  /** Epoch milliseconds: before. */
  readonly until?: number
  /** Of a call: both of its records have it. */
  readonly id?: readonly string[]
  readonly session?: readonly string[]
  readonly user?: readonly string[]
  readonly agent?: readonly string[]
  /** By its full name, such as `db.query`, or the name without its server. */
  readonly tool?: readonly string[]
  readonly server?: readonly string[]
  readonly effect?: readonly string[]
  readonly reason?: readonly string[]
  readonly gate?: readonly string[]
  readonly kind?: readonly string[]
  readonly status?: readonly string[]
  /** Id of a behavioural rule that one of the record's findings names. */
  readonly finding?: readonly string[]
}

const FIELDS = {
  id: ({ id }) => [id],
  session: ({ session_id }) => [session_id],
  user: ({ user_id }) => [user_id],
  agent: ({ agent }) => [agent],
  tool: ({ tool, resource }) => [tool, resource],
  server: ({ server }) => [server],
  effect: ({ effect }) => [effect],
  reason: ({ reason }) => [reason],
  gate: ({ gate }) => [gate],
  kind: ({ kind }) => [kind],
  status: ({ status }) => [status],
  finding: ({ findings }) => findings.map((found) => found?.rule ?? null),
} as const satisfies Record<
  Exclude<keyof RecordFilter, 'since' | 'until'>,
  (record: AuditRecord) => readonly (string | null)[]
>

type FieldName = keyof typeof FIELDS
export const FILTER_FIELDS = Object.keys(FIELDS) as readonly FieldName[] // its own keys

/** Says of a record whether it is wanted. */
export function createMatcher(filter: RecordFilter): (record: AuditRecord) => boolean {
  const { since, until } = filter
  const wanted = FILTER_FIELDS.flatMap((name) => {
    const values = filter[name]
    return values === undefined ? [] : [{ valuesOf: FIELDS[name], values: new Set(values) }]
  })
  return (record) => {
    if (!wanted.every(({ valuesOf, values }) => includesAny(values, valuesOf(record)))) return false
    if (since === undefined && until === undefined) return true
    const at = Date.parse(record.ts)
    return at >= (since ?? Number.NEGATIVE_INFINITY) && at < (until ?? Number.POSITIVE_INFINITY)
  }
}

function includesAny(values: ReadonlySet<string>, found: readonly (string | null)[]): boolean {
  return found.some((value) => value !== null && values.has(value))
}
