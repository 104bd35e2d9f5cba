import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINI, priceOf, SONNET, tokensOf } from './cost.fixture.ts'
import { type PlainPricing, referenceCost } from './cost.reference.ts'
import { costOfInput, costOfTokens, costParts } from './cost-of.ts'
import type { Tokens } from './usage.ts'

const AT = Date.UTC(2026, 0, 1, 12)

describe('the cost of tokens', () => {
  it.each<[string, object, Partial<Tokens>, number | null]>([
    ['prompt and answer', MINI, { input_tokens: 1_000, output_tokens: 500 }, 450_000],
    [
      'cached tokens are not counted twice',
      SONNET,
      { input_tokens: 100_000, cached_tokens: 90_000 },
      57_000_000,
    ],
    [
      'writing costs 1.25 of the prompt',
      SONNET,
      { input_tokens: 10_000, cache_write_tokens: 10_000 },
      37_500_000,
    ],
    [
      'reading costs a tenth of it',
      SONNET,
      { input_tokens: 10_000, cached_tokens: 10_000 },
      3_000_000,
    ],
    [
      'an hour costs twice as much',
      SONNET,
      { input_tokens: 10_000, cache_write_tokens: 10_000, cache_write_1h_tokens: 4_000 },
      46_500_000,
    ],
    ['a long context', SONNET, { input_tokens: 200_000, output_tokens: 1_000 }, 1_222_500_000],
    [
      'one that is one token too short',
      SONNET,
      { input_tokens: 199_999, output_tokens: 1_000 },
      614_997_000,
    ],
    [
      'reasoning is part of the answer',
      MINI,
      { output_tokens: 500, reasoning_tokens: 400 },
      300_000,
    ],
    [
      'reasoning with a price of its own',
      { ...MINI, internal_reasoning: '0.000001' },
      { output_tokens: 500, reasoning_tokens: 400 },
      460_000,
    ],
    [
      'a request, images and searches',
      { prompt: '0', request: '0.01', image: '0.002', web_search: '0.03' },
      { images: 2, web_searches: 3 },
      104_000_000,
    ],
    [
      'sound',
      { prompt: '0.000001', audio: '0.00001' },
      { input_tokens: 10, audio_input_tokens: 4 },
      46_000,
    ],
    [
      'sound that came from a cache is cached',
      { prompt: '0.000001', audio: '0.00001', input_cache_read: '0.0000001' },
      { input_tokens: 10, cached_tokens: 8, audio_input_tokens: 4 },
      20_800,
    ],
    [
      'an answer in sound and images',
      { prompt: '0', completion: '0.000001', audio_output: '0.00001', image_output: '0.0001' },
      { output_tokens: 10, reasoning_tokens: 1, audio_output_tokens: 2, image_output_tokens: 3 },
      325_000,
    ],
    [
      'a discount',
      { prompt: '0.000001', completion: '0.000002', discount: 0.25 },
      { input_tokens: 10, output_tokens: 10 },
      22_500,
    ],
    ['half a nano-dollar, rounded up', { prompt: '0.0000000005' }, { input_tokens: 1 }, 1],
    [
      'two halves, rounded once',
      { prompt: '0.0000000005', completion: '0.0000000005' },
      { input_tokens: 1, output_tokens: 1 },
      1,
    ],
    ['an answer without a price', { prompt: '1' }, { output_tokens: 1 }, null],
    ['more than a number holds', { prompt: '1' }, { input_tokens: 1e9 }, null],
  ])('%s', (_what, pricing, tokens, want) => {
    expect(costOfTokens(tokensOf(tokens), priceOf(pricing), AT)).toBe(want)
  })

  it('can leave out what is not input', () => {
    const price = priceOf({ ...SONNET, request: '1' })
    const tokens = tokensOf({ input_tokens: 10_000, cached_tokens: 10_000, output_tokens: 99 })
    expect(costOfInput(tokens, price, AT)).toBe(3_000_000)
  })

  const count = fc.nat({ max: 300_000 })
  const text = fc
    .tuple(fc.constantFrom('0', '3', '0.0000', '0.00000000'), fc.nat({ max: 1e9 }))
    .map(([whole, part]) => (whole.includes('.') ? `${whole}${part}` : `${whole}.0000${part}`))
  const pricing: fc.Arbitrary<PlainPricing> = fc.record({
    prompt: text,
    completion: text,
    request: text,
    image: text,
    web_search: text,
    internal_reasoning: text.filter((price) => Number(price) > 0),
    input_cache_read: text,
    input_cache_write: text,
    input_cache_write_1h: text,
    discount: fc.nat({ max: 10_000 }).map((part) => part / 10_000),
  })
  const used = fc
    .record({
      plain: count,
      cached: count,
      written: count,
      long: count,
      answer: count,
      thought: count,
      images: fc.nat({ max: 9 }),
      searches: fc.nat({ max: 9 }),
    })
    .map(({ plain, cached, written, long, answer, thought, images, searches }) =>
      tokensOf({
        input_tokens: plain + cached + written + long,
        cached_tokens: cached,
        cache_write_tokens: written + long,
        cache_write_1h_tokens: long,
        output_tokens: answer + thought,
        reasoning_tokens: thought,
        images,
        web_searches: searches,
      }),
    )

  it('is what fractions say', () => {
    fc.assert(
      fc.property(used, pricing, (tokens, prices) => {
        const want = Number(referenceCost(tokens, prices))
        expect(costOfTokens(tokens, priceOf(prices), AT)).toBe(
          Number.isSafeInteger(want) ? want : null,
        )
      }),
    )
  })

  it('is the sum of its parts', () => {
    fc.assert(
      fc.property(used, pricing, (tokens, prices) => {
        const parts = costParts(tokens, priceOf(prices), AT)
        const whole = costOfTokens(tokens, priceOf(prices), AT)
        const sum = Object.values(parts ?? {}).reduce((all, one: number) => all + one, 0)
        expect(parts === null ? null : sum).toBe(whole)
      }),
    )
  })

  it('has each part by its name', () => {
    const tokens = tokensOf({
      input_tokens: 60,
      cached_tokens: 20,
      cache_write_tokens: 30,
      output_tokens: 9,
      reasoning_tokens: 4,
      images: 1,
      web_searches: 1,
    })
    const prices = {
      prompt: '0.000000001',
      input_cache_read: '0.000000002',
      input_cache_write: '0.000000003',
      completion: '0.000000004',
      internal_reasoning: '0.000000005',
      request: '0.000000006',
      image: '0.000000007',
      web_search: '0.000000008',
    }
    expect(costParts(tokens, priceOf(prices), AT)).toEqual({
      prompt: 10,
      cached: 40,
      written: 90,
      completion: 20,
      reasoning: 20,
      request: 6,
      images: 7,
      searches: 8,
    })
  })
})
