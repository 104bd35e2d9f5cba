import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokensOf } from './cost.fixture.ts'
import { MOST_TOKENS, type ModelUsage, readModelUsage, type Tokens } from './usage.ts'

const UNBILLED = { cost_nusd: null, upstream_nusd: null, is_byok: false }

describe('usage', () => {
  it.each<[string, object, Partial<Tokens>]>([
    [
      'of a chat, whose prompt has what was cached in it',
      {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30, audio_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 3, image_tokens: 2 },
      },
      {
        input_tokens: 100,
        cached_tokens: 60,
        cache_write_tokens: 30,
        audio_input_tokens: 5,
        output_tokens: 50,
        reasoning_tokens: 20,
        audio_output_tokens: 3,
        image_output_tokens: 2,
      },
    ],
    [
      'of responses, whose input has it too',
      {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60 },
        output_tokens: 50,
        output_tokens_details: { reasoning_tokens: 20 },
        total_tokens: 150,
      },
      { input_tokens: 100, cached_tokens: 60, output_tokens: 50, reasoning_tokens: 20 },
    ],
    [
      'of Anthropic, whose input does not',
      {
        input_tokens: 10,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
        output_tokens: 50,
        server_tool_use: { web_search_requests: 2 },
      },
      {
        input_tokens: 100,
        cached_tokens: 60,
        cache_write_tokens: 30,
        cache_write_1h_tokens: 10,
        output_tokens: 50,
        web_searches: 2,
      },
    ],
    [
      'of Anthropic, with nothing written but what it says by life',
      {
        input_tokens: 10,
        cache_creation: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 3 },
        output_tokens: 1,
      },
      { input_tokens: 20, cache_write_tokens: 10, cache_write_1h_tokens: 3, output_tokens: 1 },
    ],
    [
      'of Anthropic, with nulls',
      { input_tokens: 10, cache_read_input_tokens: null, output_tokens: 1 },
      { input_tokens: 10, output_tokens: 1 },
    ],
    [
      'of a chat that names both forms is counted once',
      {
        prompt_tokens: 100,
        completion_tokens: 1,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 30,
        prompt_tokens_details: { cached_tokens: 60 },
      },
      { input_tokens: 100, cached_tokens: 60, cache_write_tokens: 30, output_tokens: 1 },
    ],
    [
      'of a chat with hits of its own name',
      { prompt_tokens: 100, prompt_cache_hit_tokens: 64, completion_tokens: 1 },
      { input_tokens: 100, cached_tokens: 64, output_tokens: 1 },
    ],
    [
      'of an answer whose reasoning is apart',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 115,
        completion_tokens_details: { reasoning_tokens: 100 },
      },
      { input_tokens: 10, output_tokens: 105, reasoning_tokens: 100 },
    ],
    [
      'of the most tokens a call may have',
      { prompt_tokens: MOST_TOKENS },
      { input_tokens: MOST_TOKENS },
    ],
    ['of embeddings', { prompt_tokens: 8, total_tokens: 8 }, { input_tokens: 8 }],
    [
      'of completions',
      { prompt_tokens: 8, completion_tokens: 2 },
      { input_tokens: 8, output_tokens: 2 },
    ],
    ['of an answer from a cache', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, {}],
  ])('%s', (_what, usage, want) => {
    expect(readModelUsage(usage)).toEqual({ ...UNBILLED, tokens: tokensOf(want) })
  })

  it.each<[string, object]>([
    [
      'more from the cache than was read',
      { prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 6 } },
    ],
    [
      'more in both directions than was read',
      { prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 3 } },
    ],
    [
      'more reasoning than answer',
      {
        prompt_tokens: 5,
        completion_tokens: 1,
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    ],
    [
      'an hour’s writing that was not written',
      {
        input_tokens: 5,
        cache_creation_input_tokens: 1,
        cache_creation: { ephemeral_1h_input_tokens: 2 },
      },
    ],
    ['more sound than was read', { prompt_tokens: 5, prompt_tokens_details: { audio_tokens: 6 } }],
    [
      'more parts than the answer',
      {
        prompt_tokens: 5,
        completion_tokens: 5,
        completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 2, image_tokens: 2 },
      },
    ],
    ['less than nothing', { prompt_tokens: -1 }],
    ['parts of tokens', { prompt_tokens: 1.5 }],
    ['texts', { prompt_tokens: '5' }],
    ['no number', { prompt_tokens: Number.NaN }],
    ['no input', { completion_tokens: 5 }],
    ['more than any call', { prompt_tokens: MOST_TOKENS + 1 }],
    ['nothing', {}],
  ])('that says %s has no tokens', (_what, usage) => {
    expect(readModelUsage(usage)).toBeNull()
    expect(readModelUsage({ ...usage, cost: 0.5 })).toMatchObject({ tokens: null, cost_nusd: 5e8 })
  })

  it.each([undefined, null, 5, 'x', [], true])('that is %j is none', (usage) => {
    expect(readModelUsage(usage)).toBeNull()
  })

  it('has the bill, and both parts of it with a key of one’s own', () => {
    const cost_details = { upstream_inference_cost: 0.003 }
    const usage = { prompt_tokens: 1, cost: 0.00015, is_byok: true, cost_details }
    expect(readModelUsage(usage)).toMatchObject({
      cost_nusd: 150_000,
      upstream_nusd: 3_000_000,
      is_byok: true,
    })
  })

  it('has the images of the request', () => {
    expect(readModelUsage({ prompt_tokens: 1 }, { images: 2 })?.tokens?.images).toBe(2)
  })

  it('never has a part that is more than its whole, whatever is given', () => {
    const names = [
      'prompt_tokens',
      'completion_tokens',
      'input_tokens',
      'output_tokens',
      'total_tokens',
      'cost',
    ]
    const value = fc.oneof(fc.integer({ min: -5, max: 50 }), fc.jsonValue({ maxDepth: 1 }))
    const details = fc.dictionary(
      fc.constantFrom('cached_tokens', 'cache_write_tokens', 'reasoning_tokens', 'audio_tokens'),
      value,
    )
    const usage = fc.record(
      {
        ...Object.fromEntries(names.map((name) => [name, value])),
        prompt_tokens_details: details,
        input_tokens_details: details,
        completion_tokens_details: details,
        cache_read_input_tokens: value,
        cache_creation_input_tokens: value,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(usage, (given) => {
        const read: ModelUsage | null = readModelUsage(given)
        if (read?.tokens == null) return
        const { tokens } = read
        expect(
          Object.values(tokens).every((count) => Number.isSafeInteger(count) && count >= 0),
        ).toBe(true)
        expect(tokens.cached_tokens + tokens.cache_write_tokens).toBeLessThanOrEqual(
          tokens.input_tokens,
        )
        expect(tokens.reasoning_tokens).toBeLessThanOrEqual(tokens.output_tokens)
      }),
      { numRuns: 300 },
    )
  })
})
