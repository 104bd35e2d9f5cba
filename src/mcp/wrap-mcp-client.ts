import { CallgateError } from '../core/model/errors.ts'
import { andThen } from '../core/model/json.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { ask, giveUpAll } from './client/ask.ts'
import { type ClientGuard, createClientGuard } from './client/client-guard.ts'
import { type ClientRequest, deliver, type Link } from './client/link.ts'
import type { WrapMcpClientOptions } from './client/options.ts'
import { receive } from './client/receive.ts'
import { servedHandler } from './client/serve.ts'
import { tapTransport } from './client/tap-transport.ts'
import { tell } from './client/tell.ts'
import {
  type IncomingRequest,
  isObject,
  type Message,
  type ProtocolHost,
  protocolOf,
  type SendOptions,
  type Transport,
} from './host.ts'
import { checkWrapOptions } from './options.ts'
import { type ListTeller, tellOfReloads } from './reloads.ts'
import { GuardedMap, guardHandlers } from './server/guard-handlers.ts'
import { outgoing } from './server/outgoing.ts'
import { isWrapped, markWrapped, takeAway } from './wrapped.ts'

/**
 * Puts the engine between an MCP client and its server, for servers that one cannot change: `Client` of
 * `@modelcontextprotocol/sdk` 1.10 and later, or of `@modelcontextprotocol/client` 2. The same object
 * comes back, guarded: what it sends, what comes back, and what the server asks of it. Before it is
 * connected or after. Wrapping it again changes nothing.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; ERR_HOST_UNSUPPORTED where it is no such client, or one
 * that cannot be guarded: then it must not be used
 */
export function wrapMcpClient<T extends object>(
  client: T,
  engine: PolicyEngine,
  options: WrapMcpClientOptions,
): T {
  checkWrapOptions('wrapMcpClient', engine, options, ['credentials', 'task'])
  if ('approvals' in options)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      '`wrapMcpClient`: `approvals` is for servers; give `approvals` to the engine',
    )
  const host = clientOf(client)
  if (host === undefined)
    throw new CallgateError(
      'ERR_HOST_UNSUPPORTED',
      '`wrapMcpClient` takes a Client of the MCP SDK (`@modelcontextprotocol/sdk` 1.10 or later, or `@modelcontextprotocol/client` 2)',
    )
  const { server } = options
  if (isWrapped(host, { engine, server }, 'client')) return client
  const guard = createClientGuard(host, engine, options)
  const lists = listTeller(host, guard)
  const unwrap = install(host, guard, lists)
  markWrapped(host, { engine, server, held: lists, unwrap })
  return client
}

/** Gives a wrapped client back as it was. Nothing happens where it is not wrapped. */
export function unwrapMcpClient<T extends object>(client: T): T {
  const host = clientOf(client)
  if (host !== undefined) takeAway(host)
  return client
}

/** A server has the same handlers, and calls no tools. */
function clientOf(given: object): ProtocolHost | undefined {
  const host = protocolOf(given)
  return host === given && isObject(given) && typeof given['callTool'] === 'function'
    ? host
    : undefined
}

function install(host: ProtocolHost, guard: ClientGuard, lists: ListTeller): () => void {
  const undo: (() => void)[] = []
  const undoAll = (): void => {
    for (const step of undo.reverse()) step()
  }
  try {
    undo.push(
      guardHandlers(host, {
        request: (method, handler) => servedHandler(guard, method, handler),
        notification: (_, handler) => handler,
      }),
    )
    undo.push(guardConnect(host, guard))
    undo.push(tellOfReloads(lists, guard.engine))
    if (host.transport !== undefined) tap(guard, host.transport)
    if (host._requestHandlers instanceof GuardedMap) return undoAll
  } catch (cause) {
    undoAll()
    throw unsupported(cause)
  }
  undoAll()
  throw unsupported(undefined)
}

/** A client that keeps lists asks for them anew when it is told to as its server would tell it. */
function listTeller(host: ProtocolHost, guard: ClientGuard): ListTeller {
  const changed = (kind: string) => async (): Promise<void> => {
    const method = `notifications/${kind}/list_changed`
    deliver(guard.linkOf(host.transport), { jsonrpc: '2.0', method })
  }
  return {
    get transport() {
      return host.transport
    },
    sendToolListChanged: changed('tools'),
    sendPromptListChanged: changed('prompts'),
    sendResourceListChanged: changed('resources'),
  }
}

/** A transport is tapped before the client hears of it. */
function guardConnect(host: ProtocolHost, guard: ClientGuard): () => void {
  const own = Object.getOwnPropertyDescriptor(host, 'connect')
  const { connect } = host
  host.connect = function connectGuarded(transport, ...more): Promise<void> {
    tap(guard, transport)
    return connect.call(host, transport, ...more)
  }
  return () => {
    if (host.transport !== undefined) untap(guard.linkOf(host.transport))
    if (own === undefined) Reflect.deleteProperty(host, 'connect')
    else Object.defineProperty(host, 'connect', own)
  }
}

function tap(guard: ClientGuard, transport: Transport): void {
  const link = guard.linkOf(transport)
  link.tapped ??= tapTransport(transport, {
    send: (message, options) => send(guard, link, message, options),
    receive: (message, extra) => receive(guard, link, message, extra),
    closed: () => giveUpAll(link),
  })
}

function untap(link: Link): void {
  giveUpAll(link)
  link.tapped?.undo()
  link.tapped = undefined
}

function send(
  guard: ClientGuard,
  link: Link,
  message: Message,
  options: SendOptions | undefined,
): Promise<void> {
  if (isRequest(message)) return ask(guard, link, message, options)
  if (isNotification(message)) return tell(guard, link, message, options)
  return Promise.resolve(
    andThen(outgoing({ guard, connection: link, message, options }), (answer) =>
      answer === undefined ? undefined : (link.tapped?.pass(answer, options) ?? undefined),
    ),
  )
}

function isRequest(message: Message): message is ClientRequest {
  return isNotification(message) && message.id !== undefined
}

function isNotification(message: Message): message is IncomingRequest {
  return typeof message.method === 'string'
}

/** INVARIANT: a client whose handlers are not looked up where the guard stands is refused. */
function unsupported(cause: unknown): CallgateError {
  return new CallgateError(
    'ERR_HOST_UNSUPPORTED',
    'this version of the MCP SDK keeps its handlers where callgate cannot stand before them: do not use it',
    { cause },
  )
}
