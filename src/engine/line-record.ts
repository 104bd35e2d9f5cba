import { withoutCause } from '../core/behavior/ledger.ts'
import type { Assessment } from '../core/behavior/watch.ts'
import type { ConstraintPorts } from '../core/constraints/constraint.ts'
import type { Call, Subject } from '../core/model/call.ts'
import type { Decision, Mode } from '../core/model/decision.ts'
import type { Disposition } from '../core/model/finding.ts'
import { isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { Approvals, IdentityProvider } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { SnapshotLimits } from '../core/snapshot.ts'
import type { AuditLog } from './audit-log.ts'
import type { Behavior } from './behavior.ts'
import { reported } from './behavior-gate.ts'
import { denial, isPermitted, makeDecision, NO_FINDINGS, settledArguments } from './decide.ts'
import type { Judged, Steps } from './gate-step.ts'
import type { Diagnostic } from './options.ts'
import type { Asked, RunContext } from './receive.ts'
import { eventRecord, intentRecord } from './record.ts'
import { raiseSession } from './session-risk.ts'
import { type Session, type Sessions, viewOf } from './sessions.ts'

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
  readonly behavior: Behavior
  readonly audit: AuditLog
  readonly limits: SnapshotLimits
  readonly gateTimeoutMs: number
  readonly report: (diagnostic: Diagnostic) => void
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
  readonly subject: Subject | undefined
  /** The policy that judged; undefined where the call did not get so far. */
  readonly policy: CompiledPolicy | undefined
  readonly startedAt: number
  /** Who approved it, where a person was asked. */
  readonly approvedBy: string | undefined
  readonly session: Session | undefined
  /** What the behavioural layer made of the request; undefined where it did not get so far. */
  readonly assessment: Assessment | undefined
}

/** How far the line is walked. */
export interface Walk {
  /** Wait for a person where the call is escalated. */
  readonly wait: boolean
  /** Move no session, ask nobody, record nothing. */
  readonly dryRun: boolean
}

/** One call on its way: what is known before it is judged. */
export interface Start {
  readonly parts: LineParts
  readonly walk: Walk
  readonly asked: Asked
  readonly startedAt: number
  readonly id: string
  /** Who asks: as proven, or while that is open as claimed. */
  readonly subject: Subject | undefined
  /** Undefined before anybody is known to ask, and where there was no room for it. */
  readonly session: Session | undefined
}

/** The intent is durable before anything goes out; where it cannot be, nothing does. */
export function record(
  start: Start,
  call: Call | undefined,
  policy: CompiledPolicy | undefined,
  judgedBefore: Judged,
  approvedBy?: string,
): MaybePromise<Passed> {
  const { parts, asked, walk, session } = start
  const judged = stillOpen(start, judgedBefore)
  const findings = note(start, judged)
  const digest = policy?.digest ?? parts.currentDigest()
  const decision = decisionOf(start, digest, judged, findings)
  const passed: Passed = {
    decision,
    arguments: call === undefined ? asked.arguments : settledArguments(decision, judged, call),
    asked,
    call,
    subject: start.subject,
    policy,
    startedAt: start.startedAt,
    approvedBy,
    session,
    assessment: judged.assessment,
  }
  if (walk.dryRun) return passed
  if (decision.effect === 'deny' && session !== undefined) session.denied++
  if (!parts.audit.isNeeded()) return goingOut(start, passed)
  const goesOut = isPermitted(decision)
  const written = parts.audit.write(intentRecord(passed, goesOut ? 'pending' : 'denied'))
  const afterwards = (kept: boolean): Passed => {
    // What would not have gone out anyway keeps its own reason.
    if (kept || !goesOut) return goingOut(start, passed)
    const unkept = denial('audit', 'audit_unavailable', UNKEPT, judged)
    return { ...passed, decision: decisionOf(start, digest, unkept, findings) }
  }
  return isPromise(written) ? written.then(afterwards) : afterwards(written)
}

/** Counts what was found in the request, and raises the session. Gives what the record says of it. */
export function note(
  { parts, walk, session }: Start,
  { assessment }: Judged,
): Decision['findings'] {
  if (assessment === undefined) return NO_FINDINGS
  if (assessment.findings.length === 0 && assessment.flows.length === 0) return NO_FINDINGS
  if (walk.dryRun || session?.watch === undefined)
    return Object.freeze(assessment.findings.map(withoutCause))
  const fresh = session.watch.admit(assessment)
  session.risk = session.watch.ledger.risk
  // A call that is put before a person has at least warned the session.
  raiseSession(parts, session, assessment.outcome === 'ask' ? 'warn' : assessment.outcome)
  return reported(assessment, fresh)
}

/** The request has left: what it carried is part of the session's history from here. */
function goingOut({ parts, session }: Start, passed: Passed): Passed {
  const { assessment, decision, policy, approvedBy } = passed
  if (assessment === undefined || session?.watch === undefined || policy === undefined)
    return passed
  if (!isPermitted(decision)) return passed
  session.watch.sent(
    assessment,
    { settings: parts.behavior.settingsOf(policy), session: viewOf(session) },
    approvedBy !== undefined,
  )
  return passed
}

const UNKEPT = 'no audit sink accepted the record of this call'

/** A session may have been stopped while a gate or a person was waited for. */
function stillOpen({ walk, session }: Start, judged: Judged): Judged {
  if (judged.effect === 'deny' || walk.dryRun) return judged
  const stopped = session?.disposition
  if (stopped === 'terminate')
    return denial('session', 'session_terminated', 'the session was terminated', judged)
  if (stopped === 'pause')
    return denial('session', 'session_paused', 'the session was paused', judged)
  return judged
}

export function decisionOf(
  start: Start,
  digest: string,
  judged: Judged,
  findings: Decision['findings'],
): Decision {
  return makeDecision(judged, {
    id: start.id,
    mode: start.parts.mode,
    policyDigest: digest,
    disposition: dispositionOf(start),
    findings,
    asked: start.asked.readable ? start.asked.arguments : undefined,
  })
}

function dispositionOf({ parts, asked, session, subject, startedAt }: Start): Disposition {
  return (session ?? parts.sessions.look(asked.session, subject, startedAt)).disposition
}

/** Records that a person was asked, or what they said. The record of a yes names who gave it. */
export async function noteApproval(
  parts: LineParts,
  call: Call,
  status: 'pending' | 'success' | 'denied',
  by?: string,
): Promise<void> {
  if (!parts.audit.isNeeded()) return
  const fields = {
    id: parts.nextId(),
    kind: 'approval' as const,
    status,
    approval_id: call.id,
    session_id: call.session,
    agent: call.subject.agent,
    user_id: by ?? call.subject.user ?? null,
    actor_kind: by === undefined ? ('agent' as const) : ('user' as const),
    resource: call.resource.name,
    trace_id: call.trace,
  }
  await parts.audit.write(eventRecord(fields, parts.now()))
}
