import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Gate } from '../../index.ts'
import { callOf, mailWith, openPolicy, SECRET } from '../behavior.fixture.ts'
import { call, engineWith, guarded, linked, rowsOf, sinkOf } from './engine.fixture.ts'
import { createScheduler, latch, round } from './scheduler.fixture.ts'
import { countedBudgets } from './stores.fixture.ts'

// Many orders of many steps: on a machine that is busy they take their time.
vi.setConfig({ testTimeout: 60_000 })

describe('C09 a caller that gives up', () => {
  it('C09 between record and dispatch: the record is closed as cancelled, and nothing goes out', async () => {
    const wait = latch()
    const { sink, records } = sinkOf(({ kind }) => (kind === 'decision' ? wait.opened : undefined))
    const engine = engineWith({}, { audit: [sink] })
    const { signal, abort } = aborter()
    const dispatch = vi.fn(() => 'sent')
    const calling = guarded(engine, call('mail.send', {}, { signal }), dispatch)
    abort()
    wait.open()
    expect(await calling).toBe('ERR_CALL_CANCELLED')
    expect(dispatch).not.toHaveBeenCalled()
    expect(rowsOf(records)).toEqual(['decision pending', 'outcome cancelled'])
    expect(records[1]).toMatchObject({ id: records[0]?.id, error: 'ERR_CALL_CANCELLED' })
    expect(engine.stats().in_flight).toBe(0)
  })

  it('C09 before it asked at all: the same', async () => {
    const { sink, records } = sinkOf()
    const engine = engineWith({}, { audit: [sink] })
    const dispatch = vi.fn(() => 'sent')
    const request = call('mail.send', {}, { signal: AbortSignal.abort() })
    expect(await guarded(engine, request, dispatch)).toBe('ERR_CALL_CANCELLED')
    expect(dispatch).not.toHaveBeenCalled()
    expect(rowsOf(records)).toEqual(['decision pending', 'outcome cancelled'])
  })

  it('C09 while a person is asked: the question is withdrawn, and nothing goes out', async () => {
    const { signal, abort } = aborter()
    const policy = {
      roles: [
        { name: 'all', rules: [{ resources: ['*'], verbs: ['invoke'], effect: 'escalate' }] },
      ],
      limits: { per_session: { concurrent: 1 } },
    }
    const budgets = countedBudgets()
    const withdrawn: boolean[] = []
    const engine = engineWith(policy, {
      stores: { budgets },
      approvals: {
        ask: (_, asked) =>
          new Promise(() => asked.addEventListener('abort', () => withdrawn.push(true))),
      },
    })
    const dispatch = vi.fn(() => 'sent')
    const calling = guarded(engine, call('mail.send', {}, { signal }), dispatch)
    await round()
    abort()
    await calling
    expect([dispatch.mock.calls.length, withdrawn]).toEqual([0, [true]])
    expect([budgets.open(), budgets.faults(), engine.stats().in_flight]).toEqual([0, [], 0])
  })

  it('C09 at any moment: it goes out before that or not at all, in 300 orders of all steps', async () => {
    const statuses = new Map<unknown, number>()
    for (let seed = 1; seed <= 300; seed++) {
      const { turn, run } = createScheduler(seed)
      const slow: Gate = { name: 'slow', check: () => turn().then(() => ({ kind: 'pass' })) }
      const { sink, records } = sinkOf(turn)
      const budgets = countedBudgets(turn)
      const policy = { limits: { per_session: { concurrent: 2 } } }
      const engine = engineWith(policy, { gates: [slow], audit: [sink], stores: { budgets } })
      const { signal, abort } = aborter()
      const told: string[] = []
      const calling = guarded(engine, call('mail.send', {}, { signal }), async (_, passed) => {
        told.push(passed.aborted ? 'dispatched late' : 'dispatched')
        await turn()
        passed.throwIfAborted()
        return 'sent'
      })
      const givingUp = (async () => {
        for (let steps = 1 + (seed % 7); steps > 0; steps--) await turn()
        told.push('given up')
        abort()
      })()
      await run<unknown>([calling, givingUp])
      // Settling is not waited for: its steps go on after the call.
      await run([turn()])
      const last = records.at(-1)?.status
      statuses.set(last, (statuses.get(last) ?? 0) + 1)
      expect(told).not.toContain('dispatched late')
      expect(told.indexOf('dispatched')).toBeLessThanOrEqual(
        last === 'cancelled' || told.indexOf('given up') === 0 ? 1 : 0,
      )
      expect(rowsOf(records)).toEqual(['decision pending', `outcome ${last}`])
      expect(engine.stats().in_flight).toBe(0)
    }
    expect(new Set(statuses.keys())).toEqual(new Set(['success', 'cancelled']))
    expect(Math.min(...statuses.values())).toBeGreaterThan(20)
  })
})

/** A controller whose parts can be handed over one by one. */
function aborter(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

describe('C10 a handler that never settles', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const limits = { dispatchTimeoutMs: 1_000 }

  it('C10 is given up: a record of the time-out, an aborted signal, and its places are free', async () => {
    const budgets = countedBudgets()
    const { sink, records } = sinkOf()
    const policy = { limits: { per_session: { concurrent: 1 }, budgets: [{ seconds: 3_600 }] } }
    const engine = engineWith(policy, { limits, audit: [sink], stores: { budgets } })
    const seen: AbortSignal[] = []
    const hanging = guarded(engine, call('web.read'), (_, signal) => {
      seen.push(signal)
      return new Promise<never>(() => {})
    })
    await round()
    expect(await guarded(engine, call('web.read'), () => 'in')).toBe('rate_limited')
    await vi.advanceTimersByTimeAsync(999)
    expect([budgets.open(), seen[0]?.aborted]).toEqual([1, false])
    await vi.advanceTimersByTimeAsync(1)
    expect(await hanging).toBe('ERR_DISPATCH_TIMEOUT')
    expect(seen[0]?.reason).toMatchObject({ code: 'ERR_DISPATCH_TIMEOUT' })
    expect([budgets.open(), budgets.faults(), engine.stats().in_flight]).toEqual([0, [], 0])
    expect(rowsOf(records)).toEqual(['decision pending', 'decision denied', 'outcome timeout'])
    expect(await guarded(engine, call('web.read'), () => 'in')).toBe('in')
  })

  it.each<[string, boolean]>([
    ['an answer', true],
    ['an error', false],
  ])(
    'C10 has %s that comes too late dropped: no second record, nothing seen of it',
    async (_, ok) => {
      const { sink, records } = sinkOf()
      const policy = openPolicy()
      const engine = engineWith({}, { policy, limits, audit: [sink] })
      const wait = latch()
      const late = guarded(engine, callOf('db.query', {}), async () => {
        await wait.opened
        if (ok) return { api_key: SECRET }
        throw new Error(SECRET)
      })
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await late).toBe('ERR_DISPATCH_TIMEOUT')
      const before = records.length
      wait.open()
      await round()
      expect([records.length, JSON.stringify(records).includes(SECRET)]).toEqual([before, false])
      expect([...linked(records).values()].map(rowsOf)).toEqual([
        ['decision pending', 'outcome timeout'],
      ])
      // The agent never had it: what it sends now does not come from there.
      const { decision } = await engine.begin(mailWith(SECRET))
      expect([decision.effect, engine.behavior('s').edges]).toEqual(['allow', []])
    },
  )

  it('C10 of many leaves no place taken, whichever of them settles in the end', async () => {
    const budgets = countedBudgets()
    const engine = engineWith(
      { limits: { base: { mcp: 1_000 }, per_session: { concurrent: 40 } } },
      { limits, stores: { budgets } },
    )
    const wait = latch()
    const calls = Array.from({ length: 80 }, (_, index) =>
      guarded(engine, call('web.read'), async () => {
        if (index % 2 === 0) await wait.opened
        return 'in'
      }),
    )
    await vi.advanceTimersByTimeAsync(1_000)
    wait.open()
    const answers = new Set(await Promise.all(calls))
    expect(answers).toEqual(new Set(['ERR_DISPATCH_TIMEOUT', 'in', 'rate_limited']))
    expect([budgets.open(), budgets.faults(), engine.stats().in_flight]).toEqual([0, [], 0])
  })
})
