import { type Connection, createConnection } from '../connection.ts'
import type { IncomingRequest, Message, ProtocolHost, RequestId, SendOptions } from '../host.ts'
import { Later } from './later.ts'
import type { Tapped } from './tap-transport.ts'

/** A request that a client makes. */
export interface ClientRequest extends IncomingRequest {
  readonly id: RequestId
}

/** A request of the client, from when it is made until it is answered. */
export interface Asked {
  readonly message: ClientRequest
  readonly controller: AbortController
  /** What the server says, before anybody has looked at it. */
  readonly answer: Later
  /** Settles what `send` has promised. */
  readonly sent: { resolve(): void; reject(error: unknown): void }
  state: 'judged' | 'sent' | 'answered' | 'over'
  /** The message that has answered it, as it came. */
  came: { readonly message: Message; readonly extra: unknown } | undefined
  /** True where it could not be sent. */
  isLost: boolean
}

/** One connection of a wrapped client. */
export interface Link extends Connection {
  readonly asked: Map<RequestId, Asked>
  /** Sessions that know what the server says of itself. */
  readonly introduced: Set<string>
  /** Methods of what the server asks in its results, by their keys. */
  readonly inputs: Map<RequestId, string>
  /** Whether its tools are known as they are now. */
  tools: 'listed' | 'unknown'
  /** Counts how often the server has said that they have changed. */
  changes: number
  /** Settles when they are, or cannot be. */
  listing: Promise<void> | undefined
  /** The transport, as it is without the guard. */
  tapped: Tapped | undefined
  /** Settles when all notifications so far are handed on; undefined: they are. */
  heard: Promise<void> | undefined
  /** How many wait for that. */
  waiting: number
  /** How many of the server's requests are being answered. */
  serving: number
}

/**
 * Nothing here hangs on the session id of the transport: the server chooses it, and would choose
 * another one when its session is stopped.
 */
export function createLink(host: ProtocolHost): Link {
  return {
    ...createConnection(host, undefined),
    asked: new Map(),
    introduced: new Set(),
    inputs: new Map(),
    tools: 'unknown',
    changes: 0,
    listing: undefined,
    tapped: undefined,
    heard: undefined,
    waiting: 0,
    serving: 0,
  }
}

export function passOn(link: Link, message: Message, options?: SendOptions): Promise<void> {
  return link.tapped?.pass(message, options) ?? Promise.reject(new Error('Not connected'))
}

export function deliver(link: Link, message: Message, extra?: unknown): void {
  link.tapped?.deliver(message, extra)
}

export function openAsked(link: Link, message: ClientRequest, sent: Asked['sent']): Asked {
  const asked: Asked = {
    message,
    controller: new AbortController(),
    answer: new Later(),
    sent,
    state: 'judged',
    came: undefined,
    isLost: false,
  }
  link.asked.set(message.id, asked)
  return asked
}

/** Sends it, in the form that was judged. */
export function sendAsked(
  link: Link,
  asked: Asked,
  request: Message,
  options: SendOptions | undefined,
): void {
  asked.state = 'sent'
  const lost = (error: unknown): void => {
    if (asked.state === 'sent') {
      asked.state = 'answered'
      asked.isLost = true
      asked.answer.reject(error)
    } else asked.sent.reject(error)
  }
  try {
    passOn(link, request, options).then(() => asked.sent.resolve(), lost)
  } catch (error) {
    lost(error)
  }
}

/** Ends it. A response that comes later is one to no request. */
export function closeAsked(link: Link, asked: Asked): void {
  const { id } = asked.message
  asked.state = 'over'
  if (link.asked.get(id) === asked) link.asked.delete(id)
}

/** Nobody waits for it any more, for this reason. */
export function endAsked(link: Link, asked: Asked, error: Error): void {
  const wasSent = asked.state === 'sent'
  closeAsked(link, asked)
  // Before the signal: what was sent and not answered has failed, it was not cancelled.
  if (wasSent) asked.answer.reject(error)
  asked.controller.abort(error)
  asked.sent.resolve()
}
