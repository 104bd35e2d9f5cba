import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryOf } from './cost.fixture.ts'
import { anyEntries } from './cost-entries.fixture.ts'
import { type CostEntry, type CostTotals, groupCosts, reportCosts, totalsOf } from './report.ts'

const BASELINE = { baseline_model: 'openai/gpt-4o' }

function add(one: number, other: number): number {
  return one + other
}

/** All figures of totals, by where they stand. */
function figuresOf(totals: CostTotals): ReadonlyMap<string, number> {
  const { by_kind, saved_by, ...plain } = totals
  return new Map([
    ...Object.entries(plain),
    ...Object.entries(saved_by),
    ...Object.entries(by_kind).flatMap(([kind, sums]): [string, number][] => [
      [`${kind}.count`, sums.count],
      [`${kind}.nusd`, sums.nusd],
    ]),
  ])
}

describe('totals of costs', () => {
  it('are the sum of their parts, and savings are the baseline less the total', () => {
    fc.assert(
      fc.property(anyEntries, (given) => {
        const totals = totalsOf(given)
        const { total_nusd: total, baseline_nusd: baseline, savings_nusd: savings } = totals
        const spent = given.map((one) => one.cost.nusd ?? 0).reduce(add, 0)
        expect(total).toBe(spent)
        expect(
          Object.values(totals.by_kind)
            .map((one) => one.nusd)
            .reduce(add, 0),
        ).toBe(total)
        expect(savings).toBe(baseline - total)
        expect(Object.values(totals.saved_by).reduce(add, 0)).toBe(savings)
      }),
    )
  })

  it('are the same by any key', () => {
    const key = fc.constantFrom('kind', 'model', 'task', 'session', 'agent', 'tenant')
    fc.assert(
      fc.property(anyEntries, key, (given, by) => {
        const groups = [...groupCosts(given, (one) => String(one[by as keyof CostEntry])).values()]
        for (const [place, figure] of figuresOf(totalsOf(given)))
          expect(groups.map((one) => figuresOf(one).get(place) ?? Number.NaN).reduce(add, 0)).toBe(
            figure,
          )
      }),
    )
  })

  it('have as many calls as the models have', () => {
    fc.assert(
      fc.property(anyEntries, (given) => {
        const { models, totals } = reportCosts(given)
        expect(models.map(({ calls }) => calls).reduce(add, 0)).toBe(totals.calls)
        const { call, cache_hit } = totals.by_kind
        expect(models.map((one) => one.nusd).reduce(add, 0)).toBe(call.nusd + cache_hit.nusd)
      }),
    )
  })

  it.each<[string, Partial<CostEntry> & { nusd?: number }, Partial<CostTotals>]>([
    [
      'count a call and what it saves',
      { nusd: 30, baseline: { nusd: 100, interval: null } },
      {
        calls: 1,
        total_nusd: 30,
        savings_nusd: 70,
        saved_by: { routing: 70, cache: 0, overhead: 0 },
      },
    ],
    [
      'show savings below zero',
      { nusd: 100, baseline: { nusd: 30, interval: null } },
      { savings_nusd: -70 },
    ],
    [
      'credit the cache with what it saves',
      { kind: 'cache_hit', nusd: 5, baseline: { nusd: 100, interval: null } },
      { calls: 1, saved_by: { routing: 0, cache: 95, overhead: 0 } },
    ],
    [
      'charge classifying to the savings',
      { kind: 'classifier', nusd: 7, baseline: { nusd: 100, interval: null } },
      {
        calls: 0,
        total_nusd: 7,
        baseline_nusd: 0,
        savings_nusd: -7,
        saved_by: { routing: 0, cache: 0, overhead: -7 },
      },
    ],
    [
      'charge failed attempts',
      { kind: 'failed_attempt', nusd: 7 },
      { total_nusd: 7, savings_nusd: -7 },
    ],
    [
      'let a call without a baseline save nothing',
      { nusd: 30 },
      { baseline_nusd: 30, savings_nusd: 0, without_baseline: 1 },
    ],
    [
      'leave out what is not billed yet, and count it',
      { cost: { nusd: null, state: 'pending' }, baseline: { nusd: 100, interval: null } },
      {
        calls: 1,
        total_nusd: 0,
        baseline_nusd: 0,
        savings_nusd: 0,
        pending: 1,
        unknown: 0,
        without_baseline: 0,
      },
    ],
    [
      'leave out what nobody knows, and count it',
      { cost: { nusd: null, state: 'unknown' } },
      { calls: 1, total_nusd: 0, pending: 0, unknown: 1 },
    ],
  ])('%s', (_what, some, want) => {
    expect(totalsOf([entryOf(some)])).toMatchObject(want)
  })

  it('are refused where they are not exact any more', () => {
    const given = [entryOf({ nusd: Number.MAX_SAFE_INTEGER }), entryOf({ nusd: 1 })]
    expect(() => totalsOf(given)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })
})

describe('a headline', () => {
  const baseline = { nusd: 100, interval: { low: 90, high: 120 } }
  const given = [
    entryOf({ nusd: 30, baseline }),
    entryOf({ nusd: 20 }),
    entryOf({ kind: 'classifier', nusd: 5 }),
  ]
  it('is an estimate by the same tokens', () => {
    expect(reportCosts(given, BASELINE).headline).toEqual({
      method: 'same_tokens',
      n: 0,
      nusd: 120,
      interval: null,
      estimate: true,
      savings_nusd: 65,
    })
  })
  it('has an interval by ratios', () => {
    expect(reportCosts(given, { ...BASELINE, method: 'ratio', n: 44 }).headline).toEqual({
      method: 'ratio',
      n: 44,
      nusd: 120,
      interval: { low: 110, high: 140 },
      estimate: false,
      savings_nusd: 65,
    })
  })
  it('is what was measured, where it was', () => {
    const measured = {
      method: 'holdout',
      n: 200,
      nusd: 40,
      interval: { low: 30, high: 50 },
      estimate: false,
    } as const
    expect(reportCosts(given, { ...BASELINE, measured }).headline).toEqual({
      ...measured,
      savings_nusd: -15,
    })
  })
  it('is none without a baseline', () => {
    expect(reportCosts(given).headline).toBeNull()
  })
})
