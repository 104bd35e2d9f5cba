import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { Incoming } from '../server/server-guard.ts'

/** Runs the handler that a request is for, and goes on with what it gives or throws: at once where it answers at once. */
export function runHandler(
  { handler, request, extra }: Incoming,
  taken: (value: unknown) => MaybePromise<unknown>,
  failed: (error: unknown) => MaybePromise<unknown>,
): MaybePromise<unknown> {
  let given: unknown
  try {
    given = handler(request, extra)
  } catch (error) {
    return failed(error)
  }
  return isPromise(given) ? given.then(taken, failed) : taken(given)
}
