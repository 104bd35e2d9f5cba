import { describe, expect, it, vi } from 'vitest'
import type { Gate, JsonObject, PolicyEngine } from '../../index.ts'
import { call, engineWith, guarded } from './engine.fixture.ts'
import { createScheduler, type Scheduler } from './scheduler.fixture.ts'
import { type CountedBudgets, countedBudgets } from './stores.fixture.ts'

// Many orders of many steps: on a machine that is busy they take their time.
vi.setConfig({ testTimeout: 60_000 })

const CALLERS = 64
const EACH = 6
const NANO = 1_000_000_000

interface Stage extends Scheduler {
  readonly engine: PolicyEngine
  readonly budgets: CountedBudgets
}

function stage(seed: number, limits: JsonObject, gates: readonly Gate[] = []): Stage {
  const scheduler = createScheduler(seed, 32)
  const budgets = countedBudgets(scheduler.turn)
  const engine = engineWith(
    { limits: { base: { mcp: 1_000_000 }, ...limits } },
    { stores: { budgets }, gates },
  )
  return { ...scheduler, engine, budgets }
}

/** Everything that was begun is over, and so is what the store does about it. */
async function settledOf({ run, turn, budgets }: Stage): Promise<void> {
  for (let steps = 0; steps < 2_000 && budgets.open() > 0; steps++) await run([turn()])
  await run([turn(), turn()])
}

/** `EACH` calls one after the other of each of 64 callers; gives what came of them. */
async function callers(
  { run }: Stage,
  one: (caller: number, index: number) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const answers: unknown[] = []
  const settled = await run(
    Array.from({ length: CALLERS }, async (_, caller) => {
      for (let index = 0; index < EACH; index++) answers.push(await one(caller, index))
    }),
  )
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([])
  return answers
}

function count(answers: readonly unknown[], wanted: unknown): number {
  return answers.filter((answer) => answer === wanted).length
}

const SEEDS = Array.from({ length: 3 }, (_, index) => index + 1)

describe('budgets that 64 callers share, in a store that answers later', () => {
  it('are spent to the last call, and not beyond', async () => {
    for (const seed of SEEDS) {
      const on = stage(seed, { budgets: [{ per: 'agent', calls: 250 }] })
      const answers = await callers(on, (caller) =>
        guarded(on.engine, call('crm.note', {}, { session: `s${caller}` }), async () => {
          await on.turn()
          return 'done'
        }),
      )
      await settledOf(on)
      expect([count(answers, 'done'), count(answers, 'budget_exceeded')]).toEqual([250, 134])
      const [account] = on.budgets.accounts.values()
      expect([account?.most, account?.expected, on.budgets.faults()]).toEqual([250, 250, []])
    }
  })

  it('never have more calls under way than they let, and lose no place', async () => {
    for (const seed of SEEDS) {
      const on = stage(seed, { per_session: { concurrent: 9 } })
      let running = 0
      let most = 0
      const answers = await callers(on, () =>
        guarded(on.engine, call(), async () => {
          most = Math.max(most, ++running)
          await on.turn()
          running--
          if (on.random.chance(0.3)) throw new Error('failed')
          return 'done'
        }),
      )
      await settledOf(on)
      expect(most).toBeLessThanOrEqual(9)
      expect(count(answers, 'done')).toBeGreaterThan(15)
      const [account] = on.budgets.accounts.values()
      expect([account?.most, account?.expected, on.budgets.faults()]).toEqual([9, 0, []])
    }
  })

  it('lose no increment of what calls say they have cost', async () => {
    for (const seed of SEEDS) {
      const on = stage(seed, { budgets: [{ per: 'user', usd: 1_000, tokens: 100_000_000 }] })
      const spent = { usd: 0, tokens: 0 }
      await callers(on, async (caller) => {
        const ticket = await on.engine.begin(call('crm.note', {}, { session: `s${caller}` }))
        const usage = { usd: (1 + on.random.below(500)) / 1_000, tokens: 1 + on.random.below(900) }
        await on.turn()
        spent.usd += Math.round(usage.usd * NANO)
        spent.tokens += usage.tokens
        await ticket.finish({ ok: true, value: null, usage })
      })
      await settledOf(on)
      const sums = [...on.budgets.accounts.values()].map(({ expected }) => expected)
      expect(sums).toEqual([spent.usd, spent.tokens])
      expect(on.budgets.faults()).toEqual([])
    }
  })

  it('are given back where a later gate refuses, and what goes out is all that is spent', async () => {
    for (const seed of SEEDS) {
      const refusing: Gate = {
        name: 'refusing',
        check: async ({ arguments: { refuse } }) =>
          refuse === true ? { kind: 'deny', reason: 'explicit_deny' } : { kind: 'pass' },
      }
      const on = stage(seed, { budgets: [{ per: 'agent', calls: 150 }] }, [refusing])
      let dispatched = 0
      const answers = await callers(on, (caller) =>
        guarded(
          on.engine,
          call('crm.note', { refuse: on.random.chance(0.5) }, { session: `s${caller}` }),
          () => {
            dispatched++
            return 'done'
          },
        ),
      )
      await settledOf(on)
      const [account] = on.budgets.accounts.values()
      expect(count(answers, 'explicit_deny')).toBeGreaterThan(50)
      expect(dispatched).toBeLessThanOrEqual(150)
      expect([account?.expected, on.budgets.faults()]).toEqual([dispatched, []])
      expect(account?.most).toBeLessThanOrEqual(150)
    }
  })

  it('are one for a session and all that work for it', async () => {
    for (const seed of SEEDS) {
      const on = stage(seed, { budgets: [{ per: 'session', calls: 100 }] })
      const [root] = await on.run([(async () => on.engine.begin(call('agent.start')))()])
      const parent = root?.status === 'fulfilled' ? root.value.decision.id : ''
      const answers = await callers(on, (caller) =>
        guarded(
          on.engine,
          call('crm.note', {}, { session: `helper ${caller}`, parent }),
          async () => {
            await on.turn()
            return 'done'
          },
        ),
      )
      // The call that started them is one of the hundred, and has not been finished.
      expect(count(answers, 'done')).toBe(99)
      const shared = [...on.budgets.accounts.values()].map(({ most }) => most)
      expect(Math.max(...shared)).toBe(100)
      expect(on.budgets.faults()).toEqual([])
    }
  })
})
