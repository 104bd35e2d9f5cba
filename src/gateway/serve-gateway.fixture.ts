import { EventEmitter } from 'node:events'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { afterEach } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import { deferred } from '../http/serve.fixture.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createGateway } from './create-gateway.ts'
import type { Upstream } from './options.ts'
import { type ServeGatewayOptions, serveGateway } from './serve-gateway.ts'

export const POLICY = `
scanner: { max_anonymous_per_minute: 3 }
roles: [{ name: reader, rules: [{ resources: [db.read, db.wait], verbs: [invoke] }] }]
bindings: [{ agent: support-bot, roles: [reader] }]
`
export const WIDER = POLICY.replace('[db.read, db.wait]', '["db.*"]')

export const USER_AGENT = { 'user-agent': 'test-agent/1.0 (of callgate)' }

/** A process that gets signals when a test sends them. */
export class FakeProcess extends EventEmitter {
  readonly exits: number[] = []
  exit(code: number): void {
    this.exits.push(code)
  }
}

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A gateway as a program, within this one. */
export async function start(
  options: Partial<ServeGatewayOptions> & { readonly upstream?: Upstream } = {},
  isListening = true,
) {
  const { upstream, ...rest } = options
  const go = deferred()
  const waiting = deferred()
  const engine = createTestEngine({ policy: POLICY })
  const gateway = createGateway({
    engine,
    subject: { agent: 'support-bot' },
    upstreams: { db: upstream ?? { server: () => dbServer(waiting.resolve, go.promise) } },
    onDiagnostic: () => undefined,
  })
  const said: string[] = []
  const ready = deferred()
  const signals = new FakeProcess()
  let policy = POLICY
  const ended = serveGateway({
    gateway,
    engine,
    http: { port: 0 },
    side: { port: 0 },
    loadPolicy: async () => parsePolicy(policy),
    say(line) {
      said.push(line)
      if (line.startsWith('listening')) ready.resolve()
    },
    process: signals,
    ...rest,
  })
  // A test that expects a fault looks for itself.
  ended.catch(() => undefined)
  ends.push(async () => {
    go.resolve()
    signals.emit('SIGTERM')
    await ended.catch(() => undefined)
  })
  if (isListening) await Promise.race([ready.promise, ended])
  const find = (pattern: RegExp): string => pattern.exec(said.join('\n'))?.[1] ?? ''
  return {
    engine,
    gateway,
    signals,
    said,
    ended,
    waiting: waiting.promise,
    go: () => go.resolve(),
    writePolicy(text: string) {
      policy = text
    },
    mcp: find(/listening on (\S+)/),
    url: find(/listening on (\S+)\/mcp/),
    side: find(/side port: (\S+)\/healthz/),
  }
}

/** The real client of the SDK, over HTTP. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  // `scanner` takes the user agent that Node.js sends for one that says nothing.
  const requestInit = { headers: USER_AGENT }
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }))
  ends.push(() => client.close())
  return client
}

function dbServer(onWait: () => void, go: Promise<void>): McpServer {
  const server = new McpServer({ name: 'db', version: '1' })
  const said = (text: string) => ({ content: [{ type: 'text' as const, text }] })
  server.registerTool('read', {}, () => said('read'))
  server.registerTool('drop', {}, () => said('dropped'))
  server.registerTool('wait', {}, async () => {
    onWait()
    await go
    return said('waited')
  })
  return server
}
