import type { JsonObject } from '../model/json.ts'
import type { Capability, Task } from './words.ts'

/** The kinds of requests that models answer, by the path they come on. */
export type Surface = 'chat' | 'responses' | 'completions' | 'embeddings'

export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** One message as routing sees it: its texts, and whether something else stands in it. */
export interface ModelMessage {
  readonly role: Role
  /** Its texts, joined with line breaks. */
  readonly text: string
}

/** A request to a model, whatever its surface: what routes, classifiers, caches and limits look at. */
export interface ModelRequest {
  readonly surface: Surface
  /** As asked for, such as `gpt-4o` or `openai/gpt-4o`; null where the request names none. */
  readonly model: string | null
  /** Models the caller names besides, in order (`models`). */
  readonly alternatives: readonly string[]
  readonly messages: readonly ModelMessage[]
  /** Names of the functions that are offered. */
  readonly tools: readonly string[]
  /** What an answer needs, by the request's structure alone: exact, and nobody's opinion. */
  readonly capabilities: ReadonlySet<Capability>
  readonly stream: boolean
  readonly response_format: 'text' | 'json_object' | 'json_schema'
  /** Input tokens, estimated from the texts; images and audio by their usual price. */
  readonly input_tokens: number
  /** The most the caller lets the model write; null: not said. */
  readonly max_output_tokens: number | null
  readonly temperature: number | null
  readonly metadata: JsonObject
  /** The caller's own words for the conversation (`session_id`, `prompt_cache_key`); null: not said. */
  readonly conversation: string | null
  /** True inside a tool loop or a chain of sealed reasoning: another vendor could not go on with it. */
  readonly bound_to_vendor: boolean
}

/** What a request is about. `unknown` where nothing is sure enough. */
export interface Classification {
  readonly task: Task | 'unknown'
  readonly complexity: 'low' | 'medium' | 'high'
  /** How hard, from 0 to 1; `complexity` is its band. */
  readonly score: number
  /** How sure of the task, from 0 to 1. */
  readonly confidence: number
  readonly by: 'structure' | 'local' | 'llm' | 'cache' | 'caller' | 'none'
}
