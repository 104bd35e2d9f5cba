import { CallDeniedError } from '../../core/model/errors.ts'
import { withBody } from '../../openai/answer/error-response.ts'
import { type Answers, createAnswers } from './answers.ts'
import {
  type Bypass,
  type CacheKey,
  type CacheRequest,
  cacheKeyOf,
  isSensitive,
} from './cache-key.ts'
import { type Counts, createCounts } from './counts.ts'
import { createEpochs, type Invalidation } from './epochs.ts'
import type { FalseHits } from './false-hits.ts'
import { type CacheSettings, cacheSettings, type ResponseCacheOptions } from './options.ts'
import { CACHE_HEADER, replayed } from './replay.ts'
import { answerOfEvents, answerOfJson, type StoredAnswer } from './stored-answer.ts'
import { tap } from './tap.ts'
import { createWaiting, type Waiting } from './waiting.ts'

/** What the cache has done for a call. */
export interface CachedResponse {
  readonly response: Response
  /** `shared`: somebody was asking the very same. `bypass`: it is no call for the cache. */
  readonly outcome: 'hit' | 'shared' | 'miss' | 'bypass'
  readonly tier: 'exact' | 'semantic' | null
  /** Why the cache had nothing to do with it; null where it had. */
  readonly bypass: Bypass | null
  /** What the answer cost when it was made, in billionths of a US dollar; null: not known, or no hit. */
  readonly saved_nusd: number | null
}

export interface CacheStats {
  readonly hits: number
  readonly semantic_hits: number
  readonly shared: number
  readonly misses: number
  readonly bypassed: Readonly<Partial<Record<Bypass, number>>>
  readonly stored: number
  readonly entries: number
  readonly bytes: number
  readonly evicted: number
  /** Billionths of a US dollar: the cache's own saving, and no part of what routing saves. */
  readonly saved_nusd: number
  /** By route, where meanings are compared. */
  readonly semantic: Readonly<Record<string, FalseHits & { readonly serves: boolean }>>
}

export interface ResponseCache {
  /**
   * The answer to a call that is permitted: one that is kept, or what `send` gives.
   * @throws {CallDeniedError} for a ticket that permits nothing
   */
  answer(request: CacheRequest, send: () => Promise<Response>): Promise<CachedResponse>
  /** From now on no answer of before is given any more: to this tenant, under this policy, or to anybody. */
  invalidate(what?: Invalidation): void
  stats(): CacheStats
}

/**
 * Keeps answers of models and gives them again. It stands behind the policy: a ticket must permit the
 * call first, and what is given goes through whatever looks at answers.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function createResponseCache(options: ResponseCacheOptions = {}): ResponseCache {
  const settings = cacheSettings(options)
  const counts = createCounts()
  const epochs = createEpochs()
  const parts: Parts = {
    settings,
    counts,
    answers: createAnswers(settings),
    waiting: createWaiting<StoredAnswer>(settings.waitMs),
  }
  return {
    async answer(request, send) {
      const { ticket } = request
      if (!ticket.permitted) throw new CallDeniedError(ticket.decision)
      const epoch = epochs.of(ticket.subject?.tenant ?? '', ticket.decision.policy_digest)
      const key = cacheKeyOf(request, settings, epoch)
      if (typeof key !== 'string') return answerKeyed(parts, key, request, send)
      counts.bypass(key)
      const response = await send()
      return { response, outcome: 'bypass', tier: null, bypass: key, saved_nusd: null }
    },
    invalidate: (what = {}) => epochs.bump(what),
    stats: () => ({ ...counts.view(), ...parts.answers.stats() }),
  }
}

interface Parts {
  readonly settings: CacheSettings
  readonly counts: Counts
  readonly answers: Answers
  readonly waiting: Waiting<StoredAnswer>
}

type Send = () => Promise<Response>

async function answerKeyed(
  parts: Parts,
  key: CacheKey,
  { route, signal }: CacheRequest,
  send: Send,
): Promise<CachedResponse> {
  const { answers, waiting, settings } = parts
  const kept = answers.get(key)
  if (kept !== undefined)
    return hit(parts, key, kept.answer, { outcome: 'hit', tier: 'exact', at: kept.at })
  const joined = waiting.join(key.exact, signal)
  // Not awaited where there is nobody: the next one who comes must find this one.
  const shared = joined === undefined ? undefined : await joined
  if (shared !== undefined)
    return hit(parts, key, shared, { outcome: 'shared', tier: 'exact', at: settings.clock.now() })
  const settle = waiting.lead(key.exact)
  try {
    return await lead(parts, key, { route: route ?? 'none', send, settle })
  } catch (error) {
    settle(undefined)
    throw error
  }
}

interface Leading {
  readonly route: string
  readonly send: Send
  /** What others who ask the same get; undefined: they ask for themselves. */
  readonly settle: (answer: StoredAnswer | undefined) => void
}

async function lead(parts: Parts, key: CacheKey, leading: Leading): Promise<CachedResponse> {
  const { answers, counts, settings } = parts
  const { route, send, settle } = leading
  const look = await answers.look(key, route)
  const found = look?.serves === true ? look.found : undefined
  if (found?.answer !== undefined) {
    settle(found.answer)
    return hit(parts, key, found.answer, { outcome: 'hit', tier: 'semantic', at: found.at })
  }
  const response = await send()
  counts.misses++
  return missed(response, settings.maxAnswerBytes, (answer) => {
    if (answer !== undefined) {
      counts.stored++
      answers.keep(key, answer)
      if (look !== undefined) answers.learn(look, route, answer)
    }
    settle(answer)
  })
}

function hit(
  { counts, settings }: Parts,
  key: CacheKey,
  answer: StoredAnswer,
  given: Given,
): CachedResponse {
  counts.hit(given, answer.cost_nusd)
  const at = settings.clock.now()
  const response = replayed(answer, {
    id: `cache-${globalThis.crypto.randomUUID()}`,
    at,
    stream: key.stream,
    tellsUsage: key.tellsUsage,
    tier: given.tier,
    ageMs: Math.max(0, at - given.at),
  })
  const { outcome, tier } = given
  return { response, outcome, tier, bypass: null, saved_nusd: answer.cost_nusd }
}

export interface Given {
  readonly outcome: 'hit' | 'shared'
  readonly tier: 'exact' | 'semantic'
  /** Epoch milliseconds: when it was made. */
  readonly at: number
}

/** What came is handed on as it comes, and told once it has come to its end. */
function missed(
  response: Response,
  maxBytes: number,
  told: (answer: StoredAnswer | undefined) => void,
): CachedResponse {
  const miss = { outcome: 'miss', tier: null, bypass: null, saved_nusd: null } as const
  const read = readerOf(response)
  if (read === undefined || response.body === null) {
    told(undefined)
    return { response, ...miss }
  }
  const body = tap(response.body, maxBytes, (text) => {
    const answer = text === undefined ? undefined : read(text)
    told(answer === undefined || isSensitive(wordsOf(answer)) ? undefined : answer)
  })
  const shown = withBody(response, body, { isChanged: false })
  shown.headers.set(CACHE_HEADER, 'miss')
  return { response: shown, ...miss }
}

function wordsOf({ content, reasoning }: StoredAnswer): string {
  return `${reasoning}\n${content}`
}

/** Undefined where it is no answer of a model. */
function readerOf(response: Response): ((text: string) => StoredAnswer | undefined) | undefined {
  if (response.status !== 200) return undefined
  const type = response.headers.get('content-type') ?? ''
  if (/^text\/event-stream\b/i.test(type)) return answerOfEvents
  return /\bjson\b/i.test(type) ? answerOfJson : undefined
}
