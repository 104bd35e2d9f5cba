import type { JsonObject } from '../../core/model/json.ts'
import { errorMember, type FakeErrorFields } from './api-error.ts'
import type { FakeTerms } from './bill.ts'
import { renderEmbeddings } from './embed.ts'
import type { Exchange, Piece } from './exchange.ts'
import type { FakeState, Incoming } from './fake-state.ts'
import { type FakeFault, type FakeShape, faultOf } from './faults.ts'
import { renderChat, renderChatStream } from './render-chat.ts'
import { renderResponses, renderResponsesStream } from './render-responses.ts'
import { bodyOf, type Cut, recut, type Write, writesOf } from './stream-body.ts'

/** Sends the answer, with whatever is to go wrong with it, and settles its bill when it is over. */
export function respond(
  fake: FakeState,
  exchange: Exchange,
  terms: FakeTerms,
  incoming: Incoming,
  more: Readonly<Record<string, string>>,
): Response {
  const { ask, served, usage } = exchange
  const { faults, model } = served
  const { record } = incoming
  const cut = cutOf(faults, ask.stream)
  if (cut?.how === 'reset' && cut.after === BEFORE_HEADERS) {
    incoming.reset()
    return Response.error()
  }
  record.model = model.id
  const headers = { 'x-generation-id': exchange.id, ...more }
  const settle = (sent: number, said: number, of: number, hasLeft: boolean): void => {
    const end = { hasLeft, said, of, now: fake.now() }
    const { bill, completionTokens } = fake.generations.settle(exchange, terms, end)
    incoming.account.charge(bill.cost)
    fake.count(model.id, { prompt: usage.tokens.prompt, completion: completionTokens }, bill.cost)
    if (hasLeft) fake.countCancelled()
    Object.assign(record, { sent, cost: bill.cost, end: hasLeft ? 'cancelled' : 'complete' })
  }
  const whole = wholeBody(exchange, faults)
  if (whole !== undefined) {
    settle(1, 0, 0, false)
    const { status, text, type } = whole
    return new Response(text, { status, headers: { ...headers, 'content-type': type } })
  }
  const shape: FakeShape = faultOf(faults, 'shape') ?? {}
  const writes = ask.stream ? streamWrites(exchange, shape) : jsonWrites(exchange, shape, cut)
  const delay = faultOf(faults, 'delay')
  const body = bodyOf({
    writes,
    cut,
    pace: {
      firstByteMs: delay?.first_byte_ms ?? fake.pace.firstByteMs,
      pieceMs: delay?.piece_ms ?? fake.pace.pieceMs,
    },
    reset: incoming.reset,
    ended: (sent, hasLeft) =>
      settle(sent, writes[sent - 1]?.said ?? 0, writes.at(-1)?.said ?? 0, hasLeft),
  })
  const type = ask.stream ? 'text/event-stream' : 'application/json'
  return new Response(body, {
    headers: {
      ...headers,
      'content-type': shape.content_type ?? type,
      ...(ask.stream ? { 'cache-control': 'no-cache' } : {}),
    },
  })
}

interface Whole {
  readonly status: number
  readonly text: string
  readonly type: string
}

/** A body that is not that of an answer. */
function wholeBody(exchange: Exchange, faults: readonly FakeFault[]): Whole | undefined {
  const other = faultOf(faults, 'body')
  if (other !== undefined) {
    const { status = 200, text, content_type = 'application/json' } = other
    return { status, text, type: content_type }
  }
  const event = exchange.ask.stream ? undefined : faultOf(faults, 'error_event')
  const error = faultOf(faults, 'error_in_200') ?? event
  if (error === undefined) return undefined
  const body = { id: exchange.id, error: errorMember(fieldsOf(error)) }
  return { status: 200, text: JSON.stringify(body), type: 'application/json' }
}

function fieldsOf(fault: FakeFault & FakeErrorFields): FakeErrorFields {
  const { kind: _, ...fields } = fault
  return fields
}

const BEFORE_HEADERS = -1

function cutOf(faults: readonly FakeFault[], isStream: boolean): Cut | undefined {
  const reset = faultOf(faults, 'reset')
  if (reset !== undefined) return { after: reset.after ?? BEFORE_HEADERS, how: 'reset' }
  const stall = faultOf(faults, 'stall')
  if (stall !== undefined) return { after: stall.after, how: 'stall' }
  const truncate = faultOf(faults, 'truncate')
  return truncate === undefined || !isStream ? undefined : { after: truncate.after, how: 'end' }
}

function streamWrites(exchange: Exchange, shape: FakeShape): readonly Write[] {
  const pieces =
    exchange.ask.surface === 'responses'
      ? renderResponsesStream(exchange)
      : renderChatStream(exchange, shape.usage)
  const error = faultOf(exchange.served.faults, 'error_event')
  if (error === undefined) return writesOf(pieces, shape)
  const before = pieces.slice(0, error.after)
  const said = before.at(-1)?.said ?? 0
  return writesOf([...before, { ...errorPiece(exchange, fieldsOf(error)), said }], shape)
}

function errorPiece(exchange: Exchange, fields: FakeErrorFields): Omit<Piece, 'said'> {
  const { id, created, served, ask } = exchange
  const error = errorMember(fields)
  if (ask.surface === 'responses') {
    const response = { id, object: 'response', status: 'failed', error, output: [] }
    return { event: 'response.failed', data: { type: 'response.failed', response } }
  }
  const choice = { index: 0, delta: { content: '' }, finish_reason: 'error' }
  return {
    data: {
      id,
      object: 'chat.completion.chunk',
      created,
      model: served.model.id,
      provider: served.model.provider,
      error,
      choices: [{ ...choice, native_finish_reason: 'error' }],
    },
  }
}

function jsonWrites(exchange: Exchange, shape: FakeShape, cut: Cut | undefined): readonly Write[] {
  const text = JSON.stringify(jsonBody(exchange))
  const write = { bytes: new TextEncoder().encode(text), said: text.length }
  // What is cut somewhere must have more than one piece.
  const size = shape.piece_bytes ?? (cut === undefined ? text.length : 64)
  return write.bytes.length <= size ? [write] : recut([write], size)
}

function jsonBody(exchange: Exchange): JsonObject {
  switch (exchange.ask.surface) {
    case 'embeddings':
      return renderEmbeddings(exchange)
    case 'responses':
      return renderResponses(exchange)
    case 'chat':
    case 'completions':
      return renderChat(exchange)
  }
}
