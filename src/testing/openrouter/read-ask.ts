import { isList, isMap, textsIn } from '../../core/json-kind.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { ApiError } from './api-error.ts'

export type FakeSurface = 'chat' | 'responses' | 'completions' | 'embeddings'

export interface FakeMessage {
  readonly role: string
  readonly text: string
  readonly images: number
  /** All of it as JSON: tool calls and results too. */
  readonly json: string
}

export interface FakeTool {
  readonly name: string
  readonly parameters: unknown
}

/** A request for inference, as far as the fake looks at it. */
export interface FakeAsk {
  readonly surface: FakeSurface
  /** `model`, then `models`, each once. */
  readonly models: readonly string[]
  readonly messages: readonly FakeMessage[]
  /** Text of the first system message; empty where there is none. */
  readonly system: string
  /** Text of the last message of the user. */
  readonly lastUser: string
  readonly tools: readonly FakeTool[]
  /** Name of the tool that must be called, `required` for any, or null. */
  readonly mustCall: string | null
  readonly format: 'text' | 'json_object' | 'json_schema'
  readonly schema: unknown
  readonly stream: boolean
  readonly n: number
  readonly maxTokens: number | null
  readonly effort: 'low' | 'medium' | 'high' | null
  readonly session: string | null
  readonly provider: JsonObject
  readonly serviceTier: string | null
  readonly body: JsonObject
}

type Fields = Readonly<Record<string, unknown>>

/** @throws {ApiError} where the body is not what the surface takes */
export function readAsk(surface: FakeSurface, body: JsonObject, header: string | null): FakeAsk {
  const models = [...new Set([textOr(body['model'], ''), ...textsIn(body['models'])])].filter(
    (id) => id !== '',
  )
  if (models.length === 0) throw new ApiError({ status: 400, message: 'no model is given' })
  const messages = messagesOf(surface, body)
  const { format, schema } = formatOf(body)
  return {
    surface,
    models,
    messages,
    system: messages.find(({ role }) => isSystem(role))?.text ?? '',
    lastUser: messages.findLast(({ role }) => role === 'user')?.text ?? '',
    tools: listOf(body['tools']).flatMap(toolOf),
    mustCall: mustCallOf(body['tool_choice']),
    format,
    schema,
    stream: body['stream'] === true,
    n: Math.min(Math.max(wholeOr(body['n']) ?? 1, 1), 8),
    maxTokens:
      wholeOr(body['max_completion_tokens']) ??
      wholeOr(body['max_output_tokens']) ??
      wholeOr(body['max_tokens']),
    effort: effortOf(body),
    session:
      textOr(body['session_id'], '') || header || textOr(body['prompt_cache_key'], '') || null,
    provider: isJsonObject(body['provider']) ? body['provider'] : {},
    serviceTier: textOr(body['service_tier'], '') || null,
    body,
  }
}

export function isSystem(role: string): boolean {
  return role === 'system' || role === 'developer'
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isMap(value)
}

function messagesOf(surface: FakeSurface, body: JsonObject): readonly FakeMessage[] {
  if (surface === 'chat') {
    const list = listOf(body['messages'])
    if (list.length === 0)
      throw new ApiError({ status: 400, message: 'messages: at least one is needed' })
    return list.map(messageOf)
  }
  const input = body[surface === 'completions' ? 'prompt' : 'input']
  const system = textOr(body['instructions'], '')
  const messages = system === '' ? [] : [messageOf({ role: 'system', content: system })]
  if (surface !== 'responses' && isList(input))
    return [...messages, ...input.map((text) => messageOf({ role: 'user', content: text }))]
  const items = isList(input) ? input : [{ role: 'user', content: input }]
  if (items.length === 0 || input === undefined)
    throw new ApiError({ status: 400, message: 'no input is given' })
  return [...messages, ...items.map(messageOf)]
}

function messageOf(value: unknown): FakeMessage {
  const message: Fields = isMap(value) ? value : {}
  const { content } = message
  const parts: readonly unknown[] = isList(content) ? content : [{ type: 'text', text: content }]
  const fields = parts.map((part): Fields => (isMap(part) ? part : {}))
  return {
    role: textOr(message['role'], 'user'),
    text: fields.map(({ text }) => textOr(text, '')).join(''),
    images: fields.filter(({ type }) => textOr(type, '').includes('image')).length,
    json: JSON.stringify(value),
  }
}

/** Of chat, where a function stands in a member of its own, and of responses, where it does not. */
function toolOf(value: unknown): readonly FakeTool[] {
  const tool: Fields = isMap(value) ? value : {}
  const made: Fields = isMap(tool['function']) ? tool['function'] : tool
  return typeof made['name'] === 'string'
    ? [{ name: made['name'], parameters: made['parameters'] }]
    : []
}

function mustCallOf(choice: unknown): string | null {
  if (choice === 'required') return choice
  if (!isMap(choice)) return null
  const made: Fields = isMap(choice['function']) ? choice['function'] : choice
  return textOr(made['name'], '') || null
}

function formatOf(body: Fields): Pick<FakeAsk, 'format' | 'schema'> {
  const text: Fields = isMap(body['text']) ? body['text'] : {}
  const given = body['response_format'] ?? text['format']
  const format: Fields = isMap(given) ? given : {}
  const wrapped: Fields = isMap(format['json_schema']) ? format['json_schema'] : format
  const { type } = format
  return {
    format: type === 'json_object' || type === 'json_schema' ? type : 'text',
    schema: wrapped['schema'],
  }
}

function effortOf(body: Fields): FakeAsk['effort'] {
  const reasoning = body['reasoning']
  const effort = isMap(reasoning) ? (reasoning['effort'] ?? 'medium') : body['reasoning_effort']
  if (isMap(reasoning) && reasoning['enabled'] === false) return null
  return effort === 'low' || effort === 'medium' || effort === 'high' ? effort : null
}

function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : []
}

function textOr(value: unknown, other: string): string {
  return typeof value === 'string' ? value : other
}

function wholeOr(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) ? value : null
}
