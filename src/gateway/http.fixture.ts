import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { toNodeListener } from '../http/node-listener.ts'

export interface HttpUpstreamServer {
  readonly url: string
  /** Method and headers of every request that came in. */
  readonly seen: Record<string, string>[]
  /** Forgets its sessions, as after a restart. */
  forget(): void
  close(): Promise<void>
}

/** A real MCP server behind a real port. */
export async function httpUpstream(make: () => Server): Promise<HttpUpstreamServer> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const seen: Record<string, string>[] = []
  const handler = async (request: Request): Promise<Response> => {
    seen.push({ ...Object.fromEntries(request.headers), method: request.method })
    const id = request.headers.get('mcp-session-id')
    const known = id === null ? undefined : sessions.get(id)
    if (known !== undefined) return known.handleRequest(request)
    if (id !== null) return new Response('no such session', { status: 404 })
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (made) => void sessions.set(made, transport),
    })
    await make().connect(transport as Transport)
    return transport.handleRequest(request)
  }
  const server = createServer(toNodeListener(handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    forget: () => sessions.clear(),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
