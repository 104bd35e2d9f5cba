import type { Account } from './account.ts'
import type { Faults } from './faults.ts'
import type { Generations } from './generations.ts'
import type { FakeModel } from './model.ts'
import type { PromptCache } from './prompt-cache.ts'
import type { FakeAsk } from './read-ask.ts'
import type { FakeAnswer } from './reply.ts'
import type { ResponseCache } from './response-cache.ts'
import type { Pace } from './stream-body.ts'

/** What was asked of the fake, and how it ended. Later members are filled in as they come to be. */
export interface RecordedRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Lower-case names; of the key only that there was one. */
  readonly headers: Readonly<Record<string, string>>
  /** As JSON; undefined where there was none, or it was none. */
  readonly body: unknown
  /** Of what was generated; null for everything else. */
  readonly id: string | null
  /** The model that answered. */
  readonly model: string | null
  /** 0 until it is answered, and where the connection was reset instead. */
  readonly status: number
  /** Pieces of the body that were sent. */
  readonly sent: number
  /** `open` while the body is being sent; `cancelled` where the client left before its end. */
  readonly end: 'open' | 'complete' | 'cancelled'
  /** Nano-dollars that were charged for it. */
  readonly cost: number
}

export type MutableRequest = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] }

export interface FakeModelStats {
  readonly calls: number
  readonly promptTokens: number
  readonly completionTokens: number
  /** Nano-dollars. */
  readonly cost: number
}

export interface FakeStats {
  /** Requests of every kind that are kept. */
  readonly requests: number
  /** Calls whose client left before the end. */
  readonly cancelled: number
  /** Nano-dollars that were charged to all keys. */
  readonly cost: number
  /** By the model that answered. */
  readonly models: Readonly<Record<string, FakeModelStats>>
}

/** Everything that the parts of one fake share. */
export interface FakeState {
  readonly seed: string
  readonly models: readonly FakeModel[]
  readonly now: () => number
  readonly pace: Pace
  /** Vendors whose models are called with a key of one's own. */
  readonly byok: ReadonlySet<string>
  readonly faults: Faults
  readonly generations: Generations
  readonly promptCache: PromptCache
  readonly responseCache: ResponseCache
  /** A number for each call, from 0. */
  nextOrdinal(): number
  nextAnswer(ask: FakeAsk, model: string): FakeAnswer | string | undefined
  count(model: string, tokens: { prompt: number; completion: number }, cost: number): void
  countCancelled(): void
}

/** A request for inference as it came. */
export interface Incoming {
  readonly path: string
  readonly key: string
  readonly account: Account
  readonly headers: Headers
  readonly text: string
  readonly record: MutableRequest
  /** Resets the connection. */
  readonly reset: () => void
}
