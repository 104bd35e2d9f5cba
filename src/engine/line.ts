import type { ConstraintPorts } from '../core/constraints/constraint.ts'
import type { Call, CallRequest, Subject } from '../core/model/call.ts'
import type { Decision, Mode } from '../core/model/decision.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { Approvals, IdentityProvider, SessionView } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { SnapshotLimits } from '../core/snapshot.ts'
import { ask } from './approvals.ts'
import type { AuditLog } from './audit-log.ts'
import { denial, isPermitted, makeDecision, settledArguments } from './decide.ts'
import { identify } from './identify.ts'
import { type Asked, type RunContext, receive } from './receive.ts'
import { eventRecord, intentRecord } from './record.ts'
import { type Judged, runGates, type Steps } from './run-gates.ts'
import type { Sessions } from './sessions.ts'

/** Everything the line works with. Made once an engine. */
export interface LineParts {
  readonly mode: Mode
  readonly policyFor: (subject: Subject) => CompiledPolicy
  /** Digest to name where no subject has chosen a policy. */
  readonly currentDigest: () => string
  readonly ports: ConstraintPorts
  readonly steps: Steps
  readonly identity: IdentityProvider | undefined
  readonly approvals: Approvals | undefined
  readonly sessions: Sessions
  readonly audit: AuditLog
  readonly limits: SnapshotLimits
  readonly gateTimeoutMs: number
  readonly now: () => number
  readonly nextId: () => string
  readonly context: () => RunContext | undefined
}

/** A call that has been through the line, up to the point where it would go out. */
export interface Passed {
  readonly decision: Decision
  readonly arguments: JsonObject
  readonly asked: Asked
  readonly call: Call | undefined
  readonly startedAt: number
  readonly approvedBy: string | undefined
}

/** How far the line is walked. */
export interface Walk {
  /** Wait for a person where the call is escalated. */
  readonly wait: boolean
  /** Move no session, ask nobody, record nothing. */
  readonly dryRun: boolean
}

/**
 * The straight line: receive, identify, gates, approval, record. Never throws for a denial; a fault
 * of any stage is a denial of that stage. Synchronous as long as every part is.
 */
export function walkLine(parts: LineParts, request: CallRequest, walk: Walk): MaybePromise<Passed> {
  const startedAt = parts.now()
  const asked = receive(request, parts.context(), parts.limits)
  const identified = identify(asked, parts.identity, parts.gateTimeoutMs)
  return andThen(identified, ({ subject, rejected }) => {
    const start: Start = { parts, walk, asked, startedAt, id: parts.nextId() }
    if (asked.fault !== undefined)
      return refuse(start, denial('identity', asked.fault.reason, asked.fault.detail))
    if (rejected !== undefined) return refuse(start, denial('identity', 'token_invalid', rejected))
    if (subject === undefined)
      return refuse(
        start,
        denial('identity', 'no_principal', 'nobody is named as the subject of this call'),
      )
    return judge(start, subject)
  })
}

interface Start {
  readonly parts: LineParts
  readonly walk: Walk
  readonly asked: Asked
  readonly startedAt: number
  readonly id: string
}

function judge(start: Start, subject: Subject): MaybePromise<Passed> {
  const { parts, asked } = start
  let policy: CompiledPolicy
  try {
    policy = parts.policyFor(subject)
  } catch {
    return refuse(
      start,
      denial('rbac', 'gate_failed', 'no policy could be chosen for this subject'),
    )
  }
  const resource = policy.index.resolve(asked.resource, asked.server)
  if ('fault' in resource)
    return refuse(start, denial('identity', 'malformed_request', `resource: ${resource.fault}`))
  const session = start.walk.dryRun
    ? parts.sessions.view(asked.session, start.startedAt)
    : parts.sessions.begin(asked.session, start.startedAt)
  if (session === undefined)
    return refuse(start, denial('session', 'gate_failed', 'no room for another session'))
  const call: Call = Object.freeze({
    id: start.id,
    trace: asked.trace ?? start.id,
    session: asked.session,
    sequence: session.sequence,
    subject,
    verb: asked.verb,
    resource,
    scope: resource.scope ?? asked.scope,
    arguments: asked.arguments,
    at: start.startedAt,
    task: asked.task,
    ids: asked.ids,
    parent: asked.parent,
  })
  return andThen(gatesOf(start, call, policy, session, false), (judged) =>
    escalate(start, call, policy, judged),
  )
}

/** INVARIANT: whatever goes wrong while judging, also a fault of ours, is a denial. */
function gatesOf(
  start: Start,
  call: Call,
  policy: CompiledPolicy,
  session: SessionView,
  approved: boolean,
): MaybePromise<Judged> {
  const { parts, asked } = start
  const fault = (): Judged => denial('rbac', 'gate_failed', 'judging the call failed')
  try {
    const judged = runGates(call, {
      policy,
      ports: parts.ports,
      steps: parts.steps,
      session,
      signal: () => asked.signal ?? NEVER,
      limits: parts.limits,
      gateTimeoutMs: parts.gateTimeoutMs,
      approved,
      dryRun: start.walk.dryRun,
    })
    return isPromise(judged) ? judged.catch(fault) : judged
  } catch {
    return fault()
  }
}

const NEVER = new AbortController().signal

/** Puts an escalated call before a person. Observing never waits. */
function escalate(
  start: Start,
  call: Call,
  policy: CompiledPolicy,
  judged: Judged,
): MaybePromise<Passed> {
  const { parts, walk } = start
  if (judged.effect !== 'escalate' || !walk.wait || walk.dryRun || parts.mode === 'observe')
    return record(start, call, policy, judged)
  if (parts.approvals === undefined) {
    const nobody = 'a person must approve this call, and nobody can be asked'
    return record(start, call, policy, denial(judged.gate, 'approval_required', nobody, judged))
  }
  return askPerson(start, call, policy, judged, parts.approvals)
}

async function askPerson(
  start: Start,
  call: Call,
  policy: CompiledPolicy,
  judged: Judged,
  approvals: Approvals,
): Promise<Passed> {
  const { parts, asked } = start
  const decision = decisionOf(start, policy.digest, call, judged)
  await note(parts, call, 'pending')
  const answer = await ask({
    approvals,
    call,
    decision,
    arguments: judged.arguments,
    signal: asked.signal,
  })
  if (answer.kind === 'denied') {
    await note(parts, call, 'denied')
    return record(start, call, policy, denial(judged.gate, answer.reason, answer.detail, judged))
  }
  await note(parts, call, 'success')
  // Time has passed: every gate but identity speaks again, under the policy of this moment.
  const now = parts.policyFor(call.subject)
  const later = { ...call, at: parts.now() }
  const session = parts.sessions.view(call.session, later.at)
  const again = await gatesOf(start, later, now, session, true)
  const changed = again.effect !== 'deny' && !sameArguments(again.arguments, judged.arguments)
  const settled = changed
    ? denial(
        judged.gate,
        'approval_mismatch',
        'the arguments are no longer those that were approved',
        again,
      )
    : again
  return record(start, call, now, settled, answer.by)
}

function sameArguments(one: JsonObject, other: JsonObject): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

async function note(
  parts: LineParts,
  call: Call,
  status: 'pending' | 'success' | 'denied',
): Promise<void> {
  if (!parts.audit.isNeeded()) return
  const fields = {
    id: parts.nextId(),
    kind: 'approval' as const,
    status,
    approval_id: call.id,
    session_id: call.session,
    agent: call.subject.agent,
    user_id: call.subject.user ?? null,
    resource: call.resource.name,
    trace_id: call.trace,
  }
  await parts.audit.write(eventRecord(fields, parts.now()))
}

function refuse(start: Start, judged: Judged): MaybePromise<Passed> {
  return record(start, undefined, undefined, judged)
}

/** The intent is durable before anything goes out; where it cannot be, nothing does. */
function record(
  start: Start,
  call: Call | undefined,
  policy: CompiledPolicy | undefined,
  judged: Judged,
  approvedBy?: string,
): MaybePromise<Passed> {
  const { parts, asked, walk } = start
  const decision = decisionOf(start, policy?.digest ?? parts.currentDigest(), call, judged)
  const passed: Passed = {
    decision,
    arguments: call === undefined ? asked.arguments : settledArguments(decision, judged, call),
    asked,
    call,
    startedAt: start.startedAt,
    approvedBy,
  }
  if (walk.dryRun) return passed
  if (decision.effect === 'deny') parts.sessions.denied(asked.session)
  if (!parts.audit.isNeeded()) return passed
  const status = isPermitted(decision) ? 'pending' : 'denied'
  const written = parts.audit.write(intentRecord(decision, asked, call, start.startedAt, status))
  const unkept = denial(
    'audit',
    'audit_unavailable',
    'no audit sink accepted the record of this call',
    judged,
  )
  const afterwards = (kept: boolean): Passed =>
    kept ? passed : { ...passed, decision: decisionOf(start, decision.policy_digest, call, unkept) }
  return isPromise(written) ? written.then(afterwards) : afterwards(written)
}

function decisionOf(
  start: Start,
  digest: string,
  call: Call | undefined,
  judged: Judged,
): Decision {
  return makeDecision(judged, {
    id: start.id,
    mode: start.parts.mode,
    policyDigest: digest,
    disposition: start.parts.sessions.dispositionOf(start.asked.session),
    asked: call?.arguments ?? (start.asked.fault === undefined ? start.asked.arguments : undefined),
  })
}
