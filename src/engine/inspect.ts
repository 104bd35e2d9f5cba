import type { Answer, Watch, WatchContext } from '../core/behavior/watch.ts'
import type { Decision } from '../core/model/decision.ts'
import { CallDeniedError } from '../core/model/errors.ts'
import type { Finding } from '../core/model/finding.ts'
import { detailOf, reported } from './behavior-gate.ts'
import { cleanText } from './clean-text.ts'
import { denial, makeDecision, NO_FINDINGS } from './decide.ts'
import type { LineParts, Passed } from './line-record.ts'
import type { PlainResponse } from './plain-response.ts'
import { raiseSession } from './session-risk.ts'
import { type Session, viewOf } from './sessions.ts'
import type { Outcome } from './ticket.ts'

/** What became of a response: what goes to the agent, and what its record says. */
export interface Inspected {
  readonly outcome: Outcome
  readonly findings: readonly Finding[]
}

/**
 * Looks at a response before the agent sees it. One that is stopped is withheld: the call has been
 * made, but nothing of what it gave reaches the agent.
 */
export function inspect(
  parts: LineParts,
  passed: Passed,
  outcome: Outcome,
  { value: payload, whole }: PlainResponse,
): Inspected {
  const { assessment, policy } = passed
  if (assessment === undefined || policy === undefined) return unwatched(parts, passed, outcome)
  const enforced = parts.mode === 'enforce'
  const at = parts.now()
  // Not the one the call began in: that may be gone, and what comes back now is held against its heir.
  const session = parts.sessions.hear(passed.asked.session, passed.subject, at)
  if (session === undefined)
    return {
      outcome: enforced ? withheld(passed, 'gate_failed', 'no room for its session') : outcome,
      findings: NO_FINDINGS,
    }
  if (enforced && session.disposition === 'terminate')
    return { outcome: overFor(passed), findings: NO_FINDINGS }
  const watch = parts.behavior.watchOf(session)
  const settings = parts.behavior.settingsOf(policy)
  const context = { settings, session: viewOf(session) }
  const response = {
    number: session.events,
    payload,
    isError: !outcome.ok,
    at,
    unread: !whole,
  }
  const answer = watch.inspect(assessment, response, context)
  const findings = reported(answer, watch.admit(answer))
  session.risk = watch.ledger.risk
  raiseSession(parts, session, answer.outcome)
  if (enforced && isStopped(answer))
    return {
      outcome: withheld(passed, 'behavior_blocked', detailOf(answer.decisive), findings),
      findings,
    }
  const heard = { session, watch, answer, context, whole }
  // What was not looked at as a whole is said at once; rules of the host's own may fail, which withholds it.
  if (whole && !parts.learning.isStrict) parts.learning.later(() => learnLater(parts, heard))
  else learn(parts, heard)
  const cleaned =
    enforced && settings.suspiciousText === 'remove'
      ? cleanText(outcome, answer, parts.limits)
      : outcome
  return { outcome: cleaned, findings }
}

/** What is in no flow of data is handed on, unless the session was stopped meanwhile. */
function unwatched({ mode, sessions }: LineParts, passed: Passed, outcome: Outcome): Inspected {
  const { session } = passed
  const isOver =
    mode === 'enforce' && session !== undefined && sessions.standing(session) === 'terminate'
  return { outcome: isOver ? overFor(passed) : outcome, findings: NO_FINDINGS }
}

function overFor(passed: Passed): Outcome {
  return withheld(passed, 'session_terminated', 'the session was terminated')
}

interface Heard {
  readonly session: Session
  readonly watch: Watch
  readonly answer: Answer
  readonly context: WatchContext
  readonly whole: boolean
}

function learn(parts: LineParts, { session, watch, answer, context, whole }: Heard): void {
  watch.received(answer, context)
  const { scope } = answer.event.call.resource
  if (scope !== undefined) session.scopes.add(scope)
  if (!whole) tellUnread(parts, answer, watch.forgot)
  parts.sessions.grown(session)
}

/** INVARIANT: what could not be learnt may be anywhere by now, so the session stops. */
function learnLater(parts: LineParts, heard: Heard): void {
  try {
    learn(parts, heard)
  } catch (cause) {
    parts.report({
      code: 'response_uninspected',
      message: 'learning from a response failed',
      cause,
    })
    parts.sessions.raise(heard.session, 'pause')
  }
}

/** Never silent: what nobody has looked at may hold anything. */
function tellUnread({ report, limits }: LineParts, { event }: Answer, forgot: boolean): void {
  const bounds = `${limits.maxNodes} values, ${limits.maxSize} characters`
  const then = forgot ? '; a person must approve what the session sends from here' : ''
  report({
    code: 'response_unread',
    message: `a response of \`${event.call.resource.name}\` was not looked at as a whole: it is over the bounds (${bounds}) or cannot be read${then}`,
  })
}

function isStopped({ outcome }: Answer): boolean {
  return outcome === 'pause' || outcome === 'terminate'
}

const WITHHELD_BY = {
  behavior_blocked: 'behavior',
  gate_failed: 'behavior',
  session_terminated: 'session',
  explicit_deny: 'hooks',
} as const

/** What goes to the agent in place of a response. */
export function withheld(
  { decision, session, assessment }: Passed,
  reason: 'behavior_blocked' | 'session_terminated' | 'gate_failed' | 'explicit_deny',
  detail: string,
  findings: readonly Finding[] = NO_FINDINGS,
): Outcome {
  const gate = WITHHELD_BY[reason]
  const refused = denial(gate, reason, `the response was withheld: ${detail}`)
  return {
    ok: false,
    error: new CallDeniedError(deniedAfter(decision, refused, findings, { session, assessment })),
  }
}

function deniedAfter(
  decision: Decision,
  judged: ReturnType<typeof denial>,
  findings: readonly Finding[],
  { session, assessment }: Pick<Passed, 'session' | 'assessment'>,
): Decision {
  return makeDecision(judged, {
    id: decision.id,
    mode: decision.mode,
    policyDigest: decision.policy_digest,
    disposition: session?.disposition ?? decision.disposition,
    findings,
    asked: assessment?.event.call.arguments,
  })
}
