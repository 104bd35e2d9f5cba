import { describe, expect, it } from 'vitest'
import type { EngineOptions, JsonObject } from '../../index.ts'
import { call, engineWith, policyWith } from './engine.fixture.ts'
import { createScheduler, type Scheduler } from './scheduler.fixture.ts'
import { countedBudgets, slowRates } from './stores.fixture.ts'

const STILL = { now: () => 0, monotonic: () => 0 }
const TEN = policyWith({ limits: { base: { mcp: 10 }, burst_multiplier: 1 } })
const CALLS = 100

type Counts = Readonly<Record<string, number>>

/** A hundred calls of one agent in five sessions; how often each reason was given. */
async function atOnce(
  scheduler: Scheduler,
  options: Partial<EngineOptions>,
  policy = TEN,
): Promise<Counts> {
  const engine = engineWith({}, { clock: STILL, policy, ...options })
  const counts: Record<string, number> = {}
  const one = async (index: number): Promise<void> => {
    const { decision } = await engine.begin(call('crm.note', {}, { session: `s${index % 5}` }))
    counts[decision.reason] = (counts[decision.reason] ?? 0) + 1
  }
  await scheduler.run(Array.from({ length: CALLS }, (_, index) => one(index)))
  return counts
}

const EXACTLY_TEN: Counts = { allowed: 10, rate_limited: 90 }

/** Seeds for which it was not exactly ten. */
async function wrongSeeds(
  count: number,
  run: (scheduler: Scheduler) => Promise<Counts>,
  expected = EXACTLY_TEN,
): Promise<unknown[]> {
  const wrong: unknown[] = []
  for (let seed = 1; seed <= count; seed++) {
    const counts = await run(createScheduler(seed, 40))
    const isRight =
      Object.keys(counts).length === Object.keys(expected).length &&
      Object.entries(expected).every(([reason, times]) => counts[reason] === times)
    if (!isRight) wrong.push({ seed, counts })
  }
  return wrong
}

describe('C04 of a hundred calls at once under a limit of ten exactly ten go through', () => {
  it('C04 in 1,000 orders of arrival, where callers are identified later', async () => {
    const wrong = await wrongSeeds(1_000, (scheduler) => {
      const { turn } = scheduler
      const identity = { identify: () => turn().then(() => ({ agent: 'bot', user: 'u' })) }
      return atOnce(scheduler, { identity })
    })
    expect(wrong).toEqual([])
  }, 60_000)

  it('C04 in 1,000 orders of the steps of an asynchronous store', async () => {
    const wrong = await wrongSeeds(1_000, (scheduler) =>
      atOnce(scheduler, { stores: { rateLimits: slowRates(scheduler.turn) } }),
    )
    expect(wrong).toEqual([])
  }, 60_000)

  it.each<[string, JsonObject, Counts]>([
    [
      'a cap of a session, which five of them share out',
      { per_session: { calls: 2 } },
      { allowed: 10, budget_exceeded: 90 },
    ],
    [
      'what may be under way at once',
      { per_session: { concurrent: 2 } },
      { allowed: 10, rate_limited: 90 },
    ],
    ['a budget', { budgets: [{ per: 'agent', calls: 10 }] }, { allowed: 10, budget_exceeded: 90 }],
  ])(
    'C04 under %s, in 40 orders of the steps of an asynchronous store',
    async (_, limits, counts) => {
      const policy = policyWith({ limits: { disabled: false, ...limits, base: { mcp: 1_000 } } })
      const wrong = await wrongSeeds(
        40,
        (scheduler) =>
          atOnce(scheduler, { stores: { budgets: countedBudgets(scheduler.turn) } }, policy),
        counts,
      )
      expect(wrong).toEqual([])
    },
  )

  it('C04 where the rate and the budget are both elsewhere, no refusal keeps anything', async () => {
    const policy = policyWith({
      limits: { base: { mcp: 10 }, burst_multiplier: 1, budgets: [{ per: 'agent', calls: 7 }] },
    })
    for (let seed = 1; seed <= 25; seed++) {
      const scheduler = createScheduler(seed, 20)
      const budgets = countedBudgets(scheduler.turn)
      const stores = { budgets, rateLimits: slowRates(scheduler.turn) }
      const counts = await atOnce(scheduler, { stores }, policy)
      expect(counts).toEqual({ allowed: 7, budget_exceeded: 3, rate_limited: 90 })
      expect([budgets.open(), budgets.faults()]).toEqual([7, []])
    }
  })
})
