import { canonicalJson, sha256Hex } from '../core/hash.ts'
import type { AuditRecord, RecordStatus } from '../core/model/audit-record.ts'
import type { Call } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { isCallgateError } from '../core/model/errors.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import { type SnapshotLimits, snapshot } from '../core/snapshot.ts'
import type { Asked } from './receive.ts'

/** `sha256:<hex>` of the canonical form. */
export function hashOf(value: JsonValue): string {
  try {
    return `sha256:${sha256Hex(canonicalJson(value))}`
  } catch {
    // RFC 8785 has no form for lone surrogates: their escaped form stands for them.
    return `sha256:${sha256Hex(canonicalJson(escaped(value)))}`
  }
}

function escaped(value: JsonValue): JsonValue {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(escaped)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [JSON.stringify(key), escaped(member)]),
  )
}

/** Hash of a result, or null where it is not plain JSON within the bounds of arguments. */
export function outputHash(value: unknown, limits: SnapshotLimits): string | null {
  const taken = snapshot({ value }, limits)
  return taken.ok ? hashOf(taken.value['value'] ?? null) : null
}

/** What the records of a call are made from. */
interface Recorded {
  readonly decision: Decision
  readonly asked: Asked
  readonly call: Call | undefined
  readonly startedAt: number
  readonly approvedBy: string | undefined
}

/** The record of a call before it goes out. */
export function intentRecord(
  { decision, asked, call, startedAt, approvedBy }: Recorded,
  status: RecordStatus,
): Omit<AuditRecord, 'seq'> {
  return {
    ...BLANK,
    ...ofRequest(asked, call),
    ...ofDecision(decision),
    ts: timestamp(startedAt),
    status,
    // The approval's records carry the same id, and name who gave it.
    approval_id: approvedBy === undefined ? null : decision.id,
  }
}

/** The record that closes it: what became of the call. */
export function outcomeRecord(
  intent: Omit<AuditRecord, 'seq'>,
  outcome: {
    readonly status: RecordStatus
    readonly at: number
    readonly durationMs: number
    readonly outputHash: string | null
    readonly error: unknown
  },
): Omit<AuditRecord, 'seq'> {
  return {
    ...intent,
    kind: 'outcome',
    status: outcome.status,
    ts: timestamp(outcome.at),
    duration_ms: Math.max(0, outcome.durationMs),
    output_hash: outcome.outputHash,
    error: outcome.error === undefined ? null : errorName(outcome.error),
  }
}

/** A record of something that is no call: a policy swapped, a session resumed, an approval asked. */
export function eventRecord(
  fields: Pick<AuditRecord, 'id' | 'kind' | 'status'> & Partial<AuditRecord>,
  at: number,
): Omit<AuditRecord, 'seq'> {
  return { ...BLANK, ...fields, ts: timestamp(at) }
}

/** Name and code of an error: its message may hold what the tool was given. */
export function errorName(error: unknown): string {
  try {
    if (isCallgateError(error)) return error.code
    if (!(error instanceof Error)) return typeof error
    const code: unknown = 'code' in error ? error.code : undefined
    const name = String(error.name).slice(0, 100)
    return typeof code === 'string' ? `${name} ${code.slice(0, 100)}` : name
  } catch {
    return 'unreadable'
  }
}

function timestamp(at: number): string {
  return new Date(at).toISOString()
}

function ofRequest(asked: Asked, call: Call | undefined): Partial<AuditRecord> {
  const subject = call?.subject ?? asked.subject
  const entry = call?.resource
  const name = typeof asked.resource === 'string' ? asked.resource.slice(0, 2048) : null
  const server = entry?.server ?? asked.server ?? null
  const ids = asked.ids
  return {
    trace_id: call?.trace ?? asked.trace ?? null,
    session_id: asked.session === '' ? null : asked.session,
    context_id: text(ids.context),
    client_id: text(ids.client),
    task_id: text(ids.task),
    request_id: text(ids.request),
    tool_call_id: text(ids.toolCall),
    user_id: subject?.user ?? null,
    actor_kind: actorKind(subject),
    act_chain: subject?.user === undefined ? [] : [subject.user, subject.agent],
    agent: subject?.agent ?? null,
    tenant: subject?.tenant ?? null,
    team: subject?.team ?? null,
    department: subject?.department ?? null,
    tier: subject === undefined ? null : (subject.tier ?? 'user'),
    server,
    tool: toolPart(name, server),
    resource: name,
    verb: asked.verb,
    scope: call?.scope ?? asked.scope ?? null,
  }
}

function actorKind(subject: Asked['subject']): AuditRecord['actor_kind'] {
  if (subject === undefined) return null
  return subject.tier === 'anonymous' ? 'anonymous' : 'agent'
}

function toolPart(name: string | null, server: string | null): string | null {
  if (name === null) return null
  return server !== null && name.startsWith(`${server}.`) ? name.slice(server.length + 1) : name
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 256) : null
}

function ofDecision(decision: Decision): Pick<AuditRecord, 'id'> & Partial<AuditRecord> {
  return {
    id: decision.id,
    effect: decision.effect,
    reason: decision.reason,
    gate: decision.gate,
    gates: Object.keys(decision.timings),
    evaluated_rules: decision.rule === null ? [] : [decision.rule],
    rule: decision.rule,
    constraint: decision.constraint,
    enforced: decision.enforced,
    mode: decision.mode,
    policy_digest: decision.policy_digest,
    input_hash: decision.input_hash,
    findings: decision.findings,
    disposition: decision.disposition,
    obligations: decision.obligations as readonly JsonObject[], // plain JSON by their type
  }
}

const BLANK: Omit<AuditRecord, 'seq'> = Object.freeze({
  schema: 1,
  id: '',
  ts: '',
  kind: 'decision',
  status: 'pending',
  trace_id: null,
  session_id: null,
  context_id: null,
  client_id: null,
  task_id: null,
  request_id: null,
  tool_call_id: null,
  request_method: null,
  request_source: null,
  user_id: null,
  actor_kind: null,
  act_chain: [],
  agent: null,
  tenant: null,
  team: null,
  department: null,
  tier: null,
  server: null,
  tool: null,
  resource: null,
  verb: null,
  scope: null,
  effect: null,
  reason: null,
  gate: null,
  gates: [],
  evaluated_rules: [],
  rule: null,
  constraint: null,
  enforced: null,
  mode: null,
  policy_digest: null,
  input_hash: null,
  output_hash: null,
  arguments: null,
  findings: [],
  disposition: null,
  risk: null,
  obligations: [],
  approval_id: null,
  duration_ms: null,
  error: null,
  cost_nusd: null,
  model: null,
  prev: null,
  hash: null,
})
