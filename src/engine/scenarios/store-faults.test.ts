import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BudgetStore, Gate } from '../../index.ts'
import { memoryStores } from '../../stores/index.ts'
import { call, engineWith, guarded, rowsOf, sinkOf } from './engine.fixture.ts'
import { latch, round } from './scheduler.fixture.ts'
import { countedBudgets, slowRates } from './stores.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const ONE_AT_A_TIME = { limits: { base: { mcp: 1_000 }, per_session: { concurrent: 1 } } }
const REFUSING: Gate = {
  name: 'refusing',
  check: () => ({ kind: 'deny', reason: 'explicit_deny' }),
}

/** A store that fails when it is told what was spent. */
function failing(settle: BudgetStore['settle']): BudgetStore {
  const store = memoryStores().budgets
  return {
    reserve: (charges, now) => store.reserve(charges, now),
    spent: (key, windowMs, now) => store.spent(key, windowMs, now),
    settle,
  }
}

function throwing(): never {
  throw new Error('the store is down')
}

/** A rejection that is never unhandled, and that tells whether anybody but this test handles it. */
class Rejection extends Promise<void> {
  static heard = 0
  static make(): Rejection {
    const made = new Rejection((_, reject) => reject(new Error('the store is down')))
    made.catch(() => {})
    Rejection.heard = 0
    return made
  }
  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  override then: Promise<void>['then'] = (...handlers) => {
    if (typeof handlers[1] === 'function') Rejection.heard++
    return super.then(...handlers)
  }
}

describe('a store of budgets that fails', () => {
  it('refuses what it cannot set aside', async () => {
    const budgets = { ...failing(() => {}), reserve: () => Promise.reject(new Error('down')) }
    const engine = engineWith(ONE_AT_A_TIME, { stores: { budgets } })
    expect(await guarded(engine, call(), () => 'out')).toBe('gate_failed')
  })

  it('does not take the result of a call with it, nor its record', async () => {
    const { sink, records } = sinkOf()
    const engine = engineWith(ONE_AT_A_TIME, {
      audit: [sink],
      stores: { budgets: failing(throwing) },
    })
    expect(await engine.guard(call(), () => 'done').catch(String)).toBe('done')
    expect(rowsOf(records)).toEqual(['decision pending', 'outcome success'])
  })

  it('does not make a denial a throw', async () => {
    const engine = engineWith(ONE_AT_A_TIME, {
      gates: [REFUSING],
      stores: { budgets: failing(throwing) },
    })
    const { decision } = await engine.begin(call())
    expect(decision.reason).toBe('explicit_deny')
  })

  it.each<[string, readonly Gate[]]>([
    ['after a call', []],
    ['after a denial', [REFUSING]],
  ])('ends no process by a rejection that nobody handles, %s', async (_, gates) => {
    const engine = engineWith(ONE_AT_A_TIME, {
      gates,
      stores: { budgets: failing(() => Rejection.make()) },
    })
    await guarded(engine, call(), () => 'done')
    await round()
    expect(Rejection.heard).toBeGreaterThan(0)
  })
})

describe('what is set aside too late', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  // The gate was given up and its call denied, and then it keeps what it got.
  it.each(['budgets', 'rateLimits'] as const)(
    'by a slow store of %s, for a call that was denied meanwhile, is given back',
    async (slow) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const wait = latch()
      const budgets = countedBudgets(slow === 'budgets' ? () => wait.opened : undefined)
      const rateLimits = slow === 'rateLimits' ? slowRates(() => wait.opened) : undefined
      const stores = rateLimits === undefined ? { budgets } : { budgets, rateLimits }
      const engine = engineWith(ONE_AT_A_TIME, { stores, limits: { gateTimeoutMs: 1_000 } })
      const calling = guarded(engine, call(), () => 'out')
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await calling).toBe('gate_failed')
      wait.open()
      await round()
      await round()
      expect(budgets.open()).toBe(0)
    },
  )

  // In a store that other processes share it stays for good.
  it('for a call that met a closed engine on its way out, is given back', async () => {
    const budgets = countedBudgets()
    const wait = latch()
    const { sink } = sinkOf(() => wait.opened)
    const engine = engineWith(ONE_AT_A_TIME, { audit: [sink], stores: { budgets } })
    const calling = guarded(engine, call(), () => 'out')
    const closing = engine.close()
    wait.open()
    expect(await calling).toBe('ERR_ENGINE_CLOSED')
    await closing
    expect(budgets.open()).toBe(0)
  })
})

describe('a store of rates that never answers', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const rateLimits = {
    take: () => new Promise<never>(() => {}),
    peek: () => new Promise<never>(() => {}),
  }
  const limits = { gateTimeoutMs: 1_000 }

  it('denies within the limit of a gate', async () => {
    const engine = engineWith(ONE_AT_A_TIME, { stores: { rateLimits }, limits })
    const calling = guarded(engine, call(), () => 'out')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await calling).toBe('gate_failed')
  })

  // The pace of anonymous callers is looked up before the gates, in probe-check.ts, without a limit.
  it('denies anonymous callers within it too, where their pace is counted', async () => {
    const engine = engineWith({ scanner: { enabled: true } }, { stores: { rateLimits }, limits })
    const subject = { agent: 'anonymous', tier: 'anonymous' } as const
    const credentials = { headers: {}, peer: '192.0.2.1' }
    let said = 'nothing'
    void guarded(engine, call('crm.note', {}, { subject, credentials }), () => 'out').then(
      (answer) => {
        said = answer
      },
    )
    await vi.advanceTimersByTimeAsync(1_000)
    expect(said).toBe('gate_failed')
  })
})
