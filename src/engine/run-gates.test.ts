import { describe, expect, it } from 'vitest'
import type { Call } from '../core/model/call.ts'
import type { Verdict } from '../core/model/decision.ts'
import type { Gate } from '../core/model/ports.ts'
import { engineWith, OTHER_TABLE, READ, SEND } from './engine.fixture.ts'

const gate = (name: string, check: Gate['check']): Gate => ({ name, check })
const saying = (name: string, verdict: Verdict): Gate => gate(name, () => verdict)
const decide = async (gates: readonly Gate[], request = READ, limits = {}) =>
  (await engineWith({ gates, limits }).engine.begin(request)).decision

describe('gates of the host', () => {
  it('run in their order after the built-in ones, each timed', async () => {
    const decision = await decide([
      saying('first', { kind: 'pass' }),
      saying('second', { kind: 'pass' }),
    ])
    expect([decision.effect, Object.keys(decision.timings)]).toEqual([
      'allow',
      [
        'session',
        'rbac',
        'secrets',
        'blocklist',
        'rate_limit',
        'hooks',
        'first',
        'second',
        'behavior',
      ],
    ])
  })

  it('never see what RBAC denied', async () => {
    let seen = 0
    const watching = gate('watching', () => {
      seen++
      return { kind: 'pass' }
    })
    const decision = await decide([watching], OTHER_TABLE)
    expect([decision.gate, seen]).toEqual(['rbac', 0])
  })

  it('end the line with the first denial, named with its words', async () => {
    const refusing = saying('office_hours', {
      kind: 'deny',
      reason: 'rate_limited',
      detail: 'come back later',
      retry_after_ms: 50,
    })
    const decision = await decide([refusing, saying('never', { kind: 'pass' })])
    expect(decision).toMatchObject({
      effect: 'deny',
      gate: 'office_hours',
      reason: 'rate_limited',
      detail: 'come back later',
      retry_after_ms: 50,
    })
    expect(Object.keys(decision.timings)).not.toContain('never')
  })

  const faults: [string, Gate['check']][] = [
    [
      'throws',
      () => {
        throw new Error('bug')
      },
    ],
    [
      'throws undefined',
      () => {
        throw undefined
      },
    ],
    ['rejects', () => Promise.reject(new Error('bug'))],
    ['never answers', () => new Promise(() => undefined)],
    ['says nothing', () => undefined as never],
    ['says something unknown', () => ({ kind: 'allow' }) as never],
    ['says something unknown later', async () => ({ kind: 'constructor' }) as never],
    ['rewrites to what is no JSON', () => ({ kind: 'compute', arguments: { a: 1n } as never })],
  ]
  it.each(faults)('deny with gate_failed when a gate %s', async (_name, check) => {
    const decision = await decide([gate('faulty', check)], READ, { gateTimeoutMs: 20 })
    expect([decision.effect, decision.reason, decision.gate]).toEqual([
      'deny',
      'gate_failed',
      'faulty',
    ])
  })

  it('let later gates judge the rewritten call, and dispatch what was judged', async () => {
    const seen: unknown[] = []
    const rewriting = saying('rewriting', {
      kind: 'compute',
      arguments: { table: 'orders', limit: 10 },
    })
    const watching = gate('watching', (call: Call) => {
      seen.push(call.arguments)
      return { kind: 'pass' }
    })
    const { engine } = engineWith({ gates: [rewriting, watching] })
    const dispatched = await engine.guard(READ, (args) => args)
    expect([dispatched, seen]).toEqual([
      { table: 'orders', limit: 10 },
      [{ table: 'orders', limit: 10 }],
    ])
  })

  it('observe a rewrite without applying it', async () => {
    const rewriting = saying('rewriting', { kind: 'compute', arguments: {} })
    const { engine } = engineWith({ gates: [rewriting], mode: 'observe' })
    expect(await engine.guard(READ, (args) => args)).toEqual(READ.arguments)
  })

  it.each([
    ['deny over escalate', ['escalate', 'deny'], 'deny'],
    ['escalate over compute', ['compute', 'escalate'], 'escalate'],
    ['escalate over compute in the other order', ['escalate', 'compute'], 'escalate'],
    ['compute over allow', ['pass', 'compute'], 'compute'],
  ] as const)('fold to the strictest: %s', async (_name, kinds, effect) => {
    const verdicts: Record<string, Verdict> = {
      pass: { kind: 'pass' },
      deny: { kind: 'deny', reason: 'blocklisted' },
      escalate: { kind: 'escalate', reason: 'approval_required' },
      compute: { kind: 'compute', arguments: { table: 'orders', limit: 1 } },
    }
    const gates = kinds.map((kind, index) =>
      saying(`gate${index}`, verdicts[kind] ?? { kind: 'pass' }),
    )
    expect((await decide(gates)).effect).toBe(effect)
  })

  it('cannot rewrite a call into one that RBAC denies', async () => {
    const rewriting = saying('rewriting', { kind: 'compute', arguments: { table: 'salaries' } })
    const decision = await decide([rewriting])
    expect([decision.effect, decision.reason, decision.gate]).toEqual([
      'deny',
      'constraint_violation',
      'rbac',
    ])
  })

  it.each([[undefined], ['because'], ['allowed'], ['constructor']])(
    'deny with gate_failed where a denial says %s',
    async (reason) => {
      const decision = await decide([saying('odd', { kind: 'deny', reason: reason as never })])
      expect([decision.reason, decision.gate]).toEqual(['gate_failed', 'odd'])
    },
  )

  it.each([
    [
      'a reason that changes when read again',
      () => {
        let reads = 0
        return {
          kind: 'deny',
          get reason() {
            return reads++ === 0 ? 'blocklisted' : 'allowed'
          },
        }
      },
      'blocklisted',
    ],
    [
      'a detail that is no text',
      () => ({ kind: 'deny', reason: 'blocklisted', detail: Symbol('x') }),
      'blocklisted',
    ],
    [
      'a getter that throws',
      () => ({
        get kind() {
          throw new Error('x')
        },
      }),
      'gate_failed',
    ],
  ])('are read once, by name: %s', async (_name, verdict, reason) => {
    const decision = await decide([gate('odd', verdict as never)])
    expect([decision.effect, decision.reason, decision.gate]).toEqual(['deny', reason, 'odd'])
    expect(() => String(decision.detail)).not.toThrow()
  })

  it('name the first of two gates that ask', async () => {
    const asking: Verdict = { kind: 'escalate', reason: 'approval_required' }
    expect((await decide([saying('first', asking), saying('second', asking)])).gate).toBe('first')
  })

  it('are given the signal of the caller', async () => {
    const controller = new AbortController()
    let aborted = false
    const watching = gate('watching', (_call, view) => {
      controller.abort()
      aborted = view.signal.aborted
      return { kind: 'pass' }
    })
    await decide([watching], { ...READ, signal: controller.signal })
    expect(aborted).toBe(true)
  })

  it('do not let a call out whose session was stopped while they thought', async () => {
    const slow = gate('slow', async (call) => {
      await engine.terminate(call.session, { by: 'ops' })
      return { kind: 'pass' }
    })
    const { engine } = engineWith({ gates: [slow] })
    const { decision, permitted } = await engine.begin(READ)
    expect([permitted, decision.reason]).toEqual([false, 'session_terminated'])
  })

  it('do not let a call out once the engine was closed meanwhile', async () => {
    let dispatched = 0
    const slow = gate('slow', async () => {
      await engine.close()
      return { kind: 'pass' }
    })
    const { engine } = engineWith({ gates: [slow] })
    await expect(engine.guard(READ, () => dispatched++)).rejects.toMatchObject({
      code: 'ERR_ENGINE_CLOSED',
    })
    expect(dispatched).toBe(0)
  })

  it('see only ids that are text', async () => {
    const seen: unknown[] = []
    const watching = gate('watching', (call) => {
      seen.push(call.ids)
      return { kind: 'pass' }
    })
    await decide([watching], { ...READ, ids: { task: 't', request: 7, extra: 'x' } as never })
    expect(seen).toEqual([{ task: 't' }])
  })

  it('carry obligations into the decision', async () => {
    const obliging = saying('obliging', {
      kind: 'pass',
      obligations: [{ kind: 'notify', channel: 'ops' }],
    })
    expect((await decide([obliging])).obligations).toEqual([{ kind: 'notify', channel: 'ops' }])
  })

  it('are told when nothing may move', async () => {
    const runs: boolean[] = []
    const watching = gate('watching', (_call, view) => {
      runs.push(view.dry_run)
      return { kind: 'pass' }
    })
    const { engine } = engineWith({ gates: [watching] })
    await engine.explain(READ)
    await engine.begin(READ)
    expect(runs).toEqual([true, false])
  })

  it('cannot permit what RBAC escalates', async () => {
    expect((await decide([saying('generous', { kind: 'pass' })], SEND)).effect).toBe('escalate')
  })
})
