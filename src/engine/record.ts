import { canonicalJson, sha256Hex } from '../core/hash.ts'
import type { AuditRecord, RecordKind, RecordStatus } from '../core/model/audit-record.ts'
import type { Call, Subject } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import type { Finding } from '../core/model/finding.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import { errorName } from './error-name.ts'
import { type Evaluation, evaluatedOf } from './evaluated.ts'
import type { Asked } from './receive.ts'
import type { RecordedForm } from './recorded-form.ts'
import type { Session } from './sessions.ts'
import type { Usage } from './usage.ts'

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
interface Recorded extends Evaluation {
  readonly decision: Decision
  readonly asked: Asked
  readonly subject: Subject | undefined
  readonly startedAt: number
  readonly approvalId: string | undefined
  readonly session: Session | undefined
  readonly recorded: RecordedForm
}

/** A record that its log still has to clean of secrets, cut, number and freeze. */
export type DraftRecord = Omit<AuditRecord, 'seq'> & { seq: number }

/** What became of a call that went out. */
export interface Closing {
  readonly status: RecordStatus
  readonly at: number
  readonly outputHash: string | null
  readonly error: unknown
  /** What was found in the response. */
  readonly findings: readonly Finding[]
  /** What it has cost. */
  readonly usage?: Usage | undefined
}

/** The record of a call before it goes out. */
export function intentRecord(recorded: Recorded, status: RecordStatus): DraftRecord {
  const at = recorded.startedAt
  const evaluated = evaluatedOf(recorded)
  const found = foundBy(recorded, undefined)
  return callRecord(recorded, {
    kind: 'decision',
    status,
    at,
    closing: undefined,
    evaluated,
    found,
  })
}

/** The record that closes it: what became of the call. */
export function outcomeRecord(recorded: Recorded, closing: Closing): DraftRecord {
  const { status, at } = closing
  // It repeats the decision of its intent, unless that was taken back.
  const evaluated = status === 'denied' ? evaluatedOf(recorded) : NONE
  const found = foundBy(recorded, closing)
  return callRecord(recorded, { kind: 'outcome', status, at, closing, evaluated, found })
}

type Found = Pick<AuditRecord, 'findings' | 'disposition' | 'risk'>

/** Which of a call's two records is made. */
interface Row {
  readonly kind: RecordKind
  readonly status: RecordStatus
  readonly at: number
  readonly closing: Closing | undefined
  readonly evaluated: AuditRecord['evaluated_rules']
  readonly found: Found
}

/** One literal on purpose: put together by spreading, a record costs five times as much. */
function callRecord(
  { decision, asked, call, subject, startedAt, approvalId, recorded }: Recorded,
  { kind, status, at, closing, evaluated, found }: Row,
): DraftRecord {
  const who: Partial<Subject> = subject ?? {}
  const name = typeof asked.resource === 'string' ? asked.resource : null
  const server = call?.resource.server ?? asked.server ?? null
  return {
    schema: 1,
    id: decision.id,
    seq: 0,
    ts: timestamp(at),
    kind,
    status,
    trace_id: call?.trace ?? asked.trace ?? null,
    traceparent: asked.traceparent,
    session_id: asked.session === '' ? null : asked.session,
    context_id: text(asked.ids.context),
    client_id: text(asked.ids.client),
    task_id: text(asked.ids.task),
    request_id: text(asked.ids.request),
    tool_call_id: text(asked.ids.toolCall),
    request_method: text(asked.origin?.method),
    request_source: text(asked.origin?.source),
    parent_id: text(asked.parent),
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
    evaluated_rules: evaluated,
    rule: decision.rule,
    constraint: decision.constraint,
    enforced: decision.enforced,
    mode: decision.mode,
    policy_digest: decision.policy_digest,
    input_hash: decision.input_hash,
    dispatch_hash: decision.dispatch_hash,
    output_hash: closing?.outputHash ?? null,
    arguments: recorded.arguments,
    patch: recorded.patch,
    findings: found.findings,
    disposition: found.disposition,
    risk: found.risk,
    obligations: decision.obligations as readonly JsonObject[], // plain JSON by their type
    approval_id: text(approvalId),
    duration_ms: durationOf(startedAt, closing),
    error: closing?.error === undefined ? null : errorName(closing.error),
    cost_nusd: closing?.usage?.cost_nusd ?? null,
    model: closing?.usage?.model ?? modelOf(call),
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
function foundBy({ decision, session }: Recorded, closing: Closing | undefined): Found {
  const risk = session?.risk ?? null
  if (closing === undefined)
    return { findings: decision.findings, disposition: decision.disposition, risk }
  return {
    findings: closing.findings,
    disposition: session?.disposition ?? decision.disposition,
    risk,
  }
}

function timestamp(at: number): string {
  return new Date(at).toISOString()
}

// A clock may be set back meanwhile: no interval is negative.
function durationOf(startedAt: number, closing: Closing | undefined): number | null {
  return closing === undefined ? null : Math.max(0, closing.at - startedAt)
}

function actChain(subject: Subject | undefined): readonly string[] {
  if (subject?.proof?.act_chain !== undefined) return subject.proof.act_chain
  return subject?.user === undefined ? NONE : [subject.user, subject.agent]
}

function tierOf(subject: Subject | undefined): string | null {
  return subject === undefined ? null : (subject.tier ?? 'user')
}

function actorKind(subject: Asked['subject']): AuditRecord['actor_kind'] {
  if (subject === undefined) return null
  return subject.tier === 'anonymous' ? 'anonymous' : 'agent'
}

function modelOf(call: Call | undefined): string | null {
  return call?.resource.kind === 'model' ? call.resource.name.slice('model:'.length) : null
}

function toolPart(name: string | null, server: string | null): string | null {
  if (name === null) return null
  return server !== null && name.startsWith(`${server}.`) ? name.slice(server.length + 1) : name
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
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
  traceparent: null,
  session_id: null,
  context_id: null,
  client_id: null,
  task_id: null,
  request_id: null,
  tool_call_id: null,
  request_method: null,
  request_source: null,
  parent_id: null,
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
  dispatch_hash: null,
  output_hash: null,
  arguments: null,
  patch: null,
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
