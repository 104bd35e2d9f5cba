import type { JsonObject } from '../model/json.ts'
import type { Capability } from './words.ts'

/** What is known of one model. What nobody has said is null, and excludes nothing. */
export interface ModelCard {
  /** Such as `openai/gpt-4o-mini`. */
  readonly id: string
  /** Tokens of prompt and answer together. */
  readonly context_length: number | null
  /** The most tokens it answers with. */
  readonly max_output_tokens: number | null
  readonly capabilities: ReadonlySet<Capability> | null
  /** What can be asked of it, such as `structured_outputs`. */
  readonly parameters: ReadonlySet<string> | null
  /** Epoch milliseconds from which on it is gone. */
  readonly expires_at: number | null
  /** Decimal texts, US dollars a token, as OpenRouter lists them. */
  readonly pricing: JsonObject | null
}

export interface ModelCatalog {
  /** The card of a model, or of the one it is a variant of; undefined where nothing is known of it. */
  get(model: string): ModelCard | undefined
}

/** What a request needs of whoever answers it. */
export interface Needs {
  readonly capabilities: ReadonlySet<Capability>
  readonly input_tokens: number
  readonly max_output_tokens: number | null
}

/** What keeps a model from answering a request, in words; undefined: nothing that is known. */
export function unfitFor(
  card: ModelCard | undefined,
  { capabilities, input_tokens: tokens, max_output_tokens: most }: Needs,
  at: number,
): string | undefined {
  if (card === undefined) return undefined
  if (card.expires_at !== null && card.expires_at <= at) return 'is no longer offered'
  for (const capability of capabilities)
    if (!IN_OTHER_WORDS.has(capability) && card.capabilities?.has(capability) === false)
      return `lacks \`${capability}\``
  if (card.context_length !== null && tokens + (most ?? 0) > card.context_length)
    return `has a context of ${card.context_length} tokens, and about ${tokens + (most ?? 0)} are needed`
  if (card.max_output_tokens !== null && (most ?? 0) > card.max_output_tokens)
    return `answers with at most ${card.max_output_tokens} tokens, and ${most} are asked for`
  return undefined
}

/** Tokens say how long a context must be; and a model that does not reason answers all the same. */
const IN_OTHER_WORDS: ReadonlySet<Capability> = new Set(['long_context', 'reasoning'])
