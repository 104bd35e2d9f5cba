/** A server of `@modelcontextprotocol/sdk` for the conformance tool: `server-v1.ts [wrapped]`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { completable } from '@modelcontextprotocol/sdk/server/completable.js'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  type ServerNotification,
  type ServerRequest,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { defaultHosts, hostFault } from '../../http/allowed-hosts.ts'
import { wrapMcpServer } from '../../mcp/index.ts'
import {
  CAPABILITIES,
  completing,
  INFO,
  PROMPTS,
  RESOURCES,
  result,
  SCHEMA_TOOL,
  shapeOf,
  TEMPLATE,
  TOOLS,
  type Told,
} from './features.ts'
import { guarded } from './guarded.ts'
import { sayWhere } from './serving.ts'
import { createSessions, eventsInMemory } from './sessions.ts'

const guard = process.argv[2] === 'wrapped' ? guarded() : undefined

function makeServer(): McpServer {
  const server = new McpServer(INFO, { capabilities: CAPABILITIES })
  addTools(server)
  addPrompts(server)
  addResources(server)
  return guard === undefined ? server : wrapMcpServer(server, guard.engine, guard.options)
}

function addTools(server: McpServer): void {
  for (const [name, { description, input = [], run }] of Object.entries(TOOLS))
    server.registerTool(name, { description, inputSchema: shapeOf(input) }, (given, extra) =>
      run(given, toldOf(extra)),
    )
  const { name, description, schema } = SCHEMA_TOOL
  // What is said beside a schema goes into the JSON of it.
  const inputSchema = z.looseObject({}).meta(schema)
  server.registerTool(name, { description, inputSchema }, () => result('taken'))
}

function toldOf(extra: RequestHandlerExtra<ServerRequest, ServerNotification>): Told {
  const progressToken = extra._meta?.progressToken
  return {
    log: (data) =>
      extra.sendNotification({
        method: 'notifications/message',
        params: { level: 'info', data },
      }),
    progress: async (progress, total) => {
      if (progressToken === undefined) return
      const params = { progressToken, progress, total }
      await extra.sendNotification({ method: 'notifications/progress', params })
    },
    ask: (method, params) =>
      extra.sendRequest({ method, params } as ServerRequest, z.looseObject({})),
    closeStream: () => extra.closeSSEStream?.(),
  }
}

function addPrompts(server: McpServer): void {
  for (const [name, { description, input = {}, run }] of Object.entries(PROMPTS)) {
    const argsSchema = Object.fromEntries(
      Object.entries(input).map(([field, values]) => [
        field,
        completable(z.string(), completing(values)),
      ]),
    )
    if (Object.keys(input).length === 0) server.registerPrompt(name, { description }, () => run({}))
    else server.registerPrompt(name, { description, argsSchema }, run)
  }
}

function addResources(server: McpServer): void {
  for (const { uri, mimeType, content } of RESOURCES)
    server.registerResource(uri, uri, { description: 'A resource', mimeType }, () => ({
      contents: [{ uri, mimeType, ...content }],
    }))
  const { name, uri, mimeType, textOf } = TEMPLATE
  const template = new ResourceTemplate(uri, { list: undefined })
  const about = { description: 'A resource by its id', mimeType }
  server.registerResource(name, template, about, ({ href }, { id }) => ({
    contents: [{ uri: href, mimeType, text: textOf(String(id)) }],
  }))
  const watched = new Set<string>()
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    watched.add(params.uri)
    return {}
  })
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    watched.delete(params.uri)
    return {}
  })
}

const sessions = createSessions(async (options) => {
  const transport = new StreamableHTTPServerTransport({
    ...options,
    eventStore: eventsInMemory(),
  })
  // Its optional fields allow undefined, those of `Transport` do not.
  await makeServer().connect(transport as Parameters<McpServer['connect']>[0])
  return transport
})

const http = createServer(async (request, response) => {
  const { port } = http.address() as AddressInfo
  const hosts = defaultHosts('127.0.0.1', port)
  const origins = hosts.map((host) => `http://${host}`)
  if (hostFault(request.headers, { hosts, origins }) !== undefined)
    return void response.writeHead(403).end()
  const transport = await sessions.find(request.headers['mcp-session-id']?.toString())
  if (transport === undefined) return void response.writeHead(404).end()
  await transport.handleRequest(request, response)
})
http.listen(0, '127.0.0.1', () => sayWhere((http.address() as AddressInfo).port, guard))
