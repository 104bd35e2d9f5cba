import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Charge } from '../core/model/ports.ts'
import { memoryStores } from './memory.ts'
import { MemoryBudgets } from './memory-budgets.ts'

const budgets = (bounds: { maxAccounts?: number; idleMs?: number } = {}) =>
  new MemoryBudgets({ maxAccounts: 100, idleMs: 1e9, ...bounds })
const charge = (key: string, amount: number, limit = 1_000, windowMs?: number): Charge => ({
  key,
  amount,
  limit,
  windowMs,
})

describe('MemoryBudgets', () => {
  it('knows to the last unit what many callers spent, in any order of their steps', () => {
    // Each caller reserves, and some turns later settles: the scheduler picks who goes on.
    const callers = fc.array(
      fc.record({ amount: fc.nat(20), actual: fc.nat(30), account: fc.nat(3) }),
      { minLength: 64, maxLength: 64 },
    )
    fc.assert(
      fc.asyncProperty(fc.scheduler(), callers, async (scheduler, all) => {
        const store = budgets()
        const spent = [0, 0, 0, 0]
        for (const [turn, { amount, actual, account }] of all.entries()) {
          const charges = [charge(`${account}`, amount, 400)]
          const state = { granted: false }
          scheduler.scheduleSequence([
            async () => {
              state.granted = store.reserve(charges, turn) === undefined
            },
            async () => {
              if (!state.granted) return
              store.settle(charges, [actual], turn)
              spent[account] = (spent[account] ?? 0) + actual
            },
          ])
        }
        await scheduler.waitAll()
        for (const [account, amount] of spent.entries())
          expect(store.spent(`${account}`, undefined, 0)).toBe(amount)
      }),
      { numRuns: 40 },
    )
  })

  it('never lets what is set aside pass the limit, in any order of reserving and settling', () => {
    const moves = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 40 })), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(moves, (asked) => {
        const store = budgets()
        const held: Charge[][] = []
        for (const [isReserving, amount] of asked) {
          const charges = [charge('k', amount, 100)]
          if (!isReserving) {
            const first = held.shift()
            if (first !== undefined) store.settle(first, [0], 0)
          } else if (store.reserve(charges, 0) === undefined) held.push(charges)
          const sum = held.reduce((total, [one]) => total + (one?.amount ?? 0), 0)
          expect(sum).toBeLessThanOrEqual(100)
          expect(store.spent('k', undefined, 0)).toBe(sum)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('charges only what is beyond the reserve to a window that began meanwhile', () => {
    const store = budgets()
    const early = [charge('k', 6, 10, 100)]
    store.reserve(early, 0)
    store.reserve([charge('k', 4, 10, 100)], 150)

    store.settle(early, [9], 160)

    expect(store.spent('k', 100, 160)).toBe(7)
  })

  it('charges what is beyond the reserve where nothing else was spent in the new window', () => {
    const store = budgets()
    const early = [charge('k', 6, 10, 100)]
    store.reserve(early, 0)

    store.settle(early, [9], 160)

    expect(store.spent('k', 100, 160)).toBe(3)
  })

  it('begins a window with what is first spent in it', () => {
    const store = budgets()
    store.reserve([charge('k', 50, 10, 100)], 0)
    store.reserve([charge('k', 10, 10, 100)], 90)

    expect(store.reserve([charge('k', 1, 10, 100)], 120)).toEqual({ index: 0, retryAfterMs: 70 })
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    'sets nothing aside for an amount of %s',
    (amount) => {
      const store = budgets()

      expect(store.reserve([charge('k', amount)], 0)).toMatchObject({ index: 0 })
      expect(store.spent('k', undefined, 0)).toBe(0)
    },
  )

  it.each([Number.NaN, -5])('gives nothing back for having spent %s', (actual) => {
    const store = budgets()
    const charges = [charge('k', 7)]
    store.reserve(charges, 0)

    store.settle(charges, [actual], 0)

    expect(store.spent('k', undefined, 0)).toBe(7)
  })

  it('refuses another account where there is no room, and forgets what is empty or over', () => {
    const store = budgets({ maxAccounts: 3 })
    store.reserve([charge('lasting', 1), charge('window', 1, 10, 500), charge('empty', 1)], 0)
    expect(store.reserve([charge('new', 1)], 10)).toMatchObject({ index: 0 })
    store.settle([charge('empty', 1)], [0], 20)

    expect(store.reserve([charge('new', 1)], 2_000)).toBeUndefined()

    expect(store.size).toBe(2)
    expect(store.spent('lasting', undefined, 2_000)).toBe(1)
  })

  it('forgets an account without a window only when it has lain unused and room is needed', () => {
    const store = budgets({ maxAccounts: 1, idleMs: 10_000 })
    store.reserve([charge('old', 5)], 0)

    expect(store.reserve([charge('new', 1)], 9_000)).toBeDefined()
    expect(store.spent('old', undefined, 50_000)).toBe(5)
    expect(store.reserve([charge('new', 1)], 50_000)).toBeUndefined()
  })

  it('drops the accounts of what has ended', () => {
    const store = budgets()
    const charges = [charge('k', 5, 5)]
    store.reserve(charges, 0)

    store.forget(['k'])
    store.settle(charges, [5], 0)

    expect(store.reserve([charge('k', 5, 5)], 0)).toBeUndefined()
  })
})

describe('memoryStores', () => {
  it.each([{ maxBuckets: 0 }, { maxAccounts: 1.5 }, { maxBuckets: Number.NaN }, { idleMs: -1 }])(
    'refuses bounds that make no sense: %o',
    (options) => {
      expect(() => memoryStores(options)).toThrow(RangeError)
    },
  )
})
