import type { JsonObject } from '../../core/model/json.ts'
import { billOf, dollars, type FakeBill, type FakeTerms, FREE } from './bill.ts'
import type { Exchange, Usage } from './exchange.ts'

/** What `GET /generation` tells of calls that are over. */
export interface Generations {
  /** The bill of a call that has ended; `said` characters had been sent where its client left. */
  settle(exchange: Exchange, terms: FakeTerms, end: CallEnd): Settled
  get(id: string, now: number): JsonObject | undefined
}

export interface CallEnd {
  readonly hasLeft: boolean
  /** Characters sent, of so many. */
  readonly said: number
  readonly of: number
  readonly now: number
}

export interface Settled {
  readonly bill: FakeBill
  readonly completionTokens: number
}

const MOST_KEPT = 10_000

/** @param settlementMs how long after its end a call is not yet known */
export function createGenerations(settlementMs: number): Generations {
  const kept = new Map<string, { readonly from: number; readonly data: JsonObject }>()
  return {
    settle(exchange, terms, end) {
      const usage = usageAtEnd(exchange, terms, end)
      kept.set(exchange.id, { from: end.now + settlementMs, data: record(exchange, usage, end) })
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break
        kept.delete(oldest)
      }
      return { bill: usage.bill, completionTokens: usage.tokens.completion }
    },
    get(id, now) {
      const found = kept.get(id)
      return found === undefined || now < found.from ? undefined : found.data
    },
  }
}

/**
 * A stream that its client has closed is billed up to there, where the provider can stop; in full where
 * it cannot, and where it was no stream.
 */
function usageAtEnd({ ask, served, usage }: Exchange, terms: FakeTerms, end: CallEnd): Usage {
  const { model } = served
  if (!end.hasLeft || !ask.stream || !model.stops_billing || usage.bill === FREE) return usage
  const share = end.of === 0 ? 0 : end.said / end.of
  const tokens = {
    ...usage.tokens,
    completion: Math.ceil(usage.tokens.completion * share),
    reasoning: Math.floor(usage.tokens.reasoning * share),
  }
  return { ...usage, tokens, bill: billOf(model, tokens, terms) }
}

function record(exchange: Exchange, { tokens, bill, isByok }: Usage, end: CallEnd): JsonObject {
  const { id, ask, served, replies } = exchange
  const uncached = billOf(
    served.model,
    { ...tokens, cached: 0, written: 0 },
    { isByok: false, tier: served.tier, at: end.now },
  )
  return {
    id,
    upstream_id: `up-${id}`,
    model: served.model.id,
    provider_name: served.model.provider,
    created_at: new Date(exchange.created * 1000).toISOString(),
    streamed: ask.stream,
    cancelled: end.hasLeft,
    finish_reason: end.hasLeft ? null : (replies[0]?.finish ?? null),
    native_finish_reason: end.hasLeft ? null : (replies[0]?.finish ?? null),
    tokens_prompt: tokens.prompt,
    tokens_completion: tokens.completion,
    native_tokens_prompt: tokens.prompt,
    native_tokens_completion: tokens.completion,
    native_tokens_reasoning: tokens.reasoning,
    native_tokens_cached: tokens.cached,
    total_cost: dollars(bill.cost),
    usage: dollars(bill.cost),
    upstream_inference_cost: isByok ? dollars(bill.upstream) : 0,
    cache_discount:
      tokens.cached + tokens.written === 0 ? null : dollars(uncached.cost - bill.upstream),
    is_byok: isByok,
    session_id: ask.session,
    router: null,
    latency: 0,
    generation_time: 0,
    num_media_prompt: tokens.images,
  }
}
