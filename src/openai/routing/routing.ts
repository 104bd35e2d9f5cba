import type { ModelCatalog } from '../../core/routing/catalog.ts'
import type { Classifier } from '../../engine/routing/classify.ts'
import type { AnswerCache } from './answer-cache.ts'
import type { CostKeeper } from './attempt.ts'

/** How many attempts are made, and how long they may take. */
export interface AttemptLimits {
  /** Attempts of one request, over all models. @default 8 */
  readonly most?: number
  /** More attempts with the same model after one that failed. @default 2 */
  readonly retries?: number
  /** Milliseconds from the request to the first event of an answer, with all waits. @default 600000 */
  readonly deadlineMs?: number
  /** Milliseconds for one attempt: to the first event of a stream, else to the whole answer. @default 300000 */
  readonly attemptMs?: number
  /** Milliseconds before the second attempt; twice as long before each other one. @default 300 */
  readonly pauseMs?: number
  /** Providers that want to be left alone for longer are not waited for. @default 5000 */
  readonly maxPauseMs?: number
}

export const ATTEMPT_LIMITS: Required<AttemptLimits> = Object.freeze({
  most: 8,
  retries: 2,
  deadlineMs: 600_000,
  attemptMs: 300_000,
  pauseMs: 300,
  maxPauseMs: 5_000,
})

/** How requests are given to models. */
export interface Routing {
  readonly limits: Required<AttemptLimits>
  readonly classifier?: Classifier | undefined
  /** What the provider says of its models, as it is known now. */
  readonly catalog?: (() => ModelCatalog | undefined) | undefined
  readonly costs?: CostKeeper | undefined
  /** Asked before a model is, for each call that is permitted. */
  readonly cache?: AnswerCache | undefined
}

/** How a client's requests are given to models; undefined where each goes to the model it names. */
export function routingOf({
  route,
  classifier,
  attempts,
}: {
  readonly route?: boolean
  readonly classifier?: Classifier
  readonly attempts?: AttemptLimits
}): Routing | undefined {
  return route === true ? { limits: { ...ATTEMPT_LIMITS, ...attempts }, classifier } : undefined
}

/** What is wrong with limits, in words; undefined: nothing. */
export function attemptFault(limits: AttemptLimits | undefined): string | undefined {
  if (limits === undefined) return undefined
  if (typeof limits !== 'object' || limits === null) return '`attempts` is an object'
  for (const [name, value] of Object.entries(limits)) {
    if (!(name in ATTEMPT_LIMITS)) return `\`attempts\` has no \`${name.slice(0, 64)}\``
    const least = name === 'retries' || name.endsWith('auseMs') ? 0 : 1
    if (!Number.isSafeInteger(value) || value < least || value > MOST)
      return `\`attempts.${name}\` is a whole number from ${least} to ${MOST}`
  }
  return undefined
}

const MOST = 2 ** 31 - 1
