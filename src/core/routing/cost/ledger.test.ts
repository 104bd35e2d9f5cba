import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINI, priceOf, SONNET, tokensOf } from './cost.fixture.ts'
import { costOfTokens } from './cost-of.ts'
import {
  afterPrompt,
  type CacheLedger,
  type CachingModel,
  EMPTY_LEDGER,
  expectedSaving,
  switchCost,
  throughCache,
} from './ledger.ts'
import { decideSwitch, worthSwitching } from './switch-model.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const MINUTE = 60_000
const DEAR: CachingModel = { model: 'dear', price: priceOf(SONNET) }
/** A fifth of its price, with a cache of the same kind. */
const FIFTH: CachingModel = {
  model: 'fifth',
  price: priceOf({
    prompt: '0.0000006',
    completion: '0.000003',
    input_cache_read: '0.00000006',
    input_cache_write: '0.00000075',
  }),
}
const READ_ONLY: CachingModel = { model: 'mini', price: priceOf(MINI) }
const BARE: CachingModel = {
  model: 'bare',
  price: priceOf({ prompt: '0.000001', completion: '0' }),
}

function used(
  ledger: CacheLedger,
  target: CachingModel,
  input: number,
  at = AT,
): readonly number[] {
  const tokens = throughCache(ledger, target, tokensOf({ input_tokens: input }), at)
  return [tokens.cached_tokens, tokens.cache_write_tokens]
}

describe('a ledger of prompt caches', () => {
  const warm = afterPrompt(EMPTY_LEDGER, DEAR, 20_000, AT)
  it.each<[string, readonly number[], readonly [number, number]]>([
    ['has nothing of a session that begins', used(EMPTY_LEDGER, DEAR, 20_000), [0, 20_000]],
    ['has the last prompt, and the rest is written', used(warm, DEAR, 21_000), [20_000, 1_000]],
    ['has it to the end of its time', used(warm, DEAR, 21_000, AT + 5 * MINUTE), [20_000, 1_000]],
    ['has it no longer', used(warm, DEAR, 21_000, AT + 5 * MINUTE + 1), [0, 21_000]],
    ['has it where the clock goes back', used(warm, DEAR, 21_000, AT - MINUTE), [20_000, 1_000]],
    [
      'has it longer where the model keeps it',
      used(warm, { ...DEAR, ttl_ms: 60 * MINUTE }, 21_000, AT + 59 * MINUTE),
      [20_000, 1_000],
    ],
    ['has nothing of another model', used(warm, FIFTH, 21_000), [0, 21_000]],
    ['writes nothing where that has no price', used(warm, READ_ONLY, 21_000), [0, 0]],
    [
      'has nothing where reading has no price',
      used(afterPrompt(EMPTY_LEDGER, BARE, 20_000, AT), BARE, 21_000),
      [0, 0],
    ],
    [
      'has nothing any more where reading lost its price',
      used(warm, { ...BARE, model: 'dear' }, 21_000),
      [0, 0],
    ],
    [
      'has nothing of what is too short',
      used(afterPrompt(EMPTY_LEDGER, DEAR, 1_023, AT), DEAR, 1_024),
      [0, 1_024],
    ],
    [
      'caches from the least length on',
      used(afterPrompt(EMPTY_LEDGER, DEAR, 1_024, AT), DEAR, 1_025),
      [1_024, 1],
    ],
    [
      'takes the model’s own least length',
      used(
        afterPrompt(EMPTY_LEDGER, { ...DEAR, min_tokens: 4_096 }, 2_000, AT),
        { ...DEAR, min_tokens: 4_096 },
        5_000,
      ),
      [0, 5_000],
    ],
    ['has a prompt that another model counts as shorter', used(warm, DEAR, 19_000), [19_000, 0]],
    ['has nothing of one that was rewritten', used(warm, DEAR, 9_999), [0, 9_999]],
    [
      'has an older model’s part',
      used(afterPrompt(warm, FIFTH, 25_000, AT), DEAR, 26_000),
      [20_000, 6_000],
    ],
    [
      'has no older part of what was rewritten',
      used(afterPrompt(warm, FIFTH, 9_999, AT), DEAR, 30_000),
      [0, 30_000],
    ],
  ])('%s', (_what, found, want) => {
    expect(found).toEqual(want)
  })

  it('keeps to sixteen models, and forgets the one that was used first', () => {
    const targets = Array.from({ length: 17 }, (_, index) => ({ ...DEAR, model: `m${index}` }))
    const full = targets.reduce((ledger, one) => afterPrompt(ledger, one, 2_000, AT), EMPTY_LEDGER)
    expect(full.models.map(({ model }) => model)).toEqual(
      targets.slice(1).map(({ model }) => model),
    )
  })

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(warm))).toEqual(warm)
  })
})

describe('the price of switching', () => {
  const both = { from: DEAR, to: FIFTH }
  const warm = afterPrompt(EMPTY_LEDGER, DEAR, 20_000, AT)

  it('makes the cheaper model dearer for a turn', () => {
    // To stay: 20,000 tokens at 0.1; to go: at 1.25, a fifth of the price. That is 2,000 and 5,000.
    const stay = 20_000 * 0.1 * 3_000
    const go = (20_000 * 1.25 * 3_000) / 5
    const outlook = { turns: 1, new_tokens: 0, output_tokens: 0 }
    const saving = expectedSaving(warm, both, outlook, AT) ?? Number.NaN
    const cost = switchCost(warm, both, AT) ?? Number.NaN
    expect(saving - cost).toBe(stay - go)
    expect(worthSwitching({ expected_saving: saving, switch_cost: cost, margin: 0 })).toBe(false)
  })

  it.each<[string, CacheLedger, number, number]>([
    ['is the cold prefix over the warm one', warm, AT, 20_000 * (750 - 60)],
    ['is nothing where there is no prefix', EMPTY_LEDGER, AT, 0],
    ['is nothing where both have it', afterPrompt(warm, FIFTH, 20_000, AT), AT, 0],
    [
      'is below zero where the other is as cold and cheaper to fill',
      warm,
      AT + 6 * MINUTE,
      20_000 * (750 - 60 - 3_750 + 300),
    ],
    [
      'is below zero where only the other has it',
      afterPrompt(EMPTY_LEDGER, FIFTH, 20_000, AT),
      AT,
      -20_000 * (3_750 - 300),
    ],
  ])('%s', (_what, ledger, at, want) => {
    expect(switchCost(ledger, both, at)).toBe(want)
  })

  it('is not known without a price for what is written', () => {
    const mute = { model: 'mute', price: priceOf({ prompt: '1' }) }
    const outlook = { turns: 1, new_tokens: 1, output_tokens: 1 }
    expect(expectedSaving(warm, { from: DEAR, to: mute }, outlook, AT)).toBeNull()
  })

  it('is no part of what the turns save', () => {
    // Each turn: the prefix read, 1,000 tokens written, 100 answered.
    const outlook = { turns: 3, new_tokens: 1_000, output_tokens: 100 }
    const dear = 20_000 * 300 + 1_000 * 3_750 + 100 * 15_000
    const fifth = 20_000 * 60 + 1_000 * 750 + 100 * 3_000
    expect(expectedSaving(warm, both, outlook, AT)).toBe(3 * (dear - fifth))
  })

  // The naive twin: go through the turns, one by one, with a ledger for each choice.
  function spent(start: CacheLedger, target: CachingModel, turns: number, input: number): number {
    let ledger = start
    let sum = 0
    for (let turn = 0; turn < turns; turn++) {
      const tokens = throughCache(ledger, target, tokensOf({ input_tokens: input }), AT)
      sum += costOfTokens(tokens, target.price, AT) ?? Number.NaN
      ledger = afterPrompt(ledger, target, input, AT)
    }
    return sum
  }

  it('and what is saved come to what the turns cost', () => {
    const target = fc.constantFrom(DEAR, FIFTH, READ_ONLY, BARE)
    const length = fc.integer({ min: 0, max: 150_000 })
    fc.assert(
      fc.property(
        target,
        target,
        fc.integer({ min: 1, max: 9 }),
        length,
        (from, to, turns, prefix) => {
          const ledger = afterPrompt(EMPTY_LEDGER, from, prefix, AT)
          const outlook = { turns, new_tokens: 0, output_tokens: 0 }
          const saving = expectedSaving(ledger, { from, to }, outlook, AT) ?? Number.NaN
          const cost = switchCost(ledger, { from, to }, AT) ?? Number.NaN
          const want = spent(ledger, from, turns, prefix) - spent(ledger, to, turns, prefix)
          expect(Math.abs(saving - cost - want)).toBeLessThanOrEqual(2 * turns)
        },
      ),
    )
  })
})

describe('a switch', () => {
  const free = { required: false, bound_to_vendor: false, expected_saving: 11, switch_cost: 10 }
  it.each<[string, object, number, boolean, string]>([
    ['is made where it pays', {}, 0, true, 'saves'],
    ['is not made for the margin', {}, 1, false, 'does_not_pay'],
    ['is not made for nothing', { expected_saving: 10 }, 0, false, 'does_not_pay'],
    [
      'is made where it costs less than nothing',
      { expected_saving: -5, switch_cost: -9 },
      0,
      true,
      'saves',
    ],
    [
      'is never made inside a tool loop',
      { bound_to_vendor: true, expected_saving: 1e9 },
      0,
      false,
      'bound_to_vendor',
    ],
    [
      'is made where a capability or the policy needs it',
      { required: true, expected_saving: -1e9 },
      0,
      true,
      'required',
    ],
    [
      'is made for that inside a tool loop too',
      { required: true, bound_to_vendor: true },
      0,
      true,
      'required',
    ],
    [
      'is not made where a price is not known',
      { expected_saving: null },
      0,
      false,
      'unknown_price',
    ],
    ['is not made where its cost is not known', { switch_cost: null }, 0, false, 'unknown_price'],
  ])('%s', (_what, some, margin, switches, reason) => {
    expect(decideSwitch({ ...free, ...some }, { margin })).toEqual({ switches, reason })
  })
})
