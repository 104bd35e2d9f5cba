import { describe, expect, it } from 'vitest'
import { memoryStores } from '../../stores/memory.ts'
import type { JsonObject } from '../model/json.ts'
import { DONE, later, limiterOf } from './limiter.fixture.ts'
import { createLimiter } from './limiter.ts'
import { callOf, limitsOf } from './limits.fixture.ts'

describe('rates', () => {
  it('lets everything by without limits', () => {
    const { limiter } = limiterOf({})

    expect(limiter.check(callOf(), undefined)).toEqual({ kind: 'pass' })
  })

  it('denies beyond the burst, names the limit and says when to try again', () => {
    const { check, clock } = limiterOf({ base: { mcp: 2 }, burst_multiplier: 1 })
    check()
    check()

    expect(check()).toEqual({
      kind: 'deny',
      reason: 'rate_limited',
      constraint: 'base.mcp',
      detail:
        'too many calls: the limit is 2 calls per second of class `mcp` for tier `user`, 2 at once; try again in 500 ms, and call less often',
      retry_after_ms: 500,
    })
    clock.now = 499
    expect(check().kind).toBe('deny')
    clock.now = 500
    expect(check().kind).toBe('pass')
  })

  it.each<[string, JsonObject, string]>([
    [
      'session',
      { per_session: { per_minute: 1 } },
      '1 call per minute for each session, 1 at once',
    ],
    [
      'principal',
      { principals: [{ agent: '*', per_hour: 1, resource: 'db.*' }] },
      '1 call per hour in `limits.principals[0]` of `db.*`, 1 at once',
    ],
  ])('names the limit of a %s', (_, section, words) => {
    const { check } = limiterOf(section)
    check()
    const denied = check()

    expect(denied).toMatchObject({ kind: 'deny', reason: 'rate_limited' })
    expect('detail' in denied && denied.detail).toContain(words)
  })

  it('lets exactly 10 of 100 parallel calls by under a limit of 10, also over a slow store', async () => {
    const limiter = createLimiter({ ...later(), monotonic: () => 0 })
    const limits = limitsOf({ per_session: { per_second: 10 } })
    const verdicts = await Promise.all(
      Array.from({ length: 100 }, () => limiter.check(callOf(), limits)),
    )

    expect(verdicts.filter(({ kind }) => kind === 'pass')).toHaveLength(10)
  })

  it('takes nothing in a dry run', () => {
    const { check, budgets } = limiterOf({ per_session: { per_second: 1, calls: 1 } })
    for (let look = 0; look < 5; look++)
      expect(check(callOf(), { dryRun: true })).toEqual({ kind: 'pass' })
    expect(budgets.size).toBe(0)
    check()

    expect(check(callOf(), { dryRun: true })).toMatchObject({ reason: 'rate_limited' })
  })

  it('denies where a tenant leaves itself no room for another bucket, and no other', () => {
    const { check } = limiterOf({}, { maxBuckets: 1 })
    check(callOf({ user: 'ana', tenant: 'acme' }))

    expect(check(callOf({ user: 'bea', tenant: 'acme' }))).toMatchObject({
      kind: 'deny',
      reason: 'rate_limited',
    })
    expect(check(callOf({ user: 'bea', tenant: 'other' }))).toEqual({ kind: 'pass' })
  })

  it('denies whatever index a store of somebody else names', () => {
    const { budgets } = memoryStores()
    const take = () => ({ index: 99, retryAfterMs: null })
    const limiter = createLimiter({ rates: { take, peek: take }, budgets, monotonic: () => 0 })

    expect(limiter.check(callOf(), limitsOf({}))).toMatchObject({
      kind: 'deny',
      detail: expect.stringContaining('a rate limit of the policy'),
    })
  })
})

describe('calls of a session', () => {
  it('counts them in all, and none that was stopped after all', () => {
    const { check, reserved, limiter } = limiterOf({ per_session: { calls: 2 } })
    limiter.settle(reserved(), DONE)
    limiter.settle(reserved(), { dispatched: false })
    limiter.settle(reserved(), DONE)

    expect(check()).toMatchObject({
      reason: 'budget_exceeded',
      detail: expect.stringContaining('2 calls in all for each session'),
    })
    expect(check(callOf({}, { session: 'other' })).kind).toBe('pass')
  })

  it('counts those under way until they are settled, once each', () => {
    const { check, reserved, limiter } = limiterOf({ per_session: { concurrent: 2 } })
    const first = reserved()
    reserved()
    expect(check()).toMatchObject({ reason: 'rate_limited', retry_after_ms: 1_000 })

    limiter.settle(first, DONE)
    limiter.settle(first, DONE)

    expect(check().kind).toBe('pass')
    expect(check().kind).toBe('deny')
  })

  it('forgets those of a session that has ended, and no window', () => {
    const { check, reserved, limiter, limits } = limiterOf({
      per_session: { calls: 1 },
      budgets: [
        { per: 'session', tokens: 5 },
        { per: 'session', tokens: 5, window: '1h' },
      ],
    })
    limiter.settle(reserved(), { dispatched: true, usage: { tokens: 3 } })
    limiter.forget({ session: 's', subject: callOf().subject }, limits)

    limiter.settle(reserved(), { dispatched: true, usage: { tokens: 3 } })
    limiter.forget({ session: 's', subject: callOf().subject }, limits)

    expect(check()).toMatchObject({ detail: expect.stringContaining('limits.budgets[1]') })
  })
})
