import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Baseline, headline, holdoutBaseline, shadowBaseline } from './baseline.ts'
import { baselineCall } from './baseline-call.ts'
import { bootstrap, drawnSum } from './bootstrap.ts'
import { MINI, priceOf, SONNET, tokensOf } from './cost.fixture.ts'
import { EMPTY_LEDGER } from './ledger.ts'
import { measureRatios, type TokenPair } from './ratio.ts'
import { seeded } from './seeded.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const TARGET = { model: 'anthropic/claude-sonnet-4.6', price: priceOf(SONNET) }

function drawn(count: number, from: number, to: number, seed: number): readonly number[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => Math.round(from + random() * (to - from)))
}

describe('a bootstrap', () => {
  it('is the same for the same seed, and another for another', () => {
    const values = drawn(50, 0, 1_000, 3)
    const mean = ([counts]: readonly Uint32Array[]): number => drawnSum(values, counts) / 50
    const [one, again, other] = [5, 5, 6].map((seed) => bootstrap([50], mean, { seed }))
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
  })

  it('holds the true mean about as often as it says', () => {
    let held = 0
    for (let seed = 1; seed <= 200; seed++) {
      const values = drawn(60, 0, 1_000, seed * 7)
      const { low, high } = bootstrap([60], ([counts]) => drawnSum(values, counts) / 60, { seed })
      if (low <= 500 && high >= 500) held++
    }
    expect(held).toBeGreaterThan(180)
    expect(held).toBeLessThan(200)
  })

  it('is narrower with a lower level', () => {
    const values = drawn(50, 0, 1_000, 3)
    const width = (level: number): number => {
      const { low, high } = bootstrap([50], ([counts]) => drawnSum(values, counts), { level })
      return high - low
    }
    expect(width(0.5)).toBeLessThan(width(0.95))
  })

  it('is all that was drawn at the level of all', () => {
    const values = drawn(50, 100, 1_000, 3)
    const figures: number[] = []
    const sum = ([counts]: readonly Uint32Array[]): number => {
      figures.push(drawnSum(values, counts))
      return figures.at(-1) ?? 0
    }
    const { low, high } = bootstrap([50], sum, { level: 1 })
    expect([low, high, figures.length]).toEqual([Math.min(...figures), Math.max(...figures), 2_000])
  })

  it('takes fewer rounds of many rows, and never fewer than 200', () => {
    const roundsOf = (size: number): number => {
      let rounds = 0
      bootstrap([size], () => rounds++)
      return rounds
    }
    expect([roundsOf(0), roundsOf(20_000), roundsOf(200_000)]).toEqual([2_000, 1_000, 200])
  })

  it('draws as many as there are', () => {
    const sums: number[] = []
    bootstrap([9, 4], (draws) => {
      sums.push(...draws.map((counts) => counts.reduce((all, one) => all + one, 0)))
      return 0
    })
    expect(new Set(sums)).toEqual(new Set([9, 4]))
  })
})

describe('a holdout', () => {
  it('puts the mean of the held sessions in the place of the routed ones', () => {
    const found = holdoutBaseline({ routed: [10, 20, 30, 40], held: [50, 70] })
    // Held sessions cost 60 each: six of them 360. 220 are spent, 140 are saved.
    expect(found).toMatchObject({ method: 'holdout', n: 2, nusd: 360, estimate: false })
  })

  it('shows savings below zero', () => {
    const found = holdoutBaseline({ routed: [50, 60], held: [10, 10] })
    expect(found?.nusd).toBe(40)
  })

  it('has an interval about its figure, and one that holds where the arms are alike', () => {
    const arms = { routed: drawn(300, 0, 1e6, 1), held: drawn(200, 0, 1e6, 2) }
    const spent = [...arms.routed, ...arms.held].reduce((all, one) => all + one, 0)
    const found = holdoutBaseline(arms)
    const { low = 0, high = 0 } = found?.interval ?? {}
    expect([low < spent, high > spent]).toEqual([true, true])
    expect([low < (found?.nusd ?? 0), high > (found?.nusd ?? 0)]).toEqual([true, true])
  })

  it('is none without both arms', () => {
    expect(holdoutBaseline({ routed: [], held: [1] })).toBeUndefined()
    expect(holdoutBaseline({ routed: [1], held: [] })).toBeUndefined()
  })

  it('refuses sums that are not exact', () => {
    const routed = [Number.MAX_SAFE_INTEGER, 1]
    expect(() => holdoutBaseline({ routed, held: [1] })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})

describe('shadows', () => {
  it('put their mean difference on every call', () => {
    const rows = [
      { served_nusd: 10, baseline_nusd: 30 },
      { served_nusd: 20, baseline_nusd: 20 },
    ]
    const found = shadowBaseline(rows, { calls: 100, spent: 1_500 })
    expect(found).toMatchObject({ method: 'shadow', n: 2, nusd: 2_500, estimate: false })
    expect(found?.interval).toEqual({ low: 1_500, high: 3_500 })
    expect(shadowBaseline([], { calls: 1, spent: 1 })).toBeUndefined()
  })
})

describe('the headline', () => {
  const of = (method: Baseline['method'], n: number): Baseline => ({
    method,
    n,
    nusd: 1,
    interval: { low: 0, high: 2 },
    estimate: method === 'same_tokens',
  })
  const [holdout, ratio, same] = [of('holdout', 100), of('ratio', 30), of('same_tokens', 0)]
  it.each<[string, Parameters<typeof headline>, Baseline | undefined]>([
    ['is the holdout', [{ holdout, ratio, same_tokens: same }], holdout],
    [
      'is the ratio where the holdout is small',
      [{ holdout: of('holdout', 99), ratio, same_tokens: same }],
      ratio,
    ],
    [
      'is the estimate where the ratio is small too',
      [{ ratio: of('ratio', 29), same_tokens: same }],
      same,
    ],
    [
      'is the estimate where the ratio has no interval',
      [{ ratio: { ...ratio, interval: null }, same_tokens: same }],
      same,
    ],
    [
      'takes other sizes',
      [
        { holdout, ratio },
        { least_sessions: 101, least_rows: 29 },
      ],
      ratio,
    ],
    ['is none without any', [{}], undefined],
  ])('%s', (_what, given, want) => {
    expect(headline(...given)).toBe(want)
  })
})

const PAIR: TokenPair = {
  served: 'a',
  baseline: 'b',
  task: 'code',
  served_input: 100,
  served_output: 100,
  baseline_input: 110,
  baseline_output: 200,
}

describe('ratios of tokens', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({
    ...PAIR,
    served_output: 50 + index,
    baseline_output: 2 * (50 + index) + (index % 5),
  }))

  it('are ratios of sums, with an interval about them', () => {
    const found = measureRatios(rows).get(PAIR)
    const output = found?.output
    expect(found?.n).toBe(30)
    expect(found?.input).toEqual({ value: 1.1, low: 1.1, high: 1.1 })
    const [served, baseline] = [
      rows.reduce((all, row) => all + row.served_output, 0),
      rows.reduce((all, row) => all + row.baseline_output, 0),
    ]
    expect(output?.value).toBe(baseline / served)
    expect([
      (output?.low ?? 9) < (output?.value ?? 0),
      (output?.high ?? 0) > (output?.value ?? 9),
    ]).toEqual([true, true])
  })

  it('go by the task, else by the models, else there are none', () => {
    const other = rows.map((row) => ({
      ...row,
      task: 'math',
      baseline_output: 10 * row.served_output,
    }))
    const table = measureRatios([...rows, ...other])
    expect(table.get({ ...PAIR, task: 'math' })).toMatchObject({ n: 30, output: { value: 10 } })
    expect(table.get({ ...PAIR, task: 'rag' })).toMatchObject({ n: 60 })
    expect(table.get({ ...PAIR, served: 'b', baseline: 'a' })).toBeUndefined()
  })

  it('are none where too little was measured, or nothing counted', () => {
    expect(measureRatios(rows.slice(1)).get(PAIR)).toBeUndefined()
    expect(measureRatios(rows.slice(1), { least_rows: 29 }).get(PAIR)?.n).toBe(29)
    const silent = rows.map((row) => ({ ...row, served_output: 0 }))
    expect(measureRatios(silent).get(PAIR)).toBeUndefined()
  })
})

describe('a call at the baseline', () => {
  const call = (input: number, output: number, at = AT) => ({
    tokens: tokensOf({ input_tokens: input, output_tokens: output, cached_tokens: input }),
    at,
  })

  it('has the baseline’s own cache, not that of the model that answered', () => {
    const first = baselineCall(EMPTY_LEDGER, TARGET, call(20_000, 100))
    const second = baselineCall(first.ledger, TARGET, call(21_000, 100, AT + 1_000))
    expect([first.nusd, second.nusd]).toEqual([
      20_000 * 3_750 + 100 * 15_000,
      20_000 * 300 + 1_000 * 3_750 + 100 * 15_000,
    ])
    expect(first).toMatchObject({ method: 'same_tokens', n: 0, interval: null })
  })

  it('has the tokens that the baseline was measured to need', () => {
    const target = { model: 'openai/gpt-4o-mini', price: priceOf(MINI) }
    const ratios = {
      n: 40,
      input: { value: 1.5, low: 1.5, high: 1.5 },
      output: { value: 2, low: 1, high: 3 },
    }
    const found = baselineCall(EMPTY_LEDGER, target, call(1_000, 100), ratios)
    expect(found).toMatchObject({
      method: 'ratio',
      n: 40,
      nusd: 1_500 * 150 + 200 * 600,
      interval: { low: 1_500 * 150 + 100 * 600, high: 1_500 * 150 + 300 * 600 },
    })
    expect(found.ledger.prefix_tokens).toBe(1_500)
  })

  it('has no interval where an end of it has no price', () => {
    const input = { value: 1, low: 1, high: 1 }
    const ratios = { n: 40, input, output: { value: 1, low: 1, high: 1e9 } }
    const target = { model: 'dear', price: priceOf({ prompt: '0', completion: '1' }) }
    expect(baselineCall(EMPTY_LEDGER, target, call(10, 10), ratios)).toMatchObject({
      nusd: 1e10,
      interval: null,
    })
  })

  it('lies within its interval, in whatever order the turns grow', () => {
    const ratio = fc
      .tuple(
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 2, noNaN: true }),
      )
      .map(([low, high]) => ({ value: 1, low, high }))
    const turns = fc.array(fc.tuple(fc.nat({ max: 5_000 }), fc.nat({ max: 900 })), { maxLength: 6 })
    fc.assert(
      fc.property(ratio, ratio, turns, (input, output, grows) => {
        let ledger = EMPTY_LEDGER
        let length = 0
        for (const [grown, written] of grows) {
          length += grown
          const found = baselineCall(ledger, TARGET, call(length, written), {
            n: 30,
            input,
            output,
          })
          ledger = found.ledger
          const { low = Number.NaN, high = Number.NaN } = found.interval ?? {}
          // Parts of scaled tokens are rounded down: a token or two may fall to another price.
          expect(low).toBeLessThanOrEqual((found.nusd ?? 0) + 10_000)
          expect(high).toBeGreaterThanOrEqual((found.nusd ?? 0) - 10_000)
        }
      }),
    )
  })
})
