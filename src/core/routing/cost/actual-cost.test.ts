import { describe, expect, it } from 'vitest'
import { priceOf, SONNET } from './cost.fixture.ts'
import { actualCost, type CallEnd, type Cost } from './cost-of.ts'
import { readModelUsage } from './usage.ts'

const AT = Date.UTC(2026, 0, 1, 12)

describe('what a call cost', () => {
  const TOKENS = { prompt_tokens: 10_000, completion_tokens: 1_000 }
  const LISTED = 45_000_000
  const EMPTY = { prompt_tokens: 10_000, completion_tokens: 0 }
  const SEARCHED = { ...EMPTY, server_tool_use: { web_search_requests: 2 } }
  const byok = (cost: number | null, upstream: number | null): object => ({
    ...TOKENS,
    cost,
    is_byok: true,
    cost_details: { upstream_inference_cost: upstream },
  })
  it.each<[string, object | null, Omit<CallEnd, 'at'>, Cost]>([
    ['is what is billed', { ...TOKENS, cost: 0.00014925 }, {}, { nusd: 149_250, state: 'billed' }],
    ['may be nothing', { ...TOKENS, cost: 0 }, {}, { nusd: 0, state: 'billed' }],
    ['is computed without a bill', TOKENS, {}, { nusd: LISTED, state: 'computed' }],
    [
      'is fee and charge with a key of one’s own',
      byok(0.00225, 0.045),
      {},
      { nusd: 47_250_000, state: 'billed' },
    ],
    [
      'is the charge alone where there is no fee',
      byok(0, 0.045),
      {},
      { nusd: LISTED, state: 'billed' },
    ],
    [
      'is the fee and the list where the charge is not said',
      byok(0.00225, null),
      {},
      { nusd: 47_250_000, state: 'computed' },
    ],
    [
      'is not known where the fee is not said',
      byok(null, 0.045),
      {},
      { nusd: null, state: 'unknown' },
    ],
    [
      'is not the charge where the key is theirs',
      { ...byok(0.045, 0.04), is_byok: false },
      {},
      { nusd: LISTED, state: 'billed' },
    ],
    [
      'is to come where the call broke off',
      TOKENS,
      { settles: true },
      { nusd: null, state: 'pending' },
    ],
    ['is to come without usage', null, { settles: true }, { nusd: null, state: 'pending' }],
    [
      'is known where it broke off after its bill',
      { ...TOKENS, cost: 1 },
      { settles: true },
      { nusd: 1e9, state: 'billed' },
    ],
    ['is not known without usage', null, {}, { nusd: null, state: 'unknown' }],
    [
      'is waived for an empty answer that never ended',
      EMPTY,
      { insured: true, finish_reason: null },
      { nusd: 0, state: 'computed' },
    ],
    [
      'is not waived for one that did',
      EMPTY,
      { insured: true, finish_reason: 'stop' },
      { nusd: 30_000_000, state: 'computed' },
    ],
    [
      'is not waived where nobody insures',
      EMPTY,
      { finish_reason: null },
      { nusd: 30_000_000, state: 'computed' },
    ],
    [
      'is waived for an answer that failed',
      TOKENS,
      { insured: true, finish_reason: 'error' },
      { nusd: 0, state: 'computed' },
    ],
    [
      'has searches in it all the same',
      SEARCHED,
      { insured: true },
      { nusd: 20_000_000, state: 'computed' },
    ],
    [
      'is what is billed, waived or not',
      { ...EMPTY, cost: 0.03 },
      { insured: true },
      { nusd: 30_000_000, state: 'billed' },
    ],
  ])('%s', (_what, usage, end, want) => {
    const price = priceOf({ ...SONNET, web_search: '0.01' })
    expect(actualCost(readModelUsage(usage), price, { at: AT, ...end })).toEqual(want)
  })

  it('is not known without a price', () => {
    expect(actualCost(readModelUsage(TOKENS), null, { at: AT })).toEqual({
      nusd: null,
      state: 'unknown',
    })
  })
})
