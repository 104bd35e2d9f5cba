import { isMap } from '../../json-kind.ts'
import { nanoDollars } from './decimal.ts'

/** What a call used up. Whatever the surface, a part is counted in the whole it is part of. */
export interface Tokens {
  /** With all that was read from a cache or written to one. */
  readonly input_tokens: number
  readonly cached_tokens: number
  readonly cache_write_tokens: number
  /** Part of those written: kept for an hour. */
  readonly cache_write_1h_tokens: number
  readonly audio_input_tokens: number
  /** With reasoning. */
  readonly output_tokens: number
  readonly reasoning_tokens: number
  readonly audio_output_tokens: number
  readonly image_output_tokens: number
  /** Images that were sent. No provider says it: it comes from the request. */
  readonly images: number
  readonly web_searches: number
}

/** What a provider says of one call. */
export interface ModelUsage {
  /** Null where counts are missing, impossible, or contradict each other. */
  readonly tokens: Tokens | null
  /** As billed, in billionths of a US dollar; null: the provider does not say. */
  readonly cost_nusd: number | null
  /** What the vendor charges besides, where the key there is one's own. */
  readonly upstream_nusd: number | null
  /** The key at the vendor is one's own: `cost_nusd` is the fee alone. */
  readonly is_byok: boolean
}

export const NO_TOKENS: Tokens = Object.freeze({
  input_tokens: 0,
  cached_tokens: 0,
  cache_write_tokens: 0,
  cache_write_1h_tokens: 0,
  audio_input_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  audio_output_tokens: 0,
  image_output_tokens: 0,
  images: 0,
  web_searches: 0,
})

/** More tokens than this are no single call's. */
export const MOST_TOKENS = 1e9

type Part = Readonly<Record<string, unknown>>

/**
 * Reads the `usage` of an answer: chat, completions, embeddings, responses, and Anthropic's messages.
 * Where the surface adds what was cached to the input, it is added; where it is in already, it is not.
 * Null where nothing of it can be used.
 */
export function readModelUsage(
  usage: unknown,
  { images = 0 }: { readonly images?: number } = {},
): ModelUsage | null {
  if (!isMap(usage)) return null
  const details = mapOf(usage['cost_details'])
  const tokens = readTokens(usage, images)
  const cost = nanoDollars(usage['cost'])
  if (tokens === null && cost === null) return null
  return {
    tokens,
    cost_nusd: cost,
    upstream_nusd: nanoDollars(details['upstream_inference_cost']),
    is_byok: usage['is_byok'] === true,
  }
}

function readTokens(usage: Part, images: number): Tokens | null {
  const counts = { ...inputOf(usage), ...outputOf(usage), images, ...searchesOf(usage) }
  const whole: Tokens = { ...NO_TOKENS, ...counts }
  return Object.values(whole).every(isCount) && isConsistent(whole) ? whole : null
}

type Counts = Partial<Record<keyof Tokens, number>>

/** NaN stands for a count that is none, until all are checked. */
function inputOf(usage: Part): Counts {
  if (usage['prompt_tokens'] !== undefined || usage['input_tokens'] === undefined)
    return {
      input_tokens: needed(usage['prompt_tokens']),
      ...includedOf(usage, mapOf(usage['prompt_tokens_details'])),
    }
  if (isMap(usage['input_tokens_details']))
    return {
      input_tokens: needed(usage['input_tokens']),
      ...includedOf(usage, mapOf(usage['input_tokens_details'])),
    }
  return anthropicInput(usage)
}

/** Details of an input that has what was cached in it. */
function includedOf(usage: Part, details: Part): Counts {
  return {
    cached_tokens: count(
      details['cached_tokens'] ??
        usage['cache_read_input_tokens'] ??
        usage['prompt_cache_hit_tokens'],
    ),
    cache_write_tokens: count(
      details['cache_write_tokens'] ?? usage['cache_creation_input_tokens'],
    ),
    audio_input_tokens: count(details['audio_tokens']),
  }
}

/** Here the input is what was neither read from a cache nor written to one. */
function anthropicInput(usage: Part): Counts {
  const cached = count(usage['cache_read_input_tokens'])
  const byLife = mapOf(usage['cache_creation'])
  const long = count(byLife['ephemeral_1h_input_tokens'])
  const written = count(
    usage['cache_creation_input_tokens'] ?? count(byLife['ephemeral_5m_input_tokens']) + long,
  )
  return {
    input_tokens: needed(usage['input_tokens']) + cached + written,
    cached_tokens: cached,
    cache_write_tokens: written,
    cache_write_1h_tokens: long,
  }
}

function outputOf(usage: Part): Counts {
  const details = mapOf(usage['completion_tokens_details'] ?? usage['output_tokens_details'])
  const written = count(usage['completion_tokens'] ?? usage['output_tokens'])
  const reasoning = count(details['reasoning_tokens'])
  const read = count(usage['prompt_tokens'] ?? usage['input_tokens'])
  // Some vendors leave reasoning out of the output; only the total tells.
  const isApart = reasoning > 0 && usage['total_tokens'] === read + written + reasoning
  return {
    output_tokens: isApart ? written + reasoning : written,
    reasoning_tokens: reasoning,
    audio_output_tokens: count(details['audio_tokens']),
    image_output_tokens: count(details['image_tokens']),
  }
}

function searchesOf(usage: Part): Counts {
  const tools = mapOf(usage['server_tool_use'] ?? usage['server_tool_use_details'])
  return { web_searches: count(tools['web_search_requests']) }
}

function isConsistent(tokens: Tokens): boolean {
  const { cached_tokens: cached, cache_write_tokens: written, reasoning_tokens: reasoning } = tokens
  return (
    cached + written <= tokens.input_tokens &&
    tokens.cache_write_1h_tokens <= written &&
    tokens.audio_input_tokens <= tokens.input_tokens &&
    reasoning + tokens.audio_output_tokens + tokens.image_output_tokens <= tokens.output_tokens
  )
}

/** A count that is absent is none. */
function count(value: unknown): number {
  return value === undefined || value === null ? 0 : needed(value)
}

function needed(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= MOST_TOKENS
}

function mapOf(value: unknown): Part {
  return isMap(value) ? value : {}
}
