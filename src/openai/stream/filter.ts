import type { MaybePromise } from '../../core/model/json.ts'
import type { SseEvent } from '../../core/sse/parse-sse.ts'

/** Turns the events of one answer into those that the caller may see. */
export interface StreamFilter {
  /**
   * The text to send on for an event; empty where nothing is, or not yet. Synchronous unless a proposal is
   * judged.
   * @throws {StreamFault}
   */
  event(event: SseEvent): MaybePromise<string>
  /** What is sent last, once the call is closed. */
  readonly tail: string
  /** True once nothing of worth can follow. */
  readonly isOver: boolean
  /** True where the answer is whole: it says so itself. */
  readonly isComplete: boolean
  /** True where the answer says that it has failed. */
  readonly hasFailed: boolean
}

/** What ends a stream. `message` is for callers. */
export class StreamFault extends Error {
  readonly reason: StreamReason
  /** As records name it. */
  readonly code: string
  constructor(reason: StreamReason, message: string) {
    super(message)
    this.name = 'StreamError'
    this.reason = reason
    this.code = `ERR_${reason.toUpperCase()}`
  }
}

export type StreamReason =
  | 'stream_truncated'
  | 'stream_malformed'
  | 'stream_too_large'
  | 'stream_stalled'
  | 'stream_failed'

type Fields = Readonly<Record<string, unknown>>

/** One event of data, in the form in which all of these APIs write them. */
export function dataEvent(data: object, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`
}

/** What an event says; undefined where it is no JSON object. */
export function readData({ data }: SseEvent): Fields | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields) // an object, as was just seen
      : undefined
  } catch {
    return undefined
  }
}

export function malformed(): StreamFault {
  return new StreamFault('stream_malformed', 'an event of the stream is no JSON object')
}

/** A call in a place where none is judged. */
export function strayCall(): StreamFault {
  return new StreamFault('stream_malformed', 'the stream hides a call where none is judged')
}

export function tooLarge(): StreamFault {
  return new StreamFault('stream_too_large', 'the answer is larger than `maxAnswerBytes`')
}
