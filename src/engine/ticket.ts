import type { ResourceEntry, Subject } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import type { CallDeniedError } from '../core/model/errors.ts'
import type { Finding } from '../core/model/finding.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { TextRedactor } from '../core/redaction/redact-text.ts'
import { isPermitted, NO_FINDINGS } from './decide.ts'
import { errorName } from './error-name.ts'
import { gateSettings } from './gate-settings.ts'
import { type Inspected, inspect, withheld } from './inspect.ts'
import type { LineParts, Passed } from './line-record.ts'
import { functionResource, textRedactor } from './model-answer.ts'
import { type PlainResponse, plainResponse } from './plain-response.ts'
import { settle } from './rate-step.ts'
import { hashOf, outcomeRecord } from './record.ts'
import { demandsOf, redactOutcome } from './redact-outcome.ts'
import { noteAnswer } from './routing/note-answer.ts'
import { note } from './session-control.ts'
import { statusOf } from './status-of.ts'
import { readUsage, type Usage } from './usage.ts'

/** What became of a dispatched call. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown; readonly usage?: Usage }
  | { readonly ok: false; readonly error: unknown; readonly usage?: Usage }

/** A judged call. Where `permitted`, the holder dispatches `arguments` and calls `finish` once. */
export interface Ticket {
  readonly decision: Decision
  /** True where the call may go out: allowed, rewritten, or only observed. */
  readonly permitted: boolean
  /** Who calls, as it was found out; undefined where nobody was. */
  readonly subject: Subject | undefined
  /** What is called, as the catalogue has it; undefined where the call did not get so far. */
  readonly resource: ResourceEntry | undefined
  /** True where its session has read restricted data, or can no longer prove that it has not. */
  readonly tainted: boolean
  /** What to dispatch: the frozen snapshot that was judged, or its rewritten form. */
  readonly arguments: JsonObject
  /** Aborts when the caller gives up; in `guard` also when the call takes too long. */
  readonly signal: AbortSignal
  /**
   * Looks at something of the call that reaches the agent before its result, or after it: progress, a log
   * line, a question. The same value object comes back when nothing was changed.
   */
  inspect(value: unknown): Outcome
  /**
   * Takes out of a text that comes in pieces what `finish` would take out of the response. One for each
   * text; undefined where nothing is taken out.
   */
  textRedactor(): TextRedactor | undefined
  /** What a function that a model proposes to call is in the policy that judged this call. */
  functionResource(name: string): string
  /** Closes the call's record. The same value object comes back when nothing was changed. */
  finish(outcome: Outcome): MaybePromise<Outcome>
}

/** A ticket, and what `guard` needs to stop its call. */
export interface HeldTicket extends Ticket {
  abort(reason: unknown): void
  /** The denial, where the session was stopped since it was judged. */
  stopped(): Decision | undefined
}

export function makeTicket(parts: LineParts, passed: Passed, onDone: () => void): HeldTicket {
  parts.observers?.asked(passed)
  return new PassedTicket(parts, passed, onDone)
}

/** A class for speed alone, as in `decide.ts`: most tickets are never asked for their signal. */
class PassedTicket implements HeldTicket {
  readonly decision: Decision
  readonly permitted: boolean
  readonly subject: Subject | undefined
  readonly resource: ResourceEntry | undefined
  readonly arguments: JsonObject
  readonly #parts: LineParts
  readonly #passed: Passed
  readonly #onDone: () => void
  #controller: AbortController | undefined
  #signal: AbortSignal | undefined
  #finished: MaybePromise<Outcome> | undefined

  constructor(parts: LineParts, passed: Passed, onDone: () => void) {
    this.decision = passed.decision
    this.permitted = isPermitted(passed.decision)
    this.subject = passed.subject
    this.resource = passed.call?.resource
    this.arguments = passed.arguments
    this.#parts = parts
    this.#passed = passed
    this.#onDone = onDone
    if (passed.spend !== undefined) passed.spend.begun = parts.probes.monotonic()
  }

  get tainted(): boolean {
    const { session } = this.#passed
    return session === undefined || session.watch?.tainted === true || session.forgot
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#controller ??= new AbortController()
      const given = this.#passed.asked.signal
      const own = this.#controller.signal
      this.#signal = given === undefined ? own : AbortSignal.any([given, own])
    }
    return this.#signal
  }

  abort(reason: unknown): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }

  stopped(): Decision | undefined {
    const { session } = this.#passed
    if (this.#parts.mode === 'observe' || session === undefined) return undefined
    if (this.#parts.sessions.standing(session) !== 'terminate') return undefined
    const out = withheld(this.#passed, 'session_terminated', 'the session was terminated')
    return out.ok ? undefined : (out.error as CallDeniedError).decision
  }

  inspect(value: unknown): Outcome {
    const said: Outcome = { ok: true, value }
    if (!this.permitted) return said
    const looked = look(this.#parts, this.#passed, said)
    this.#parts.observers?.beside(this.#passed, looked)
    if (looked.findings.length > 0) tell(this.#parts, this.#passed, looked.findings)
    return looked.released === looked.outcome ? said : looked.released
  }

  textRedactor(): TextRedactor | undefined {
    return this.permitted ? textRedactor(this.#parts, this.#passed) : undefined
  }

  functionResource(name: string): string {
    return functionResource(this.#passed.policy, name)
  }

  finish(outcome: Outcome): MaybePromise<Outcome> {
    if (!this.permitted) return outcome
    if (this.#finished === undefined) {
      this.#onDone()
      this.#finished = outcome
      this.#finished = close(this.#parts, this.#passed, outcome)
    }
    return this.#finished
  }
}

/** What was found beside a call's result has a record of its own, linked to the call's. */
function tell(parts: LineParts, passed: Passed, findings: readonly Finding[]): void {
  const { decision, asked, call } = passed
  const noted = note(parts, {
    kind: 'finding',
    parent_id: decision.id,
    trace_id: call?.trace ?? asked.trace ?? null,
    session_id: asked.session,
    server: call?.resource.server ?? asked.server ?? null,
    resource: call?.resource.name ?? null,
    findings,
  })
  // The log reports what it could not write.
  if (isPromise(noted)) noted.catch(() => undefined)
}

interface Looked {
  readonly outcome: Outcome
  readonly response: PlainResponse
  readonly released: Outcome
  readonly findings: readonly Finding[]
}

/** What the agent may see of what came back. */
function look(parts: LineParts, passed: Passed, given: Outcome): Looked {
  const outcome = readOutcome(given)
  const response = plainResponse(outcome.ok ? outcome.value : outcome.error, parts.limits)
  const { outcome: inspected, findings } = inspectSafely(parts, passed, outcome, response)
  const read = inspected === outcome ? response : undefined
  const released = redactSafely(parts, passed, inspected, read)
  return { outcome, response, released, findings }
}

function close(parts: LineParts, passed: Passed, given: Outcome): MaybePromise<Outcome> {
  const looked = look(parts, passed, given)
  const { outcome, response, released, findings } = looked
  parts.observers?.answered(passed, looked)
  settle(passed.spend, parts.probes.monotonic(), outcome.usage)
  if (outcome.ok) noteAnswer(parts, passed, outcome.usage)
  return andThen(shownToHooks(parts, passed, outcome, released, findings), (last) =>
    recorded(parts, passed, { given, outcome, response, released: last, findings }),
  )
}

/** `PostToolUse`: hooks see what the agent would, and may keep it from the agent. */
function shownToHooks(
  parts: LineParts,
  passed: Passed,
  outcome: Outcome,
  released: Outcome,
  findings: readonly Finding[],
): MaybePromise<Outcome> {
  const { call, policy } = passed
  if (call === undefined || policy === undefined) return released
  const said = parts.hooks.after(policy, call, outcome.ok, () => ({
    arguments: passed.arguments,
    response: released.ok ? plainResponse(released.value, parts.limits).value : null,
    error: released.ok ? null : errorName(released.error),
  }))
  return andThen(said, (denial) =>
    denial === undefined || !released.ok || parts.mode === 'observe'
      ? released
      : withheld(passed, denial.reason, denial.detail, findings),
  )
}

interface Closed extends Looked {
  readonly given: Outcome
}

function recorded(parts: LineParts, passed: Passed, closed: Closed): MaybePromise<Outcome> {
  const { given, outcome, response, released, findings } = closed
  const settled = released === outcome ? given : released
  if (!parts.audit.isNeeded()) return settled
  const written = parts.audit.write(
    outcomeRecord(passed, {
      status: statusOf(outcome, passed.asked.signal),
      at: parts.now(),
      outputHash: outcome.ok && response.exact ? hashOf(response.value) : null,
      error: errorOf(outcome, released),
      findings,
      usage: outcome.usage,
    }),
  )
  // The call is done: a record that fails now is reported by the log, the result still goes back.
  return isPromise(written) ? written.then(() => lastLook(parts, passed, settled)) : settled
}

/** An adapter without types may say nothing, or what cannot be read: then nobody knows what became of it. */
function readOutcome(given: Outcome): Outcome {
  try {
    if (typeof given !== 'object' || given === null || !('ok' in given)) return UNKNOWN
    const usage = given.usage === undefined ? undefined : readUsage(given.usage)
    const more = usage === undefined ? {} : { usage }
    return given.ok
      ? { ok: true, value: given.value, ...more }
      : { ok: false, error: given.error, ...more }
  } catch {
    return UNKNOWN
  }
}

const UNKNOWN: Outcome = Object.freeze({ ok: false, error: undefined })

/** INVARIANT: what must be taken out of a response and cannot be is not handed on. */
function redactSafely(
  parts: LineParts,
  passed: Passed,
  outcome: Outcome,
  response: PlainResponse | undefined,
): Outcome {
  const { call, policy, decision } = passed
  if (parts.mode === 'observe' || call === undefined || policy === undefined) return outcome
  const demands = demandsOf(gateSettings(policy).redaction, call.resource, decision.obligations)
  if (demands === undefined) return outcome
  try {
    const value = outcome.ok ? outcome.value : outcome.error
    const plain = response ?? plainResponse(value, parts.limits)
    return redactOutcome(outcome, plain, demands, parts.redaction.for(call.subject.tenant))
  } catch (cause) {
    parts.report({ code: 'gate_failed', message: 'redacting a response failed', cause })
    return withheld(passed, 'gate_failed', 'it could not be redacted')
  }
}

/** INVARIANT: a response that cannot be looked at is not handed on. */
function inspectSafely(
  parts: LineParts,
  passed: Passed,
  outcome: Outcome,
  response: PlainResponse,
): Inspected {
  try {
    return inspect(parts, passed, outcome, response)
  } catch (cause) {
    parts.report({ code: 'response_uninspected', message: 'looking at a response failed', cause })
    if (parts.mode === 'observe') return { outcome, findings: NO_FINDINGS }
    const error = withheld(passed, 'gate_failed', 'looking at it failed')
    return { outcome: error, findings: NO_FINDINGS }
  }
}

function errorOf(outcome: Outcome, released: Outcome): unknown {
  if (!outcome.ok) return outcome.error
  return released.ok ? undefined : released.error
}

/** The session may have been stopped while hooks or the record were waited for. */
function lastLook(parts: LineParts, passed: Passed, settled: Outcome): Outcome {
  const { session } = passed
  if (parts.mode === 'observe' || session === undefined) return settled
  return parts.sessions.standing(session) === 'terminate'
    ? withheld(passed, 'session_terminated', 'the session was terminated')
    : settled
}
