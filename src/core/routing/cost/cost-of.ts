import { apportion } from './apportion.ts'
import { roundedHalfUp, safeNumber } from './decimal.ts'
import { type Price, RATE_PLACES, type Rates, ratesAt } from './price.ts'
import type { ModelUsage, Tokens } from './usage.ts'

/** What a call cost, by what it was for. Billionths of a US dollar, which add up to the whole. */
export interface CostParts {
  /** Input at its full price. */
  readonly prompt: number
  /** Input read from a cache. */
  readonly cached: number
  /** Input written to one. */
  readonly written: number
  /** Output without reasoning. */
  readonly completion: number
  readonly reasoning: number
  readonly request: number
  readonly images: number
  readonly searches: number
}

/**
 * What a call cost. `billed`: the provider says so. `computed`: from its tokens and the list. `pending`:
 * the provider will say later. `unknown`: nobody says, and it cannot be computed.
 */
export type Cost =
  | { readonly nusd: number; readonly state: 'billed' | 'computed' }
  | { readonly nusd: null; readonly state: 'pending' | 'unknown' }

/** How a call ended, as far as its bill goes. */
export interface CallEnd {
  /** Epoch milliseconds: prices may hang on the time of day. */
  readonly at: number
  /** As the provider gives it; null: none. */
  readonly finish_reason?: string | null
  /** The provider does not bill answers that are empty or failed, as OpenRouter does not. @default false */
  readonly insured?: boolean
  /** The call broke off, and the provider says later what it cost. @default false */
  readonly settles?: boolean
}

const NANO = 10n ** BigInt(RATE_PLACES - 9)

/** Nano-dollars, rounded once, half up. Null: an answer has no price, or the sum is beyond numbers. */
export function costOfTokens(tokens: Tokens, price: Price, at: number): number | null {
  const rates = ratesAt(price, tokens.input_tokens, at)
  const output = outputUnits(tokens, rates)
  if (output === undefined) return null
  const [plain, cached, written] = inputUnits(tokens, rates)
  const [request, images, searches] = otherUnits(tokens, rates)
  const sum = plain + cached + written + output[0] + output[1] + request + images + searches
  return safeNumber(roundedHalfUp(sum, NANO))
}

/** What the input alone costs, without the price of the request. */
export function costOfInput(tokens: Tokens, price: Price, at: number): number | null {
  const [plain, cached, written] = inputUnits(tokens, ratesAt(price, tokens.input_tokens, at))
  return safeNumber(roundedHalfUp(plain + cached + written, NANO))
}

/** INVARIANT: the parts add up to what `costOfTokens` says, to the last nano-dollar. */
export function costParts(tokens: Tokens, price: Price, at: number): CostParts | null {
  const rates = ratesAt(price, tokens.input_tokens, at)
  const output = outputUnits(tokens, rates)
  if (output === undefined) return null
  const all = [...inputUnits(tokens, rates), ...output, ...otherUnits(tokens, rates)]
  const units = apportion(all, NANO)
  const parts: Record<keyof CostParts, number> = { ...NO_COST }
  for (const [index, name] of PARTS.entries()) {
    const nusd = safeNumber(units[index] ?? 0n)
    if (nusd === null) return null
    parts[name] = nusd
  }
  return parts
}

const NO_COST: CostParts = {
  prompt: 0,
  cached: 0,
  written: 0,
  completion: 0,
  reasoning: 0,
  request: 0,
  images: 0,
  searches: 0,
}
const PARTS = Object.keys(NO_COST) as readonly (keyof CostParts)[] // what it was written with

/**
 * What a call cost in truth: the bill where there is one, else what its tokens come to. With a key of
 * one's own at the vendor that is the fee and the vendor's charge: the fee alone is never the cost.
 */
export function actualCost(usage: ModelUsage | null, price: Price | null, end: CallEnd): Cost {
  const missing = { nusd: null, state: end.settles === true ? 'pending' : 'unknown' } as const
  if (usage === null) return missing
  const { tokens, cost_nusd: cost, upstream_nusd: upstream, is_byok: isByok } = usage
  if (cost !== null && !isByok) return { nusd: cost, state: 'billed' }
  if (cost !== null && upstream !== null) return sumOf(cost, upstream, 'billed') ?? missing
  // A stream that broke off has counted only what it had sent; and nobody but the biller knows the fee.
  if (end.settles === true || (isByok && cost === null)) return missing
  if (tokens === null || price === null) return missing
  const computed = computedCost(tokens, price, end)
  return computed === null ? missing : (sumOf(computed, cost ?? 0, 'computed') ?? missing)
}

function sumOf(one: number, other: number, state: 'billed' | 'computed'): Cost | undefined {
  const nusd = one + other
  return Number.isSafeInteger(nusd) ? { nusd, state } : undefined
}

/** @see https://openrouter.ai/docs/features/zero-completion-insurance */
function computedCost(tokens: Tokens, price: Price, end: CallEnd): number | null {
  if (end.insured !== true || !isWaived(tokens, end.finish_reason ?? null))
    return costOfTokens(tokens, price, end.at)
  // Searches are billed all the same.
  const { search } = ratesAt(price, tokens.input_tokens, end.at)
  return safeNumber(roundedHalfUp(times(tokens.web_searches, search), NANO))
}

function isWaived({ output_tokens: output }: Tokens, finish: string | null): boolean {
  return finish === 'error' || (output === 0 && (finish === null || finish === ''))
}

function otherUnits(tokens: Tokens, rates: Rates): readonly [bigint, bigint, bigint] {
  return [
    rates.request,
    times(tokens.images, rates.image),
    times(tokens.web_searches, rates.search),
  ]
}

type Units = readonly [plain: bigint, cached: bigint, written: bigint]

function inputUnits(tokens: Tokens, rates: Rates): Units {
  const { cached_tokens: cached, cache_write_tokens: written } = tokens
  const rest = tokens.input_tokens - cached - written
  // Sound that came from the cache counts as cached.
  const audio = Math.min(tokens.audio_input_tokens, rest)
  const long = tokens.cache_write_1h_tokens
  return [
    times(rest - audio, rates.prompt) + times(audio, rates.audioIn),
    times(cached, rates.cached),
    times(written - long, rates.written) + times(long, rates.writtenLong),
  ]
}

/** The answer and the reasoning in it; undefined where there is some and it has no price. */
function outputUnits(tokens: Tokens, rates: Rates): readonly [bigint, bigint] | undefined {
  if (tokens.output_tokens === 0) return [0n, 0n]
  const { output } = rates
  if (output === undefined) return undefined
  const { reasoning_tokens: thought, audio_output_tokens: audio } = tokens
  const images = tokens.image_output_tokens
  const rest = tokens.output_tokens - thought - audio - images
  return [
    times(rest, output.completion) + times(audio, output.audio) + times(images, output.image),
    times(thought, output.reasoning),
  ]
}

/** Most counts are zero: that is cheaper than to multiply by it. */
function times(count: number, rate: bigint): bigint {
  return count === 0 ? 0n : BigInt(count) * rate
}
