import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINI, priceOf, SONNET } from './cost.fixture.ts'
import { nanoDollars } from './decimal.ts'
import { RATE_PLACES, type Rates, ratesAt, readPrice } from './price.ts'

const AT = Date.UTC(2026, 0, 1, 12)

function unitsOf(rate: bigint | undefined): string {
  const digits = `${rate ?? -1n}`.padStart(RATE_PLACES + 1, '0')
  return `${digits.slice(0, -RATE_PLACES)}.${digits.slice(-RATE_PLACES)}`.replace(/\.?0+$/, '')
}

describe('dollars', () => {
  it.each<[unknown, number | null]>([
    [0.00014925, 149_250],
    ['0.00014925', 149_250],
    [1.5e-7, 150],
    ['1.5e3', 1_500_000_000_000],
    ['2e4', 20_000_000_000_000],
    ['1.5E-7', 150],
    [0.1 + 0.2, 300_000_000],
    [0.000000000499, 0],
    [0.0000000005, 1],
    [12, 12_000_000_000],
    [0, 0],
    [-0, 0],
    ['9007199.254740991', Number.MAX_SAFE_INTEGER],
    ['9007199.254740992', null],
    [1e300, null],
    [-0.01, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    ['', null],
    ['.5', null],
    ['5.', null],
    ['+1', null],
    [' 1', null],
    ['0x10', null],
    ['1,5', null],
    ['1'.repeat(41), null],
    [null, null],
    [undefined, null],
    [true, null],
    [[1], null],
    [{ valueOf: () => 1 }, null],
  ])('%j are %s nano-dollars', (value, want) => {
    expect(nanoDollars(value)).toBe(want)
  })

  it('come back from the numbers that stand for them', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e15 }), (nusd) => {
        expect(nanoDollars(nusd / 1e9)).toBe(nusd)
        expect(nanoDollars(JSON.parse(JSON.stringify(nusd / 1e9)))).toBe(nusd)
      }),
    )
  })
})

describe('a price', () => {
  it.each<[string, object, keyof Omit<Rates, 'output'>, string]>([
    ['is exact', MINI, 'prompt', '0.00000015'],
    [
      'may have more digits than money',
      { prompt: '0.0000000416666666666667' },
      'prompt',
      '0.0000000416666666666667',
    ],
    ['may have zeros behind all digits', { prompt: `0.1${'0'.repeat(35)}` }, 'prompt', '0.1'],
    ['may be a number', { prompt: 1.5e-7 }, 'prompt', '0.00000015'],
    ['of cached tokens is its own', SONNET, 'cached', '0.0000003'],
    [
      'of cached tokens is that of the prompt, where none is said',
      { prompt: '0.1' },
      'cached',
      '0.1',
    ],
    ['of written tokens is its own', SONNET, 'written', '0.00000375'],
    ['of written tokens is that of the prompt, where none is said', MINI, 'written', '0.00000015'],
    ['of an hour is its own', SONNET, 'writtenLong', '0.000006'],
    [
      'of an hour is that of five minutes, where none is said',
      { prompt: '1', input_cache_write: '2' },
      'writtenLong',
      '2',
    ],
    ['of sound is that of text, where none is said', MINI, 'audioIn', '0.00000015'],
    ['has its discount in it', { prompt: '0.4', discount: 0.25 }, 'prompt', '0.3'],
    [
      'has the discount of a decimal without a short form',
      { prompt: '1', discount: 0.1 + 0.2 },
      'prompt',
      '0.69999999999999996',
    ],
    ['that is wholly discounted is nothing', { prompt: '0.4', discount: 1 }, 'prompt', ''],
    [
      'of a request has the discount too',
      { prompt: '1', request: '0.5', discount: '0.5' },
      'request',
      '0.25',
    ],
    ['that is null is not said', { prompt: '1', input_cache_read: null }, 'cached', '1'],
  ])('%s', (_what, pricing, rate, want) => {
    expect(unitsOf(priceOf(pricing).base[rate])).toBe(want === '' ? '0' : want)
  })

  it.each<[string, object, 'completion' | 'reasoning' | 'audio' | 'image', string]>([
    ['reasoning is that of the answer', MINI, 'reasoning', '0.0000006'],
    [
      'reasoning is that of the answer where the list says 0',
      { ...MINI, internal_reasoning: '0' },
      'reasoning',
      '0.0000006',
    ],
    ['reasoning is its own', { ...MINI, internal_reasoning: '0.1' }, 'reasoning', '0.1'],
    ['sound is its own', { ...MINI, audio_output: '0.1' }, 'audio', '0.1'],
    ['images is by token', { ...MINI, image_token: '0.1' }, 'image', '0.1'],
    [
      'images is that of output, where both are said',
      { ...MINI, image_token: '0.1', image_output: '0.2' },
      'image',
      '0.2',
    ],
  ])('of %s', (_what, pricing, rate, want) => {
    expect(unitsOf(priceOf(pricing).base.output?.[rate])).toBe(want)
  })

  it.each<[string, unknown, string, string]>([
    ['no object', 'free', 'pricing', 'not_an_object'],
    ['a list', [], 'pricing', 'not_an_object'],
    ['without a prompt', { completion: '1' }, 'prompt', 'missing'],
    ['negative', { prompt: '-0.1' }, 'prompt', 'not_a_price'],
    ['that of whatever answers', { prompt: '-1', completion: '-1' }, 'prompt', 'varies'],
    ['a word', { prompt: '1', request: 'free' }, 'request', 'not_a_price'],
    ['too fine', { prompt: `0.${'0'.repeat(30)}1` }, 'prompt', 'too_precise'],
    ['discounted by more than all', { prompt: '1', discount: 1.01 }, 'discount', 'bad_discount'],
    ['dearer by its discount', { prompt: '1', discount: -0.1 }, 'discount', 'bad_discount'],
    [
      'with overrides that are no list',
      { prompt: '1', overrides: {} },
      'overrides',
      'not_an_object',
    ],
    [
      'with an override that is none',
      { prompt: '1', overrides: ['x'] },
      'overrides[0].condition',
      'not_an_object',
    ],
    [
      'with a condition nobody knows',
      { prompt: '1', overrides: [{ prompt: '0' }, { region: 'eu' }] },
      'overrides[1].region',
      'bad_condition',
    ],
    [
      'with a length of 1.5',
      { prompt: '1', overrides: [{ min_prompt_tokens: 1.5 }] },
      'overrides[0].min_prompt_tokens',
      'bad_condition',
    ],
    [
      'with a length of -1',
      { prompt: '1', overrides: [{ min_prompt_tokens: -1 }] },
      'overrides[0].min_prompt_tokens',
      'bad_condition',
    ],
    [
      'with a length of null',
      { prompt: '1', overrides: [{ min_prompt_tokens: null }] },
      'overrides[0].min_prompt_tokens',
      'bad_condition',
    ],
    [
      'with a length that is none',
      { prompt: '1', overrides: [{ min_prompt_tokens: '5' }] },
      'overrides[0].min_prompt_tokens',
      'bad_condition',
    ],
    [
      'with a window without an end',
      { prompt: '1', overrides: [{ utc_start: '10:00' }] },
      'overrides[0].utc_end',
      'bad_condition',
    ],
    [
      'with a time that is none',
      { prompt: '1', overrides: [{ utc_start: '24:00', utc_end: '1:00' }] },
      'overrides[0].utc_start',
      'bad_condition',
    ],
    [
      'with a wrong price in an override',
      { prompt: '1', overrides: [{ prompt: 'x' }] },
      'overrides[0].prompt',
      'not_a_price',
    ],
    [
      'with too many overrides',
      { prompt: '1', overrides: Array(33).fill({}) },
      'overrides',
      'too_many',
    ],
  ])('that is %s is refused by name', (_what, pricing, key, problem) => {
    expect(readPrice(pricing)).toEqual({ fault: { key, problem } })
  })

  it('may have thirty-two overrides', () => {
    expect(
      priceOf({ prompt: '1', overrides: Array(32).fill({ prompt: '2' }) }).overrides,
    ).toHaveLength(32)
  })

  it('passes over what it does not know at the top', () => {
    expect(unitsOf(priceOf({ prompt: '1', per_moon: 'x' }).base.prompt)).toBe('1')
  })
})

describe('an override', () => {
  const day = { utc_start: '09:00', utc_end: '17:00', prompt: '2' }
  const night = { utc_start: '22:00', utc_end: '06:00', prompt: '3' }
  const long = { min_prompt_tokens: 200, prompt: '4' }
  it.each<[string, object[], number, string, string]>([
    ['holds from its length on', [long], 200, '12:00', '4'],
    ['does not hold below it', [long], 199, '12:00', '1'],
    ['holds from its start on', [day], 0, '09:00', '2'],
    ['does not hold before', [day], 0, '08:59', '1'],
    ['holds to its last minute', [{ ...day, utc_end: '17:30' }], 0, '17:29', '2'],
    ['does not hold at a half hour', [{ ...day, utc_end: '17:30' }], 0, '17:30', '1'],
    ['does not hold at its end', [day], 0, '17:00', '1'],
    ['holds before midnight', [night], 0, '23:59', '3'],
    ['holds after midnight', [night], 0, '05:59', '3'],
    ['does not hold in between', [night], 0, '12:00', '1'],
    ['needs all its conditions', [{ ...day, min_prompt_tokens: 200 }], 199, '12:00', '1'],
    ['that is later wins', [long, { ...long, prompt: '5' }], 200, '12:00', '5'],
    ['that is later and does not hold leaves the other', [long, night], 200, '12:00', '4'],
    [
      'may have a discount of its own',
      [{ min_prompt_tokens: 1, discount: 0.5 }],
      1,
      '12:00',
      '0.5',
    ],
  ])('%s', (_what, overrides, tokens, time, want) => {
    const price = priceOf({ prompt: '1', overrides })
    const at = Date.parse(`2026-01-01T${time}:30Z`)
    expect(unitsOf(ratesAt(price, tokens, at).prompt)).toBe(want)
  })

  it('leaves the other prices as they are', () => {
    const { cached, output } = ratesAt(priceOf(SONNET), 200_000, AT)
    expect([unitsOf(cached), unitsOf(output?.completion)]).toEqual(['0.0000003', '0.0000225'])
  })

  it('knows the time before 1970 too', () => {
    const price = priceOf({ prompt: '1', overrides: [night] })
    expect(unitsOf(ratesAt(price, 0, -60_000).prompt)).toBe('3')
  })
})
