import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { type Connection, createConnection } from './connection.ts'
import { createGuard, type Guard } from './guard.ts'
import { answersByResult, type ProtocolHost, protocolOf, type Transport } from './host.ts'
import { guardedHandler } from './methods/govern.ts'
import { guardedNotification } from './methods/govern-notification.ts'
import { checkWrapOptions, type WrapMcpOptions } from './options.ts'
import { tellOfReloads } from './reloads.ts'
import { GuardedMap, guardHandlers } from './server/guard-handlers.ts'
import { tapSend } from './server/outgoing.ts'
import { createOwnedTasks, type OwnedTasks } from './server/owned-tasks.ts'
import type { ServerGuard } from './server/server-guard.ts'
import { isWrapped, markWrapped, takeAway } from './wrapped.ts'

/**
 * Puts the engine in front of an MCP server: `McpServer` or `Server` of `@modelcontextprotocol/sdk`
 * 1.10 and later, or of `@modelcontextprotocol/server` 2. The same object comes back, guarded: every
 * way in and out, whatever is registered before or after. Wrapping it again changes nothing.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; ERR_HOST_UNSUPPORTED where it is no such server, or one
 * that cannot be guarded: then it must not be served
 */
export function wrapMcpServer<T extends object>(
  server: T,
  engine: PolicyEngine,
  options: WrapMcpOptions,
): T {
  checkWrapOptions('wrapMcpServer', engine, options)
  return wrapShared(server, shareGuard(engine, options))
}

/** What outlives the servers that one factory makes: they may be there for one request only. */
export interface SharedGuard {
  readonly guard: Guard
  readonly tasks: OwnedTasks
  readonly outputSchemas: Map<string, unknown>
}

/** The options are checked already. */
export function shareGuard(engine: PolicyEngine, options: WrapMcpOptions): SharedGuard {
  return {
    guard: createGuard(engine, options),
    tasks: createOwnedTasks(),
    outputSchemas: new Map(),
  }
}

/**
 * Wraps one server of several.
 * @param connection the id of its connection, where somebody else speaks on it too
 * @throws {CallgateError} as `wrapMcpServer`
 */
export function wrapShared<T extends object>(
  server: T,
  shared: SharedGuard,
  connection?: string,
): T {
  const { engine, options } = shared.guard
  const host = protocolOf(server)
  if (host === undefined)
    throw new CallgateError(
      'ERR_HOST_UNSUPPORTED',
      '`wrapMcpServer` takes an McpServer or Server of the MCP SDK (`@modelcontextprotocol/sdk` 1.10 or later, or `@modelcontextprotocol/server` 2)',
    )
  if (isWrapped(host, { engine, server: options.server }, 'server')) return server
  const unwrap = install(host, (tap) => guardOf(server, host, shared, { connection, tap }))
  markWrapped(host, { engine, server: options.server, unwrap })
  return server
}

/** Gives a wrapped server back as it was. Nothing happens where it is not wrapped. */
export function unwrapMcpServer<T extends object>(server: T): T {
  const host = protocolOf(server)
  if (host !== undefined) takeAway(host)
  return server
}

function guardOf(
  given: object,
  host: ProtocolHost,
  { guard, tasks, outputSchemas }: SharedGuard,
  { connection, tap }: { connection: string | undefined; tap: Tap },
): ServerGuard {
  const connections = new WeakMap<object, Connection>()
  // A transport is tapped where it is first seen: it may have come past `connect`.
  const connectionOf = (transport: Transport | undefined): Connection => {
    const key = transport ?? host
    const known = connections.get(key)
    if (known !== undefined) return known
    const made = createConnection(host, transport, connection)
    tap(made)
    connections.set(key, made)
    return made
  }
  return {
    ...guard,
    host,
    answersByResult: answersByResult(given),
    learnsLists: true,
    tasks,
    outputSchemas,
    judged: new WeakMap(),
    questions: new WeakSet(),
    judgesQuestions: true,
    connectionOf,
  }
}

type Tap = (connection: Connection) => void

function install(host: ProtocolHost, guardWith: (tap: Tap) => ServerGuard): () => void {
  const undo: (() => void)[] = []
  const taps = new WeakMap<Transport, () => void>()
  const guard = guardWith((connection) => {
    const { transport } = connection
    if (transport !== undefined) taps.set(transport, tapped(guard, connection))
  })
  const takeAway = (): void => {
    for (const step of undo.reverse()) step()
  }
  try {
    undo.push(
      guardHandlers(host, {
        request: (method, handler) => guardedHandler(guard, method, handler),
        notification: (method, handler) => guardedNotification(guard, method, handler),
      }),
    )
    undo.push(() => host.transport !== undefined && taps.get(host.transport)?.())
    undo.push(guardConnect(host, guard))
    undo.push(tellOfReloads(host, guard.engine))
    if (host.transport !== undefined) guard.connectionOf(host.transport)
    if (isGuarded(host)) return takeAway
  } catch (cause) {
    takeAway()
    throw unsupported(cause)
  }
  takeAway()
  throw unsupported(undefined)
}

/** A transport is tapped before the server hears of it, in place: SDKs know theirs by class. */
function guardConnect(host: ProtocolHost, guard: ServerGuard): () => void {
  const own = Object.getOwnPropertyDescriptor(host, 'connect')
  const { connect } = host
  host.connect = function connectGuarded(transport, ...more): Promise<void> {
    try {
      guard.connectionOf(transport)
    } catch (error) {
      return Promise.reject(error)
    }
    return connectOf(host, own, connect).call(host, transport, ...more)
  }
  return () => {
    if (own === undefined) Reflect.deleteProperty(host, 'connect')
    else Object.defineProperty(host, 'connect', own)
  }
}

/** Where it is that of its class, it is as that has it now. */
function connectOf(
  host: ProtocolHost,
  own: PropertyDescriptor | undefined,
  before: ProtocolHost['connect'],
): ProtocolHost['connect'] {
  if (own !== undefined) return before
  const { connect } = Object.getPrototypeOf(host) as Partial<ProtocolHost>
  return connect ?? before
}

/** INVARIANT: what cannot be guarded is not spoken by. */
function tapped(guard: ServerGuard, connection: Connection): () => void {
  try {
    return tapSend(guard, connection)
  } catch (cause) {
    throw new CallgateError(
      'ERR_HOST_UNSUPPORTED',
      'callgate cannot stand before what this transport sends: its `send` cannot be replaced',
      { cause },
    )
  }
}

/** INVARIANT: a server whose handlers are not looked up where the guard stands is refused, not served. */
function isGuarded({ _requestHandlers: handlers }: ProtocolHost): boolean {
  if (!(handlers instanceof GuardedMap)) return false
  const ping = handlers.get('ping')
  return ping === undefined || ping !== handlers.stored().get('ping')
}

function unsupported(cause: unknown): CallgateError {
  return new CallgateError(
    'ERR_HOST_UNSUPPORTED',
    'this version of the MCP SDK keeps its handlers where callgate cannot stand before them: do not serve it',
    cause === undefined ? {} : { cause },
  )
}
