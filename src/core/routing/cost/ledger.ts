import { costOfInput, costOfTokens } from './cost-of.ts'
import type { Price } from './price.ts'
import { NO_TOKENS, type Tokens } from './usage.ts'

/**
 * What the providers' prompt caches hold of one session, as far as it can be known from outside: plain
 * data, the model that was used last at the end. It assumes that a prompt goes on where the last one ended.
 */
export interface CacheLedger {
  /** Tokens of the last prompt: what the next one begins with. */
  readonly prefix_tokens: number
  readonly models: readonly CachedPrefix[]
}

export interface CachedPrefix {
  readonly model: string
  readonly tokens: number
  /** Epoch milliseconds; each use keeps it for its whole time again. */
  readonly used_at: number
}

/** A model, what it costs, and how its cache works. */
export interface CachingModel {
  readonly model: string
  readonly price: Price
  /** How long a prefix is kept after it was last used. @default 300_000 */
  readonly ttl_ms?: number
  /** Shorter prompts are not cached. @default 1_024 */
  readonly min_tokens?: number
}

export const EMPTY_LEDGER: CacheLedger = Object.freeze({ prefix_tokens: 0, models: [] })

/** Anthropic's and OpenAI's shortest. @see https://openrouter.ai/docs/features/prompt-caching */
const TTL_MS = 300_000
const MIN_TOKENS = 1_024
/**
 * A prompt with less than this part of the last one's tokens was rewritten: nobody has its beginning. One
 * that is a little shorter was only counted by another model, whose tokens are longer.
 */
const REWRITTEN_BELOW = 0.5
/** Sessions use few models; the one that was used longest ago is forgotten. */
const MOST_MODELS = 16

/** `tokens` as this model's own cache would have them: what of the input is read from it, and written. */
export function throughCache(
  ledger: CacheLedger,
  target: CachingModel,
  tokens: Tokens,
  at: number,
): Tokens {
  const known = isRewritten(ledger, tokens.input_tokens) ? 0 : readable(ledger, target, at)
  return split(target, tokens, known)
}

/** The ledger after a prompt of `inputTokens` went to the model. Whether it is cached, its use decides. */
export function afterPrompt(
  ledger: CacheLedger,
  target: CachingModel,
  inputTokens: number,
  at: number,
): CacheLedger {
  const others = ledger.models.filter(({ model }) => model !== target.model)
  const used = { model: target.model, tokens: inputTokens, used_at: at }
  const models = isRewritten(ledger, inputTokens) ? [used] : [...others, used]
  return { prefix_tokens: inputTokens, models: models.slice(-MOST_MODELS) }
}

/**
 * The price of switching: what the next prompt costs more because `to` has less of it in its cache than
 * `from`, in nano-dollars. Below zero where `to` is the one that has it. Null: a price is not known.
 */
export function switchCost(
  ledger: CacheLedger,
  { from, to }: { readonly from: CachingModel; readonly to: CachingModel },
  at: number,
): number | null {
  const left = coldness(ledger, from, at)
  const taken = coldness(ledger, to, at)
  return left === null || taken === null ? null : taken - left
}

/** What the prefix costs now, over what it costs once the model has it. */
function coldness(ledger: CacheLedger, target: CachingModel, at: number): number | null {
  const prefix = { ...NO_TOKENS, input_tokens: ledger.prefix_tokens }
  const now = costOfInput(throughCache(ledger, target, prefix, at), target.price, at)
  const warm = costOfInput(split(target, prefix, ledger.prefix_tokens), target.price, at)
  return now === null || warm === null ? null : now - warm
}

/** The turns that a session is expected to go on for. */
export interface Outlook {
  readonly turns: number
  /** Of each turn, besides the prefix. */
  readonly new_tokens: number
  readonly output_tokens: number
}

/**
 * What `to` saves over `from` in the turns that are expected, each with the prefix in its cache: what it
 * takes to get it there is the price of switching. Below zero where `to` is dearer.
 */
export function expectedSaving(
  ledger: CacheLedger,
  { from, to }: { readonly from: CachingModel; readonly to: CachingModel },
  outlook: Outlook,
  at: number,
): number | null {
  const [stay, go] = [from, to].map((target) => turnCost(ledger, target, outlook, at))
  return stay == null || go == null ? null : (stay - go) * outlook.turns
}

function turnCost(
  { prefix_tokens: prefix }: CacheLedger,
  target: CachingModel,
  { new_tokens: added, output_tokens: output }: Outlook,
  at: number,
): number | null {
  const turn = { ...NO_TOKENS, input_tokens: prefix + added, output_tokens: output }
  return costOfTokens(split(target, turn, prefix), target.price, at)
}

function isRewritten({ prefix_tokens: prefix }: CacheLedger, inputTokens: number): boolean {
  return inputTokens < prefix * REWRITTEN_BELOW
}

function readable(ledger: CacheLedger, target: CachingModel, at: number): number {
  const entry = ledger.models.find(({ model }) => model === target.model)
  const isWarm = entry !== undefined && at - entry.used_at <= (target.ttl_ms ?? TTL_MS)
  return isWarm ? entry.tokens : 0
}

function split(
  { price, min_tokens: least = MIN_TOKENS }: CachingModel,
  tokens: Tokens,
  known: number,
): Tokens {
  const { input_tokens: input } = tokens
  const isCached = price.reads && input >= least
  const cached = isCached && known >= least ? Math.min(known, input) : 0
  return {
    ...tokens,
    cached_tokens: cached,
    cache_write_tokens: isCached && price.writes ? input - cached : 0,
    cache_write_1h_tokens: 0,
  }
}
