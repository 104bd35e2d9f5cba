import type { Call, CallRequest, Subject } from '../core/model/call.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { Approvals } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { ask } from './approvals.ts'
import { denial } from './decide.ts'
import type { Judged } from './gate-step.ts'
import { identify } from './identify.ts'
import {
  decisionOf,
  type LineParts,
  note,
  noteApproval,
  type Passed,
  record,
  type Start,
  type Walk,
} from './line-record.ts'
import { receive } from './receive.ts'
import { runGates } from './run-gates.ts'
import { refused } from './session-risk.ts'
import { viewOf } from './sessions.ts'

/**
 * The straight line: receive, identify, gates, approval, record. Never throws for a denial; a fault
 * of any stage is a denial of that stage. Synchronous as long as every part is.
 */
export function walkLine(parts: LineParts, request: CallRequest, walk: Walk): MaybePromise<Passed> {
  const startedAt = parts.now()
  const asked = receive(request, parts.context(), parts.limits)
  const { subject: claimed, fault } = asked
  const start: Start = {
    parts,
    walk,
    asked,
    startedAt,
    id: parts.nextId(),
    subject: claimed,
    session: undefined,
  }
  if (fault !== undefined) return refuse(start, denial('identity', fault.reason, fault.detail))
  const identified = identify(asked, parts.identity, parts.gateTimeoutMs)
  return andThen(identified, ({ subject, rejected }) => {
    if (rejected !== undefined) return refuse(start, denial('identity', 'token_invalid', rejected))
    if (subject === undefined)
      return refuse(
        start,
        denial('identity', 'no_principal', 'nobody is named as the subject of this call'),
      )
    return judge(
      { parts, walk, asked, startedAt, id: start.id, subject, session: undefined },
      subject,
    )
  })
}

function judge(before: Start, subject: Subject): MaybePromise<Passed> {
  const { parts, asked, walk, id, startedAt } = before
  const prepared = prepare(before, subject)
  if ('effect' in prepared) return refuse(before, prepared)
  const session = walk.dryRun
    ? parts.sessions.look(asked.session, subject, startedAt)
    : parts.sessions.begin(asked.session, subject, startedAt)
  if (session === undefined)
    return refuse(before, denial('session', 'gate_failed', 'no room for another session'))
  const start: Start = { parts, walk, asked, startedAt, id, subject, session }
  const call = makeCall(start, prepared, session.sequence, startedAt)
  const number = session.events
  return andThen(gatesOf(start, call, prepared.policy, number, false), (judged) =>
    escalate(start, call, prepared.policy, judged, number),
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
  number: number,
  approved: boolean,
): MaybePromise<Judged> {
  const { parts, asked, session } = start
  const fault = (): Judged => denial('rbac', 'gate_failed', 'judging the call failed')
  try {
    if (session === undefined) return fault()
    const judged = runGates(call, {
      policy,
      ports: parts.ports,
      steps: parts.steps,
      session: viewOf(session),
      behavior: {
        watch: parts.behavior.watchOf(session),
        settings: parts.behavior.settingsOf(policy),
        number,
      },
      signal: () => asked.signal ?? NEVER,
      limits: parts.limits,
      gateTimeoutMs: parts.gateTimeoutMs,
      approved,
      dryRun: start.walk.dryRun,
      onFault: (gate, cause) =>
        parts.report({ code: 'gate_failed', message: `gate \`${gate}\` failed`, cause }),
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
  number: number,
): MaybePromise<Passed> {
  const { parts, walk } = start
  if (judged.effect !== 'escalate' || !walk.wait || walk.dryRun || parts.mode === 'observe')
    return record(start, call, policy, judged)
  if (parts.approvals === undefined) {
    const nobody = 'a person must approve this call, and nobody can be asked'
    return record(start, call, policy, denial(judged.gate, 'approval_required', nobody, judged))
  }
  return askPerson(start, call, policy, judged, { approvals: parts.approvals, number })
}

async function askPerson(
  start: Start,
  call: Call,
  policy: CompiledPolicy,
  judged: Judged,
  { approvals, number }: { readonly approvals: Approvals; readonly number: number },
): Promise<Passed> {
  const { parts, asked, session } = start
  const { assessment } = judged
  const decision = decisionOf(start, policy.digest, judged, note(start, judged))
  await noteApproval(parts, call, 'pending')
  const { signal } = asked
  const answer = await ask({ approvals, call, decision, arguments: judged.arguments, signal })
  if (answer.kind === 'denied') {
    if (session !== undefined && assessment !== undefined)
      refused(parts, session, assessment, policy)
    await noteApproval(parts, call, 'denied', answer.by)
    return record(start, call, policy, denial(judged.gate, answer.reason, answer.detail, judged))
  }
  if (assessment !== undefined) session?.watch?.approved(assessment)
  await noteApproval(parts, call, 'success', answer.by)
  return judgeApproved(start, call, judged, answer.by, number)
}

/** Time has passed: every gate but identity speaks again, under policy, catalogue and session of now. */
async function judgeApproved(
  start: Start,
  call: Call,
  before: Judged,
  by: string,
  number: number,
): Promise<Passed> {
  const { parts } = start
  const prepared = prepare(start, call.subject)
  if ('effect' in prepared) return record(start, undefined, undefined, prepared, by)
  const at = parts.now()
  const later = makeCall(start, prepared, call.sequence, at)
  const again = await gatesOf(start, later, prepared.policy, number, true)
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
