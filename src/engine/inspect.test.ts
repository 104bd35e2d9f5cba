import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import type { Rule } from '../core/behavior/rule.ts'
import {
  callOf,
  mailWith,
  openEngine,
  readSecret,
  ruleOf,
  SECRET,
  step,
} from './behavior.fixture.ts'

const ROW = { rows: [{ api_key: SECRET }] }

describe('a response', () => {
  it('that is withheld says what was found in it, and shows nothing of it', async () => {
    const engine = openEngine({ rules: [ruleOf('response', { action: 'terminate' })] })
    const { outcome } = await step(engine, callOf('db.query', {}), ROW)
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        decision: {
          effect: 'deny',
          gate: 'behavior',
          reason: 'behavior_blocked',
          disposition: 'terminate',
        },
      },
    })
    const error = outcome?.ok === false ? outcome.error : undefined
    const decision = (error as { decision?: { findings: readonly { rule: string }[] } }).decision
    expect([
      decision?.findings.some(({ rule }) => rule === 'host_rule'),
      JSON.stringify([error, String(error)]).includes(SECRET),
    ]).toEqual([true, false])
  })

  it('that was withheld is not held against the session: the agent never saw it', async () => {
    let stops = true
    const rule: Rule = {
      ...ruleOf('response'),
      evaluate: () =>
        stops
          ? {
              ...{ rule: 'host_rule', severity: 'low', confidence: 1, message: 'no' },
              ...{ trigger: 1, sources: [], action: 'pause', score: 0 },
            }
          : undefined,
    }
    const engine = openEngine({ rules: [rule] })
    await step(engine, callOf('db.query', {}), ROW)
    stops = false
    await engine.resume('s', { by: 'ana' })
    const { ticket } = await step(engine, mailWith(SECRET))
    expect(ticket.decision.effect).toBe('allow')
  })

  it('is handed on as it is in observe mode, whatever is found', async () => {
    const rules = [ruleOf('response', { action: 'terminate' })]
    const engine = openEngine({ mode: 'observe', rules })
    const { outcome } = await step(engine, callOf('db.query', {}), ROW)
    expect([outcome?.ok && outcome.value, engine.session('s').disposition]).toEqual([
      ROW,
      'terminate',
    ])
  })

  it('counts as an event of its session', async () => {
    const engine = openEngine()
    await step(engine, callOf('web.read', {}))
    await engine.begin(callOf('web.read', { page: 2 }))
    const { events, sequence } = engine.session('s')
    expect([events, sequence]).toEqual([3, 2])
  })

  it('of a call that was denied is not looked at (H17)', async () => {
    const engine = openEngine({ rules: [ruleOf('request', { action: 'pause' })] })
    const ticket = await engine.begin(callOf('web.read', {}))
    const given = { ok: true, value: ROW } as const
    expect([await ticket.finish(given), engine.session('s').events]).toEqual([given, 1])
  })

  it('of a call that is finished twice is looked at once', async () => {
    const sink = memorySink()
    const engine = openEngine({ audit: [sink] })
    const ticket = await engine.begin(callOf('db.query', {}))
    const [one, other] = [
      await ticket.finish({ ok: true, value: ROW }),
      await ticket.finish({ ok: true, value: 'other' }),
    ]
    expect([one === other, engine.session('s').events, sink.records().length]).toEqual([true, 2, 2])
  })
})

describe('a response of a session that is gone', () => {
  it('is held against the session when it comes back: dropped for want of room', async () => {
    const engine = openEngine({ limits: { maxSessions: 2 } })
    const ticket = await engine.begin(callOf('db.query', {}))
    for (const session of ['b', 'c', 'd'])
      await step(engine, callOf('web.read', {}, { session, subject: { agent: session } }))
    const outcome = await ticket.finish({ ok: true, value: ROW })
    const { ticket: sent } = await step(engine, mailWith(SECRET))
    expect([outcome.ok, sent.decision.reason]).toEqual([true, 'behavior_blocked'])
  })

  it('is held against the one that has taken its place', async () => {
    const engine = openEngine({ limits: { maxSessions: 2 } })
    const ticket = await engine.begin(callOf('db.query', {}))
    for (const session of ['b', 'c', 'd', 's'])
      await step(engine, callOf('web.read', {}, { session, subject: { agent: session } }))
    await ticket.finish({ ok: true, value: ROW })
    const { ticket: sent } = await step(engine, mailWith(SECRET, { subject: { agent: 's' } }))
    expect(sent.decision.reason).toBe('behavior_blocked')
  })

  it('is held against it after it was ended and began anew', async () => {
    const engine = openEngine()
    const ticket = await engine.begin(callOf('db.query', {}))
    await engine.endSession('s')
    await ticket.finish({ ok: true, value: ROW })
    const { ticket: sent } = await step(engine, mailWith(SECRET, { subject: { agent: 'other' } }))
    expect(sent.decision.reason).toBe('behavior_blocked')
  })
})

it('a look at a request by `explain` leaves what is carried from session to session alone', async () => {
  const engine = openEngine()
  await readSecret(engine, { session: 'one' })
  const reasons = []
  for (let count = 0; count < 3; count++)
    reasons.push((await engine.explain(mailWith(SECRET, { session: 'two' }))).decision.reason)
  expect([new Set(reasons), engine.session('two').events]).toEqual([
    new Set(['behavior_blocked']),
    0,
  ])
})
