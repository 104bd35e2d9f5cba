import { canonicalJson, sha256Hex } from '../core/hash.ts'
import type { AuditRecord, RecordKind, RecordStatus } from '../core/model/audit-record.ts'
import type { Call, Subject } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { isCallgateError } from '../core/model/errors.ts'
import type { Finding } from '../core/model/finding.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import type { Asked } from './receive.ts'
import type { Session } from './sessions.ts'

/** `sha256:<hex>` of the canonical form. */
export function hashOf(value: JsonValue): string {
  try {
    return `sha256:${sha256Hex(canonicalJson(value))}`
  } catch {
    // RFC 8785 has no form for lone surrogates: their escaped form stands for them.
    // The prefix keeps them apart from a text that looks like the escape.
    return `sha256:${sha256Hex(`escaped:${canonicalJson(escaped(value))}`)}`
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

/** What the records of a call are made from. */
interface Recorded {
  readonly decision: Decision
  readonly asked: Asked
  readonly call: Call | undefined
  readonly subject: Subject | undefined
  readonly startedAt: number
  readonly approvedBy: string | undefined
  readonly session: Session | undefined
}

/** A record that its log still has to number. The log freezes it. */
export type DraftRecord = Omit<AuditRecord, 'seq'> & { seq: number }

/** What became of a call that went out. */
export interface Closing {
  readonly status: RecordStatus
  readonly at: number
  readonly outputHash: string | null
  readonly error: unknown
  /** What was found in the response. */
  readonly findings: readonly Finding[]
}

/** The record of a call before it goes out. */
export function intentRecord(recorded: Recorded, status: RecordStatus): DraftRecord {
  return callRecord(recorded, 'decision', status, recorded.startedAt, undefined)
}

/** The record that closes it: what became of the call. */
export function outcomeRecord(recorded: Recorded, closing: Closing): DraftRecord {
  return callRecord(recorded, 'outcome', closing.status, closing.at, closing)
}

/** One literal on purpose: put together by spreading, a record costs five times as much. */
function callRecord(
  { decision, asked, call, subject, startedAt, approvedBy, session }: Recorded,
  kind: RecordKind,
  status: RecordStatus,
  at: number,
  closing: Closing | undefined,
): DraftRecord {
  const { ids } = asked
  const who: Partial<Subject> = subject ?? {}
  const name = typeof asked.resource === 'string' ? asked.resource.slice(0, 2048) : null
  const server = call?.resource.server ?? asked.server ?? null
  const found = foundBy(decision, session, closing)
  return {
    schema: 1,
    id: decision.id,
    seq: 0,
    ts: timestamp(at),
    kind,
    status,
    trace_id: call?.trace ?? asked.trace ?? null,
    session_id: asked.session === '' ? null : asked.session,
    context_id: text(ids.context),
    client_id: text(ids.client),
    task_id: text(ids.task),
    request_id: text(ids.request),
    tool_call_id: text(ids.toolCall),
    request_method: null,
    request_source: null,
    user_id: who.user ?? null,
    actor_kind: actorKind(subject),
    act_chain: actChain(subject),
    agent: who.agent ?? null,
    tenant: who.tenant ?? null,
    team: who.team ?? null,
    department: who.department ?? null,
    tier: tierOf(subject),
    server,
    tool: toolPart(name, server),
    resource: name,
    verb: asked.verb,
    scope: call?.scope ?? asked.scope ?? null,
    effect: decision.effect,
    reason: decision.reason,
    gate: decision.gate,
    gates: Object.keys(decision.timings),
    evaluated_rules: decision.rule === null ? NONE : [decision.rule],
    rule: decision.rule,
    constraint: decision.constraint,
    enforced: decision.enforced,
    mode: decision.mode,
    policy_digest: decision.policy_digest,
    input_hash: decision.input_hash,
    output_hash: closing?.outputHash ?? null,
    arguments: null,
    findings: found.findings,
    disposition: found.disposition,
    risk: found.risk,
    obligations: decision.obligations as readonly JsonObject[], // plain JSON by their type
    // The approval's records carry the same id, and name who gave it.
    approval_id: approvedBy === undefined ? null : decision.id,
    duration_ms: durationOf(startedAt, closing),
    error: closing?.error === undefined ? null : errorName(closing.error),
    cost_nusd: null,
    model: null,
    prev: null,
    hash: null,
  }
}

/** A record of something that is no call: a policy swapped, a session resumed, an approval asked. */
export function eventRecord(
  fields: Pick<AuditRecord, 'id' | 'kind' | 'status'> & Partial<AuditRecord>,
  at: number,
): DraftRecord {
  return { ...BLANK, ...fields, ts: timestamp(at) }
}

/** An intent says what its request showed, an outcome what its response did. */
function foundBy(
  decision: Decision,
  session: Session | undefined,
  closing: Closing | undefined,
): Pick<AuditRecord, 'findings' | 'disposition' | 'risk'> {
  const risk = session?.risk ?? null
  if (closing === undefined)
    return { findings: decision.findings, disposition: decision.disposition, risk }
  return {
    findings: closing.findings,
    disposition: session?.disposition ?? decision.disposition,
    risk,
  }
}

/** Name and code of an error: its message may hold what the tool was given. */
function errorName(error: unknown): string {
  try {
    if (isCallgateError(error)) return error.code
    if (!(error instanceof Error)) return typeof error
    const code: unknown = 'code' in error ? error.code : undefined
    const name = NAME.test(String(error.name)) ? String(error.name) : 'Error'
    return typeof code === 'string' && NAME.test(code) ? `${name} ${code}` : name
  } catch {
    return 'unreadable'
  }
}

// What an error calls itself comes from outside: anything but a plain word may hold data.
const NAME = /^\w{1,64}$/

function timestamp(at: number): string {
  return new Date(at).toISOString()
}

// A clock may be set back meanwhile: no interval is negative.
function durationOf(startedAt: number, closing: Closing | undefined): number | null {
  return closing === undefined ? null : Math.max(0, closing.at - startedAt)
}

function actChain(subject: Subject | undefined): readonly string[] {
  return subject?.user === undefined ? NONE : [subject.user, subject.agent]
}

function tierOf(subject: Subject | undefined): string | null {
  return subject === undefined ? null : (subject.tier ?? 'user')
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

// Frozen, for every record shares it.
const NONE: readonly never[] = Object.freeze([])

const BLANK: DraftRecord = Object.freeze({
  schema: 1,
  id: '',
  seq: 0,
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
  act_chain: NONE,
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
  gates: NONE,
  evaluated_rules: NONE,
  rule: null,
  constraint: null,
  enforced: null,
  mode: null,
  policy_digest: null,
  input_hash: null,
  output_hash: null,
  arguments: null,
  findings: NONE,
  disposition: null,
  risk: null,
  obligations: NONE,
  approval_id: null,
  duration_ms: null,
  error: null,
  cost_nusd: null,
  model: null,
  prev: null,
  hash: null,
})
