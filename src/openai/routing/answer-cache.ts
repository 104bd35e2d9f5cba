import type { Surface } from '../../core/routing/model-request.ts'
import type { Ticket } from '../../engine/ticket.ts'

/** Keeps answers and gives them again, behind the policy: `createResponseCache` makes one. */
export interface AnswerCache {
  /** The answer to a call that is permitted: one that is kept, or what `send` gives. */
  answer(request: CacheableCall, send: () => Promise<Response>): Promise<CacheAnswer>
}

/** A call of a model that is permitted and about to be sent. */
export interface CacheableCall {
  readonly ticket: Ticket
  readonly surface: Surface
  /** The route by which the model was chosen; null: none. */
  readonly route: string | null
  readonly signal?: AbortSignal
}

export interface CacheAnswer {
  readonly response: Response
  readonly outcome: 'hit' | 'shared' | 'miss' | 'bypass'
  /** What the answer cost when it was made, in billionths of a US dollar; null: not known, or no hit. */
  readonly saved_nusd: number | null
}

/** What a cache has saved a call: all of its cost. */
export interface Saved {
  /** Billionths of a US dollar; null: not known. */
  readonly nusd: number | null
}

/** A `fetch` that asks the cache first, and tells where that has answered. */
export function throughCache(
  cache: AnswerCache | undefined,
  call: CacheableCall,
  inner: typeof fetch,
  saved: (saved: Saved) => void,
): typeof fetch {
  if (cache === undefined) return inner
  return async (input, init) => {
    const { response, outcome, saved_nusd } = await cache.answer(call, () => inner(input, init))
    if (outcome === 'hit' || outcome === 'shared') saved({ nusd: saved_nusd })
    return response
  }
}
