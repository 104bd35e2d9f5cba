import { describe, expect, it } from 'vitest'
import { memoryStores } from '../../stores/memory.ts'
import type { Subject } from '../model/call.ts'
import { DONE, later, limiterOf } from './limiter.fixture.ts'
import { createLimiter } from './limiter.ts'
import { callOf, limitsOf } from './limits.fixture.ts'

describe('budgets', () => {
  it('denies what is spent, names the budget, and fills it again with its window', () => {
    const { check, reserved, limiter, clock } = limiterOf({
      budgets: [{ name: 'daily', per: 'user', usd: 1, window: '1h' }],
    })
    limiter.settle(reserved(), { dispatched: true, usage: { usd: 1 } })
    clock.now = 1_000

    expect(check()).toEqual({
      kind: 'deny',
      reason: 'budget_exceeded',
      constraint: 'budgets.daily.usd',
      detail:
        'the budget `daily` does not cover this call: it allows 1 USD for each user; try again in 3599000 ms, when there is room in it again',
      retry_after_ms: 3_599_000,
    })
    expect(check(callOf(), { dryRun: true })).toMatchObject({ reason: 'budget_exceeded' })
    clock.now = 3_600_000
    expect(check().kind).toBe('pass')
  })

  it('says where waiting does not help', () => {
    const { check } = limiterOf({ budgets: [{ tokens: 10, window: '1h' }, { seconds: 1 }] })

    const large = check(callOf(), { estimate: { tokens: 11 } })
    const long = check(callOf(), { estimate: { ms: 900 } })
    const longer = check(callOf(), { estimate: { ms: 900 } })

    expect(large).toMatchObject({ detail: expect.stringContaining('ask for less at once') })
    expect(large).not.toHaveProperty('retry_after_ms')
    expect(long.kind).toBe('pass')
    expect(longer).toMatchObject({ detail: expect.stringContaining('not filled again') })
  })

  it('stops a slow drip of restricted data, and lets by what does not leave', () => {
    const { check, reserved, limiter } = limiterOf({ budgets: [{ egress_bytes: 100 }] })
    for (let call = 0; call < 3; call++)
      limiter.settle(reserved(callOf(), { egressBytes: 33 }), DONE)

    expect(check(callOf(), { egressBytes: 2 })).toMatchObject({ reason: 'budget_exceeded' })
    expect(check().kind).toBe('pass')
  })

  it('asks a person beyond a budget that escalates, and warns beyond one that warns', () => {
    const section = { calls: 1, name: 'few' }
    const asks = limiterOf({ budgets: [{ ...section, action: 'escalate' }] })
    const warns = limiterOf({ budgets: [{ ...section, action: 'warn' }] })
    asks.check()
    warns.check()

    expect(asks.check()).toMatchObject({
      kind: 'escalate',
      reason: 'approval_required',
      detail:
        'the budget `few` is spent: 2 of 1 calls for each session; a person must approve this call',
    })
    expect(warns.check()).toMatchObject({
      kind: 'pass',
      warnings: [{ budget: 'few', unit: 'calls', spent: 2, limit: 1 }],
    })
    expect(asks.check(callOf(), { dryRun: true }).kind).toBe('escalate')
  })

  it('warns from the given part on', () => {
    const { check } = limiterOf({ budgets: [{ usd: 2, warn_at: 0.5 }] })

    expect(check(callOf(), { estimate: { usd: 0.9 } })).not.toHaveProperty('warnings')
    expect(check(callOf(), { estimate: { usd: 0.1 } })).toMatchObject({
      kind: 'pass',
      warnings: [{ spent: 1, limit: 2, detail: expect.stringContaining('nearly spent') }],
    })
  })

  it('charges helpers to those they work for, who are then out of budget too', () => {
    const { check, reserved, limiter } = limiterOf({ budgets: [{ per: 'session', usd: 1.25 }] })
    const subject: Subject = { agent: 'lead-agent', user: 'someone-else' }
    const lead = { session: 'lead-session', subject }
    for (const helper of ['one', 'two'])
      limiter.settle(reserved(callOf({}, { session: helper }), { ancestors: [lead] }), {
        dispatched: true,
        usage: { usd: 0.7 },
      })

    expect(check(callOf(subject, { session: 'lead-session' }))).toMatchObject({
      reason: 'budget_exceeded',
    })
    const denied = check(callOf({}, { session: 'three' }), { ancestors: [lead] })
    expect(denied).toMatchObject({
      detail: expect.stringContaining('of a session that this one works for'),
    })
    expect(JSON.stringify(denied)).not.toMatch(/lead-agent|someone-else|lead-session/)
  })

  it('counts a call once that is judged again after a person was asked', () => {
    const { check, reserved, limiter } = limiterOf({
      per_session: { per_second: 1, calls: 1, concurrent: 1 },
    })
    const held = reserved()
    if (held === undefined) throw new Error('something is set aside')

    expect(check(callOf(), { held })).toEqual({ kind: 'pass', reservation: held })
    limiter.settle(held, DONE)
    expect(check(callOf(), { held }).kind).toBe('deny')
  })

  it('asks the budgets of a policy that changed while a person was asked, not its rates', () => {
    const { reserved, limiter } = limiterOf({ budgets: [{ tokens: 9 }] })
    const held = reserved(callOf(), { estimate: { tokens: 8 } })
    const changed = limitsOf({ base: { mcp: 0.001 }, budgets: [{ tokens: 5 }] })

    const again = { estimate: { tokens: 5 }, held }
    expect(limiter.check(callOf(), changed, again)).toMatchObject({ kind: 'pass' })
    expect(limiter.check(callOf(), changed, { estimate: { tokens: 1 } }).valueOf()).toMatchObject({
      reason: 'budget_exceeded',
    })
  })

  it('loses nothing and overspends nothing with 64 callers over a slow store', async () => {
    const stores = later()
    const limiter = createLimiter({ ...stores, monotonic: () => 0 })
    const limits = limitsOf({ base: { mcp: 1e6 }, budgets: [{ per: 'all', tokens: 1_000 }] })
    let spent = 0
    let held = 0
    let key = ''
    const caller = async (who: number) => {
      for (let round = 0; round < 5; round++) {
        const tokens = 10 + ((who + round) % 30)
        const verdict = await limiter.check(callOf({ user: `u${who}` }), limits, {
          estimate: { tokens },
        })
        if (verdict.kind !== 'pass') continue
        held += tokens
        expect(held + spent).toBeLessThanOrEqual(1_000)
        key = verdict.reservation?.charges[0]?.key ?? ''
        await null
        const used = tokens - (who % 10)
        held -= tokens
        spent += used
        await limiter.settle(verdict.reservation, { dispatched: true, usage: { tokens: used } })
      }
    }
    await Promise.all(Array.from({ length: 64 }, (_, who) => caller(who)))

    expect(spent).toBeGreaterThan(900)
    expect(await stores.budgets.spent(key, undefined, 0)).toBe(spent)
  })

  it.each<[string, () => Promise<number> | number]>([
    [
      'throws',
      () => {
        throw new Error('gone')
      },
    ],
    ['rejects', () => Promise.reject(new Error('gone'))],
  ])('keeps nothing set aside where the store %s when asked what is spent', async (_, spent) => {
    const { rateLimits, budgets } = memoryStores()
    const limiter = createLimiter({
      rates: rateLimits,
      budgets: {
        reserve: budgets.reserve.bind(budgets),
        settle: budgets.settle.bind(budgets),
        spent,
      },
      monotonic: () => 0,
    })
    const limits = limitsOf({
      per_session: { concurrent: 1 },
      budgets: [{ calls: 9, action: 'warn' }],
    })

    for (let call = 0; call < 3; call++)
      await expect(limiter.check(callOf(), limits)).rejects.toThrow('gone')
  })

  it('fails where a store fails, so that the call is denied', async () => {
    const { rateLimits, budgets } = memoryStores()
    const reserve = () => Promise.reject(new Error('gone'))
    const limiter = createLimiter({
      rates: rateLimits,
      budgets: { ...budgets, settle() {}, spent: () => 0, reserve },
      monotonic: () => 0,
    })

    await expect(limiter.check(callOf(), limitsOf({ budgets: [{ calls: 1 }] }))).rejects.toThrow()
  })
})
