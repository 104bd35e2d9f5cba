import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryOf } from './cost.fixture.ts'
import { type CostEntry, type CostTotals, groupCosts, reportCosts, totalsOf } from './report.ts'
import { renderCosts } from './report-text.ts'

const KINDS = ['call', 'cache_hit', 'classifier', 'embedding', 'failed_attempt', 'shadow'] as const
const MODELS = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4.5', '__proto__', 'constructor']
const BASELINE = { baseline_model: 'openai/gpt-4o' }

const nusd = fc.oneof(fc.nat({ max: 999 }), fc.nat({ max: 1e7 }), fc.nat({ max: 1e12 }))
const name = fc.option(fc.constantFrom('a', 'b', 'c'))
const cost = fc.oneof(
  { weight: 6, arbitrary: nusd.map((amount) => ({ nusd: amount, state: 'billed' as const })) },
  fc.constantFrom(
    { nusd: null, state: 'pending' as const },
    { nusd: null, state: 'unknown' as const },
  ),
)
const entry: fc.Arbitrary<CostEntry> = fc.record({
  kind: fc.constantFrom(...KINDS),
  model: fc.constantFrom(...MODELS),
  task: name,
  session: name,
  agent: name,
  tenant: name,
  cost,
  baseline: fc.option(nusd.map((amount) => ({ nusd: amount, interval: null }))),
})
const entries = fc.array(entry, { maxLength: 40 })

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
      fc.property(entries, (given) => {
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
      fc.property(entries, key, (given, by) => {
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
      fc.property(entries, (given) => {
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

/** Dollars in a line, as whole units of its last digit. */
function unitsIn(text: string): bigint {
  const [, sign = '', whole = '', part = ''] = /(-?)\$(\d+)\.(\d+)/.exec(text) ?? []
  return BigInt(`${sign}${whole}${part}`)
}

describe('a report in print', () => {
  it('adds up, though its parts do not end at its digits', () => {
    const calls = (count: number, model: string, amount: number): readonly CostEntry[] =>
      Array.from({ length: count }, () =>
        entryOf({ model, nusd: amount, baseline: { nusd: 1_635_714, interval: null } }),
      )
    const given = [
      ...calls(9, 'openai/gpt-4o-mini', 77_777),
      ...calls(3, 'anthropic/claude-haiku-4.5', 566_666),
      ...calls(2, 'anthropic/claude-sonnet-4.6', 5_400_000),
      ...Array.from({ length: 14 }, () => entryOf({ kind: 'classifier', nusd: 64_286 })),
      entryOf({ cost: { nusd: null, state: 'pending' } }),
    ]
    expect(renderCosts(reportCosts(given, BASELINE))).toBe(
      [
        'SESSION TOTALS',
        '  total calls       15',
        '  total cost        $0.01410     # actually spent',
        '    classifier      $0.00090     # 14, in the total',
        '  baseline cost     $0.02290     # if all via openai/gpt-4o (same_tokens, estimate)',
        '  savings           $0.00880     38.4%',
        '  pending           1            # not billed yet, in no sum',
        '',
        'PER-MODEL',
        '  anthropic/claude-sonnet-4.6           2 calls    $0.01080',
        '  anthropic/claude-haiku-4.5            3 calls    $0.00170',
        '  openai/gpt-4o-mini                   10 calls    $0.00070',
        '',
      ].join('\n'),
    )
  })

  it('shows a loss, an interval, and what the cache saved', () => {
    const given = [
      entryOf({
        nusd: 5_000_000,
        baseline: { nusd: 1_000_000, interval: { low: 900_000, high: 1_200_000 } },
      }),
      entryOf({ kind: 'cache_hit', nusd: 0, baseline: { nusd: 1_000_000, interval: null } }),
    ]
    const text = renderCosts(reportCosts(given, { ...BASELINE, method: 'ratio', n: 31 }))
    expect(text).toContain('(ratio, n=31, between $0.0019 and $0.0022)')
    expect(text).toMatch(
      /savings +-\$0\.0030 +-150\.0%\n {4}by routing +-\$0\.0040\n {4}by the cache +\$0\.0010\n/,
    )
  })

  it('says nothing of savings without a baseline', () => {
    expect(renderCosts(reportCosts([entryOf({ nusd: 5 })]))).not.toMatch(/savings|baseline/)
  })

  it('prints a name as one line', () => {
    const text = renderCosts(reportCosts([entryOf({ model: 'a\nSESSION TOTALS\u001b[2J' })]))
    expect(text.match(/SESSION TOTALS/g)).toHaveLength(2)
    expect(text).toContain('  a?SESSION TOTALS?[2J ')
  })

  it('adds up to its last digit, whatever it holds', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const report = reportCosts(given, BASELINE)
        const [head = '', models = ''] = renderCosts(report).split('\nPER-MODEL\n')
        const lines = head.split('\n')
        const find = (label: string): bigint =>
          unitsIn(lines.find((one) => one.startsWith(`  ${label}`)) ?? '')
        const serving = lines.filter((one) => one.includes('in the total')).map(unitsIn)
        const parts = [...models.trimEnd().split('\n').filter(Boolean).map(unitsIn), ...serving]
        const places = /\$\d+\.(\d+)/.exec(head)?.[1]?.length ?? 0
        const total = find('total cost')
        expect(parts.reduce((all, one) => all + one, 0n)).toBe(total)
        expect(find('baseline cost') - total).toBe(find('savings'))
        const isSplit = lines.some((one) => one.includes('by the cache'))
        if (isSplit) expect(find('  by routing') + find('  by the cache')).toBe(find('savings'))
        // What is printed is what was spent, to half of the last digit.
        const unit = 10n ** BigInt(9 - places)
        const off = 2n * (total * unit - BigInt(report.totals.total_nusd))
        expect(off <= unit && -off <= unit).toBe(true)
      }),
    )
  })
})
