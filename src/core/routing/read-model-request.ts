import { isList, isMap } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'
import { estimateTokens } from './estimate-tokens.ts'
import type { ModelMessage, ModelRequest, Surface } from './model-request.ts'
import { modelsIn } from './named-models.ts'
import { type Message, messagesIn } from './read-messages.ts'
import type { Capability } from './words.ts'

/** From here on a request needs a model with a long context. */
const LONG_CONTEXT = 100_000
/** An image of 1024 by 1024 in high detail (4 tiles of 170 and 85); in low detail 85. */
const IMAGE_TOKENS = 765
const LOW_IMAGE_TOKENS = 85
/** A second of sound is about 10 tokens; 16-bit PCM at 24 kHz, the densest that is sent, 48,000 bytes. */
const AUDIO_BYTES_A_TOKEN = 4_800
/** A page of PDF is an image and its text, and some 60 KB. */
const FILE_BYTES_A_TOKEN = 40

/**
 * Reads the body of a request to a model, whatever its surface. Never throws: fields of the wrong kind
 * are as if they were not there. Base64 may be in it as stand-ins.
 */
export function readModelRequest(body: JsonObject, surface: Surface): ModelRequest {
  const [model, ...alternatives] = modelsIn(body).filter((one) => one !== undefined)
  const messages = messagesIn(surface, body)
  const tools = toolNamesIn(body)
  const tokens = inputTokens(messages, body)
  return {
    surface,
    model: model ?? null,
    alternatives,
    messages: messages.map(({ role, text }): ModelMessage => ({ role, text })),
    tools,
    capabilities: capabilitiesOf(messages, body, tokens),
    stream: body['stream'] === true,
    response_format: formatOf(body),
    input_tokens: tokens,
    max_output_tokens: maxOutput(body),
    temperature: numberIn(body['temperature']),
    metadata: isMap(body['metadata']) ? (body['metadata'] as JsonObject) : {}, // of a parsed body
    conversation: textIn(body['session_id']) ?? textIn(body['prompt_cache_key']),
    bound_to_vendor: isBound(messages, body),
  }
}

function toolNamesIn(body: JsonObject): readonly string[] {
  const listed = [...listIn(body['tools']), ...listIn(body['functions'])]
  return listed.flatMap((tool) => {
    if (!isMap(tool)) return []
    const { function: fn, custom } = tool
    const name =
      (isMap(fn) ? fn['name'] : isMap(custom) ? custom['name'] : undefined) ?? tool['name']
    return typeof name === 'string' ? [name] : []
  })
}

/** By structure alone. */
function capabilitiesOf(
  messages: readonly Message[],
  body: JsonObject,
  tokens: number,
): ReadonlySet<Capability> {
  const found = new Set<Capability>()
  for (const { parts } of messages) {
    if (parts.images > 0) found.add('vision')
    if (parts.audioBytes > 0) found.add('audio')
    if (parts.files > 0) found.add('file')
  }
  if (listIn(body['modalities']).includes('audio')) found.add('audio')
  if (listIn(body['tools']).length + listIn(body['functions']).length > 0) found.add('tool_use')
  if (messages.some(({ isToolTurn }) => isToolTurn)) found.add('tool_use')
  if (tokens >= LONG_CONTEXT) found.add('long_context')
  if (asksToReason(body)) found.add('reasoning')
  if (formatOf(body) !== 'text') found.add('json')
  return found
}

function asksToReason({ reasoning, reasoning_effort: effort }: JsonObject): boolean {
  const asked = isMap(reasoning)
    ? (reasoning['effort'] ?? reasoning['max_tokens'] ?? reasoning['enabled'])
    : effort
  return asked !== undefined && asked !== null && asked !== 'none' && asked !== false
}

function formatOf(body: JsonObject): ModelRequest['response_format'] {
  const { response_format: chat, text } = body
  const format = isMap(chat) ? chat : isMap(text) ? text['format'] : undefined
  const type = isMap(format) ? format['type'] : undefined
  return type === 'json_object' || type === 'json_schema' ? type : 'text'
}

function inputTokens(messages: readonly Message[], body: JsonObject): number {
  let tokens = 0
  for (const { text, parts } of messages) {
    // 3 to 4 tokens stand around each message.
    tokens += estimateTokens(text) + 4
    tokens += (parts.images - parts.lowImages) * IMAGE_TOKENS + parts.lowImages * LOW_IMAGE_TOKENS
    tokens += Math.ceil(parts.audioBytes / AUDIO_BYTES_A_TOKEN)
    tokens += Math.ceil(parts.fileBytes / FILE_BYTES_A_TOKEN)
  }
  for (const name of ['tools', 'functions'])
    if (listIn(body[name]).length > 0) tokens += estimateTokens(JSON.stringify(body[name]))
  return tokens
}

function maxOutput(body: JsonObject): number | null {
  const said = [body['max_completion_tokens'], body['max_output_tokens'], body['max_tokens']]
  return said.map(numberIn).find((one) => one !== null) ?? null
}

/**
 * Sealed reasoning and what the vendor keeps can only be gone on with by the same vendor, and so can an
 * open tool loop.
 */
function isBound(messages: readonly Message[], body: JsonObject): boolean {
  if (textIn(body['previous_response_id']) !== null || body['conversation'] != null) return true
  return messages.some(({ isSealed }) => isSealed) || messages.at(-1)?.isToolTurn === true
}

function listIn(value: unknown): readonly unknown[] {
  return isList(value) ? value : []
}

function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
