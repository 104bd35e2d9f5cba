import { describe, expect, it } from 'vitest'
import type { Subject } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import type { ChargeUnit } from './accounts.ts'
import { actualOf, chargesOf, type Outcome, type Spending } from './budgets-of.ts'
import { callOf, limitsOf } from './limits.fixture.ts'

const FULL = { usd: 5, tokens: 1_000, calls: 10, seconds: 60, egress_bytes: 500 }

function amountsOf(spending: Spending): Partial<Record<ChargeUnit, number>> {
  const charges = chargesOf(callOf(), limitsOf({ budgets: [FULL] }), spending)
  return Object.fromEntries(charges.map(({ unit, amount }) => [unit, amount]))
}

describe('chargesOf', () => {
  it('charges nothing where nothing is budgeted', () => {
    expect(chargesOf(callOf(), limitsOf({}))).toEqual([])
  })

  it('sets one unit aside of what cannot be told beforehand, and no bytes that do not leave', () => {
    expect(amountsOf({})).toEqual({ usd: 1, tokens: 1, calls: 1, seconds: 1 })
    expect(amountsOf({ egressBytes: 0 })).not.toHaveProperty('egress_bytes')
  })

  it('sets aside what is expected, rounded up', () => {
    const spending = { estimate: { usd: 0.07, tokens: 10.2, ms: 1_500 }, egressBytes: 42 }

    expect(amountsOf(spending)).toEqual({
      usd: 70_000_000,
      tokens: 11,
      calls: 1,
      seconds: 1_500,
      egress_bytes: 42,
    })
  })

  it.each([Number.NaN, -5, 0])('sets one unit aside for an estimate of %s', (usd) => {
    expect(amountsOf({ estimate: { usd } }).usd).toBe(1)
  })

  it('lets an account that does not deny pass its limit', () => {
    const charges = chargesOf(callOf(), limitsOf({ budgets: [{ calls: 3, action: 'warn' }] }))

    expect(charges).toMatchObject([{ limit: Number.MAX_SAFE_INTEGER, allowed: 3 }])
  })

  it.each<[string, Partial<Subject>, Partial<Subject>, boolean]>([
    ['agent', { agent: 'a', user: 'x' }, { agent: 'a', user: 'y' }, true],
    ['agent', { agent: 'a' }, { agent: 'b' }, false],
    ['user', { agent: 'a', user: 'x' }, { agent: 'b', user: 'x' }, true],
    ['user', { agent: 'a' }, { agent: 'b' }, true],
    ['team', { team: 't', user: 'x' }, { team: 't', user: 'y' }, true],
    ['tenant', { tenant: 't', user: 'x' }, { tenant: 't', user: 'y' }, true],
    ['tenant', { tenant: 't' }, { tenant: 'u' }, false],
    ['all', { tenant: 't' }, { tenant: 'u' }, true],
    ['user', { tenant: 't', user: 'x' }, { tenant: 'u', user: 'x' }, false],
    ['session', { user: 'x' }, { user: 'y' }, false],
  ])('per %s: %j and %j share an account or not', (per, one, other, isShared) => {
    const limits = limitsOf({ budgets: [{ per, calls: 3 }] })
    const key = (subject: Partial<Subject>) => chargesOf(callOf(subject), limits)[0]?.key

    expect(key(one) === key(other)).toBe(isShared)
  })

  it.each<[string, JsonObject, number]>([
    ['another agent', { agent: 'cat' }, 0],
    ['this agent', { agent: 'bot' }, 1],
    ['each user', { user: '*' }, 1],
    ['each team, and there is none', { team: '*' }, 0],
  ])('charges a budget of %s', (_, filter, count) => {
    const limits = limitsOf({ budgets: [{ calls: 3, ...filter }] })

    expect(chargesOf(callOf({ user: 'ana' }), limits)).toHaveLength(count)
  })

  it('charges the sessions on whose behalf it happens, each account once', () => {
    const limits = limitsOf({
      per_session: { calls: 9, concurrent: 2 },
      budgets: [
        { per: 'session', usd: 1 },
        { per: 'user', tokens: 5 },
        { per: 'session', agent: 'lead', calls: 3 },
      ],
    })
    const subject = { agent: 'helper', user: 'ana' }
    const lead = { session: 'lead', subject: { agent: 'lead', user: 'ana' } }
    const charges = chargesOf(callOf(subject, { session: 'helper' }), limits, {}, [lead, lead])

    expect(charges.map(({ unit, isOwn }) => `${unit} ${isOwn ? 'own' : 'lead'}`)).toEqual([
      'calls own',
      'concurrent own',
      'usd own',
      'tokens own',
      'calls lead',
      'usd lead',
      'calls lead',
    ])
    expect(new Set(charges.map(({ key }) => key)).size).toBe(7)
  })
})

describe('actualOf', () => {
  const settled = (spending: Spending, outcome: Outcome) => {
    const limits = limitsOf({ per_session: { concurrent: 2 }, budgets: [FULL] })
    const charges = chargesOf(callOf(), limits, spending)
    return Object.fromEntries(charges.map((charge) => [charge.unit, actualOf(charge, outcome)]))
  }
  const estimate = { usd: 1, tokens: 50, ms: 100 }

  it.each<[string, Spending, Outcome, Record<string, number>]>([
    [
      'what was used',
      { estimate, egressBytes: 9 },
      { dispatched: true, ms: 20.5, usage: { usd: 0.25, tokens: 70 } },
      { concurrent: 0, usd: 250_000_000, tokens: 70, calls: 1, seconds: 21, egress_bytes: 9 },
    ],
    [
      'the estimate where nothing better is learned',
      { estimate },
      { dispatched: true },
      { concurrent: 0, usd: 1_000_000_000, tokens: 50, calls: 1, seconds: 100 },
    ],
    [
      'nothing where nothing was expected or used',
      {},
      { dispatched: true, ms: 0 },
      { concurrent: 0, usd: 0, tokens: 0, calls: 1, seconds: 0 },
    ],
    [
      'nothing for a call that was stopped after all',
      { estimate, egressBytes: 9 },
      { dispatched: false, ms: 5, usage: { usd: 1 } },
      { concurrent: 0, usd: 0, tokens: 0, calls: 0, seconds: 0, egress_bytes: 0 },
    ],
    [
      'what was set aside for figures that cannot be right',
      { estimate },
      { dispatched: true, ms: Number.NaN, usage: { usd: -1, tokens: Number.NaN } },
      { concurrent: 0, usd: 1_000_000_000, tokens: 50, calls: 1, seconds: 100 },
    ],
  ])('counts %s', (_, spending, outcome, wanted) => {
    expect(settled(spending, outcome)).toEqual(wanted)
  })
})
