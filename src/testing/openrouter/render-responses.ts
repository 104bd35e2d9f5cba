import type { JsonObject } from '../../core/model/json.ts'
import { type Exchange, fragmentsOf, type Piece, responsesUsage } from './exchange.ts'
import { metadataOf } from './render-chat.ts'
import type { Reply } from './reply.ts'

/** The body of `/responses`. */
export function renderResponses(exchange: Exchange): JsonObject {
  const [reply] = exchange.replies
  const isCut = reply?.finish === 'length'
  return {
    ...envelope(exchange, isCut ? 'incomplete' : 'completed'),
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: reply === undefined ? [] : itemsOf(exchange, reply).map(({ done }) => done),
    usage: responsesUsage(exchange.usage),
    ...metadataOf(exchange),
  }
}

function envelope({ id, created, served, ask }: Exchange, status: string): JsonObject {
  return {
    id,
    object: 'response',
    created_at: created,
    model: served.model.id,
    status,
    error: null,
    output: [],
    parallel_tool_calls: true,
    store: false,
    previous_response_id: null,
    tools: ask.body['tools'] ?? [],
    tool_choice: ask.body['tool_choice'] ?? 'auto',
    metadata: ask.body['metadata'] ?? {},
    ...(served.tier === 'default' ? {} : { service_tier: served.tier }),
  }
}

/** The events of a stream of the same: each has its type, and a number in order. */
export function renderResponsesStream(exchange: Exchange): readonly Piece[] {
  const pieces: Piece[] = []
  let said = 0
  const add = (type: string, fields: JsonObject, length = 0): void => {
    said += length
    pieces.push({ event: type, data: { type, sequence_number: pieces.length, ...fields }, said })
  }
  const begun = envelope(exchange, 'in_progress')
  add('response.created', { response: begun })
  add('response.in_progress', { response: begun })
  const items = exchange.replies.slice(0, 1).flatMap((reply) => itemsOf(exchange, reply))
  items.forEach((item, output_index) => {
    add('response.output_item.added', { output_index, item: item.added })
    item.say((type, fields, length) =>
      add(type, { output_index, item_id: item.id, ...fields }, length),
    )
    add('response.output_item.done', { output_index, item: item.done })
  })
  const response = renderResponses(exchange)
  add(`response.${response['status'] === 'incomplete' ? 'incomplete' : 'completed'}`, { response })
  return [...pieces, { data: '[DONE]', said }]
}

type Add = (type: string, fields: JsonObject, length?: number) => void

interface Item {
  readonly id: string
  readonly added: JsonObject
  readonly done: JsonObject
  /** The events between the two. */
  say(add: Add): void
}

function itemsOf(exchange: Exchange, reply: Reply): readonly Item[] {
  const id = (kind: string, index = 0): string => `${kind}_${exchange.id}_${index}`
  const items: Item[] = []
  if (reply.reasoning !== '') items.push(reasoningItem(id('rs'), reply))
  if (reply.text !== '' || reply.toolCalls.length === 0) items.push(messageItem(id('msg'), reply))
  reply.toolCalls.forEach((call, index) => {
    items.push(callItem(id('fc', index), call))
  })
  return items
}

function reasoningItem(id: string, reply: Reply): Item {
  const item = { type: 'reasoning', id }
  const summary = [{ type: 'summary_text', text: reply.reasoning }]
  return {
    id,
    added: { ...item, summary: [] },
    done: { ...item, summary },
    say(add) {
      for (const delta of fragmentsOf(reply.reasoning))
        add('response.reasoning_summary_text.delta', { summary_index: 0, delta }, delta.length)
      add('response.reasoning_summary_text.done', { summary_index: 0, text: reply.reasoning })
    },
  }
}

function messageItem(id: string, reply: Reply): Item {
  const item = { type: 'message', id, role: 'assistant' }
  const text = { type: 'output_text', text: reply.text, annotations: [] }
  const part = reply.refusal === null ? text : { type: 'refusal', refusal: reply.refusal }
  const said = reply.refusal ?? reply.text
  const kind = reply.refusal === null ? 'output_text' : 'refusal'
  return {
    id,
    added: { ...item, status: 'in_progress', content: [] },
    done: { ...item, status: 'completed', content: [part] },
    say(add) {
      const empty = reply.refusal === null ? { ...text, text: '' } : { ...part, refusal: '' }
      add('response.content_part.added', { content_index: 0, part: empty })
      for (const delta of fragmentsOf(said))
        add(`response.${kind}.delta`, { content_index: 0, delta }, delta.length)
      const whole = reply.refusal === null ? { text: said } : { refusal: said }
      add(`response.${kind}.done`, { content_index: 0, ...whole })
      add('response.content_part.done', { content_index: 0, part })
    },
  }
}

const ARGUMENT_PIECE = 8

function callItem(id: string, call: Reply['toolCalls'][number]): Item {
  const item = { type: 'function_call', id, call_id: call.id, name: call.name }
  return {
    id,
    added: { ...item, status: 'in_progress', arguments: '' },
    done: { ...item, status: 'completed', arguments: call.arguments },
    say(add) {
      for (let at = 0; at < call.arguments.length; at += ARGUMENT_PIECE) {
        const delta = call.arguments.slice(at, at + ARGUMENT_PIECE)
        add('response.function_call_arguments.delta', { delta }, delta.length)
      }
      add('response.function_call_arguments.done', { arguments: call.arguments, name: call.name })
    },
  }
}
