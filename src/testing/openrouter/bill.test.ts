import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billOf, dollars, type FakeTerms, type FakeTokens } from './bill.ts'
import { fakeOpenRouter } from './fake-openrouter.ts'
import { FAKE_MODELS, type FakeModel, type FakePricing } from './model.ts'
import { chat, fakeHere, get, SONNET } from './openrouter.fixture.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const TERMS: FakeTerms = { isByok: false, tier: 'default', at: AT }
const NONE: FakeTokens = {
  prompt: 0,
  cached: 0,
  written: 0,
  completion: 0,
  reasoning: 0,
  images: 0,
}

function modelWith(pricing: FakePricing): FakeModel {
  const [first] = FAKE_MODELS
  if (first === undefined) throw new Error('there are no models')
  return { ...first, pricing }
}

describe('a bill', () => {
  const PRICES = { prompt: '0.000001', completion: '0.000004' }
  it.each<[string, FakePricing, Partial<FakeTokens>, Partial<FakeTerms>, number]>([
    ['prompt and completion', PRICES, { prompt: 10, completion: 5 }, {}, 30_000],
    ['a price for the request', { ...PRICES, request: '0.01' }, {}, {}, 10_000_000],
    ['images', { ...PRICES, image: '0.002' }, { images: 2 }, {}, 4_000_000],
    [
      'tokens read from a cache',
      { ...PRICES, input_cache_read: '0.0000001' },
      { prompt: 10, cached: 8 },
      {},
      2_800,
    ],
    ['such without a price of their own', PRICES, { prompt: 10, cached: 8 }, {}, 10_000],
    [
      'tokens written to a cache',
      { ...PRICES, input_cache_write: '0.00000125' },
      { prompt: 10, written: 8 },
      {},
      12_000,
    ],
    [
      'tokens of reasoning',
      { ...PRICES, internal_reasoning: '0.00001' },
      { completion: 5, reasoning: 3 },
      {},
      38_000,
    ],
    ['a discount', { ...PRICES, discount: 0.25 }, { prompt: 10 }, {}, 7_500],
    ['the flex tier', PRICES, { prompt: 10 }, { tier: 'flex' }, 5_000],
    ['the priority tier', PRICES, { prompt: 10 }, { tier: 'priority' }, 20_000],
    [
      'half a nano-dollar, rounded up',
      { prompt: '0.0000000005', completion: '0' },
      { prompt: 1 },
      {},
      1,
    ],
    ['less than that', { prompt: '0.000000000499', completion: '0' }, { prompt: 1 }, {}, 0],
    [
      'a long context',
      { ...PRICES, overrides: [{ min_prompt_tokens: 10, prompt: '0.000002' }] },
      { prompt: 10, completion: 1 },
      {},
      24_000,
    ],
    [
      'one that is not long enough',
      { ...PRICES, overrides: [{ min_prompt_tokens: 11, prompt: '0.000002' }] },
      { prompt: 10 },
      {},
      10_000,
    ],
    [
      'the last of two overrides',
      { ...PRICES, overrides: [{ prompt: '0.000002' }, { prompt: '0.000003' }] },
      { prompt: 10 },
      {},
      30_000,
    ],
    [
      'a time of day',
      { ...PRICES, overrides: [{ utc_start: '11:00', utc_end: '12:01', prompt: '0' }] },
      { prompt: 10 },
      {},
      0,
    ],
    [
      'one over midnight',
      { ...PRICES, overrides: [{ utc_start: '22:00', utc_end: '12:00', prompt: '0' }] },
      { prompt: 10 },
      {},
      10_000,
    ],
  ])('counts %s', (_what, pricing, tokens, terms, want) => {
    const bill = billOf(modelWith(pricing), { ...NONE, ...tokens }, { ...TERMS, ...terms })
    expect(bill.cost).toBe(want)
  })

  it('is five percent with a key of one’s own, and the list price upstream', () => {
    const model = modelWith(PRICES)
    const bill = billOf(model, { ...NONE, prompt: 10, completion: 5 }, { ...TERMS, isByok: true })
    const parts = { upstreamPrompt: 10_000, upstreamCompletion: 20_000 }
    expect(bill).toEqual({ cost: 1_500, upstream: 30_000, ...parts })
  })

  it('adds up, and reads back from dollars to the last digit', () => {
    const count = fc.nat({ max: 2_000_000 })
    fc.assert(
      fc.property(fc.constantFrom(...FAKE_MODELS), count, count, (model, prompt, completion) => {
        const bill = billOf(model, { ...NONE, prompt, completion }, TERMS)
        expect(bill.upstreamPrompt + bill.upstreamCompletion).toBe(bill.upstream)
        const text = JSON.stringify(dollars(bill.cost))
        expect(Math.round(Number(text) * 1e9)).toBe(bill.cost)
      }),
    )
  })
})

describe('a price', () => {
  it.each(['', '-1', '1e-6', '.5', '0.0000000000000000001'])(
    'that is none is refused: %j',
    async (text) => {
      const models = [modelWith({ prompt: '0', completion: '0', overrides: [{ prompt: text }] })]
      await expect(fakeOpenRouter({ models })).rejects.toMatchObject({
        code: 'ERR_OPTIONS_INVALID',
      })
    },
  )
})

describe('the sum of the bills', () => {
  it('is what stats, key and credits say', async () => {
    const fake = await fakeHere({ creditsUsd: 1 })
    const bodies = [await chat(fake), await chat(fake, { model: SONNET }), await chat(fake)]
    const sum = bodies.reduce((total, { usage }) => total + Math.round(usage.cost * 1e9), 0)
    const stats = fake.stats()
    expect(stats.cost).toBe(sum)
    expect(Object.values(stats.models).reduce((total, { calls }) => total + calls, 0)).toBe(3)
    expect((await get(fake, '/key')).data).toMatchObject({
      usage: sum / 1e9,
      limit_remaining: (1e9 - sum) / 1e9,
    })
    expect((await get(fake, '/credits')).data).toEqual({ total_credits: 1, total_usage: sum / 1e9 })
  })

  it('has the fee of a key of one’s own only', async () => {
    const fake = await fakeHere({ byok: ['anthropic'] })
    const headers = { 'x-openrouter-metadata': 'enabled' }
    const { usage, openrouter_metadata } = await chat(fake, { model: SONNET }, headers)
    const { upstream_inference_cost } = usage.cost_details
    expect([usage.is_byok, openrouter_metadata.is_byok]).toEqual([true, true])
    expect(usage.cost).toBeCloseTo(upstream_inference_cost * 0.05, 9)
    expect(fake.stats().cost).toBe(Math.round(usage.cost * 1e9))
  })
})
