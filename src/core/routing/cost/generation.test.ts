import { describe, expect, it } from 'vitest'
import { tokensOf } from './cost.fixture.ts'
import { actualCost } from './cost-of.ts'
import { readGeneration } from './generation.ts'

const RECORD = {
  id: 'gen-1',
  cancelled: true,
  tokens_prompt: 9,
  tokens_completion: 24,
  native_tokens_prompt: 10,
  native_tokens_completion: 25,
  native_tokens_completion_images: 2,
  native_tokens_reasoning: 5,
  native_tokens_cached: 3,
  total_cost: 0.0015,
  usage: 0.0014,
  upstream_inference_cost: 0.0012,
  is_byok: false,
}
const AT = 0

describe('the record of a generation', () => {
  it('has the vendor’s own counts, and the bill', () => {
    expect(readGeneration(RECORD)).toEqual({
      tokens: tokensOf({
        input_tokens: 10,
        cached_tokens: 3,
        output_tokens: 25,
        reasoning_tokens: 5,
        image_output_tokens: 2,
      }),
      cost_nusd: 1_500_000,
      upstream_nusd: 1_200_000,
      is_byok: false,
    })
  })

  it.each<[string, object, number | null]>([
    ['by its bill', RECORD, 1_500_000],
    ['by both bills with a key of one’s own', { ...RECORD, is_byok: true }, 2_700_000],
    ['by its older name', { ...RECORD, total_cost: undefined }, 1_400_000],
    ['by nothing it does not say', { native_tokens_prompt: 1, native_tokens_completion: 1 }, null],
    ['by nothing that is no cost', { ...RECORD, total_cost: 'free', usage: null }, null],
  ])('settles a call %s', (_what, record, want) => {
    expect(actualCost(readGeneration(record), null, { at: AT }).nusd).toBe(want)
  })

  it.each([null, [], 'gen-1', {}])('is none in %j', (record) => {
    expect(readGeneration(record)).toBeNull()
  })
})
