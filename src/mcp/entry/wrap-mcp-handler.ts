import { CallgateError } from '../../core/model/errors.ts'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'
import { INTERNAL_ERROR, ProtocolDenial } from '../answers/denial.ts'
import { createGuard, type Guard } from '../guard.ts'
import { isObject, type RequestId } from '../host.ts'
import { checkWrapOptions, type WrapMcpOptions } from '../options.ts'
import { type EntryRequest, entryContext } from './entry-context.ts'
import { type EntryScope, entryScope, scopeOf } from './entry-scope.ts'
import { type EventBus, governBus, isEventBus } from './govern-bus.ts'
import { governListen } from './govern-listen.ts'
import { LISTEN } from './listener.ts'
import { readJson } from './read-json.ts'

/** What `createMcpHandler` of `@modelcontextprotocol/server` 2 returns. */
export interface McpHandler {
  fetch(request: Request, options?: McpHandlerRequest): Promise<Response>
  close(): Promise<void>
  readonly notify: McpNotifier
  readonly bus: EventBus
}

/** What else the host's HTTP server knows of a request. */
export interface McpHandlerRequest {
  readonly authInfo?: unknown
  readonly parsedBody?: unknown
}

export interface McpNotifier {
  toolsChanged(): void
  promptsChanged(): void
  resourcesChanged(): void
}

/** Marks what is wrapped, across copies of this package. */
const WRAPPED = Symbol.for('callgate.mcp.wrapped')

interface Wrapped {
  readonly engine: PolicyEngine
  readonly server: string
  unwrap(): void
}

/**
 * Puts the engine in front of what an HTTP handler of the 2026-07-28 protocol answers without a server:
 * who may listen to which resources, and what they hear. The same object comes back. The servers
 * themselves are guarded by `wrapMcpServerFactory`: a handler whose factory is not wrapped is not served.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; ERR_HOST_UNSUPPORTED where it is no such handler
 */
export function wrapMcpHandler<T extends McpHandler>(
  handler: T,
  engine: PolicyEngine,
  options: WrapMcpOptions,
): T {
  checkWrapOptions('wrapMcpHandler', engine, options)
  if (!isHandler(handler))
    throw new CallgateError(
      'ERR_HOST_UNSUPPORTED',
      '`wrapMcpHandler` takes what `createMcpHandler` of `@modelcontextprotocol/server` 2 returns',
    )
  const before = wrappedOf(handler)
  if (before?.engine === engine && before.server === options.server) return handler
  if (before !== undefined)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `this handler is wrapped already, as \`${before.server}\`: \`unwrapMcpHandler\` takes that away`,
    )
  const unwrap = install(handler, createGuard(engine, options))
  const mark: Wrapped = { engine, server: options.server, unwrap }
  Object.defineProperty(handler, WRAPPED, { configurable: true, value: mark })
  return handler
}

/** Gives a wrapped handler back as it was. Nothing happens where it is not wrapped. */
export function unwrapMcpHandler<T extends McpHandler>(handler: T): T {
  wrappedOf(handler)?.unwrap()
  Reflect.deleteProperty(handler, WRAPPED)
  return handler
}

function isHandler(given: unknown): given is McpHandler {
  if (!isObject(given) || !Object.isExtensible(given)) return false
  const { fetch, close, bus, notify } = given
  return (
    typeof fetch === 'function' &&
    typeof close === 'function' &&
    isEventBus(bus) &&
    isObject(notify)
  )
}

function wrappedOf(handler: McpHandler): Wrapped | undefined {
  return (handler as { [WRAPPED]?: Wrapped })[WRAPPED]
}

function install(handler: McpHandler, guard: Guard): () => void {
  const { fetch, close } = handler
  const freeBus = governBus(handler.bus)
  // Clients ask for lists anew: what they may see has changed.
  const stopTelling = guard.engine.onReload(() => tellOfReload(handler))
  handler.fetch = governedFetch(guard, (request, options) => fetch.call(handler, request, options))
  handler.close = () => {
    stopTelling()
    return close.call(handler)
  }
  return () => {
    stopTelling()
    freeBus()
    handler.fetch = fetch
    handler.close = close
  }
}

function tellOfReload({ notify }: McpHandler): void {
  notify.toolsChanged()
  notify.promptsChanged()
  notify.resourcesChanged()
}

type Fetch = McpHandler['fetch']

function governedFetch(guard: Guard, fetch: Fetch): Fetch {
  const asked = onlyGuarded(guard, fetch)
  return (request, options) => {
    const scope = scopeOf(guard)
    return entryScope.run(scope, () => serve(scope, asked, request, options))
  }
}

/** INVARIANT: what no guarded server has answered is not handed on, nor is the next one asked. */
function onlyGuarded(guard: Guard, fetch: Fetch): Fetch {
  let isUnguarded = false
  return async (request, options) => {
    if (isUnguarded) return errorResponse(500, INTERNAL_ERROR, 'Internal error')
    const response = await fetch(request, options)
    if (entryScope.getStore()?.isGuarded === true) return response
    // Entries refuse much themselves, and say nothing to a notification.
    if (!response.ok || response.body === null) return response
    isUnguarded = true
    guard.warn(
      `the MCP server \`${guard.server}\` is made by a factory that is not wrapped: give \`createMcpHandler\` what \`wrapMcpServerFactory\` returns, with the same engine and name`,
    )
    response.body.cancel().catch(() => undefined)
    return errorResponse(500, INTERNAL_ERROR, 'Internal error')
  }
}

async function serve(
  scope: EntryScope,
  fetch: Fetch,
  request: Request,
  options: McpHandlerRequest | undefined,
): Promise<Response> {
  // The protocol wants this header, and entries refuse a request whose body says something else.
  if (request.headers.get('mcp-method') !== LISTEN) return fetch(request, options)
  const given = options?.parsedBody
  const read =
    given === undefined ? await readJson(request) : { kind: 'json' as const, body: given }
  if (read.kind === 'too_large')
    return errorResponse(413, INVALID_REQUEST, 'The body of the request is too large')
  if (read.kind === 'other' || !isListen(read.body)) return fetch(request, options)
  const asked = read.body
  try {
    const source = { request, authInfo: options?.authInfo }
    const context = entryContext(scope.guard, asked, source)
    const { listener, message } = await governListen(scope.guard, context, asked)
    scope.listener = listener
    return fetch(request, message === asked ? options : { ...options, parsedBody: message })
  } catch (error) {
    const { code, message } =
      error instanceof ProtocolDenial ? error : { code: INTERNAL_ERROR, message: 'Internal error' }
    return errorResponse(code === INTERNAL_ERROR ? 500 : 200, code, message, asked.id)
  }
}

const INVALID_REQUEST = -32600

function isListen(body: unknown): body is EntryRequest {
  return isObject(body) && body['method'] === LISTEN
}

function errorResponse(status: number, code: number, message: string, id?: RequestId): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: id ?? null }, { status })
}
