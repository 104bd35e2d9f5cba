import { sha256Hex } from '../../core/hash.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { tokensOf } from './count-tokens.ts'
import type { FakeModel } from './model.ts'
import type { FakeAsk } from './read-ask.ts'
import { sampleOf, words } from './sample-json.ts'

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'error'

export interface FakeToolCall {
  readonly name: string
  /** JSON, or a text that is sent as it is. */
  readonly arguments: JsonObject | string
  readonly id?: string
}

/** What a model is to say. Members that are absent are as if the model had nothing to say there. */
export interface FakeAnswer {
  readonly text?: string
  readonly tool_calls?: readonly FakeToolCall[]
  readonly reasoning?: string
  readonly reasoning_details?: readonly JsonValue[]
  readonly refusal?: string
  /** @default `tool_calls` where there are some, `length` where `max_tokens` cut it, else `stop` */
  readonly finish_reason?: FinishReason
}

/**
 * The answers in order, one a request; or who answers, such as a scripted classifier. After the last
 * one, and for undefined, the fake's own words.
 */
export type FakeAnswers =
  | readonly (FakeAnswer | string)[]
  | ((ask: FakeAsk, model: string) => FakeAnswer | string | undefined)

/** An answer with everything decided. */
export interface Reply {
  readonly text: string
  readonly toolCalls: readonly { id: string; name: string; arguments: string }[]
  readonly reasoning: string
  readonly details: readonly JsonValue[]
  readonly refusal: string | null
  readonly finish: FinishReason | null
  readonly tokens: number
  readonly reasoningTokens: number
}

export const EMPTY_REPLY: Reply = {
  text: '',
  toolCalls: [],
  reasoning: '',
  details: [],
  refusal: null,
  finish: null,
  tokens: 0,
  reasoningTokens: 0,
}

/** What the model says, always the same for the same seed. */
export function replyOf(
  answer: FakeAnswer | string | undefined,
  ask: FakeAsk,
  model: FakeModel,
  seed: string,
): Reply {
  const given =
    typeof answer === 'string' ? { text: answer } : (answer ?? ownAnswer(ask, model, seed))
  const isThinking = ask.effort !== null && model.supported_parameters.includes('reasoning')
  const reasoning =
    given.reasoning ?? (isThinking ? words(`${seed}|why`, EFFORT_WORDS[ask.effort ?? 'low']) : '')
  const toolCalls = (given.tool_calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${sha256Hex(`${seed}|call|${index}`).slice(0, 24)}`,
    name: call.name,
    arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }))
  const reasoningTokens = tokensOf(reasoning, model)
  const said = given.text ?? ''
  const text = cutAt(said, ask, model, reasoningTokens)
  const calls = toolCalls.reduce(
    (sum, call) => sum + tokensOf(call.name + call.arguments, model),
    0,
  )
  const refusal = given.refusal ?? null
  return {
    text,
    toolCalls,
    reasoning,
    details: given.reasoning_details ?? detailsOf(reasoning, seed),
    refusal,
    finish: given.finish_reason ?? finishOf(text !== said, toolCalls.length > 0),
    tokens: reasoningTokens + tokensOf(text, model) + calls + tokensOf(refusal ?? '', model),
    reasoningTokens,
  }
}

const EFFORT_WORDS = { low: 8, medium: 24, high: 64 } as const

function finishOf(isCut: boolean, hasCalls: boolean): FinishReason {
  if (isCut) return 'length'
  return hasCalls ? 'tool_calls' : 'stop'
}

/** What fits into the tokens that are allowed, without half a character at its end. */
function cutAt(text: string, ask: FakeAsk, model: FakeModel, used: number): string {
  const most = Math.min(ask.maxTokens ?? Number.POSITIVE_INFINITY, model.max_completion_tokens)
  const length = Math.floor(Math.max(most - used, 0) * model.chars_per_token)
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}

/** Sealed, as vendors do: to be sent back as it is. */
function detailsOf(reasoning: string, seed: string): readonly JsonValue[] {
  if (reasoning === '') return []
  return [
    { type: 'reasoning.text', text: reasoning, format: 'fake-v1', index: 0 },
    { type: 'reasoning.encrypted', data: sha256Hex(`${seed}|sealed`), format: 'fake-v1', index: 1 },
  ]
}

/** A tool is called where one must be, or where the user names it. */
function ownAnswer(ask: FakeAsk, model: FakeModel, seed: string): FakeAnswer {
  const wanted = ask.tools.find(({ name }) =>
    ask.mustCall === 'required' ? true : ask.mustCall === name || isNamed(name, ask),
  )
  if (wanted !== undefined) {
    const sample = sampleOf(wanted.parameters, seed)
    return { tool_calls: [{ name: wanted.name, arguments: JSON.stringify(sample ?? {}) }] }
  }
  if (ask.format === 'json_schema') return { text: JSON.stringify(sampleOf(ask.schema, seed)) }
  if (ask.format === 'json_object') return { text: JSON.stringify({ answer: words(seed, 6) }) }
  return { text: `${words(seed, model.words)}.` }
}

/** Not again in answer to a tool's result. */
function isNamed(name: string, ask: FakeAsk): boolean {
  return ask.messages.at(-1)?.role === 'user' && ask.lastUser.includes(name)
}
