import type { Call, CallRequest, Subject } from '../core/model/call.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { Approvals, SessionView } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { ask } from './approvals.ts'
import { denial } from './decide.ts'
import { identify } from './identify.ts'
import {
  decisionOf,
  type LineParts,
  noteApproval,
  type Passed,
  record,
  type Start,
  type Walk,
} from './line-record.ts'
import { receive } from './receive.ts'
import { type Judged, runGates } from './run-gates.ts'

/**
 * The straight line: receive, identify, gates, approval, record. Never throws for a denial; a fault
 * of any stage is a denial of that stage. Synchronous as long as every part is.
 */
export function walkLine(parts: LineParts, request: CallRequest, walk: Walk): MaybePromise<Passed> {
  const startedAt = parts.now()
  const asked = receive(request, parts.context(), parts.limits)
  const { subject: claimed, fault } = asked
  const start: Start = { parts, walk, asked, startedAt, id: parts.nextId(), subject: claimed }
  if (fault !== undefined) return refuse(start, denial('identity', fault.reason, fault.detail))
  const identified = identify(asked, parts.identity, parts.gateTimeoutMs)
  return andThen(identified, ({ subject, rejected }) => {
    if (rejected !== undefined) return refuse(start, denial('identity', 'token_invalid', rejected))
    if (subject === undefined)
      return refuse(
        start,
        denial('identity', 'no_principal', 'nobody is named as the subject of this call'),
      )
    return judge({ parts, walk, asked, startedAt, id: start.id, subject }, subject)
  })
}

function judge(start: Start, subject: Subject): MaybePromise<Passed> {
  const { parts, asked } = start
  const prepared = prepare(start, subject)
  if ('effect' in prepared) return refuse(start, prepared)
  const session = start.walk.dryRun
    ? parts.sessions.view(asked.session, start.startedAt)
    : parts.sessions.begin(asked.session, start.startedAt)
  if (session === undefined)
    return refuse(start, denial('session', 'gate_failed', 'no room for another session'))
  const call = makeCall(start, prepared, session.sequence, start.startedAt)
  return andThen(gatesOf(start, call, prepared.policy, session, false), (judged) =>
    escalate(start, call, prepared.policy, judged),
  )
}

/** A subject with the policy in force for it, and that policy's view of the resource. */
interface Prepared {
  readonly subject: Subject
  readonly policy: CompiledPolicy
  readonly resource: Call['resource']
}

function prepare({ parts, asked }: Start, subject: Subject): Prepared | Judged {
  try {
    const policy = parts.policyFor(subject)
    const resource = policy.index.resolve(asked.resource, asked.server)
    return 'fault' in resource
      ? denial('identity', 'malformed_request', `resource: ${resource.fault}`)
      : { subject, policy, resource }
  } catch {
    return denial('rbac', 'gate_failed', 'no policy could be chosen for this subject')
  }
}

function makeCall(start: Start, prepared: Prepared, sequence: number, at: number): Call {
  const { asked } = start
  return Object.freeze({
    id: start.id,
    trace: asked.trace ?? start.id,
    session: asked.session,
    sequence,
    subject: prepared.subject,
    verb: asked.verb,
    resource: prepared.resource,
    scope: prepared.resource.scope ?? asked.scope,
    arguments: asked.arguments,
    at,
    task: asked.task,
    ids: asked.ids,
    parent: asked.parent,
  })
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
  const decision = decisionOf(start, policy.digest, judged)
  await noteApproval(parts, call, 'pending')
  const { signal } = asked
  const answer = await ask({ approvals, call, decision, arguments: judged.arguments, signal })
  if (answer.kind === 'denied') {
    await noteApproval(parts, call, 'denied', answer.by)
    return record(start, call, policy, denial(judged.gate, answer.reason, answer.detail, judged))
  }
  await noteApproval(parts, call, 'success', answer.by)
  return judgeApproved(start, call, judged, answer.by)
}

/** Time has passed: every gate but identity speaks again, under policy, catalogue and session of now. */
async function judgeApproved(
  start: Start,
  call: Call,
  before: Judged,
  by: string,
): Promise<Passed> {
  const { parts } = start
  const prepared = prepare(start, call.subject)
  if ('effect' in prepared) return record(start, undefined, undefined, prepared, by)
  const at = parts.now()
  const later = makeCall(start, prepared, call.sequence, at)
  const session = parts.sessions.view(call.session, at)
  const again = await gatesOf(start, later, prepared.policy, session, true)
  if (again.effect === 'deny' || sameArguments(again.arguments, before.arguments))
    return record(start, later, prepared.policy, again, by)
  const changed = 'the arguments are no longer those that were approved'
  const mismatch = denial(before.gate, 'approval_mismatch', changed, again)
  return record(start, later, prepared.policy, mismatch, by)
}

function sameArguments(one: JsonObject, other: JsonObject): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

function refuse(start: Start, judged: Judged): MaybePromise<Passed> {
  return record(start, undefined, undefined, judged)
}
