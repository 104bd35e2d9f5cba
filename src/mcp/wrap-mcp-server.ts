import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { type Connection, createConnection } from './connection.ts'
import { createGuard } from './guard.ts'
import { answersByResult, type ProtocolHost, protocolOf, type Transport } from './host.ts'
import { guardedHandler } from './methods/govern.ts'
import { guardedNotification } from './methods/govern-notification.ts'
import { checkWrapOptions, type WrapMcpOptions } from './options.ts'
import { tellOfReloads } from './reloads.ts'
import { GuardedMap, guardHandlers } from './server/guard-handlers.ts'
import { tapSend } from './server/outgoing.ts'
import { createOwnedTasks } from './server/owned-tasks.ts'
import type { ServerGuard } from './server/server-guard.ts'

/** Marks what is wrapped, across copies of this package. */
const WRAPPED = Symbol.for('callgate.mcp.wrapped')

interface Wrapped {
  readonly engine: PolicyEngine
  readonly server: string
  unwrap(): void
}

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
  const host = protocolOf(server)
  if (host === undefined)
    throw new CallgateError(
      'ERR_HOST_UNSUPPORTED',
      '`wrapMcpServer` takes an McpServer or Server of the MCP SDK (`@modelcontextprotocol/sdk` 1.10 or later, or `@modelcontextprotocol/server` 2)',
    )
  const before = wrappedOf(host)
  if (before !== undefined) {
    if (before.engine === engine && before.server === options.server) return server
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `this MCP server is wrapped already, as \`${before.server}\`: \`unwrapMcpServer\` takes that away`,
    )
  }
  const unwrap = install(host, guardOf(server, host, engine, options))
  const mark: Wrapped = { engine, server: options.server, unwrap }
  Object.defineProperty(host, WRAPPED, { configurable: true, value: mark })
  return server
}

/** Gives a wrapped server back as it was. Nothing happens where it is not wrapped. */
export function unwrapMcpServer<T extends object>(server: T): T {
  const host = protocolOf(server)
  const wrapped = host === undefined ? undefined : wrappedOf(host)
  if (host !== undefined && wrapped !== undefined) {
    wrapped.unwrap()
    Reflect.deleteProperty(host, WRAPPED)
  }
  return server
}

function wrappedOf(host: ProtocolHost): Wrapped | undefined {
  return (host as { [WRAPPED]?: Wrapped })[WRAPPED]
}

function guardOf(
  given: object,
  host: ProtocolHost,
  engine: PolicyEngine,
  options: WrapMcpOptions,
): ServerGuard {
  const connections = new WeakMap<object, Connection>()
  const connectionOf = (transport: Transport | undefined): Connection => {
    const key = transport ?? host
    const known = connections.get(key)
    if (known !== undefined) return known
    const made = createConnection(host, transport)
    connections.set(key, made)
    return made
  }
  return {
    ...createGuard(engine, options),
    host,
    answersByResult: answersByResult(given),
    tasks: createOwnedTasks(),
    outputSchemas: new Map(),
    judged: new WeakSet(),
    questions: new WeakSet(),
    connectionOf,
  }
}

function install(host: ProtocolHost, guard: ServerGuard): () => void {
  const undo: (() => void)[] = []
  try {
    undo.push(
      guardHandlers(host, {
        request: (method, handler) => guardedHandler(guard, method, handler),
        notification: (method, handler) => guardedNotification(guard, method, handler),
      }),
      guardConnect(host, guard),
      tellOfReloads(host, guard.engine),
    )
    if (host.transport !== undefined) undo.push(tapSend(guard, guard.connectionOf(host.transport)))
    assertGuarded(host)
  } catch (cause) {
    for (const step of undo.reverse()) step()
    throw cause
  }
  return () => {
    for (const step of undo.reverse()) step()
  }
}

/** A transport is tapped before the server hears of it, in place: SDKs know theirs by class. */
function guardConnect(host: ProtocolHost, guard: ServerGuard): () => void {
  const own = Object.getOwnPropertyDescriptor(host, 'connect')
  const { connect } = host
  const tapped = new WeakMap<Transport, () => void>()
  host.connect = function connectGuarded(transport: Transport): Promise<void> {
    if (!tapped.has(transport)) tapped.set(transport, tapSend(guard, guard.connectionOf(transport)))
    return connect.call(host, transport)
  }
  return () => {
    if (host.transport !== undefined) tapped.get(host.transport)?.()
    if (own === undefined) Reflect.deleteProperty(host, 'connect')
    else Object.defineProperty(host, 'connect', own)
  }
}

/** INVARIANT: a server whose handlers are not looked up where the guard stands is refused, not served. */
function assertGuarded(host: ProtocolHost): void {
  const ping = host._requestHandlers.get('ping')
  const isSeen =
    ping === undefined || ping !== (host._requestHandlers as GuardedMap<never>).stored().get('ping')
  if (host._requestHandlers instanceof GuardedMap && isSeen) return
  throw new CallgateError(
    'ERR_HOST_UNSUPPORTED',
    'this version of the MCP SDK keeps its handlers where callgate cannot stand before them: do not serve it',
  )
}
