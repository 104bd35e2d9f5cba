import { refuseOption } from '../../core/option-checks.ts'
import { FAMILIES, type StreamEvents, type StreamFamily } from './events.ts'

/** One event and its family: a message of the WebSocket, and what `toSse` writes. */
export type StreamMessage = {
  readonly [Family in StreamFamily]: {
    /** What a reader that comes back says it has seen. @default none */
    readonly id?: string | null
    readonly event: Family
    readonly data: StreamEvents[Family]
  }
}[StreamFamily]

/**
 * The event as a frame of an event stream: its name, its id where it has one, its JSON on one line, and
 * a blank line. What is in it cannot end a line, and so not begin a frame.
 * @throws {CallgateError} ERR_OPTIONS_INVALID for a family that is none, and an id with a line break or NUL
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function toSse({ id = null, event, data }: StreamMessage): string {
  if (!FAMILIES.includes(event)) refuseOption('toSse: there is no such family of events')
  if (id !== null && /[\0\n\r]/.test(id)) refuseOption('toSse: an id has no line break and no NUL')
  return sseText(event, id, JSON.stringify(data))
}

/** @param data - JSON, which has no line break */
export function sseText(event: string, id: string | null, data: string): string {
  const idLine = id === null ? '' : `id: ${id}\n`
  return `event: ${event}\n${idLine}data: ${data}\n\n`
}
