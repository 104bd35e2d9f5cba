import { CallgateError } from '../../core/model/errors.ts'
import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'
import { INTERNAL_ERROR, ProtocolDenial } from '../answers/denial.ts'
import { keep } from '../connection.ts'
import { createGuard, type Guard } from '../guard.ts'
import {
  isObject,
  type Message,
  type RequestId,
  type SendOptions,
  type Transport,
} from '../host.ts'
import { checkWrapOptions, type WrapMcpOptions } from '../options.ts'
import { type EntryRequest, entryContext } from './entry-context.ts'
import { type EntryScope, entryScope, scopeOf } from './entry-scope.ts'
import { governListen } from './govern-listen.ts'
import { LISTEN, type Listener, mayHear } from './listener.ts'

/** Marks what is guarded, across copies of this package. */
const GUARDED = Symbol.for('callgate.mcp.guarded-transport')

/**
 * Puts the engine in front of what `serveStdio` of `@modelcontextprotocol/server` 2 answers without a
 * server: who may listen to which resources, and what they hear. Give it the transport that this returns,
 * which is the same object, and a factory of `wrapMcpServerFactory`.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; ERR_HOST_UNSUPPORTED where it is no transport, or is
 * guarded already by something else
 */
export function guardStdioTransport<T extends object>(
  transport: T,
  engine: PolicyEngine,
  options: WrapMcpOptions,
): T {
  checkWrapOptions('guardStdioTransport', engine, options)
  if (!isTransport(transport))
    throw new CallgateError(
      'ERR_HOST_UNSUPPORTED',
      '`guardStdioTransport` takes a transport of the MCP SDK, such as `new StdioServerTransport()`',
    )
  const before = (transport as { [GUARDED]?: Guard })[GUARDED]
  if (before?.engine === engine && before.server === options.server) return transport
  if (before !== undefined)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `this transport is guarded already, as \`${before.server}\``,
    )
  const guard = createGuard(engine, options)
  const line = lineOf(guard, transport)
  tapReceive(line)
  tapSend(line)
  Object.defineProperty(transport, GUARDED, { value: guard })
  return transport
}

function isTransport(given: unknown): given is Transport {
  return (
    isObject(given) && typeof given['send'] === 'function' && typeof given['start'] === 'function'
  )
}

type Send = Transport['send']

/** One connection. */
interface Line {
  readonly transport: Transport
  readonly scope: EntryScope
  readonly connection: string
  /** As the transport has it. */
  readonly send: Send
  /** Who listens, by the id of the request. */
  readonly listeners: Map<RequestId, Listener>
  /** Requests that are being judged. */
  readonly judging: Set<RequestId>
}

function lineOf(guard: Guard, transport: Transport): Line {
  const connection = `mcp-${globalThis.crypto.randomUUID()}`
  const { send } = transport
  return {
    transport,
    scope: scopeOf(guard, connection),
    connection,
    send: (message, options) => send.call(transport, message, options),
    listeners: new Map(),
    judging: new Set(),
  }
}

type Receive = NonNullable<Transport['onmessage']>

/** Whoever serves the transport sets its function later, once or more: each is set behind the guard. */
function tapReceive(line: Line): void {
  const { transport } = line
  const behind = (receive: Receive | undefined): Receive | undefined =>
    receive === undefined ? undefined : governedReceive(line, receive)
  let guarded = behind(transport.onmessage)
  Object.defineProperty(transport, 'onmessage', {
    configurable: true,
    enumerable: true,
    get: () => guarded,
    set(receive: Receive | undefined) {
      guarded = behind(receive)
    },
  })
}

function governedReceive(line: Line, receive: Receive): Receive {
  const pass: Receive = (message, extra) =>
    entryScope.run(line.scope, () => receive.call(line.transport, message, extra))
  return (message, extra) => {
    if (isListen(message)) {
      listen(line, message, (left) => pass(left, extra))
      return
    }
    const { requestId } = message.method === CANCELLED ? (message.params ?? {}) : NOTHING
    if (isId(requestId)) {
      line.listeners.delete(requestId)
      line.judging.delete(requestId)
    }
    pass(message, extra)
  }
}

const CANCELLED = 'notifications/cancelled'
const NOTHING: { readonly requestId?: unknown } = {}

type ListenMessage = EntryRequest & { readonly id: RequestId }

function isListen(message: Message): message is ListenMessage {
  return message.method === LISTEN && isId(message.id)
}

function isId(id: unknown): id is RequestId {
  return typeof id === 'string' || typeof id === 'number'
}

function listen(line: Line, message: ListenMessage, pass: (left: ListenMessage) => void): void {
  const { scope, connection, judging } = line
  const { id } = message
  const fail = (error: unknown): void => {
    judging.delete(id)
    refuse(line, id, error)
  }
  judging.add(id)
  try {
    const context = entryContext(scope.guard, message, undefined, connection)
    const done = andThen(governListen(scope.guard, context, message), (governed) => {
      // Cancelled meanwhile: nobody waits for the answer.
      if (!judging.delete(id)) return
      keep(line.listeners, id, governed.listener)
      pass(governed.message)
    })
    if (isPromise(done)) done.catch(fail)
  } catch (error) {
    fail(error)
  }
}

function refuse({ send }: Line, id: RequestId, fault: unknown): void {
  const { code, message } =
    fault instanceof ProtocolDenial ? fault : { code: INTERNAL_ERROR, message: 'Internal error' }
  send({ jsonrpc: '2.0', id, error: { code, message } }).catch(() => undefined)
}

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId'
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged'

function tapSend(line: Line): void {
  const { transport, send } = line
  const guarded: Send = (message: Message, options?: SendOptions) => {
    const heard = isHeard(line, message)
    if (isPromise(heard))
      return heard.then((isOpen) => (isOpen ? send(message, options) : undefined))
    return heard ? send(message, options) : Promise.resolve()
  }
  Object.defineProperty(transport, 'send', {
    configurable: true,
    enumerable: false,
    writable: true,
    value: guarded,
  })
}

/** INVARIANT: a stream that nobody has judged carries nothing. */
function isHeard({ listeners }: Line, message: Message): MaybePromise<boolean> {
  const { method, id, params } = message
  if (method === undefined) {
    // The answer to a request to listen ends it.
    if (isId(id)) listeners.delete(id)
    return true
  }
  const meta = params?.['_meta']
  const stream = isObject(meta) ? meta[SUBSCRIPTION] : undefined
  if (!isId(stream) || method === ACKNOWLEDGED) return true
  const listener = listeners.get(stream)
  if (listener === undefined) return false
  const uri = params?.['uri']
  return mayHear(listener, typeof uri === 'string' ? uri : undefined)
}
