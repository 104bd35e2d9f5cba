import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type * as Types from '@modelcontextprotocol/sdk/types.js'
import { CallgateError } from '../core/model/errors.ts'

/** What is used of the MCP SDK, loaded when a gateway is first served. */
export interface Sdk {
  readonly Client: typeof Client
  readonly Server: typeof Server
  readonly StdioClientTransport: typeof StdioClientTransport
  readonly StreamableHTTPClientTransport: typeof StreamableHTTPClientTransport
  readonly InMemoryTransport: typeof InMemoryTransport
  readonly HttpServerTransport: typeof WebStandardStreamableHTTPServerTransport
  readonly types: typeof Types
}

const ADVICE = 'install it beside callgate: `npm install @modelcontextprotocol/sdk@^1.30.0`'

let loading: Promise<Sdk> | undefined

/** @throws {CallgateError} ERR_PACKAGE_UNAVAILABLE where the SDK is not there, or too old */
export function loadSdk(): Promise<Sdk> {
  loading ??= load().catch((cause: unknown) => {
    loading = undefined
    throw cause
  })
  return loading
}

async function load(): Promise<Sdk> {
  const [client, stdio, http, memory, server, httpServer, types, framing] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/stdio.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/inMemory.js'),
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'),
    import('@modelcontextprotocol/sdk/types.js'),
    import('@modelcontextprotocol/sdk/shared/stdio.js'),
  ]).catch((cause: unknown) => {
    throw unavailable('a gateway needs the package `@modelcontextprotocol/sdk`', cause)
  })
  // Before 1.30 one endless line of a child process fills the memory.
  if (framing.STDIO_DEFAULT_MAX_BUFFER_SIZE === undefined)
    throw unavailable('a gateway needs `@modelcontextprotocol/sdk` 1.30 or later')
  return {
    Client: client.Client,
    Server: server.Server,
    StdioClientTransport: stdio.StdioClientTransport,
    StreamableHTTPClientTransport: http.StreamableHTTPClientTransport,
    InMemoryTransport: memory.InMemoryTransport,
    HttpServerTransport: httpServer.WebStandardStreamableHTTPServerTransport,
    types,
  }
}

function unavailable(message: string, cause?: unknown): CallgateError {
  return new CallgateError('ERR_PACKAGE_UNAVAILABLE', `${message}: ${ADVICE}`, { cause })
}
