import { CallDeniedError, CallgateError } from '../core/model/errors.ts'
import { isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { HeldTicket, Outcome } from './ticket.ts'
import { within } from './wait.ts'

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
    const stopped = ticket.stopped()
    if (stopped !== undefined) throw new CallDeniedError(stopped)
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
