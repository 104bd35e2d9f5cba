import { refuseOption } from '../../core/option-checks.ts'
import type { Timers } from '../timers.ts'
import type { Connection, Ending, Pipe } from './connection.ts'
import type { StreamViewer } from './events.ts'
import type { Hub, Refused } from './hub.ts'

/** The part of a WebSocket that is used: those of the `ws` package and of the web platform have it. */
export interface StreamSocket {
  readonly bufferedAmount: number
  readonly readyState?: number
  send(text: string, done?: (error?: Error | null) => void): void
  close(code?: number, reason?: string): void
  on?(event: string, listener: (...details: never[]) => void): unknown
  addEventListener?(event: string, listener: () => void): unknown
  ping?(): void
  terminate?(): void
}

/** Bytes that wait in the socket itself; what is beyond waits in the queue, where it is bounded. */
const BUFFER_BYTES = 65_536
/** How often a socket that tells nobody is asked whether it takes more. */
const POLL_MS = 100
const OPEN = 1

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1, and 1013 of IANA's registry */
const REFUSALS: Readonly<Record<Refused, readonly [code: number, reason: string]>> = {
  no_user: [1008, 'nobody has said who this is'],
  user_full: [1013, 'this user has too many connections'],
  full: [1013, 'there are too many connections'],
  closed: [1001, 'the stream is closed'],
}
const ENDINGS: Readonly<Record<Ending, readonly [code: number, reason: string]>> = {
  slow: [1013, 'too slow: connect again'],
  dead: [1001, 'no answer'],
  gone: [1000, ''],
  closed: [1001, 'the stream is closed'],
}

export interface AttachContext {
  readonly hub: Hub
  readonly timers: Timers
  readonly viewer: StreamViewer
  readonly lastEventId: string | null
}

/** False where it is not let in: then it was closed. */
export function attachSocket(socket: StreamSocket, context: AttachContext): boolean {
  const { hub, timers, viewer } = context
  const listen = listenerOf(socket)
  const refused = hub.admit(viewer)
  if (refused !== undefined) {
    // A socket without a listener for its errors ends the process.
    listen('error', () => undefined)
    socket.close(...REFUSALS[refused])
    return false
  }
  const held: { connection?: Connection } = {}
  const leave = (): void => {
    if (held.connection !== undefined) hub.drop(held.connection, 'gone')
  }
  const pump = (): void => held.connection?.pump()
  const pipe = pipeTo(socket, { listen, timers, pump, leave })
  held.connection = hub.open(viewer, pipe, context.lastEventId)
  listen('close', leave)
  listen('error', leave)
  listen('open', pump)
  if ((socket.readyState ?? OPEN) > OPEN) leave()
  return true
}

type Listen = (event: string, listener: () => void) => void

function listenerOf(socket: StreamSocket): Listen {
  if (typeof socket.bufferedAmount !== 'number')
    refuseOption('streamSink: a socket without `bufferedAmount` cannot be bounded')
  if (typeof socket.on === 'function') return (event, listener) => void socket.on?.(event, listener)
  if (typeof socket.addEventListener === 'function')
    return (event, listener) => void socket.addEventListener?.(event, listener)
  return refuseOption('streamSink: a socket has `on` or `addEventListener`')
}

function pipeTo(
  socket: StreamSocket,
  hands: { listen: Listen; timers: Timers; pump: () => void; leave: () => void },
): Pipe {
  const { timers, pump, leave } = hands
  let hasAnswered = true
  let cancelPoll: (() => void) | undefined
  // `ws` tells of an answer to its ping; the web platform keeps that to itself.
  const canPing = typeof socket.ping === 'function' && typeof socket.on === 'function'
  hands.listen('pong', () => {
    hasAnswered = true
  })
  const isOpen = (): boolean => (socket.readyState ?? OPEN) === OPEN
  return {
    isReady: () => isOpen() && socket.bufferedAmount < BUFFER_BYTES,
    send(frame) {
      try {
        if (isOpen())
          socket.send(frame.text, (error) => (error instanceof Error ? leave() : pump()))
      } catch {
        leave() // it was closed, and has not said so yet
      }
    },
    stalled() {
      cancelPoll ??= timers.after(POLL_MS, () => {
        cancelPoll = undefined
        pump()
      })
    },
    probe() {
      if (!canPing || !isOpen()) return true
      if (!hasAnswered) return false
      hasAnswered = false
      try {
        socket.ping?.()
      } catch {
        return false
      }
      return true
    },
    end(why) {
      cancelPoll?.()
      cancelPoll = undefined
      // Nobody is there to answer a close.
      if (why === 'dead' && typeof socket.terminate === 'function') socket.terminate()
      else if (why !== 'gone') socket.close(...ENDINGS[why])
      else if (isOpen()) socket.close(...ENDINGS.gone)
    },
  }
}
