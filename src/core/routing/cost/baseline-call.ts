import type { Interval } from './bootstrap.ts'
import { costOfTokens } from './cost-of.ts'
import { afterPrompt, type CacheLedger, type CachingModel, throughCache } from './ledger.ts'
import type { TokenRatios } from './ratio.ts'
import { MOST_TOKENS, type Tokens } from './usage.ts'

/** What one call would have cost at the baseline model, and what its prompt cache holds then. */
export interface BaselineCall {
  readonly method: 'same_tokens' | 'ratio'
  /** Calls that the ratio was measured on; 0 for the same tokens. */
  readonly n: number
  /** Nano-dollars; null: its price is not known. */
  readonly nusd: number | null
  readonly interval: Interval | null
  readonly ledger: CacheLedger
}

/** A call that was made, of one session. Those of a session go through the baseline in their order. */
export interface ObservedCall {
  readonly tokens: Tokens
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * The call at the baseline's prices, as if every turn of the session had gone there: what the served
 * model had in its cache says nothing, the baseline has a ledger of its own. With `ratios` its tokens
 * are those it was measured to need; without, those that were counted.
 */
export function baselineCall(
  ledger: CacheLedger,
  target: CachingModel,
  { tokens, at }: ObservedCall,
  ratios?: TokenRatios,
): BaselineCall {
  const counted =
    ratios === undefined ? tokens : scale(tokens, ratios.input.value, ratios.output.value)
  const needed = throughCache(ledger, target, counted, at)
  const nusd = costOfTokens(needed, target.price, at)
  const after = afterPrompt(ledger, target, counted.input_tokens, at)
  if (ratios === undefined)
    return { method: 'same_tokens', n: 0, nusd, interval: null, ledger: after }
  // Of more or fewer tokens the same part is in the cache.
  const end = (side: 'low' | 'high'): number | null => {
    const input = ratios.input[side] / (ratios.input.value || 1)
    const output = ratios.output[side] / (ratios.output.value || 1)
    return costOfTokens(scale(needed, input, output), target.price, at)
  }
  const [low, high] = [end('low'), end('high')]
  const interval = low === null || high === null ? null : { low, high }
  return { method: 'ratio', n: ratios.n, nusd, interval, ledger: after }
}

/** Parts keep their share of the whole. */
function scale(tokens: Tokens, input: number, output: number): Tokens {
  const wholly = (count: number, by: number): number =>
    Math.min(MOST_TOKENS, Math.round(count * by))
  const read = wholly(tokens.input_tokens, input)
  const written = wholly(tokens.output_tokens, output)
  const partly = (count: number, whole: number, of: number): number =>
    of === 0 ? 0 : Math.floor((count / of) * whole)
  const ofInput = (count: number): number => partly(count, read, tokens.input_tokens)
  const ofOutput = (count: number): number => partly(count, written, tokens.output_tokens)
  return {
    ...tokens,
    input_tokens: read,
    cached_tokens: ofInput(tokens.cached_tokens),
    cache_write_tokens: ofInput(tokens.cache_write_tokens),
    cache_write_1h_tokens: ofInput(tokens.cache_write_1h_tokens),
    audio_input_tokens: ofInput(tokens.audio_input_tokens),
    output_tokens: written,
    reasoning_tokens: ofOutput(tokens.reasoning_tokens),
    audio_output_tokens: ofOutput(tokens.audio_output_tokens),
    image_output_tokens: ofOutput(tokens.image_output_tokens),
  }
}
