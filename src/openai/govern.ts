import { isCallgateError } from '../core/model/errors.ts'
import { deniedResponse, faultResponse } from './answer/error-response.ts'
import { type Attempts, attemptKey, createAttempts } from './attempts.ts'
import { forward } from './forward.ts'
import type { Guard } from './guard.ts'
import { type Incoming, readIncoming } from './incoming.ts'
import { finishAll, type Judged, judge, judgeAgain, type Verdict } from './judge.ts'
import { governModels } from './models.ts'
import { planOf } from './plan.ts'
import { meterOf } from './routing/meter.ts'
import { routed } from './routing/routed.ts'
import type { Routing } from './routing/routing.ts'

type Fetch = typeof fetch

/** What a request passes on its way. */
export interface Governing {
  readonly guard: Guard
  readonly inner: Fetch
  readonly attempts: Attempts
  /** How models are chosen; undefined: each request goes to the one it names. */
  readonly routing: Routing | undefined
}

/** A `fetch` that answers only what the policy allows. It throws only what the inner one throws. */
export function govern(inner: () => Fetch, guard: Guard, routing?: Routing): Fetch {
  const attempts = createAttempts()
  return async function governed(input, init) {
    // Clients try out what their `fetch` can do with it: nothing leaves the process.
    if (input === 'data:,') return inner()(input, init)
    const incoming = await readIncoming(guard, input, init)
    return governRequest({ guard, inner: inner(), attempts, routing }, incoming)
  }
}

/** The answer to a request as the policy allows it. */
export async function governRequest(governing: Governing, incoming: Incoming): Promise<Response> {
  const { guard, inner, attempts, routing } = governing
  try {
    const head = guard.headOf(incoming.context)
    if (incoming.endpoint.kind === 'models') return await governModels(guard, head, incoming, inner)
    const answer =
      routing === undefined ? undefined : await routed({ guard, routing, inner, incoming, head })
    if (answer !== undefined) return answer
    const key = attemptKey(incoming, head)
    const verdict =
      (await goneOn(guard, incoming.retry, attempts.take, key)) ??
      (await judge(guard, head, planOf(incoming, guard.settings.vendor)))
    if (!verdict.ok) return deniedResponse(verdict.denial)
    const { judged } = verdict
    const meter = routing === undefined ? undefined : meterOf(routing, judged)
    return await forward({ guard, incoming, judged, inner, attempts, key, meter })
  } catch (error) {
    return answerFault(error)
  }
}

/** An engine that was closed, and the like: clients would take a throw for a broken connection. */
function answerFault(error: unknown): Response {
  if (!isCallgateError(error)) throw error
  return faultResponse(503, 'policy_unavailable', `the request was not judged: ${error.message}`)
}

/** The next attempt of a call that has failed is the same call. Undefined: it is no such attempt. */
async function goneOn(
  guard: Guard,
  retry: number | undefined,
  take: (key: string) => Judged | undefined,
  key: string,
): Promise<Verdict | undefined> {
  const judged = (retry ?? 0) > 0 ? take(key) : undefined
  if (judged === undefined) return undefined
  const denial = await judgeAgain(guard, judged)
  if (denial === undefined) return { ok: true, judged }
  const { ticket, besides } = judged
  await finishAll([ticket, ...besides], { ok: false, error: new Error('denied') })
  return { ok: false, denial }
}
