import { describe, expect, it, vi } from 'vitest'
import type { Gate, PolicyEngine } from '../../index.ts'
import { call, engineWith, guarded, linked, policyWith, rowsOf, sinkOf } from './engine.fixture.ts'
import { createScheduler } from './scheduler.fixture.ts'
import { countedBudgets, slowRates } from './stores.fixture.ts'

// Many orders of many steps: on a machine that is busy they take their time.
vi.setConfig({ testTimeout: 60_000 })

/** Calls itself again in its handler, `depth` times, and twice at once on each level below `wide`. */
async function nested(engine: PolicyEngine, depth: number, wide = 0): Promise<number> {
  if (depth === 0) return 0
  return engine.guard(call('agent.step', { depth }), async () => {
    const branches = depth <= wide ? 2 : 1
    const below = await Promise.all(
      Array.from({ length: branches }, () => nested(engine, depth - 1, wide)),
    )
    return below.reduce((sum, count) => sum + count, 1)
  })
}

describe('C12 a handler that calls the engine again in the same session', () => {
  it('C12 meets no lock, however deep and wide, with every part asynchronous', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { turn, run } = createScheduler(seed, 4)
      const slow: Gate = { name: 'slow', check: () => turn().then(() => ({ kind: 'pass' })) }
      const { sink, records } = sinkOf(turn)
      const budgets = countedBudgets(turn)
      const engine = engineWith(
        { limits: { base: { mcp: 10_000 }, per_session: { concurrent: 100 } } },
        { gates: [slow], audit: [sink], stores: { budgets, rateLimits: slowRates(turn) } },
      )
      const [settled] = await run([nested(engine, 10, 3)])
      // 7 levels of one call, then 2 + 4 + 8 below: a level of two doubles what is below it.
      expect(settled).toMatchObject({ status: 'fulfilled', value: 7 + 1 + 2 + 4 })
      const rows = [...linked(records).values()].map(rowsOf)
      expect(rows).toEqual(rows.map(() => ['decision pending', 'outcome success']))
      expect([rows.length, engine.stats().in_flight]).toEqual([14, 0])
    }
  })

  it('C12 is refused, and does not wait for itself, where only one call may be under way', async () => {
    const budgets = countedBudgets()
    const engine = engineWith(
      { limits: { per_session: { concurrent: 1 } } },
      { stores: { budgets } },
    )
    const inner = await guarded(engine, call('agent.step'), () =>
      guarded(engine, call('web.read'), () => 'in'),
    )
    expect([inner, budgets.open()]).toEqual(['rate_limited', 0])
  })

  it('C12 may name its call as the parent: gates see it, and the trace holds them together', async () => {
    const parents: (string | undefined)[] = []
    const looking: Gate = {
      name: 'looking',
      check({ parent }) {
        parents.push(parent)
        return { kind: 'pass' }
      },
    }
    const { sink, records } = sinkOf()
    const engine = engineWith({}, { gates: [looking], audit: [sink] })
    const outer = await engine.begin(call('agent.step', {}, { trace: 'story' }))
    const parent = outer.decision.id
    await engine.guard(call('web.read', {}, { parent, trace: 'story' }), () => 'in')
    await outer.finish({ ok: true, value: 'done' })
    expect(parents).toEqual([undefined, parent])
    expect(rowsOf(records)).toEqual([
      'decision pending',
      'decision pending',
      'outcome success',
      'outcome success',
    ])
    expect(new Set(records.map(({ trace_id: trace }) => trace))).toEqual(new Set(['story']))
  })

  // The request says it, docs/reference/api.md says it is for the record, and the record has no field.
  it('C12 is recorded with its parent', async () => {
    const { sink, records } = sinkOf()
    const engine = engineWith({}, { audit: [sink] })
    const outer = await engine.begin(call('agent.step'))
    await engine.guard(call('web.read', {}, { parent: outer.decision.id }), () => 'in')
    const inner = records.find(({ resource }) => resource === 'web.read')
    expect(inner).toMatchObject({ parent_id: outer.decision.id })
  })

  it.each<[string, (engine: PolicyEngine) => unknown, string]>([
    ['terminates it', (engine) => engine.terminate('s', { by: 'tool' }), 'session_terminated'],
    ['ends it', (engine) => engine.endSession('s'), 'done'],
    ['reloads the policy', (engine) => engine.reload(nothingAllowed()), 'done'],
    ['closes the engine', (engine) => engine.close(), 'done'],
    ['asks why', (engine) => engine.explain(call('web.read')), 'done'],
  ])('C12 comes to an end where its handler %s', async (_, act, answer) => {
    const { sink } = sinkOf(() => Promise.resolve())
    const engine = engineWith({}, { audit: [sink] })
    const given = await guarded(engine, call('agent.step'), async () => {
      await act(engine)
      return 'done'
    })
    expect([given, engine.stats().in_flight]).toEqual([answer, 0])
  })

  it('C12 comes to an end where whoever is asked for approval calls the engine', async () => {
    const engine: PolicyEngine = engineWith(
      {
        roles: [
          {
            name: 'all',
            rules: [
              { resources: ['mail.send'], verbs: ['invoke'], effect: 'escalate' },
              { resources: ['web.read'], verbs: ['invoke'] },
            ],
          },
        ],
      },
      {
        approvals: {
          ask: async () => {
            const said = await guarded(engine, call('web.read'), () => 'looked it up')
            return { outcome: said === 'looked it up' ? 'approved' : 'denied', by: 'ana' }
          },
        },
      },
    )
    expect(await guarded(engine, call('mail.send'), () => 'sent')).toBe('sent')
  })
})

/** A policy that lets nobody do anything. */
function nothingAllowed() {
  return policyWith({ roles: [], bindings: [] })
}
