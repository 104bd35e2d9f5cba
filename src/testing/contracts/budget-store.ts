import type { MaybePromise } from '../../core/model/json.ts'
import type { BudgetStore, Charge } from '../../core/model/ports.ts'
import { type ContractFailure, deepFreeze, runStoreContract } from './contract.ts'

export interface BudgetStoreContractOptions {
  /** For each check. @default 5000 */
  readonly timeoutMs?: number
}

type Check = (store: BudgetStore) => Promise<string | undefined>

/**
 * Holds a store to what the engine relies on: what is set aside is never more than the limit, nothing
 * that was spent is lost however many callers there are, and a window that is over gives nothing to
 * the next. `make` gives a fresh, empty store each time.
 */
export function testBudgetStore(
  make: () => MaybePromise<BudgetStore>,
  options: BudgetStoreContractOptions = {},
): Promise<readonly ContractFailure[]> {
  return runStoreContract(make, CHECKS, options.timeoutMs)
}

function charge(key: string, amount: number, limit: number, windowMs?: number): Charge {
  return deepFreeze({ key, amount, limit, windowMs })
}

const CHECKS: readonly (readonly [string, Check])[] = [
  ['it sets aside up to the limit and no more', upToLimit],
  ['it charges every account or none', allOrNothing],
  ['it counts an account that is named twice in one call twice', countsTwice],
  ['it gives back what was not spent', givesBack],
  ['it counts what was spent beyond what was set aside', countsMore],
  ['it loses nothing with 64 callers at once', losesNothing],
  ['it never sets aside more than the limit with 64 callers at once', neverOverspends],
  ['it empties an account with its window, and says exactly when', rollsOver],
  ['it gives a new window nothing back from the one before', settlesLate],
  ['it ends no window for a clock that steps back', stepsBack],
  ['it keeps keys apart, whatever is in them', keepsApart],
  ['it takes whole amounts of any size', largeAmounts],
  ['it takes a call that is charged to no account', async (store) => nothingCharged(store)],
]

async function upToLimit(store: BudgetStore): Promise<string | undefined> {
  if ((await store.reserve([charge('k', 6, 10)], 0)) !== undefined) return '6 of 10 were refused'
  const refused = await store.reserve([charge('k', 5, 10)], 0)
  if (refused === undefined) return '11 of 10 were set aside'
  if (refused.retryAfterMs !== null) return 'without a window, waiting does not help: null'
  if ((await store.reserve([charge('k', 4, 10)], 0)) !== undefined) return 'the rest was refused'
  return wantSpent(store, 'k', 10)
}

async function wantSpent(
  store: BudgetStore,
  key: string,
  wanted: number,
  { windowMs, now = 0 }: { readonly windowMs?: number; readonly now?: number } = {},
): Promise<string | undefined> {
  const spent = await store.spent(key, windowMs, now)
  return spent === wanted ? undefined : `${spent} are spent, not ${wanted}`
}

async function allOrNothing(store: BudgetStore): Promise<string | undefined> {
  await store.reserve([charge('narrow', 1, 1)], 0)
  const refused = await store.reserve([charge('wide', 3, 9), charge('narrow', 1, 1)], 0)
  if (refused === undefined) return 'it set aside more than a limit'
  if (refused.index !== 1) return `\`index\` is ${refused.index}, and account 1 was spent`
  return wantSpent(store, 'wide', 0)
}

async function countsTwice(store: BudgetStore): Promise<string | undefined> {
  const one = charge('k', 2, 5)
  if ((await store.reserve([one, one], 0)) !== undefined) return '4 of 5 were refused'
  if ((await store.reserve([one], 0)) === undefined) return '6 of 5 were set aside'
  return wantSpent(store, 'k', 4)
}

async function givesBack(store: BudgetStore): Promise<string | undefined> {
  const charges = [charge('a', 8, 10), charge('b', 5, 10, 1_000)]
  await store.reserve(charges, 0)
  await store.settle(charges, [3, 0], 10)
  const problem = await wantSpent(store, 'a', 3)
  return problem ?? wantSpent(store, 'b', 0, { windowMs: 1_000, now: 10 })
}

async function countsMore(store: BudgetStore): Promise<string | undefined> {
  const charges = [charge('k', 2, 10)]
  await store.reserve(charges, 0)
  await store.settle(charges, [15], 0)
  if ((await store.reserve([charge('k', 1, 10)], 0)) === undefined)
    return 'more was set aside of what is overspent'
  return wantSpent(store, 'k', 15)
}

const CALLERS = 64
const ROUNDS = 10

async function losesNothing(store: BudgetStore): Promise<string | undefined> {
  let spent = 0
  const caller = async (who: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      const charges = [charge('all', 5, 1e9), charge(`own ${who}`, 5, 1e9)]
      await store.reserve(charges, round)
      const actual = (who * 7 + round) % 11
      spent += actual
      await store.settle(charges, [actual, actual], round)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, (_, who) => caller(who)))
  return wantSpent(store, 'all', spent)
}

async function neverOverspends(store: BudgetStore): Promise<string | undefined> {
  const limit = 100
  let held = 0
  let most = 0
  const caller = async (who: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      const charges = [charge('k', 1 + (who % 5), limit)]
      const amount = charges[0]?.amount ?? 0
      if ((await store.reserve(charges, 0)) !== undefined) continue
      held += amount
      most = Math.max(most, held)
      await null
      held -= amount
      await store.settle(charges, [0], 0)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, (_, who) => caller(who)))
  if (most > limit) return `${most} of ${limit} were set aside at once`
  return wantSpent(store, 'k', 0)
}

async function rollsOver(store: BudgetStore): Promise<string | undefined> {
  const windowMs = 1_000
  await store.reserve([charge('k', 9, 10, windowMs)], 500)
  const refused = await store.reserve([charge('k', 2, 10, windowMs)], 700)
  const wait = refused?.retryAfterMs
  if (typeof wait !== 'number' || !(wait > 0)) return `\`retryAfterMs\` is ${wait}`
  if ((await store.reserve([charge('k', 2, 10, windowMs)], 700 + wait - 1)) === undefined)
    return `it was emptied before ${wait} ms had gone by`
  if ((await store.reserve([charge('k', 2, 10, windowMs)], 700 + wait)) !== undefined)
    return `it was not emptied after ${wait} ms`
  const hopeless = await store.reserve([charge('k', 11, 10, windowMs)], 700 + wait)
  if (hopeless === undefined) return '11 of 10 were set aside'
  if (hopeless.retryAfterMs !== null) return 'for more than the limit waiting does not help: null'
  return wantSpent(store, 'k', 2, { windowMs, now: 700 + wait })
}

async function settlesLate(store: BudgetStore): Promise<string | undefined> {
  const windowMs = 1_000
  const early = [charge('k', 9, 10, windowMs)]
  await store.reserve(early, 0)
  await store.reserve([charge('k', 8, 10, windowMs)], 1_500)
  await store.settle(early, [0], 1_600)
  const spent = await store.spent('k', windowMs, 1_600)
  return spent >= 8 ? undefined : `${spent} are spent, and 8 were set aside in this window`
}

async function stepsBack(store: BudgetStore): Promise<string | undefined> {
  const windowMs = 1_000
  await store.reserve([charge('k', 10, 10, windowMs)], 5_000)
  for (const now of [4_999, 0, 5_999, 3_000, 5_500])
    if ((await store.reserve([charge('k', 1, 10, windowMs)], now)) === undefined)
      return `a spent account gave more at ${now}, after 5000`
  return (await store.reserve([charge('k', 1, 10, windowMs)], 6_000)) === undefined
    ? undefined
    : 'it is no longer emptied'
}

const ODD_KEYS = [
  '',
  ' ',
  'a',
  'a ',
  'a:b',
  'a\u0000b',
  '__proto__',
  'constructor',
  '\u00e9',
  'e\u0301',
  'A',
]

async function keepsApart(store: BudgetStore): Promise<string | undefined> {
  for (const key of ODD_KEYS)
    if ((await store.reserve([charge(key, 1, 1)], 0)) !== undefined)
      return `${JSON.stringify(key)} shares an account with another key`
  for (const key of ODD_KEYS) {
    const problem = await wantSpent(store, key, 1)
    if (problem !== undefined) return `${JSON.stringify(key)}: ${problem}`
  }
  return undefined
}

async function largeAmounts(store: BudgetStore): Promise<string | undefined> {
  const most = Number.MAX_SAFE_INTEGER
  if ((await store.reserve([charge('k', most - 1, most)], 0)) !== undefined) return 'it was refused'
  if ((await store.reserve([charge('k', 1, most)], 0)) !== undefined) return 'the last was refused'
  if ((await store.reserve([charge('k', 1, most)], 0)) === undefined) return 'more than fits passed'
  return wantSpent(store, 'k', most)
}

async function nothingCharged(store: BudgetStore): Promise<string | undefined> {
  if ((await store.reserve([], 0)) !== undefined) return 'it was refused'
  await store.settle([], [], 0)
  return undefined
}
