import { describe, expect, it } from 'vitest'
import type { BudgetStore, RateLimitStore } from '../../core/model/ports.ts'
import { memoryStores } from '../../stores/memory.ts'
import { testBudgetStore } from './budget-store.ts'
import type { ContractFailure } from './contract.ts'
import { testRateLimitStore } from './rate-limit-store.ts'

const checksOf = (failures: readonly ContractFailure[]) => failures.map(({ check }) => check)

type Take = RateLimitStore['take']

describe('testRateLimitStore', () => {
  const storeOf = (take: (take: Take) => Take) => () => {
    const { rateLimits } = memoryStores()
    return {
      take: take(rateLimits.take.bind(rateLimits)),
      peek: rateLimits.peek.bind(rateLimits),
    }
  }
  const waiting = async () => {
    for (let turn = 0; turn < 3; turn++) await null
  }

  it('finds nothing wrong with the memory store', async () => {
    expect(await testRateLimitStore(() => memoryStores().rateLimits)).toEqual([])
  })

  it('finds nothing wrong with a store that answers later', async () => {
    const make = storeOf((take) => async (takes, now) => {
      await waiting()
      return take(takes, now)
    })

    expect(await testRateLimitStore(make)).toEqual([])
  })

  it.each<[string, () => RateLimitStore, string]>([
    ['lets everything by', storeOf(() => () => undefined), 'it lets the burst by and no more'],
    [
      'says a millisecond too little',
      storeOf((take) => async (takes, now) => {
        const refused = await take(takes, now)
        return refused && { ...refused, retryAfterMs: (refused.retryAfterMs ?? 0) - 1 }
      }),
      'it says exactly when to try again',
    ],
    [
      'takes from one bucket after the other',
      storeOf((take) => async (takes, now) => {
        for (const [index, one] of takes.entries()) {
          const refused = await take([one], now)
          if (refused !== undefined) return { ...refused, index }
        }
        return undefined
      }),
      'it takes from every bucket or from none',
    ],
    [
      'mixes keys up',
      storeOf((take) => (takes, now) => {
        return take(
          takes.map((one) => ({ ...one, key: one.key.trim() })),
          now,
        )
      }),
      'it keeps keys apart, whatever is in them',
    ],
  ])('finds a store that %s', async (_, make, check) => {
    expect(checksOf(await testRateLimitStore(make))).toContain(check)
  })

  it('finds a store that reads, waits and writes', async () => {
    const counts = () => {
      const taken = new Map<string, number>()
      const peek: Take = (takes) => {
        const index = takes.findIndex(({ key, burst }) => (taken.get(key) ?? 0) >= burst)
        return index < 0 ? undefined : { index, retryAfterMs: 1 }
      }
      const take: Take = async (takes, now) => {
        const refused = await peek(takes, now)
        await waiting()
        if (refused === undefined)
          for (const { key } of takes) taken.set(key, (taken.get(key) ?? 0) + 1)
        return refused
      }
      return { take, peek }
    }

    expect(checksOf(await testRateLimitStore(counts))).toContain(
      'it lets exactly 10 of 100 parallel calls by under a limit of 10',
    )
  })
})

describe('testBudgetStore', () => {
  const storeOf = (change: (store: BudgetStore) => Partial<BudgetStore>) => (): BudgetStore => {
    const { budgets } = memoryStores()
    const store: BudgetStore = {
      reserve: budgets.reserve.bind(budgets),
      settle: budgets.settle.bind(budgets),
      spent: budgets.spent.bind(budgets),
    }
    return { ...store, ...change(store) }
  }

  it('finds nothing wrong with the memory store', async () => {
    expect(await testBudgetStore(() => memoryStores().budgets)).toEqual([])
  })

  it.each<[string, () => BudgetStore, string]>([
    [
      'never refuses',
      storeOf(({ reserve }) => ({
        reserve: async (charges, now) => {
          await reserve(charges, now)
          return undefined
        },
      })),
      'it sets aside up to the limit and no more',
    ],
    ['never settles', storeOf(() => ({ settle() {} })), 'it gives back what was not spent'],
    [
      'looks, waits and sets aside',
      storeOf(({ reserve, spent }) => ({
        reserve: async (charges, now) => {
          for (const [index, { key, amount, limit, windowMs }] of charges.entries())
            if ((await spent(key, windowMs, now)) + amount > limit)
              return { index, retryAfterMs: null }
          await null
          return reserve(
            charges.map((charge) => ({ ...charge, limit: Number.MAX_SAFE_INTEGER })),
            now,
          )
        },
      })),
      'it never sets aside more than the limit with 64 callers at once',
    ],
    [
      'knows no windows',
      storeOf(({ reserve }) => ({
        reserve: (charges, now) =>
          reserve(
            charges.map((charge) => ({ ...charge, windowMs: undefined })),
            now,
          ),
      })),
      'it empties an account with its window, and says exactly when',
    ],
  ])('finds a store that %s', async (_, make, check) => {
    expect(checksOf(await testBudgetStore(make))).toContain(check)
  })
})
