import { NO_TOKENS, type Tokens } from './usage.ts'

/** A fraction, never shortened: slow, and exact whatever its size. */
interface Fraction {
  readonly over: bigint
  readonly under: bigint
}

/** Prices with each thing named, as decimal texts without an exponent; no overrides. */
export interface PlainPricing {
  readonly prompt: string
  readonly completion: string
  readonly request: string
  readonly image: string
  readonly web_search: string
  readonly internal_reasoning: string
  readonly input_cache_read: string
  readonly input_cache_write: string
  readonly input_cache_write_1h: string
  readonly discount: number
}

/** The naive twin of `costOfTokens`: a list of counts and prices, multiplied and added as fractions. */
export function referenceCost(given: Partial<Tokens>, pricing: PlainPricing): bigint {
  const tokens = { ...NO_TOKENS, ...given }
  const long = tokens.cache_write_1h_tokens
  const bill: readonly (readonly [number, string])[] = [
    [tokens.input_tokens - tokens.cached_tokens - tokens.cache_write_tokens, pricing.prompt],
    [tokens.cached_tokens, pricing.input_cache_read],
    [tokens.cache_write_tokens - long, pricing.input_cache_write],
    [long, pricing.input_cache_write_1h],
    [tokens.output_tokens - tokens.reasoning_tokens, pricing.completion],
    [tokens.reasoning_tokens, pricing.internal_reasoning],
    [tokens.images, pricing.image],
    [tokens.web_searches, pricing.web_search],
    [1, pricing.request],
  ]
  const zero: Fraction = { over: 0n, under: 1n }
  const sum = bill.reduce(
    (all, [count, price]) => plus(all, times(fraction(`${count}`), fraction(price))),
    zero,
  )
  const off = fraction(pricing.discount.toFixed(4))
  const due = times(sum, { over: off.under - off.over, under: off.under })
  const nano = times(due, fraction('1000000000'))
  const down = nano.over / nano.under
  return 2n * (nano.over - down * nano.under) >= nano.under ? down + 1n : down
}

function fraction(text: string): Fraction {
  const [whole = '', part = ''] = text.split('.')
  return { over: BigInt(whole + part), under: 10n ** BigInt(part.length) }
}

function times(one: Fraction, other: Fraction): Fraction {
  return { over: one.over * other.over, under: one.under * other.under }
}

function plus(one: Fraction, other: Fraction): Fraction {
  return {
    over: one.over * other.under + other.over * one.under,
    under: one.under * other.under,
  }
}
