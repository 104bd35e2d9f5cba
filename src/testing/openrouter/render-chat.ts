import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { chatUsage, type Exchange, fragmentsOf, type Piece } from './exchange.ts'
import type { FakeShape } from './faults.ts'
import type { Reply } from './reply.ts'

/** The body of `/chat/completions`, and of `/completions`. */
export function renderChat(exchange: Exchange): JsonObject {
  return {
    ...head(exchange, false),
    choices: exchange.replies.map((reply, index) => choiceOf(exchange, reply, index)),
    ...tierOf(exchange),
    usage: chatUsage(exchange.usage),
    ...metadataOf(exchange),
  }
}

/** The events of a stream of the same. */
export function renderChatStream(
  exchange: Exchange,
  usage: NonNullable<FakeShape['usage']> = 'last',
): readonly Piece[] {
  const start = head(exchange, true)
  const pieces: Piece[] = []
  let said = 0
  exchange.replies.forEach((reply, index) => {
    for (const { delta, length } of deltasOf(reply)) {
      said += length
      pieces.push({ data: { ...start, choices: [choiceDelta(exchange, index, delta)] }, said })
    }
    const last = choiceDelta(exchange, index, {}, reply.finish)
    const isLast = index === exchange.replies.length - 1
    const early =
      isLast && (usage === 'with_choices' || usage === 'twice')
        ? { usage: chatUsage(usage === 'twice' ? unfinished(exchange) : exchange.usage) }
        : {}
    pieces.push({ data: { ...start, choices: [last], ...early }, said })
  })
  if (usage === 'last' || usage === 'twice')
    pieces.push({
      data: {
        ...start,
        choices: [],
        ...tierOf(exchange),
        usage: chatUsage(exchange.usage),
        ...metadataOf(exchange),
      },
      said,
      isUsage: true,
    })
  return [...pieces, { data: '[DONE]', said }]
}

/** What a first usage says where a second one corrects it. */
function unfinished({ usage }: Exchange): Exchange['usage'] {
  return { ...usage, tokens: { ...usage.tokens, cached: 0, completion: 0, reasoning: 0 } }
}

function isPlain({ ask }: Exchange): boolean {
  return ask.surface === 'completions'
}

function head(exchange: Exchange, isStream: boolean): JsonObject {
  const { model } = exchange.served
  const kind = isStream ? 'chat.completion.chunk' : 'chat.completion'
  return {
    id: exchange.id,
    provider: model.provider,
    model: model.id,
    object: isPlain(exchange) ? 'text_completion' : kind,
    created: exchange.created,
  }
}

function tierOf({ served }: Exchange): JsonObject {
  return served.tier === 'default' ? {} : { service_tier: served.tier }
}

export function metadataOf({ metadata }: Exchange): JsonObject {
  return metadata === null ? {} : { openrouter_metadata: metadata }
}

function choiceOf(exchange: Exchange, reply: Reply, index: number): JsonObject {
  const { text, toolCalls, reasoning, details, refusal, finish } = reply
  const ends = { finish_reason: finish, native_finish_reason: finish }
  if (isPlain(exchange)) return { index, text, logprobs: null, ...ends }
  const calls = toolCalls.map(({ id, name, arguments: text }, at) => ({
    index: at,
    id,
    type: 'function',
    function: { name, arguments: text },
  }))
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal,
      reasoning: reasoning === '' ? null : reasoning,
      ...(details.length > 0 ? { reasoning_details: details } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
    logprobs: null,
    ...ends,
  }
}

function choiceDelta(
  exchange: Exchange,
  index: number,
  delta: JsonObject,
  finish: string | null = null,
): JsonObject {
  const ends = { finish_reason: finish, native_finish_reason: finish, logprobs: null }
  return isPlain(exchange)
    ? { index, text: delta['content'] ?? '', ...ends }
    : { index, delta, ...ends }
}

interface Delta {
  readonly delta: JsonObject
  readonly length: number
}

function deltasOf(reply: Reply): readonly Delta[] {
  const role = { role: 'assistant' }
  const say = (name: string) => (text: string) => ({
    delta: { ...role, [name]: text },
    length: text.length,
  })
  const deltas: Delta[] = [{ delta: { ...role, content: '' }, length: 0 }]
  for (const text of fragmentsOf(reply.reasoning)) deltas.push(say('reasoning')(text))
  for (const detail of reply.details)
    deltas.push({ delta: { ...role, reasoning_details: [detail] }, length: 0 })
  deltas.push(...fragmentsOf(reply.text).map(say('content')))
  if (reply.refusal !== null) deltas.push(say('refusal')(reply.refusal))
  reply.toolCalls.forEach((call, index) => {
    deltas.push(...callDeltas(call, index))
  })
  return deltas
}

const ARGUMENT_PIECE = 8

function callDeltas(call: Reply['toolCalls'][number], index: number): readonly Delta[] {
  const { id, name } = call
  const wrap = (fields: JsonObject): JsonObject => ({ tool_calls: [{ index, ...fields }] })
  const first: JsonValue = { name, arguments: '' }
  const deltas: Delta[] = [
    { delta: wrap({ id, type: 'function', function: first }), length: name.length },
  ]
  for (let at = 0; at < call.arguments.length; at += ARGUMENT_PIECE) {
    const text = call.arguments.slice(at, at + ARGUMENT_PIECE)
    deltas.push({ delta: wrap({ function: { arguments: text } }), length: text.length })
  }
  return deltas
}
