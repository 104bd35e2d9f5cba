import type { RecordStatus } from '../core/model/audit-record.ts'
import type { Decision } from '../core/model/decision.ts'
import { CallDeniedError, CallgateError, isCallgateError } from '../core/model/errors.ts'
import {
  isPromise,
  type JsonObject,
  type JsonValue,
  type MaybePromise,
} from '../core/model/json.ts'
import { isPermitted, NO_FINDINGS } from './decide.ts'
import { type Inspected, inspect, withheld } from './inspect.ts'
import type { LineParts, Passed } from './line-record.ts'
import { plainResponse } from './plain-response.ts'
import { hashOf, outcomeRecord } from './record.ts'
import { within } from './wait.ts'

/** What became of a dispatched call. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown }

/** A judged call. Where `permitted`, the holder dispatches `arguments` and calls `finish` once. */
export interface Ticket {
  readonly decision: Decision
  /** True where the call may go out: allowed, rewritten, or only observed. */
  readonly permitted: boolean
  /** What to dispatch: the frozen snapshot that was judged, or its rewritten form. */
  readonly arguments: JsonObject
  /** Aborts when the caller gives up; in `guard` also when the call takes too long. */
  readonly signal: AbortSignal
  /** Closes the call's record. The same value object comes back when nothing was changed. */
  finish(outcome: Outcome): MaybePromise<Outcome>
}

/** A ticket, and what `guard` needs to stop its call. */
export interface HeldTicket extends Ticket {
  abort(reason: unknown): void
}

export function makeTicket(parts: LineParts, passed: Passed, onDone: () => void): HeldTicket {
  return new PassedTicket(parts, passed, onDone)
}

/** A class for speed alone, as in `decide.ts`: most tickets are never asked for their signal. */
class PassedTicket implements HeldTicket {
  readonly decision: Decision
  readonly permitted: boolean
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
    this.arguments = passed.arguments
    this.#parts = parts
    this.#passed = passed
    this.#onDone = onDone
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

function close(parts: LineParts, passed: Passed, given: Outcome): MaybePromise<Outcome> {
  // An adapter without types may say nothing: then nobody knows what became of the call.
  const isKnown = typeof given === 'object' && given !== null && 'ok' in given
  const outcome: Outcome = isKnown ? given : { ok: false, error: undefined }
  const response = plainResponse(outcome.ok ? outcome.value : outcome.error, parts.limits)
  const { outcome: released, findings } = inspectSafely(parts, passed, outcome, response.value)
  const settled = released === outcome ? given : released
  if (!parts.audit.isNeeded()) return settled
  const written = parts.audit.write(
    outcomeRecord(passed, {
      status: statusOf(outcome, passed.asked.signal),
      at: parts.now(),
      outputHash: outcome.ok && response.exact ? hashOf(response.value) : null,
      error: errorOf(outcome, released),
      findings,
    }),
  )
  // The call is done: a record that fails now is reported by the log, the result still goes back.
  return isPromise(written) ? written.then(() => settled) : settled
}

/** INVARIANT: a response that cannot be looked at is not handed on. */
function inspectSafely(
  parts: LineParts,
  passed: Passed,
  outcome: Outcome,
  payload: JsonValue,
): Inspected {
  try {
    return inspect(parts, passed, outcome, payload)
  } catch {
    if (parts.mode === 'observe') return { outcome, findings: NO_FINDINGS }
    const error = withheld(passed, 'gate_failed', 'looking at it failed')
    return { outcome: error, findings: NO_FINDINGS }
  }
}

function errorOf(outcome: Outcome, released: Outcome): unknown {
  if (!outcome.ok) return outcome.error
  return released.ok ? undefined : released.error
}

function statusOf(outcome: Outcome, signal: AbortSignal | undefined): RecordStatus {
  if (outcome.ok) return 'success'
  if (isCallgateError(outcome.error)) {
    if (outcome.error.code === 'ERR_DISPATCH_TIMEOUT') return 'timeout'
    if (outcome.error.code === 'ERR_CALL_CANCELLED') return 'cancelled'
  }
  return signal?.aborted === true ? 'cancelled' : 'failed'
}

/** Carries out a call; gets the arguments the policy settled on. */
export type Dispatch<T> = (args: JsonObject, signal: AbortSignal) => MaybePromise<T>

/** Dispatches a ticket's call within the limit, and closes it. */
export async function dispatchTicket<T>(
  ticket: HeldTicket,
  dispatch: Dispatch<T>,
  limitMs: number,
): Promise<T> {
  if (!ticket.permitted) throw new CallDeniedError(ticket.decision)
  const outcome = await attempt(ticket, dispatch, limitMs)
  const settled = await ticket.finish(outcome)
  if (!settled.ok) throw settled.error
  return settled.value as T // what `dispatch` gave, or its cleaned form
}

async function attempt<T>(
  ticket: HeldTicket,
  dispatch: Dispatch<T>,
  limitMs: number,
): Promise<Outcome> {
  try {
    if (ticket.signal.aborted)
      throw new CallgateError('ERR_CALL_CANCELLED', 'the caller gave up before the call went out')
    const value = dispatch(ticket.arguments, ticket.signal)
    if (!isPromise(value)) return { ok: true, value }
    const late = (): never => {
      const error = new CallgateError(
        'ERR_DISPATCH_TIMEOUT',
        `the call did not settle within ${limitMs} ms`,
      )
      ticket.abort(error)
      throw error
    }
    return { ok: true, value: await within(value, limitMs, late) }
  } catch (error) {
    return { ok: false, error }
  }
}
