import { sha256Hex } from '../../core/hash.ts'
import type { Exchange } from './exchange.ts'

export interface CachedResponse {
  readonly exchange: Exchange
  /** Epoch milliseconds when it was kept, and up to when it is. */
  readonly at: number
  readonly until: number
}

/** What a request says about the caching of its response. */
export interface CacheWish {
  readonly isWanted: boolean
  readonly isClear: boolean
  readonly ttlMs: number
}

export interface ResponseCache {
  get(key: string, wish: CacheWish, now: number): CachedResponse | undefined
  set(key: string, wish: CacheWish, exchange: Exchange, now: number): void
}

const TTL = { least: 1, most: 86_400, usual: 300 }
const MOST_KEPT = 1_000

export function cacheWishOf(headers: Headers): CacheWish {
  const seconds = Number(headers.get('x-openrouter-cache-ttl') ?? TTL.usual)
  const ttl = Number.isInteger(seconds) ? seconds : TTL.usual
  return {
    isWanted: headers.get('x-openrouter-cache') === 'true',
    isClear: headers.get('x-openrouter-cache-clear') === 'true',
    ttlMs: Math.min(Math.max(ttl, TTL.least), TTL.most) * 1000,
  }
}

/** The bytes of the body count: the same members in another order are another request. */
export function cacheKeyOf(key: string, path: string, model: string, text: string): string {
  return sha256Hex(JSON.stringify([key, path, model, text]))
}

export function createResponseCache(): ResponseCache {
  const kept = new Map<string, CachedResponse>()
  return {
    get(key, wish, now) {
      const found = kept.get(key)
      if (!wish.isWanted || found === undefined) return undefined
      if (!wish.isClear && now < found.until) return found
      kept.delete(key)
      return undefined
    },
    set(key, wish, exchange, now) {
      if (!wish.isWanted) return
      kept.set(key, { exchange, at: now, until: now + wish.ttlMs })
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break
        kept.delete(oldest)
      }
    },
  }
}
