import { writeSse } from '../../core/sse/write-sse.ts'
import type { Piece } from './exchange.ts'
import type { FakeShape } from './faults.ts'

/** How a body is sent. */
export interface Pace {
  readonly firstByteMs: number
  readonly pieceMs: number
}

/** How a body ends other than by itself: after so many pieces. */
export interface Cut {
  readonly after: number
  readonly how: 'end' | 'reset' | 'stall'
}

export interface BodyPlan {
  /** What is written, each by itself; `said` as in `Piece`. */
  readonly writes: readonly Write[]
  readonly pace: Pace
  readonly cut: Cut | undefined
  /** Resets the connection: without a byte of the body, cutting it would be answered as a fault. */
  readonly reset: () => void
  /** Told once, when nothing more is sent: by which write that was, and whether the client left. */
  readonly ended: (sent: number, hasLeft: boolean) => void
}

export interface Write {
  readonly bytes: Uint8Array
  readonly said: number
}

/** Events as text, in the shape that is asked for. */
export function writesOf(pieces: readonly Piece[], shape: FakeShape): readonly Write[] {
  const { comments = 0, crlf = false, piece_bytes, tail, done_twice = false } = shape
  const processing = writeSse({ comments: ['OPENROUTER PROCESSING'] })
  const all = done_twice ? [...pieces, ...pieces.slice(-1)] : pieces
  const texts = all.map((piece, index) => ({
    said: piece.said,
    text: processing.repeat(comments || Number(index === 0)) + eventText(piece, shape),
  }))
  const last = pieces.at(-1)?.said ?? 0
  if (tail !== undefined) texts.push({ said: last, text: tail })
  const encoder = new TextEncoder()
  const writes = texts.map(({ said, text }) => ({
    said,
    bytes: encoder.encode(crlf ? text.replaceAll('\n', '\r\n') : text),
  }))
  return piece_bytes === undefined ? writes : recut(writes, piece_bytes)
}

function eventText({ event, data }: Piece, { multi_line = false }: FakeShape): string {
  const text =
    data === '[DONE]' ? data : JSON.stringify(data, undefined, multi_line ? 1 : undefined)
  return writeSse({ event, data: text })
}

/** The same bytes, in pieces of one size. */
export function recut(writes: readonly Write[], size: number): readonly Write[] {
  const bytes = Buffer.concat(writes.map((write) => write.bytes))
  const last = writes.at(-1)?.said ?? 0
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => ({
    bytes: bytes.subarray(index * size, (index + 1) * size),
    said: Math.round((last * Math.min((index + 1) * size, bytes.length)) / bytes.length),
  }))
}

/** Readers throw away what they have not read when a connection breaks: time to read it. */
const BEFORE_RESET_MS = 10

/** A body that is made as it is read: whoever stops reading stops it. */
export function bodyOf(plan: BodyPlan): ReadableStream<Uint8Array> {
  const { writes, cut, pace } = plan
  const most = Math.min(writes.length, cut?.after ?? writes.length)
  const left = new AbortController()
  let sent = 0
  let isOver = false
  const end = (hasLeft: boolean): void => {
    if (!isOver) plan.ended(sent, hasLeft)
    isOver = true
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const write = sent < most ? writes[sent] : undefined
        if (write !== undefined) {
          await pause(sent === 0 ? pace.firstByteMs : pace.pieceMs, left.signal)
          if (left.signal.aborted) return
          sent++
          controller.enqueue(write.bytes)
          return
        }
        // A stall lasts until the client, or the server's end, cuts the connection.
        if (cut?.how === 'stall') return untilAborted(left.signal)
        if (cut?.how === 'reset') await pause(BEFORE_RESET_MS, left.signal)
        if (left.signal.aborted) return
        end(false)
        if (cut?.how === 'reset') {
          if (sent === 0) plan.reset()
          controller.error(new Error('the connection is reset'))
        } else controller.close()
      },
      cancel() {
        left.abort()
        end(true)
      },
    },
    { highWaterMark: 0 },
  )
}

/** At least a turn of the event loop, so that pieces are read as they were sent. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) {
      setImmediate(resolve)
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
