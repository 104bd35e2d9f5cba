import { CallgateError } from '../../core/model/errors.ts'
import type { FakeModel, FakeOverride, FakePrices } from './model.ts'

/** What was used up, in tokens. Cached and written tokens are part of those of the prompt. */
export interface FakeTokens {
  readonly prompt: number
  readonly cached: number
  readonly written: number
  readonly completion: number
  /** Part of those of the completion. */
  readonly reasoning: number
  readonly images: number
}

/** Nano-dollars: whole, so that sums are exact. */
export interface FakeBill {
  /** What OpenRouter charges. */
  readonly cost: number
  /** What the provider charges; with a key of one's own, besides. */
  readonly upstream: number
  readonly upstreamPrompt: number
  readonly upstreamCompletion: number
}

export interface FakeTerms {
  readonly isByok: boolean
  readonly tier: ServiceTier
  /** Epoch milliseconds. */
  readonly at: number
}

export type ServiceTier = 'default' | 'flex' | 'priority'

// Of a token's price: attodollars, so that no listed price is rounded.
const ATTO_DIGITS = 18
const ATTO_PER_NANO = 10n ** 9n
const MILLION = 10n ** 6n
const BYOK_PERCENT = 5n
const TIER_PERCENT = { flex: 50n, default: 100n, priority: 200n } as const

/**
 * What the tokens cost. A bill is exact up to the last step: the sum is rounded once, half up, to whole
 * nano-dollars.
 */
export function billOf(model: FakeModel, tokens: FakeTokens, terms: FakeTerms): FakeBill {
  const prices = pricesAt(model, tokens.prompt, terms.at)
  const price = (name: keyof FakePrices, other = 0n): bigint => {
    const text = prices[name]
    return text === undefined ? other : attoDollars(text)
  }
  const { prompt, completion } = { prompt: price('prompt'), completion: price('completion') }
  const input =
    BigInt(tokens.prompt - tokens.cached - tokens.written) * prompt +
    BigInt(tokens.cached) * price('input_cache_read', prompt) +
    BigInt(tokens.written) * price('input_cache_write', prompt) +
    BigInt(tokens.images) * price('image') +
    price('request')
  const output =
    BigInt(tokens.completion - tokens.reasoning) * completion +
    BigInt(tokens.reasoning) * price('internal_reasoning', completion)
  const paid = MILLION - BigInt(Math.round((model.pricing.discount ?? 0) * 1e6))
  const due = (atto: bigint, percent = 100n): number =>
    Number(
      roundedHalfUp(
        atto * paid * TIER_PERCENT[terms.tier] * percent,
        ATTO_PER_NANO * MILLION * 10_000n,
      ),
    )
  const upstream = due(input + output)
  const upstreamPrompt = due(input)
  return {
    cost: terms.isByok ? due(input + output, BYOK_PERCENT) : upstream,
    upstream,
    upstreamPrompt,
    upstreamCompletion: upstream - upstreamPrompt,
  }
}

export const FREE: FakeBill = { cost: 0, upstream: 0, upstreamPrompt: 0, upstreamCompletion: 0 }

/** Nano-dollars as the API writes them: dollars. The nearest number, which gives them back exactly. */
export function dollars(nano: number): number {
  return nano / 1e9
}

function roundedHalfUp(value: bigint, unit: bigint): bigint {
  return (2n * value + unit) / (2n * unit)
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID for a price that is no decimal text */
export function checkPrices({ id, pricing }: FakeModel): void {
  for (const prices of [pricing, ...(pricing.overrides ?? [])])
    for (const name of PRICES)
      if (prices[name] !== undefined && !PRICE.test(prices[name]))
        throw new CallgateError(
          'ERR_OPTIONS_INVALID',
          `\`${id}\`: the price \`${name}\` is a text such as \`0.00000015\`, with at most 18 digits after the point`,
        )
}

const PRICES = [
  'prompt',
  'completion',
  'request',
  'image',
  'internal_reasoning',
  'input_cache_read',
  'input_cache_write',
] as const satisfies readonly (keyof FakePrices)[]

const PRICE = /^(\d+)(?:\.(\d{1,18}))?$/

/** `0.00000015` in attodollars. */
export function attoDollars(text: string): bigint {
  const [, whole = '0', part = ''] = PRICE.exec(text) ?? []
  return BigInt(whole + part.padEnd(ATTO_DIGITS, '0'))
}

function pricesAt(model: FakeModel, promptTokens: number, at: number): FakePrices {
  const { overrides = [], ...base } = model.pricing
  const met = overrides.filter((one) => isMet(one, promptTokens, at))
  return Object.assign({}, base, ...met)
}

function isMet(override: FakeOverride, promptTokens: number, at: number): boolean {
  const { min_prompt_tokens = 0, utc_start, utc_end } = override
  if (promptTokens < min_prompt_tokens) return false
  if (utc_start === undefined || utc_end === undefined) return true
  const now = new Date(at).toISOString().slice(11, 16)
  return utc_start <= utc_end
    ? now >= utc_start && now < utc_end
    : now >= utc_start || now < utc_end
}
