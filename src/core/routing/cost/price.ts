import { isMap } from '../../json-kind.ts'
import { type Decimal, exactUnits, readDecimal } from './decimal.ts'

/** Decimal places of the unit that rates are kept in: thirty of a price, eighteen of a discount. */
const PRICE_PLACES = 30
const DISCOUNT_PLACES = 18
export const RATE_PLACES = PRICE_PLACES + DISCOUNT_PLACES

/**
 * What each thing costs, in 10^-48 US dollars: whole numbers, so that nothing is rounded before the
 * end. Discounts are in. What has no price of its own has that of what it is part of.
 */
export interface Rates {
  readonly prompt: bigint
  readonly cached: bigint
  readonly written: bigint
  /** Written to be kept for an hour. */
  readonly writtenLong: bigint
  readonly audioIn: bigint
  /** Undefined where nothing is said: what an answer costs is then not known. */
  readonly output: OutputRates | undefined
  readonly image: bigint
  readonly request: bigint
  readonly search: bigint
}

interface OutputRates {
  readonly completion: bigint
  readonly reasoning: bigint
  readonly audio: bigint
  readonly image: bigint
}

/** What one model costs. */
export interface Price {
  /** True where tokens from its cache have a price of their own. */
  readonly reads: boolean
  /** True where writing to its cache has one. */
  readonly writes: boolean
  readonly base: Rates
  readonly listed: Listed
  readonly overrides: readonly Override[]
}

/** Prices that hold instead, where all conditions are met. */
interface Override {
  readonly least: number
  /** Minutes of the day in UTC; the window may go over midnight. */
  readonly window: { readonly from: number; readonly to: number } | undefined
  readonly listed: Listed
}

type Listed = Readonly<Partial<Record<PriceKey | 'discount', bigint>>>

export type PriceProblem =
  | 'not_an_object'
  | 'missing'
  | 'not_a_price'
  /** OpenRouter's `-1`: the model that answers decides. */
  | 'varies'
  | 'too_precise'
  | 'bad_discount'
  | 'bad_condition'
  | 'too_many'

/** Why something is no price. The key is a name of the format, never a value. */
export interface PriceFault {
  readonly key: string
  readonly problem: PriceProblem
}

const PRICE_KEYS = [
  'prompt',
  'completion',
  'request',
  'image',
  'image_token',
  'image_output',
  'audio',
  'audio_output',
  'internal_reasoning',
  'input_cache_read',
  'input_cache_write',
  'input_cache_write_1h',
  'input_audio_cache',
  'web_search',
] as const
type PriceKey = (typeof PRICE_KEYS)[number]
const CONDITIONS = ['min_prompt_tokens', 'utc_start', 'utc_end']
const MOST_OVERRIDES = 32

/**
 * Reads the `pricing` of a model in OpenRouter's form: decimal texts, US dollars a token (an image, a
 * request, a search). A fault anywhere refuses the whole: a cost that is not known is better than one
 * that is wrong. Other keys at the top are passed over; in an override they could be conditions.
 * @see https://openrouter.ai/docs/client-sdks/typescript/models/pricing
 */
export function readPrice(
  pricing: unknown,
): { readonly price: Price } | { readonly fault: PriceFault } {
  if (!isMap(pricing)) return { fault: { key: 'pricing', problem: 'not_an_object' } }
  const listed = readListed(pricing)
  if (isFault(listed)) return { fault: listed }
  if (listed.prompt === undefined) return { fault: { key: 'prompt', problem: 'missing' } }
  const given = pricing['overrides'] ?? []
  if (!Array.isArray(given)) return { fault: { key: 'overrides', problem: 'not_an_object' } }
  if (given.length > MOST_OVERRIDES) return { fault: { key: 'overrides', problem: 'too_many' } }
  const overrides: Override[] = []
  for (const [index, one] of given.entries()) {
    const override = readOverride(one)
    if (isFault(override))
      return { fault: { ...override, key: `overrides[${index}].${override.key}` } }
    overrides.push(override)
  }
  const all = [listed, ...overrides.map((one) => one.listed)]
  const price = {
    reads: all.some((one) => one.input_cache_read !== undefined),
    writes: all.some((one) => (one.input_cache_write ?? 0n) > 0n),
    base: resolve(listed),
    listed,
    overrides,
  }
  return { price: Object.freeze(price) }
}

/** What holds for a prompt of this many tokens at this time (epoch milliseconds). The last override wins. */
export function ratesAt(price: Price, promptTokens: number, at: number): Rates {
  if (price.overrides.length === 0) return price.base
  const minute = Math.floor((((at % DAY_MS) + DAY_MS) % DAY_MS) / 60_000)
  const met = price.overrides.filter(
    ({ least, window }) => promptTokens >= least && isWithin(window, minute),
  )
  if (met.length === 0) return price.base
  return resolve(Object.assign({}, price.listed, ...met.map(({ listed }) => listed)))
}

const DAY_MS = 86_400_000

function isWithin(window: Override['window'], minute: number): boolean {
  if (window === undefined) return true
  const { from, to } = window
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}

function readListed(given: Readonly<Record<string, unknown>>): Listed | PriceFault {
  const listed: { [key in PriceKey | 'discount']?: bigint } = {}
  for (const key of PRICE_KEYS) {
    const value = given[key]
    if (value === undefined || value === null) continue
    const decimal = readDecimal(value)
    if (decimal === undefined) return { key, problem: isVarying(value) ? 'varies' : 'not_a_price' }
    const units = exactUnits(decimal, PRICE_PLACES)
    if (units === undefined) return { key, problem: 'too_precise' }
    listed[key] = units
  }
  const discount = given['discount']
  if (discount === undefined || discount === null) return listed
  const part = partOf(readDecimal(discount))
  if (part === undefined) return { key: 'discount', problem: 'bad_discount' }
  return { ...listed, discount: part }
}

function isVarying(value: unknown): boolean {
  return Number(value) === -1
}

/** From 0 to 1. */
function partOf(decimal: Decimal | undefined): bigint | undefined {
  const units = decimal === undefined ? undefined : exactUnits(decimal, DISCOUNT_PLACES)
  return units !== undefined && units <= WHOLE ? units : undefined
}

const WHOLE = 10n ** BigInt(DISCOUNT_PLACES)

function readOverride(given: unknown): Override | PriceFault {
  if (!isMap(given)) return { key: 'condition', problem: 'not_an_object' }
  const known: readonly string[] = [...PRICE_KEYS, ...CONDITIONS, 'discount']
  // A condition that nobody here knows may not hold: its prices must not be taken for met.
  for (const key of Object.keys(given))
    if (!known.includes(key)) return { key: key.slice(0, 64), problem: 'bad_condition' }
  const listed = readListed(given)
  if (isFault(listed)) return listed
  const { min_prompt_tokens: least = 0, utc_start: start, utc_end: end } = given
  if (typeof least !== 'number' || !Number.isSafeInteger(least) || least < 0)
    return { key: 'min_prompt_tokens', problem: 'bad_condition' }
  if (start === undefined && end === undefined) return { least, window: undefined, listed }
  const from = minuteOf(start)
  const to = minuteOf(end)
  if (from === undefined || to === undefined)
    return { key: from === undefined ? 'utc_start' : 'utc_end', problem: 'bad_condition' }
  return { least, window: { from, to }, listed }
}

/** `HH:MM` as minutes of the day. */
function minuteOf(text: unknown): number | undefined {
  const match = typeof text === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) : null
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2])
}

function isFault(given: object): given is PriceFault {
  return 'problem' in given
}

function resolve(listed: Listed): Rates {
  const paid = WHOLE - (listed.discount ?? 0n)
  const due = (key: PriceKey): bigint | undefined => {
    const units = listed[key]
    return units === undefined ? undefined : units * paid
  }
  const prompt = due('prompt') ?? 0n // `readPrice` requires it
  const completion = due('completion')
  const written = due('input_cache_write') ?? prompt
  return {
    prompt,
    cached: due('input_cache_read') ?? prompt,
    written,
    writtenLong: due('input_cache_write_1h') ?? written,
    audioIn: due('audio') ?? prompt,
    output:
      completion === undefined
        ? undefined
        : {
            completion,
            // Lists say `0` where reasoning is billed as any other output.
            reasoning: due('internal_reasoning') || completion,
            audio: due('audio_output') ?? completion,
            image: due('image_output') ?? due('image_token') ?? completion,
          },
    image: due('image') ?? 0n,
    request: due('request') ?? 0n,
    search: due('web_search') ?? 0n,
  }
}
