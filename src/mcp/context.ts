import type { Connection } from './connection.ts'
import { type IncomingRequest, isObject, type Params, type RequestId } from './host.ts'

/** What an HTTP server has verified of a bearer token, as the SDKs hand it on. */
export interface McpAuthInfo {
  readonly token?: string
  readonly clientId?: string
  readonly scopes?: readonly string[]
  /** Epoch seconds. */
  readonly expiresAt?: number
  readonly extra?: Params
}

/**
 * Where a message came from, whatever the SDK and its transport. What callers say of themselves is
 * marked as claimed: it is never identity.
 */
export interface McpContext {
  /** The name the server was wrapped by. */
  readonly server: string
  readonly method: string
  readonly requestId: RequestId | undefined
  /** Of the transport; absent over stdio, in memory, stateless HTTP and the 2026-07-28 protocol. */
  readonly sessionId: string | undefined
  readonly authInfo: McpAuthInfo | undefined
  /** Of the HTTP request, names in lower case. */
  readonly headers: Readonly<Record<string, string>> | undefined
  /** Path of the HTTP request. */
  readonly path: string | undefined
  /** Claimed by the caller. */
  readonly meta: Params | undefined
  /** Claimed by the caller: name and version of the client. */
  readonly clientInfo: Params | undefined
  readonly signal: AbortSignal | undefined
  /** One per transport. */
  readonly connection: string
  /** `modern`: the 2026-07-28 protocol, without sessions and requests of the server. */
  readonly era: 'legacy' | 'modern'
  /** The SDK's own `extra` (v1) or `ctx` (v2). */
  readonly raw: unknown
}

/** Reads what an SDK says of a request, when it is asked for: most calls need little of it. */
export class RequestContext implements McpContext {
  readonly server: string
  readonly method: string
  readonly raw: unknown
  readonly #request: IncomingRequest
  readonly #connection: Connection
  /** v1: `extra`; v2: `ctx`, whose `mcpReq` holds the rest. */
  readonly #outer: Record<string, unknown>
  readonly #inner: Record<string, unknown>
  #headers: Readonly<Record<string, string>> | null | undefined

  constructor(server: string, request: IncomingRequest, raw: unknown, connection: Connection) {
    this.server = server
    this.method = request.method
    this.raw = raw
    this.#request = request
    this.#connection = connection
    this.#outer = isObject(raw) ? raw : NOTHING
    const { mcpReq } = this.#outer
    this.#inner = isObject(mcpReq) ? mcpReq : this.#outer
  }

  get requestId(): RequestId | undefined {
    return this.#request.id ?? (this.#inner['id'] as RequestId | undefined) // set by the SDK
  }

  get sessionId(): string | undefined {
    const id = this.#outer['sessionId'] ?? this.#connection.transport?.sessionId
    return typeof id === 'string' && id !== '' ? id : undefined
  }

  get authInfo(): McpAuthInfo | undefined {
    const { http } = this.#outer
    const info = isObject(http) ? http['authInfo'] : this.#outer['authInfo']
    return isObject(info) ? info : undefined
  }

  get headers(): Readonly<Record<string, string>> | undefined {
    if (this.#headers === undefined) this.#headers = headersOf(this.#outer) ?? null
    return this.#headers ?? undefined
  }

  get path(): string | undefined {
    const { http, requestInfo } = this.#outer
    const source = isObject(http) ? http['req'] : requestInfo
    const url = isObject(source) ? source['url'] : undefined
    return url === undefined ? undefined : pathOf(String(url))
  }

  get meta(): Params | undefined {
    const meta = this.#inner['_meta'] ?? this.#request.params?.['_meta']
    return isObject(meta) ? meta : undefined
  }

  get clientInfo(): Params | undefined {
    const { envelope } = this.#inner
    const info = isObject(envelope) ? envelope[CLIENT_INFO] : undefined
    return isObject(info) ? info : this.#connection.clientInfo()
  }

  get signal(): AbortSignal | undefined {
    const { signal } = this.#inner
    return signal instanceof AbortSignal ? signal : undefined
  }

  get connection(): string {
    return this.#connection.id
  }

  get era(): 'legacy' | 'modern' {
    return isObject(this.#inner['envelope']) ? 'modern' : 'legacy'
  }

  /** True where the message came by HTTP, so that its connection says nothing of who sent it. */
  get isHttp(): boolean {
    return this.#outer['http'] !== undefined || this.#outer['requestInfo'] !== undefined
  }
}

const NOTHING: Record<string, unknown> = Object.freeze({})

/** Under this key a request of the 2026-07-28 protocol says what its client is. */
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo'

function headersOf(outer: Record<string, unknown>): Readonly<Record<string, string>> | undefined {
  const { http, requestInfo } = outer
  const source = isObject(http) ? http['req'] : requestInfo
  const headers = isObject(source) ? source['headers'] : undefined
  if (!isObject(headers)) return undefined
  const { entries } = headers as { entries?: unknown }
  const pairs: Iterable<readonly [string, unknown]> =
    typeof entries === 'function' ? entries.call(headers) : Object.entries(headers)
  const plain: Record<string, string> = {}
  for (const [name, value] of pairs)
    if (typeof value === 'string') plain[name.toLowerCase()] = value
    else if (Array.isArray(value)) plain[name.toLowerCase()] = value.join(', ')
  return plain
}

function pathOf(url: string): string | undefined {
  const start = url.indexOf('://')
  if (start < 0) return url
  const slash = url.indexOf('/', start + 3)
  return slash < 0 ? '/' : url.slice(slash)
}
