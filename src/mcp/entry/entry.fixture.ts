import * as clientNow from '@modelcontextprotocol/client'
import * as serverNow from '@modelcontextprotocol/server'
import { serveStdio as serveStdioNow } from '@modelcontextprotocol/server/stdio'
import * as clientOldest from 'mcp-client-oldest'
import * as serverOldest from 'mcp-server-oldest'
import { serveStdio as serveStdioOldest } from 'mcp-server-oldest/stdio'
import type { Message, Params } from '../host.ts'

/** Both ends of the versions of the SDK that make a server for each request. */
export interface Sdk {
  readonly name: string
  readonly isOldest: boolean
  readonly server: typeof serverNow
  readonly client: typeof clientNow
  readonly serveStdio: typeof serveStdioNow
}

export const SDKS: readonly Sdk[] = [
  {
    name: 'server 2.4.0',
    isOldest: false,
    server: serverNow,
    client: clientNow,
    serveStdio: serveStdioNow,
  },
  {
    name: 'server 2.0.0',
    isOldest: true,
    server: serverOldest as unknown as typeof serverNow,
    client: clientOldest as unknown as typeof clientNow,
    serveStdio: serveStdioOldest as unknown as typeof serveStdioNow,
  },
]

export const ERAS = ['modern', 'legacy'] as const
export type Era = (typeof ERAS)[number]

export const BOTH = SDKS.flatMap((sdk) =>
  ERAS.map((era) => ({ sdk, era, name: `${sdk.name}, ${era}` })),
)

export type Handler = ReturnType<typeof serverNow.createMcpHandler>

export const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
}

/** What a verified token says of its client. */
export function authInfo(clientId: string, extra: Params = {}): serverNow.AuthInfo {
  return { token: `token of ${clientId}`, clientId, scopes: [], extra }
}

export interface Caller {
  readonly authInfo?: serverNow.AuthInfo
  readonly headers?: Readonly<Record<string, string>>
}

/** A client whose requests go straight to the handler: no port is needed. */
export async function connectTo(
  sdk: Sdk,
  era: Era,
  fetch: (request: Request, options?: object) => Promise<Response>,
  caller: Caller = {},
): Promise<clientNow.Client> {
  const { Client, StreamableHTTPClientTransport } = sdk.client
  const client = new Client(
    { name: 'client', version: '1.0.0' },
    era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {},
  )
  const transport = new StreamableHTTPClientTransport(new URL('http://server.test/mcp'), {
    fetch: (url, init) => {
      const request = new Request(url, init)
      for (const [name, value] of Object.entries(caller.headers ?? {}))
        request.headers.set(name, value)
      return fetch(request, caller.authInfo === undefined ? {} : { authInfo: caller.authInfo })
    },
  })
  await client.connect(transport)
  return client
}

export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'client', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

export function modernMessage(method: string, params: Params = {}, id = 'one'): Message {
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta: ENVELOPE } }
}

/** A request of the 2026-07-28 protocol, as it is on the wire. */
export function modernRequest(
  method: string,
  params: Params = {},
  more: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } = {},
): Request {
  const name = params['name'] ?? params['uri'] ?? params['taskId']
  return new Request('http://server.test/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...more.headers,
    },
    body: JSON.stringify(more.body ?? modernMessage(method, params)),
  })
}

/** All that an answer is made of. */
export async function bytesOf(response: Response): Promise<object> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers.entries()),
    body: await response.text(),
  }
}

/** The messages of a stream that has ended. */
export function messagesOf(stream: string): Message[] {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line): Message => JSON.parse(line.slice('data: '.length)))
}
