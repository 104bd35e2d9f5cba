import { type MemoryStoresOptions, memoryStores } from '../../stores/memory.ts'
import { isPromise, type JsonObject } from '../model/json.ts'
import type { BudgetStore, RateLimitStore } from '../model/ports.ts'
import type { LimitedCall } from './buckets-of.ts'
import { createLimiter, type LimitCheck, type LimitVerdict } from './limiter.ts'
import { callOf, limitsOf } from './limits.fixture.ts'

export const DONE = { dispatched: true } as const

/** A limiter over memory, whose clock stands until it is moved, and what it says of calls. */
export function limiterOf(section: JsonObject, options: MemoryStoresOptions = {}) {
  const clock = { now: 0 }
  const { rateLimits, budgets } = memoryStores(options)
  const limits = limitsOf(section)
  const limiter = createLimiter({ rates: rateLimits, budgets, monotonic: () => clock.now })
  const check = (call: LimitedCall = callOf(), how: LimitCheck = {}): LimitVerdict => {
    const verdict = limiter.check(call, limits, how)
    if (isPromise(verdict)) throw new Error('memory answers at once')
    return verdict
  }
  const reserved = (call?: LimitedCall, how?: LimitCheck) => {
    const verdict = check(call, how)
    if (verdict.kind === 'deny') throw new Error(verdict.detail)
    return verdict.reservation
  }
  return { clock, limits, limiter, check, reserved, budgets }
}

/** The same stores, a few turns later. */
export function later(): { rates: RateLimitStore; budgets: BudgetStore } {
  const { rateLimits, budgets } = memoryStores()
  let turns = 0
  const wait = async () => {
    for (let turn = turns++ % 5; turn >= 0; turn--) await null
  }
  return {
    rates: {
      take: (takes, now) => wait().then(() => rateLimits.take(takes, now)),
      peek: (takes, now) => wait().then(() => rateLimits.peek(takes, now)),
    },
    budgets: {
      reserve: (charges, now) => wait().then(() => budgets.reserve(charges, now)),
      settle: (charges, actual, now) => wait().then(() => budgets.settle(charges, actual, now)),
      spent: (key, windowMs, now) => wait().then(() => budgets.spent(key, windowMs, now)),
    },
  }
}
