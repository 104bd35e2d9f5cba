import type { BudgetStore, Charge, RateLimitStore } from '../../index.ts'
import { memoryStores } from '../../stores/index.ts'

type Turn = () => Promise<void>

/** A store elsewhere: each request takes its time to get there, and each answer to come back. */
export function slowRates(turn: Turn, store = memoryStores().rateLimits): RateLimitStore {
  return {
    async take(takes, now) {
      await turn()
      const refused = store.take(takes, now)
      await turn()
      return refused
    },
    async peek(takes, now) {
      await turn()
      return store.peek(takes, now)
    },
  }
}

/** A budget store with a ledger of its own, kept apart from what the store says. */
export interface CountedBudgets extends BudgetStore {
  /** Every account that was ever charged: its limit, and the most that stood on it at one time. */
  readonly accounts: ReadonlyMap<string, CountedAccount>
  /** Lists of charges that were set aside and not settled. */
  open(): number
  /** What was settled more than once or never set aside, and accounts that differ from the ledger. */
  faults(): readonly string[]
}

export interface CountedAccount {
  readonly limit: number
  most: number
  /** What it should come to: settled amounts, and what is set aside. */
  expected: number
}

const NOW = Number.MAX_SAFE_INTEGER

/** Counts what passes, each step when `turn` lets it. */
export function countedBudgets(turn?: Turn): CountedBudgets {
  const store = memoryStores().budgets
  const accounts = new Map<string, CountedAccount>()
  const reserved = new Set<readonly Charge[]>()
  const faults: string[] = []
  const change = ({ key, limit }: Charge, amount: number): void => {
    const account = accounts.get(key) ?? { limit, most: 0, expected: 0 }
    account.expected += amount
    account.most = Math.max(account.most, store.spent(key, undefined, NOW))
    accounts.set(key, account)
  }
  const reserve = (charges: readonly Charge[], now: number) => {
    const refused = store.reserve(charges, now)
    if (refused !== undefined) return refused
    reserved.add(charges)
    for (const charge of charges) change(charge, charge.amount)
    return undefined
  }
  const settle = (charges: readonly Charge[], actual: readonly number[], now: number): void => {
    if (!reserved.delete(charges)) faults.push('settled what was not set aside')
    store.settle(charges, actual, now)
    charges.forEach((charge, index) => {
      change(charge, (actual[index] ?? Number.NaN) - charge.amount)
    })
  }
  const later = async <T>(run: () => T): Promise<T> => {
    await turn?.()
    const result = run()
    await turn?.()
    return result
  }
  const isSlow = turn !== undefined
  return {
    accounts,
    faults: () => [
      ...faults,
      ...[...accounts]
        .filter(([key, { expected }]) => store.spent(key, undefined, NOW) !== expected)
        .map(([key]) => `differs: ${key}`),
    ],
    open: () => reserved.size,
    reserve: (charges, now) =>
      isSlow ? later(() => reserve(charges, now)) : reserve(charges, now),
    settle: (charges, actual, now) =>
      isSlow ? later(() => settle(charges, actual, now)) : settle(charges, actual, now),
    spent: (key, windowMs, now) =>
      isSlow ? later(() => store.spent(key, windowMs, now)) : store.spent(key, windowMs, now),
  }
}
