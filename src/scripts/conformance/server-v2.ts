/** A server of `@modelcontextprotocol/server` for the conformance tool: `server-v2.ts [wrapped]`. */
import {
  completable,
  createMcpHandler,
  fromJsonSchema,
  isLegacyRequest,
  McpServer,
  type McpServerFactory,
  ResourceTemplate,
  type ServerContext,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { serve } from '../../http/serve.ts'
import { wrapMcpHandler, wrapMcpServerFactory } from '../../mcp/index.ts'
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
import { addRounds, STATES } from './rounds.ts'
import { sayWhere } from './serving.ts'
import { createSessions, eventsInMemory } from './sessions.ts'

const guard = process.argv[2] === 'wrapped' ? guarded() : undefined

const plainFactory: McpServerFactory = ({ era }) => {
  const server = new McpServer(INFO, {
    capabilities: CAPABILITIES,
    requestState: { verify: STATES.verify },
  })
  addTools(server)
  addPrompts(server)
  addResources(server)
  if (era === 'modern') {
    addRounds(server)
    addModernTools(server)
  }
  return server
}

function addTools(server: McpServer): void {
  for (const [name, { description, input = [], run }] of Object.entries(TOOLS))
    server.registerTool(
      name,
      { description, inputSchema: z.object(shapeOf(input)) },
      (given, ctx) => run(given, toldOf(ctx)),
    )
  const { name, description, schema } = SCHEMA_TOOL
  server.registerTool(name, { description, inputSchema: fromJsonSchema(schema) }, () =>
    result('taken'),
  )
}

function toldOf({ mcpReq, http }: ServerContext): Told {
  const progressToken = mcpReq._meta?.progressToken
  return {
    log: (data) => mcpReq.log('info', data),
    progress: async (progress, total) => {
      if (progressToken === undefined) return
      const params = { progressToken, progress, total }
      await mcpReq.notify({ method: 'notifications/progress', params })
    },
    ask: (method, params) => mcpReq.send({ method, params: { ...params } }),
    closeStream: () => http?.closeSSE?.(),
  }
}

function addPrompts(server: McpServer): void {
  for (const [name, { description, input = {}, run }] of Object.entries(PROMPTS)) {
    const shape = Object.fromEntries(
      Object.entries(input).map(([field, values]) => [
        field,
        completable(z.string(), completing(values)),
      ]),
    )
    if (Object.keys(input).length === 0) server.registerPrompt(name, { description }, () => run({}))
    else server.registerPrompt(name, { description, argsSchema: z.object(shape) }, run)
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
  server.server.setRequestHandler('resources/subscribe', ({ params }) => {
    watched.add(params.uri)
    return {}
  })
  server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    watched.delete(params.uri)
    return {}
  })
}

function addModernTools(server: McpServer): void {
  server.registerTool('test_logging_tool', { description: 'Logs' }, async (ctx) => {
    await ctx.mcpReq.log('info', 'Logged')
    return result('logged, for who asked for it')
  })
  server.registerTool('test_trigger_tool_change', { description: 'Tells of new tools' }, () => {
    handler.notify.toolsChanged()
    return result('told')
  })
  server.registerTool('test_trigger_prompt_change', { description: 'Tells of new prompts' }, () => {
    handler.notify.promptsChanged()
    return result('told')
  })
  const inputSchema = z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) })
  const about = { description: 'Has an argument that is a header too', inputSchema }
  server.registerTool('test_custom_header', about, ({ region }) => result(region))
}

const factory =
  guard === undefined
    ? plainFactory
    : wrapMcpServerFactory(plainFactory, guard.engine, guard.options)
const handler = createMcpHandler(factory, { legacy: 'reject' })
if (guard !== undefined) wrapMcpHandler(handler, guard.engine, guard.options)

const sessions = createSessions(async (options) => {
  const transport = new WebStandardStreamableHTTPServerTransport({
    ...options,
    eventStore: eventsInMemory(),
  })
  const server = await factory({ era: 'legacy' })
  await server.connect(transport)
  return transport
})

async function fetchLegacy(request: Request): Promise<Response> {
  const transport = await sessions.find(request.headers.get('mcp-session-id'))
  return transport?.handleRequest(request) ?? new Response(null, { status: 404 })
}

const served = await serve(
  async (request) =>
    (await isLegacyRequest(request)) ? fetchLegacy(request) : handler.fetch(request),
  { port: 0 },
)
sayWhere(served.port, guard)
