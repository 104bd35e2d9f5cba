import { CallgateError, isCallgateError } from '../../core/model/errors.ts'
import type { ModelCatalog } from '../../core/routing/catalog.ts'
import type { Surface } from '../../core/routing/model-request.ts'
import { createAttempts } from '../attempts.ts'
import { forward } from '../forward.ts'
import type { Guard } from '../guard.ts'
import type { Incoming } from '../incoming.ts'
import type { Judged } from '../judge.ts'
import { StreamFault } from '../stream/filter.ts'
import { type AnswerCache, type CacheableCall, type Saved, throughCache } from './answer-cache.ts'
import type { Attempt, CostKeeper, Spent } from './attempt.ts'
import { createMeter } from './meter.ts'
import { CONNECTION_FAILED, TOO_SLOW, type UpstreamFailure } from './upstream-failure.ts'

/** What is sent, and on which ticket. */
export interface OneAttempt {
  readonly guard: Guard
  readonly incoming: Incoming
  readonly judged: Judged
  readonly inner: typeof fetch
  /** Milliseconds that it may take. */
  readonly forMs: number
  readonly cache: AnswerCache | undefined
  readonly surface: Surface
  readonly route: string | null
  readonly catalog: ModelCatalog | undefined
  readonly costs: CostKeeper | undefined
  /** What is known of the attempt before it is made. */
  readonly about: Pick<Spent, 'requestId' | 'task' | 'model' | 'baseline'>
}

/** `failure`: nothing of the answer is handed on; `response` is then the error as it came, if any came. */
export interface Attempted {
  readonly response: Response | undefined
  readonly failure: UpstreamFailure | undefined
}

/** Sends a request to one model, once. Throws only where its caller has given up, or the engine was closed. */
export async function attemptOnce(one: OneAttempt): Promise<Attempted> {
  const { guard, incoming, judged } = one
  const deadline = createDeadline(one.forMs, incoming.context.signal)
  let failure: UpstreamFailure | undefined
  let hasBegun = false
  let saved: Saved | undefined
  const meter = createMeter({ ...one, hasBegun: () => hasBegun, saved: () => saved })
  const inner = throughCache(one.cache, callOf(one), deadline.around(one.inner), (by) => {
    saved = by
  })
  const attempt: Attempt = {
    began() {
      hasBegun = true
      deadline.met()
    },
    failed(why) {
      failure = why
    },
  }
  try {
    const response = await forward({
      guard,
      incoming,
      judged,
      inner,
      attempts: NEVER_AGAIN,
      key: '',
      attempt,
      meter(closing) {
        deadline.end()
        return meter(closing)
      },
    })
    return { response, failure }
  } catch (error) {
    if (incoming.context.signal?.aborted === true) throw error
    if (isCallgateError(error) && error.code !== 'ERR_DISPATCH_TIMEOUT') throw error
    const isLate = deadline.isOver() || error instanceof StreamFault
    return { response: undefined, failure: isLate ? TOO_SLOW : CONNECTION_FAILED }
  } finally {
    if (!hasBegun) deadline.end()
  }
}

function callOf({ judged, surface, route, incoming }: OneAttempt): CacheableCall {
  const { signal } = incoming.context
  const call = { ticket: judged.ticket, surface, route }
  return signal === undefined ? call : { ...call, signal }
}

/** Attempts of clients are none of these. */
const NEVER_AGAIN = createAttempts()

interface Deadline {
  around(inner: typeof fetch): typeof fetch
  isOver(): boolean
  /** It has begun to answer in time. */
  met(): void
  /** Nothing more comes: the caller's signal no longer counts. */
  end(): void
}

/** Aborts what is sent when its time is over. The caller's own signal counts for as long as an answer comes. */
function createDeadline(ms: number, given: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  const late = (): void =>
    controller.abort(
      new CallgateError('ERR_DISPATCH_TIMEOUT', `the model has not answered within ${ms} ms`),
    )
  const stop = (): void => controller.abort(given?.reason)
  const timer = setTimeout(late, ms)
  timer.unref()
  // By hand: `AbortSignal.any` costs some 20 us.
  if (given?.aborted === true) stop()
  else given?.addEventListener('abort', stop, { once: true })
  return {
    around: (inner) => (input, init) => inner(input, { ...init, signal: controller.signal }),
    isOver: () => controller.signal.aborted,
    met: () => clearTimeout(timer),
    end() {
      clearTimeout(timer)
      given?.removeEventListener('abort', stop)
    },
  }
}
