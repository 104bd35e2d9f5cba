import type { CacheKey } from './cache-key.ts'
import { createLru } from './lru.ts'
import type { CacheSettings } from './options.ts'
import type { CacheStats } from './response-cache.ts'
import type { AskedQuestion } from './semantic/asked-questions.ts'
import { createSemanticTier, type Look, type SemanticTier } from './semantic/semantic-tier.ts'
import { bytesOf, type StoredAnswer } from './stored-answer.ts'

/** An answer, and when it was made: epoch milliseconds. */
export interface KeptAnswer {
  readonly answer: StoredAnswer
  readonly at: number
}

/** What is kept, of both tiers: they share one bound. */
export interface Answers {
  get(key: CacheKey): KeptAnswer | undefined
  keep(key: CacheKey, answer: StoredAnswer): void
  /** Undefined: meanings are not compared, or there is nothing to compare by. */
  look(key: CacheKey, route: string): Promise<Look | undefined>
  learn(look: Look, route: string, answer: StoredAnswer): void
  stats(): Pick<CacheStats, 'entries' | 'bytes' | 'evicted' | 'semantic'>
}

type Item =
  | ({ readonly kind: 'answer' } & KeptAnswer)
  | { readonly kind: 'question'; readonly question: AskedQuestion }

export function createAnswers(settings: CacheSettings): Answers {
  const { semantic, clock, maxBytes, ttlSeconds } = settings
  const ttlMs = ttlSeconds * 1000
  const kept = createLru<Item>(maxBytes, (item) => {
    if (item.kind === 'question') tier?.forget(item.question)
  })
  const put = (question: AskedQuestion, bytes: number): void =>
    kept.set(question.id, { value: { kind: 'question', question }, bytes, until: question.until })
  const tier: SemanticTier | undefined =
    semantic === undefined
      ? undefined
      : createSemanticTier({
          settings: semantic,
          ttlMs,
          put,
          drop: kept.delete,
          now: () => clock.now(),
        })
  return {
    get({ exact }) {
      const item = kept.get(exact, clock.now())
      return item?.kind === 'answer' ? item : undefined
    },
    keep({ exact }, answer) {
      const at = clock.now()
      const value = { kind: 'answer', answer, at } as const
      kept.set(exact, { value, bytes: bytesOf(answer), until: at + ttlMs })
    },
    async look({ question }, route) {
      return question === undefined ? undefined : tier?.look(question, route)
    },
    learn(look, route, answer) {
      // Nobody waits for it, and it fails for nobody.
      tier?.learn(look, route, answer).catch(() => undefined)
    },
    stats: () => ({ ...kept.size(), semantic: tier?.measured() ?? {} }),
  }
}
