import { withoutCause } from '../core/behavior/ledger.ts'
import type { Assessment } from '../core/behavior/watch.ts'
import type { ConstraintPorts } from '../core/constraints/constraint.ts'
import type { Limiter } from '../core/limits/limiter.ts'
import type { Call, Subject } from '../core/model/call.ts'
import type { Decision, Mode } from '../core/model/decision.ts'
import type { Disposition } from '../core/model/finding.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { Approvals } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { SnapshotLimits } from '../core/snapshot.ts'
import type { Book } from './approvals/book.ts'
import type { AuditLog } from './audit-log.ts'
import type { Behavior } from './behavior.ts'
import { reported } from './behavior-gate.ts'
import { denial, isPermitted, makeDecision, NO_FINDINGS, settledArguments } from './decide.ts'
import type { Family } from './family.ts'
import type { Judged, Steps } from './gate-step.ts'
import type { Hooks } from './hooks/hooks.ts'
import type { Identification } from './identification.ts'
import type { Learning } from './learning.ts'
import type { Observers } from './observers.ts'
import type { Diagnostic } from './options.ts'
import type { Probes } from './probe-check.ts'
import { release, type Spend } from './rate-step.ts'
import type { Asked, RunContext } from './receive.ts'
import { intentRecord, outcomeRecord } from './record.ts'
import { type RecordedForm, recordedForm } from './recorded-form.ts'
import type { RedactionKeys } from './redaction-keys.ts'
import type { KnownClassifications } from './routing/known-classifications.ts'
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
  /** How callers are known, under the policy in force. */
  readonly identity: () => Identification
  readonly approvals: Approvals | undefined
  readonly book: Book
  readonly sessions: Sessions
  readonly learning: Learning
  readonly behavior: Behavior
  readonly limiter: Limiter
  readonly probes: Probes
  readonly family: Family
  readonly classifications: KnownClassifications
  /** The host's own, for the local classifier. */
  readonly classifierWeights: object | undefined
  readonly hooks: Pick<Hooks, 'started' | 'after' | 'ended'>
  readonly redaction: RedactionKeys
  readonly audit: AuditLog
  /** Undefined: nobody records sessions. */
  readonly observers: Observers | undefined
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
  /** The approval that was used; its id is that of another decision where the call came again. */
  readonly approvalId: string | undefined
  readonly session: Session | undefined
  /** What the behavioural layer made of the request; undefined where it did not get so far. */
  readonly assessment: Assessment | undefined
  /** What the gates said, and which they are: what its record lists as evaluated. */
  readonly judged: Judged
  readonly steps: Steps
  /** What it has set aside of its limits; undefined where it did not get so far. */
  readonly spend: Spend | undefined
  /** What its records may hold of the arguments. */
  readonly recorded: RecordedForm
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
  readonly spend?: Spend
}

/** The approval that lets a call out. */
export interface Approved {
  readonly id: string
  readonly by: string
}

/** The intent is durable before anything goes out; where it cannot be, nothing does. */
export function record(
  start: Start,
  call: Call | undefined,
  policy: CompiledPolicy | undefined,
  judged: Judged,
  approval?: Approved,
): MaybePromise<Passed> {
  return andThen(keep(start, call, policy, judged, approval), (passed) => {
    // What its task and its arguments take counts now: nobody need ever finish the call.
    if (start.session !== undefined && !start.walk.dryRun) start.parts.sessions.grown(start.session)
    // What was set aside of limits goes back where nothing goes out.
    if (!isPermitted(passed.decision)) release(passed.spend)
    return passed
  })
}

/** What says nothing of somebody who tries what is open: whoever waits as told may go on. */
const SELF_INFLICTED: ReadonlySet<string> = new Set(['rate_limited', 'budget_exceeded'])

function isSelfInflicted({ reason }: Judged, { approval }: Asked): boolean {
  // With an approval of its own that nobody has given yet.
  return SELF_INFLICTED.has(reason) || (reason === 'approval_required' && approval !== undefined)
}

function keep(
  start: Start,
  call: Call | undefined,
  policy: CompiledPolicy | undefined,
  judgedBefore: Judged,
  approval: Approved | undefined,
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
    approvedBy: approval?.by,
    approvalId: approval?.id,
    session,
    assessment: judged.assessment,
    judged,
    steps: parts.steps,
    spend: start.spend,
    recorded: recordedForm(parts, call, policy, decision, judged.assessment),
  }
  if (walk.dryRun) return passed
  if (decision.effect === 'deny' && session !== undefined && !isSelfInflicted(judged, asked))
    session.denied++
  if (!parts.audit.isNeeded()) return goingOut(start, passed, judged)
  const goesOut = isPermitted(decision)
  const written = parts.audit.write(intentRecord(passed, goesOut ? 'pending' : 'denied'))
  const afterwards = (kept: boolean): Passed => {
    // What would not have gone out anyway keeps its own reason.
    if (kept || !goesOut) return goingOut(start, passed, judged)
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
  if (session !== undefined && !walk.dryRun) parts.sessions.grown(session)
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

/** The last moment before a call goes out, after its record was waited for. */
function goingOut(start: Start, passed: Passed, judged: Judged): Passed {
  const { parts } = start
  if (!isPermitted(passed.decision)) return passed
  const isObserved = parts.mode === 'observe'
  const now = isObserved ? judged : stillOpen(start, judged)
  if (now !== judged) return takenBack(start, passed, now)
  try {
    noteSent(start, passed)
    return passed
  } catch (cause) {
    parts.report({ code: 'gate_failed', message: 'taking note of a call failed', cause })
    if (isObserved) return passed
    const failed = denial('behavior', 'gate_failed', 'taking note of the call failed', judged)
    return takenBack(start, passed, failed)
  }
}

/** The request leaves: what it carries is part of the session's history from here. */
function noteSent({ parts, session }: Start, passed: Passed): void {
  const { assessment, policy, approvedBy } = passed
  if (assessment === undefined || session?.watch === undefined || policy === undefined) return
  session.watch.sent(
    assessment,
    { settings: parts.behavior.settingsOf(policy), session: viewOf(session) },
    approvedBy !== undefined,
  )
}

/** A call whose record says that it goes out, and that does not: a second record closes the first. */
function takenBack(start: Start, passed: Passed, judged: Judged): Passed {
  const { parts, session } = start
  const { policy_digest: digest, findings } = passed.decision
  const decision = decisionOf(start, digest, judged, findings)
  const denied: Passed = { ...passed, decision, judged }
  if (session !== undefined) session.denied++
  if (!parts.audit.isNeeded()) return denied
  const at = parts.now()
  const closing = { status: 'denied', at, outputHash: null, error: undefined } as const
  void parts.audit.write(outcomeRecord(denied, { ...closing, findings: NO_FINDINGS }))
  return denied
}

const UNKEPT = 'no audit sink accepted the record of this call'

/** A session may have been stopped while a gate or a person was waited for. */
function stillOpen({ parts, walk, session }: Start, judged: Judged): Judged {
  if (judged.effect === 'deny' || walk.dryRun || session === undefined) return judged
  const stopped = parts.sessions.standing(session)
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
  if (session !== undefined) return parts.sessions.standing(session)
  return parts.sessions.look(asked.session, subject, startedAt).disposition
}
