import { sha256Hex } from '../../core/hash.ts'
import { headTokens, messageTokens, promptTokens } from './count-tokens.ts'
import type { FakeModel } from './model.ts'
import { type FakeAsk, isSystem } from './read-ask.ts'

export interface CachedTokens {
  readonly cached: number
  readonly written: number
}

/** The providers' prompt caches: what a prompt begins with is read again at a lower price. */
export interface PromptCache {
  /** Tokens that are read and written by this prompt, which is in the cache from now on. */
  take(scope: string, ask: FakeAsk, model: FakeModel, now: number): CachedTokens
}

export const CACHE_TTL_MS = 5 * 60_000
const MOST_PREFIXES = 10_000

/**
 * A prefix is a number of whole messages behind the same tools. It is kept for five minutes after it was
 * last used, for the same model and conversation: `session_id`, else what the first messages say.
 */
export function createPromptCache(): PromptCache {
  const expiry = new Map<string, number>()
  return {
    take(scope, ask, model, now) {
      const least = model.cache_min_tokens
      if (least === undefined) return { cached: 0, written: 0 }
      let key = sha256Hex(
        JSON.stringify([scope, model.id, ask.session ?? openingOf(ask), ask.body['tools'] ?? null]),
      )
      let tokens = headTokens(ask, model)
      let cached = 0
      for (const message of ask.messages) {
        key = sha256Hex(key + message.json)
        tokens += messageTokens(message, model)
        if (tokens >= least && (expiry.get(key) ?? 0) > now) cached = tokens
        expiry.delete(key)
        expiry.set(key, now + CACHE_TTL_MS)
      }
      for (const oldest of expiry.keys()) {
        if (expiry.size <= MOST_PREFIXES) break
        expiry.delete(oldest)
      }
      const prompt = promptTokens(ask, model)
      const isWritten = model.pricing.input_cache_write !== undefined && prompt >= least
      return { cached, written: isWritten ? prompt - cached : 0 }
    },
  }
}

function openingOf({ messages }: FakeAsk): string {
  const first = [
    messages.find(({ role }) => isSystem(role)),
    messages.find(({ role }) => !isSystem(role)),
  ]
  return JSON.stringify(first.map((message) => message?.json ?? null))
}
