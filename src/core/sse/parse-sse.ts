import { CallgateError } from '../model/errors.ts'

/** What stands between two blank lines of an event stream. */
export interface SseEvent {
  /** Undefined where none is given, or an empty one: readers call it `message`. */
  readonly event: string | undefined
  /** Its data lines, joined with LF; empty where it has none. */
  readonly data: string
  /** As this event gives it; undefined where it gives none. */
  readonly id: string | undefined
  /** Comment lines in order, without their colon and one space behind it. */
  readonly comments: readonly string[]
  /** The text it was read from, with its blank line: what to pass on unchanged. */
  readonly raw: string
  /** True where readers are told of it. Comments alone, and blank lines alone, are no event to them. */
  readonly hasData: boolean
  /** False for what stood behind the last blank line when the stream ended: readers drop that. */
  readonly isComplete: boolean
}

export interface SseParserOptions {
  /** Most UTF-16 units of one event with its comments. @default 8388608 */
  readonly maxEventLength?: number
}

export interface SseParser {
  /**
   * Takes the next piece of a stream, split anywhere, and gives the events that it ends. The `raw` of
   * all events joined is the stream's text without its byte order mark. A CR at the very end of a piece
   * waits for the next one, which may begin with the LF that belongs to it.
   * @throws {CallgateError} ERR_OUTPUT_INVALID where an event is too long; from then on, always
   */
  push(chunk: Uint8Array | string): readonly SseEvent[]
  /** What is left when the stream has ended: at most one event, which need not be complete. */
  end(): readonly SseEvent[]
}

export const MAX_SSE_EVENT_LENGTH = 8 * 1024 * 1024

/**
 * Reads server-sent events from pieces of a stream. Bytes that are no UTF-8 become U+FFFD.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function createSseParser(options: SseParserOptions = {}): SseParser {
  const { maxEventLength = MAX_SSE_EVENT_LENGTH } = options
  const decode = createTextReader()
  /** The begin of an event whose end has not come. */
  let held = ''
  let isAtLineStart = true
  let waitingCr = ''
  let isTooLong = false

  /** `text` has no line end that is cut in two. */
  const take = (text: string): SseEvent[] => {
    const events: SseEvent[] = []
    const hasCr = text.includes('\r')
    let start = 0
    let line = 0
    for (let at = lineEnd(text, 0, hasCr); at >= 0; at = lineEnd(text, line, hasCr)) {
      const next = at + lineEndWidth(text, at)
      if (at === line && isAtLineStart) {
        const raw = held + text.slice(start, next)
        bounded(raw.length)
        events.push(readEvent(raw, true))
        held = ''
        start = next
      }
      isAtLineStart = true
      line = next
    }
    if (line < text.length) isAtLineStart = false
    held += text.slice(start)
    bounded(held.length)
    return events
  }

  const bounded = (length: number): void => {
    isTooLong ||= length > maxEventLength
    if (!isTooLong) return
    held = ''
    throw new CallgateError(
      'ERR_OUTPUT_INVALID',
      `an event of the stream is longer than ${maxEventLength} characters: raise \`maxEventLength\`, or ask for smaller events`,
    )
  }

  return {
    push(chunk) {
      bounded(0)
      const text = waitingCr + decode(chunk)
      waitingCr = text.endsWith('\r') ? '\r' : ''
      return take(waitingCr === '' ? text : text.slice(0, -1))
    },
    end() {
      bounded(0)
      const events = take(waitingCr + decode(undefined))
      waitingCr = ''
      if (held !== '') events.push(readEvent(held, false))
      held = ''
      return events
    },
  }
}

/** Text of pieces that may cut a character in two; undefined: there are no more. One mark is dropped. */
function createTextReader(): (chunk: Uint8Array | string | undefined) => string {
  // A piece that ends with ASCII cuts nothing: decoding it as a whole is several times faster.
  const whole = new TextDecoder('utf-8', { ignoreBOM: true })
  const pieces = new TextDecoder('utf-8', { ignoreBOM: true })
  let isCut = false
  let isFirst = true

  const textOf = (chunk: Uint8Array | string | undefined): string => {
    if (typeof chunk !== 'object') {
      const cut = isCut ? pieces.decode() : ''
      isCut = false
      return cut + (chunk ?? '')
    }
    if (chunk.length === 0) return ''
    const wasCut = isCut
    isCut = (chunk[chunk.length - 1] ?? 0) >= 0x80
    return wasCut || isCut ? pieces.decode(chunk, { stream: true }) : whole.decode(chunk)
  }

  return (chunk) => {
    const text = textOf(chunk)
    if (!isFirst || text === '') return text
    isFirst = false
    return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text
  }
}

const BYTE_ORDER_MARK = 0xfeff
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20

/** Where the line that holds `from` ends; -1 where it does not. */
function lineEnd(text: string, from: number, hasCr: boolean): number {
  if (!hasCr) return text.indexOf('\n', from)
  // Not two searches: the one for the rarer sign would go through all of the text for each line.
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === LF || code === CR) return at
  }
  return -1
}

function lineEndWidth(text: string, at: number): number {
  return text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? 2 : 1
}

interface Fields {
  event: string | undefined
  id: string | undefined
  data: string | undefined
  comments: string[] | undefined
}

function readEvent(raw: string, isComplete: boolean): SseEvent {
  const hasCr = raw.includes('\r')
  const fields: Fields = { event: undefined, id: undefined, data: undefined, comments: undefined }
  for (let at = 0; at < raw.length; ) {
    const found = lineEnd(raw, at, hasCr)
    const end = found < 0 ? raw.length : found
    if (end > at) readLine(raw, at, end, fields)
    at = found < 0 ? end : end + lineEndWidth(raw, end)
  }
  const { event, id, data, comments = NONE } = fields
  return { event, data: data ?? '', id, comments, raw, hasData: data !== undefined, isComplete }
}

const NONE: readonly string[] = Object.freeze([])

/** A line that is not blank. */
function readLine(raw: string, at: number, end: number, fields: Fields): void {
  const colon = at + nameLength(raw, at, end)
  const value = raw.slice(raw.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end)
  switch (raw.slice(at, colon)) {
    case 'data':
      fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`
      return
    case 'event':
      fields.event = value === '' ? undefined : value
      return
    case 'id':
      if (!value.includes('\0')) fields.id = value
      return
    case '':
      if (fields.comments === undefined) fields.comments = [value]
      else fields.comments.push(value)
  }
}

/** Length of a line's name: all of it where it has no colon. */
function nameLength(raw: string, at: number, end: number): number {
  // By far the most lines, and the longest.
  if (raw.startsWith('data:', at)) return 4
  let colon = at
  while (colon < end && raw.charCodeAt(colon) !== COLON) colon++
  return colon - at
}

const COLON = 0x3a
