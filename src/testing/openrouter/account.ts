import type { JsonObject } from '../../core/model/json.ts'
import { ApiError } from './api-error.ts'
import { dollars } from './bill.ts'
import type { FakeModel } from './model.ts'

/** What one key has spent and may still do. */
export interface Account {
  /** @throws {ApiError} 402, or OpenRouter's own 429 for free models */
  admit(model: FakeModel, now: number): void
  /** Nano-dollars. */
  charge(nano: number): void
  spent(): number
  /** What `GET /key` says. */
  key(): JsonObject
  /** What `GET /credits` says. */
  credits(): JsonObject
}

export const FREE_PER_MINUTE = 20
const FREE_PER_DAY = { few: 50, many: 1000 }
/** Nano-dollars of credits that must have been bought for the larger one. */
const MANY_FROM = 10e9
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** @param bought nano-dollars of credits */
export function createAccount(bought: number): Account {
  let spent = 0
  const perDay = bought < MANY_FROM ? FREE_PER_DAY.few : FREE_PER_DAY.many
  const windows = [createWindow(FREE_PER_MINUTE, MINUTE_MS), createWindow(perDay, DAY_MS)]
  return {
    admit(model, now) {
      if (model.id.endsWith(':free')) for (const window of windows) window.take(now)
      else if (spent >= bought)
        throw new ApiError({ status: 402, own: true, message: 'insufficient credits' })
    },
    charge(nano) {
      spent += nano
    },
    spent: () => spent,
    key: () => ({
      data: {
        label: 'fake',
        limit: dollars(bought),
        limit_remaining: dollars(Math.max(bought - spent, 0)),
        usage: dollars(spent),
        is_free_tier: bought < MANY_FROM,
      },
    }),
    credits: () => ({ data: { total_credits: dollars(bought), total_usage: dollars(spent) } }),
  }
}

/** So many in each span of time, which begins anew with the clock. */
function createWindow(most: number, spanMs: number): { take(now: number): void } {
  let span = -1
  let taken = 0
  return {
    take(now) {
      const current = Math.floor(now / spanMs)
      if (current !== span) taken = 0
      span = current
      if (taken < most) {
        taken++
        return
      }
      const reset = (current + 1) * spanMs
      const headers = {
        'X-RateLimit-Limit': String(most),
        'X-RateLimit-Remaining': '0',
        'X-RateLimit-Reset': String(reset),
      }
      throw new ApiError({
        status: 429,
        own: true,
        message: 'rate limit of free models exceeded',
        retry_after: Math.ceil((reset - now) / 1000),
        metadata: { headers },
      })
    },
  }
}
