import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsRate, referenceRateLimits } from '../core/limits/gcra.reference.ts'
import type { BucketTake } from '../core/model/ports.ts'
import { MemoryRateLimits } from './memory-rates.ts'

const bucket = (key: string, intervalMs = 100, burst = 1): BucketTake => ({
  key,
  intervalMs,
  burst,
})

// Times go forth and, now and then, back.
const steps = fc.oneof(
  { weight: 8, arbitrary: fc.nat(30) },
  { weight: 1, arbitrary: fc.integer({ min: -500, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2_000 }) },
)

const buckets = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    intervalMs: fc.integer({ min: 1, max: 200 }),
    burst: fc.integer({ min: 1, max: 12 }),
  }),
  { selector: ({ key }) => key, minLength: 1, maxLength: 4 },
)

describe('MemoryRateLimits', () => {
  it('decides as the naive count of tokens, over any buckets and any steps of the clock', () => {
    const calls = fc.array(fc.tuple(steps, fc.array(fc.nat(3), { maxLength: 4 })), {
      maxLength: 80,
    })
    fc.assert(
      fc.property(buckets, calls, (known, asked) => {
        const store = new MemoryRateLimits(100)
        const reference = referenceRateLimits()
        let now = 1_000
        for (const [step, picks] of asked) {
          now = Math.max(0, now + step)
          const takes = picks.flatMap((pick) => known[pick] ?? [])
          expect(store.peek(takes, now)).toEqual(reference.peek(takes, now))
          expect(store.take(takes, now)).toEqual(reference.take(takes, now))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never lets more by than burst and rate permit, in any stretch of time', () => {
    const rates = fc.record({
      intervalMs: fc.double({ min: 0.01, max: 500, noNaN: true }),
      burst: fc.integer({ min: 1, max: 20 }),
    })
    const times = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { maxLength: 120 })
    fc.assert(
      fc.property(rates, times, (rate, gaps) => {
        const store = new MemoryRateLimits(10)
        const grants: number[] = []
        let now = 0
        for (const gap of gaps) {
          now += gap
          if (store.take([{ key: 'k', ...rate }], now) === undefined) grants.push(now)
        }
        return holdsRate(grants, rate)
      }),
      { numRuns: 300 },
    )
  })

  it('says to the millisecond when the next call passes', () => {
    const rates = fc.record({
      intervalMs: fc.double({ min: 0.02, max: 100_000, noNaN: true }),
      burst: fc.integer({ min: 1, max: 8 }),
      now: fc.double({ min: 0, max: 1e9, noNaN: true }),
    })
    fc.assert(
      fc.property(rates, ({ now, ...rate }) => {
        const store = new MemoryRateLimits(10)
        const take = [{ key: 'k', ...rate }]
        for (let call = 0; call < rate.burst; call++) store.take(take, now)
        const wait = store.take(take, now)?.retryAfterMs ?? 0
        if (wait > 1) expect(store.peek(take, now + wait - 1)).toBeDefined()
        expect(store.peek(take, now + wait)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('lets exactly 10 of 100 parallel calls by under a limit of 10', async () => {
    const store = new MemoryRateLimits(10)
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, turn) => {
        for (let wait = 0; wait < turn % 7; wait++) await null
        return store.take([bucket('k', 100, 10)], 5)
      }),
    )

    expect(answers.filter((answer) => answer === undefined)).toHaveLength(10)
  })

  it('counts the wait from the clock of the caller, also where that has stepped back', () => {
    const store = new MemoryRateLimits(10)
    store.take([bucket('k')], 1_000)

    expect(store.take([bucket('k')], 400)).toEqual({ index: 0, retryAfterMs: 700 })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -5])(
    'neither fills nor blocks a bucket for the time %s',
    (time) => {
      const store = new MemoryRateLimits(10)
      store.take([bucket('k')], 1_000)

      expect(store.take([bucket('k')], time)).toMatchObject({ index: 0 })
      expect(store.take([bucket('k')], 1_100)).toBeUndefined()
    },
  )

  it('forgets full buckets to make room, and nothing else', () => {
    const store = new MemoryRateLimits(3)
    store.take([bucket('slow', 10_000)], 0)
    store.take([bucket('fast', 10)], 0)
    store.take([bucket('other', 10)], 0)

    expect(store.take([bucket('new', 10)], 100)).toBeUndefined()
    expect(store.size).toBe(2)
    expect(store.take([bucket('slow', 10_000)], 100)).toEqual({ index: 0, retryAfterMs: 9_900 })
  })

  it('refuses a new bucket where all are in use, with a short wait', () => {
    const store = new MemoryRateLimits(2)
    store.take([bucket('a', 10_000), bucket('b', 10_000)], 0)

    const refused = store.take([bucket('c')], 50)

    expect(refused?.index).toBe(0)
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(100)
    expect(store.take([bucket('c')], 10_050)).toBeUndefined()
  })

  it('keeps no bucket of a call that was refused', () => {
    const store = new MemoryRateLimits(10)
    store.take([bucket('spent')], 0)

    for (let call = 0; call < 20; call++) store.take([bucket(`new ${call}`), bucket('spent')], 0)

    expect(store.size).toBe(1)
  })

  it('never grants more for forgetting, whatever comes and goes', () => {
    const calls = fc.array(fc.tuple(fc.nat(25), fc.nat(5)), { maxLength: 200 })
    fc.assert(
      fc.property(calls, (asked) => {
        const store = new MemoryRateLimits(3)
        const grants = new Map<number, number[]>()
        let now = 0
        for (const [step, who] of asked) {
          now += step
          if (store.take([bucket(`${who}`, 40, 2)], now) !== undefined) continue
          grants.set(who, [...(grants.get(who) ?? []), now])
        }
        for (const times of grants.values())
          expect(holdsRate(times, { intervalMs: 40, burst: 2 })).toBe(true)
        expect(store.size).toBeLessThanOrEqual(3)
      }),
      { numRuns: 200 },
    )
  })

  it('grows to thousands of buckets and knows each', () => {
    const store = new MemoryRateLimits(5_000)
    for (let who = 0; who < 5_000; who++) store.take([bucket(`${who}`, 1_000)], 0)

    for (let who = 0; who < 5_000; who++)
      expect(store.take([bucket(`${who}`, 1_000)], 1)?.retryAfterMs).toBe(999)
  })
})
