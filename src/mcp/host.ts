/**
 * What is used of the MCP SDKs, by structure: `@modelcontextprotocol/sdk` 1.10 to 1.x, and
 * `@modelcontextprotocol/server` and `client` 2.x. Nothing here imports them.
 */

export type RequestId = string | number

/** One JSON-RPC 2.0 message, as transports carry it. */
export interface Message {
  readonly jsonrpc?: string
  readonly id?: RequestId
  readonly method?: string
  readonly params?: Params | undefined
  readonly result?: unknown
  readonly error?: WireError
}

export type Params = Readonly<Record<string, unknown>>

export interface WireError {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

/** A request as the SDK hands it to its handlers. */
export interface IncomingRequest extends Message {
  readonly method: string
}

/** `extra` is the SDK's own word for where a request came from (v1), `ctx` in v2. */
export type RequestHandler = (request: IncomingRequest, extra: unknown) => unknown
export type NotificationHandler = (notification: IncomingRequest, ...more: unknown[]) => unknown

export interface SendOptions {
  readonly relatedRequestId?: RequestId | undefined
  /** Of a client of v2: of the HTTP request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Of a client of v2: aborts when the request is given up. */
  readonly requestSignal?: AbortSignal | undefined
}

export interface Transport {
  send(message: Message, options?: SendOptions): Promise<void>
  onmessage?: ((message: Message, extra?: unknown) => void) | undefined
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  readonly sessionId?: string | undefined
}

/** The part of the SDK that dispatches messages: `Server` and `Client` extend it. */
export interface ProtocolHost {
  _requestHandlers: Map<string, RequestHandler>
  _notificationHandlers: Map<string, NotificationHandler>
  fallbackRequestHandler?: RequestHandler | undefined
  fallbackNotificationHandler?: NotificationHandler | undefined
  connect(transport: Transport, ...more: readonly unknown[]): Promise<void>
  readonly transport?: Transport | undefined
  notification?(notification: { method: string; params?: Params }): Promise<void>
  getClientCapabilities?(): Params | undefined
  getClientVersion?(): Params | undefined
  /** Of a client: what its server says of itself. */
  getInstructions?(): string | undefined
  elicitInput?(params: Params, options?: object): Promise<unknown>
  sendToolListChanged?(): Promise<void>
  sendResourceListChanged?(): Promise<void>
  sendPromptListChanged?(): Promise<void>
}

/** The dispatching part of what was handed in: itself, or the `server` that an `McpServer` holds. */
export function protocolOf(given: unknown): ProtocolHost | undefined {
  if (isProtocol(given)) return given
  const inner: unknown = isObject(given) && 'server' in given ? given['server'] : undefined
  return isProtocol(inner) ? inner : undefined
}

function isProtocol(given: unknown): given is ProtocolHost {
  if (!isObject(given)) return false
  return (
    given['_requestHandlers'] instanceof Map &&
    given['_notificationHandlers'] instanceof Map &&
    typeof given['connect'] === 'function'
  )
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** True for an `McpServer` whose own handlers answer an unknown tool by a result, as v1 has done since 1.20. */
export function answersByResult(given: unknown): boolean {
  return isObject(given) && typeof given['createToolError'] === 'function'
}
