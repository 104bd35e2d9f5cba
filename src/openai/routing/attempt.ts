import type { Cost } from '../../core/routing/cost/cost-of.ts'
import type { ModelUsage } from '../../core/routing/cost/usage.ts'
import type { Outcome } from '../../engine/ticket.ts'
import type { Saved } from './answer-cache.ts'
import type { UpstreamFailure } from './upstream-failure.ts'

/** One of several attempts to have a request answered: what becomes of it is told to whoever makes them. */
export interface Attempt {
  /** It answers: nothing is tried in its place any more. */
  began(): void
  /** Nothing of its answer is handed on. */
  failed(failure: UpstreamFailure): void
}

/** How an attempt has ended. */
export interface Closing {
  readonly outcome: Outcome
  /** What the provider says of it; null: nothing. */
  readonly usage: ModelUsage | null
  /** The model that answered, where the answer says so. */
  readonly served: string | undefined
  /** By which the provider tells later what it cost; undefined: it does not. */
  readonly generation: string | undefined
  /** True where the provider refused: then nothing was made that could cost anything. */
  readonly isRefused: boolean
}

/** An attempt that is over, and what it has cost. */
export interface Spent {
  /** Of the decision about it. */
  readonly id: string
  readonly requestId: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly session: string
  readonly agent: string | null
  readonly tenant: string | null
  readonly task: string | null
  /** As it was asked for. */
  readonly model: string
  /** True where its answer was handed on, whole or in part. */
  readonly isAnswer: boolean
  /** What a cache has saved; undefined: none has answered. */
  readonly saved: Saved | undefined
  readonly usage: ModelUsage | null
  readonly cost: Cost
  readonly generation: string | undefined
  /** The model that every call is compared with. */
  readonly baseline: string | null
}

/** Who adds up what requests cost. */
export interface CostKeeper {
  spent(spent: Spent): void
  /** What it has cost to find out what a request is about; null: nobody knows. */
  classified(
    asked: Pick<Spent, 'session' | 'agent' | 'tenant' | 'task'> & { nusd: number | null },
  ): void
}
