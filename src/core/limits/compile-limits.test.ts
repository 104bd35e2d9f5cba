import { describe, expect, it } from 'vitest'
import { TIERS } from '../model/call.ts'
import { parsePolicy } from '../policy/parse.ts'
import { BASE_RATES, TIER_MULTIPLIERS } from '../policy/schema/limits.ts'
import { compileLimits } from './compile-limits.ts'
import { limitsOf } from './limits.fixture.ts'

const rateOf = (limits: ReturnType<typeof limitsOf>, name: string, tier: 'user' | 'anonymous') =>
  limits.classes.get(name)?.get(tier)

describe('compileLimits', () => {
  it('makes no limits without a section', () => {
    expect(compileLimits(undefined)).toBeUndefined()
  })

  it('has every class at the rates and multipliers of the source documents', () => {
    const { classes } = limitsOf({})
    for (const [name, base] of Object.entries(BASE_RATES))
      for (const tier of TIERS) {
        const rate = base * (TIER_MULTIPLIERS[tier] ?? Number.NaN)
        expect(classes.get(name)?.get(tier)).toMatchObject({
          intervalMs: 1000 / rate,
          burst: 3 * rate,
        })
      }
  })

  it.each([
    ['a base', { base: { mcp: 50 } }, 'user', { intervalMs: 20, burst: 150 }],
    ['a multiplier', { multipliers: { user: 2 } }, 'user', { intervalMs: 2.5, burst: 1200 }],
    ['the burst', { burst_multiplier: 1 }, 'user', { intervalMs: 5, burst: 200 }],
    ['a slow base', { base: { mcp: 0.1 } }, 'anonymous', { intervalMs: 20_000, burst: 1 }],
    ['a fraction', { base: { mcp: 0.1 }, burst_multiplier: 30 }, 'user', { burst: 3 }],
  ] as const)(
    'takes %s from the section and the rest from the defaults',
    (_, section, tier, want) => {
      const limits = limitsOf(section)

      expect(rateOf(limits, 'mcp', tier)).toMatchObject(want)
      expect(rateOf(limits, 'inference', 'user')?.burst).toBeGreaterThan(0)
    },
  )

  it('lifts every rate where limits are disabled, and no budget', () => {
    const limits = limitsOf({
      disabled: true,
      per_session: { calls: 1, per_second: 1 },
      principals: [{ agent: 'bot', per_second: 1 }],
      budgets: [{ usd: 1 }],
    })

    expect(limits).toMatchObject({ isDisabled: true, principals: [], session: { rates: [] } })
    expect(limits.session.calls).toBeUndefined()
    expect(limits.budgets).toHaveLength(1)
  })

  it('gives the burst to the shortest time, and to the others what they count', () => {
    const limits = limitsOf({ per_session: { per_second: 2, per_day: 1_000, burst: 5 } })

    expect(limits.session.rates).toMatchObject([
      { intervalMs: 500, burst: 5 },
      { intervalMs: 86_400, burst: 1_000 },
    ])
  })

  it('counts budgets in whole units', () => {
    const [budget] = limitsOf({
      budgets: [
        {
          usd: 0.1,
          tokens: 7,
          calls: 3,
          seconds: 1.5,
          egress_bytes: 9,
          window: '1h',
          warn_at: 0.8,
        },
      ],
    }).budgets

    expect(budget?.lines.map(({ unit, limit }) => [unit, limit])).toEqual([
      ['usd', 100_000_000],
      ['tokens', 7],
      ['calls', 3],
      ['seconds', 1_500],
      ['egress_bytes', 9],
    ])
    expect(budget).toMatchObject({ per: 'session', action: 'deny', windowMs: 3_600_000 })
  })

  it('keeps every sum safe, however large a budget is', () => {
    const [budget] = limitsOf({ budgets: [{ usd: Number.MAX_SAFE_INTEGER }] }).budgets

    expect(budget?.lines[0]?.limit).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('tells budgets apart that differ only in what they allow, and keeps their accounts when moved', () => {
    const idsOf = (budgets: readonly { readonly usd: number; readonly per?: string }[]) =>
      limitsOf({ budgets: [...budgets] }).budgets.map(({ lines }) => lines[0]?.id)
    const [one, other] = idsOf([{ usd: 1 }, { usd: 5 }])

    expect(one).not.toBe(other)
    expect(idsOf([{ usd: 9, per: 'all' }, { usd: 2 }])[1]).toBe(one)
  })

  it('takes what a policy file says, `rate_limits` and `anon` too', () => {
    const { document } = parsePolicy(
      'limits: { multipliers: { anon: 0.25 } }\nrate_limits: [{ agent: "*", per_minute: 6 }]\n',
    )
    const limits = limitsOf(document.limits ?? {})

    expect(rateOf(limits, 'mcp', 'anonymous')?.intervalMs).toBe(20)
    expect(limits.principals[0]?.rates).toMatchObject([{ intervalMs: 10_000, burst: 6 }])
  })
})
