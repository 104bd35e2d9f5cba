import type { AuditRecord } from '../../core/model/audit-record.ts'

/** What a field may hold besides null. */
type Shape = 'text' | 'number' | 'boolean' | 'list' | 'object' | 'any'

const SHAPES: Readonly<Record<keyof AuditRecord, Shape>> = {
  schema: 'number',
  id: 'text',
  seq: 'number',
  ts: 'text',
  kind: 'text',
  status: 'text',
  trace_id: 'text',
  traceparent: 'text',
  session_id: 'text',
  context_id: 'text',
  client_id: 'text',
  task_id: 'text',
  request_id: 'text',
  tool_call_id: 'text',
  request_method: 'text',
  request_source: 'text',
  parent_id: 'text',
  user_id: 'text',
  actor_kind: 'text',
  act_chain: 'list',
  agent: 'text',
  tenant: 'text',
  team: 'text',
  department: 'text',
  tier: 'text',
  server: 'text',
  tool: 'text',
  resource: 'text',
  verb: 'text',
  scope: 'text',
  effect: 'text',
  reason: 'text',
  gate: 'text',
  gates: 'list',
  evaluated_rules: 'list',
  rule: 'object',
  constraint: 'text',
  enforced: 'boolean',
  mode: 'text',
  policy_digest: 'text',
  input_hash: 'text',
  dispatch_hash: 'text',
  output_hash: 'text',
  arguments: 'any',
  patch: 'any',
  findings: 'list',
  disposition: 'text',
  risk: 'number',
  obligations: 'list',
  approval_id: 'text',
  duration_ms: 'number',
  error: 'text',
  cost_nusd: 'number',
  model: 'text',
  prev: 'text',
  hash: 'text',
}

/** Every field of a record, in the order of the reference. */
export const RECORD_FIELDS = Object.keys(SHAPES) as readonly (keyof AuditRecord)[] // its own keys
const CHECKED = Object.entries(SHAPES)
const BLANK: Readonly<Record<string, unknown>> = Object.fromEntries(
  CHECKED.map(([field, shape]) => [field, shape === 'list' ? [] : null]),
)
const NEVER_NULL = ['id', 'seq', 'ts', 'kind', 'status'] as const

/** A record, or what is wrong with the text, in words. Fields that it lacks are null. */
export function readRecord(text: string): AuditRecord | string {
  const value = parsed(text)
  if (value === undefined) return 'not JSON'
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not a record'
  if (!('schema' in value) || value.schema !== 1) return 'not a record of schema 1'
  const fields: Readonly<Record<string, unknown>> = { ...BLANK, ...value }
  const bad =
    NEVER_NULL.find((field) => fields[field] === null) ??
    CHECKED.find(([field, shape]) => !fits(fields[field], shape))?.[0]
  if (bad !== undefined) return `not a record: \`${bad}\` is of the wrong type`
  if (Number.isNaN(Date.parse(String(fields['ts'])))) return 'not a record: `ts` is not a time'
  return fields as unknown as AuditRecord // every field is checked above
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'any':
      return true
    case 'list':
      return Array.isArray(value)
    case 'text':
      return value === null || typeof value === 'string'
    case 'object':
      // A text stands for one that was too large to keep.
      return ['object', 'string'].includes(typeof value) && !Array.isArray(value)
    case 'number':
    case 'boolean':
      return value === null || typeof value === shape
  }
}
