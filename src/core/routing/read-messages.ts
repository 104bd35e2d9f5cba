import { isList, isMap } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'
import type { ModelMessage, Role, Surface } from './model-request.ts'

/** What stands in a message besides text. Sizes are in bytes. */
export interface Parts {
  readonly images: number
  /** Of those, in low detail. */
  readonly lowImages: number
  readonly audioBytes: number
  readonly files: number
  readonly fileBytes: number
}

/** A message, and what else routing asks about it. */
export interface Message extends ModelMessage {
  readonly parts: Parts
  /** A tool call or its result. */
  readonly isToolTurn: boolean
  /** It carries reasoning that only its vendor can read. */
  readonly isSealed: boolean
}

/** The messages of a body, whatever its surface. */
export function messagesIn(surface: Surface, body: JsonObject): readonly Message[] {
  switch (surface) {
    case 'chat':
      return isList(body['messages']) ? body['messages'].map(chatMessage) : []
    case 'responses':
      return [...instructionsIn(body), ...itemsIn(body['input'])]
    case 'completions':
      return textsIn(body['prompt']).map((text) => plain('user', text))
    case 'embeddings':
      return textsIn(body['input']).map((text) => plain('user', text))
  }
}

const NO_PARTS: Parts = Object.freeze({
  images: 0,
  lowImages: 0,
  audioBytes: 0,
  files: 0,
  fileBytes: 0,
})

function plain(role: Role, text: string): Message {
  return { role, text, parts: NO_PARTS, isToolTurn: false, isSealed: false }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return isList(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

function roleOf(value: unknown): Role {
  return (typeof value === 'string' ? ROLES[value] : undefined) ?? 'user'
}

function chatMessage(value: unknown): Message {
  if (!isMap(value)) return plain('user', '')
  const role = roleOf(value['role'])
  const { content, tool_calls: calls, reasoning_details: details } = value
  const isCalling = isList(calls) && calls.length > 0
  return {
    role,
    text: [...textsOf(content), ...(isCalling ? [JSON.stringify(calls)] : [])].join('\n'),
    parts: partsOf(content),
    isToolTurn: role === 'tool' || isCalling || isMap(value['function_call']),
    isSealed: isList(details) && details.length > 0,
  }
}

function instructionsIn({ instructions }: JsonObject): readonly Message[] {
  return typeof instructions === 'string' ? [plain('system', instructions)] : []
}

function itemsIn(input: unknown): readonly Message[] {
  if (typeof input === 'string') return [plain('user', input)]
  return isList(input) ? input.map(item) : []
}

/** An item without a type is a message. */
function item(value: unknown): Message {
  if (!isMap(value)) return plain('user', '')
  const { type: said } = value
  // What has a type that is none is no message, and of no other kind that is known.
  const type = typeof said === 'string' ? said : said == null ? 'message' : 'unknown'
  if (type === 'message') {
    const { content } = value
    return {
      ...plain(roleOf(value['role']), textsOf(content).join('\n')),
      parts: partsOf(content),
    }
  }
  const isOutput = type.endsWith('_output')
  return {
    ...plain(
      isOutput ? 'tool' : 'assistant',
      textsOf(value['output'] ?? value['arguments']).join('\n'),
    ),
    parts: partsOf(value['output']),
    isToolTurn: isOutput || type.endsWith('_call'),
    isSealed: type === 'reasoning',
  }
}

function textsOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content]
  if (!isList(content)) return []
  return content.flatMap((part) => {
    const text = isMap(part) ? (part['text'] ?? part['refusal']) : undefined
    return typeof text === 'string' ? [text] : []
  })
}

function partsOf(content: unknown): Parts {
  if (!isList(content)) return NO_PARTS
  const sum = { ...NO_PARTS }
  for (const part of content) if (isMap(part)) addPart(sum, part)
  return sum
}

type Part = Readonly<Record<string, unknown>>

function addPart(sum: { -readonly [Name in keyof Parts]: number }, part: Part): void {
  const { input_audio: audio, file } = part
  switch (part['type']) {
    case 'image_url':
    case 'input_image':
      sum.images++
      if (detailOf(part) === 'low') sum.lowImages++
      break
    case 'input_audio':
      sum.audioBytes += sizeOf(isMap(audio) ? audio['data'] : undefined)
      break
    case 'file':
    case 'input_file':
      sum.files++
      sum.fileBytes += sizeOf(isMap(file) ? file['file_data'] : part['file_data'])
  }
}

function detailOf(part: Part): unknown {
  const image = part['image_url']
  return isMap(image) ? image['detail'] : part['detail']
}

/** Of base64, or of what stands for it. */
function sizeOf(data: unknown): number {
  if (typeof data === 'string') return Math.floor((data.length * 3) / 4)
  return isMap(data) && typeof data['bytes'] === 'number' ? data['bytes'] : 0
}
