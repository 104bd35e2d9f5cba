import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamableHTTPServerTransport as HttpV1 } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { StreamableHTTPServerTransport as HttpOldest } from 'mcp-sdk-oldest/server/streamableHttp.js'
import { createMcpHandler as createOldestHandler } from 'mcp-server-oldest'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import type { McpContext } from './context.ts'
import type { Message, Params } from './host.ts'
import { HOSTS, type Host, type HostServer, text } from './hosts.fixture.ts'
import { policyOf } from './matrix.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** Over HTTP: sessions, verified tokens, several messages at once, and servers for one request. */

const POLICY = policyOf(['db.read'])
const PRIZE = 'the prize'
const contexts: McpContext[] = []
const servers: Server[] = []

afterEach(() => {
  contexts.length = 0
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

function filled(host: Host, engine: TestEngine, isNamed = false): HostServer {
  const made = host.make()
  made.tool('read', () => ({ content: [text('rows')] }))
  made.tool('drop', () => ({ content: [text(PRIZE)] }))
  const identity = (context: McpContext): undefined => {
    contexts.push(context)
  }
  // 1.10 hands on nothing of tokens.
  const subject = host.major === 1 && host.isOldest ? { subject: { agent: 'bot' } } : {}
  wrapMcpServer(made.server, engine, { server: 'db', ...(isNamed ? { identity } : subject) })
  return made
}

/** A token of the test names its client; a real host's server has verified it. */
function authOf(header: string | null | undefined): Params | undefined {
  const token = header?.replace('Bearer ', '')
  return token === undefined ? undefined : { token, clientId: token, scopes: [] }
}

type Speak = (message: unknown, headers?: Record<string, string>) => Promise<Answer>

interface Answer {
  readonly status: number
  readonly session: string | null
  readonly messages: readonly Message[]
}

const ACCEPT = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}

/** Reads as many answers as there were requests: 1.10 leaves its stream open behind an error. */
async function answerOf(response: Response, wanted: number): Promise<Answer> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let body = ''
  let messages: readonly Message[] = []
  while (messages.length < wanted) {
    const read = await reader?.read()
    if (read === undefined || read.done) break
    body += decoder.decode(read.value, { stream: true })
    messages = messagesOf(body)
  }
  await reader?.cancel()
  return {
    status: response.status,
    session: response.headers.get('mcp-session-id'),
    messages,
  }
}

function messagesOf(body: string): readonly Message[] {
  const parts = /^[{[]/.test(body) ? [body] : body.split('\n').flatMap(dataOf)
  try {
    return parts.flatMap((part) => JSON.parse(part) as Message | Message[])
  } catch {
    return [] // not whole yet
  }
}

function dataOf(line: string): string[] {
  return line.startsWith('data: {') ? [line.slice('data: '.length)] : []
}

const call = (name: string, id: number | string = 1): Message => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: {} },
})

const INITIALIZE: Message = {
  jsonrpc: '2.0',
  id: 'first',
  method: 'initialize',
  params: {
    protocolVersion: '2025-03-26',
    capabilities: {},
    clientInfo: { name: 'bot', version: '1' },
  },
}

// --- v1 ---

type HttpTransport = new (
  options: never,
) => {
  sessionId?: string | undefined
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>
}

interface HttpHost {
  readonly name: string
  readonly host: Host
  readonly Transport: HttpTransport
}

const hostOf = (name: string): Host => HOSTS.find((host) => host.name === name) as Host

const V1: readonly HttpHost[] = [
  { name: 'sdk 1.32.2', host: hostOf('sdk 1.32.2'), Transport: HttpV1 as HttpTransport },
  { name: 'sdk 1.10.2', host: hostOf('sdk 1.10.2'), Transport: HttpOldest as HttpTransport },
]

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Speak> {
  const server = createServer((request, response) => void handle(request, response))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return async (message, headers = {}) =>
    answerOf(
      await fetch(`http://127.0.0.1:${port}/mcp?x=1`, {
        method: 'POST',
        headers: { ...ACCEPT, ...headers },
        body: JSON.stringify(message),
      }),
      Array.isArray(message) ? message.length : 1,
    )
}

function withAuth(request: IncomingMessage): IncomingMessage {
  return Object.assign(request, { auth: authOf(request.headers.authorization) })
}

describe.each(V1)('$name', ({ host, Transport }) => {
  async function stateful(engine: TestEngine, isNamed = false): Promise<Speak> {
    const made = filled(host, engine, isNamed)
    const transport = new Transport({ sessionIdGenerator: () => 'the-session' } as never)
    await (made.server as { connect(one: unknown): Promise<void> }).connect(transport)
    return serve((request, response) => transport.handleRequest(withAuth(request), response))
  }

  async function stateless(engine: TestEngine): Promise<Speak> {
    return serve(async (request, response) => {
      const made = filled(host, engine)
      const transport = new Transport({ sessionIdGenerator: undefined } as never)
      await (made.server as { connect(one: unknown): Promise<void> }).connect(transport)
      await transport.handleRequest(withAuth(request), response)
    })
  }

  const IN_SESSION = { 'mcp-session-id': 'the-session' }
  const decisions = (engine: TestEngine): unknown[][] =>
    engine
      .records()
      .filter(({ kind }) => kind === 'decision')
      .map(({ agent, effect, session_id: session }) => [agent, effect, session])

  it('knows callers by their verified tokens, and calls by their session', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const speak = await stateful(engine)
    expect((await speak(INITIALIZE, { authorization: 'Bearer bot' })).session).toBe('the-session')
    const answers = [
      await speak(call('read'), { ...IN_SESSION, authorization: 'Bearer bot' }),
      await speak(call('drop'), { ...IN_SESSION, authorization: 'Bearer bot' }),
      await speak(call('read'), { ...IN_SESSION, authorization: 'Bearer other' }),
      await speak(call('read'), IN_SESSION),
    ].map(({ messages }) => JSON.stringify(messages).includes('rows'))
    const known = host.isOldest ? ['bot', 'bot'] : ['other', 'anonymous']
    expect(answers).toEqual([true, false, ...known.map((agent) => agent === 'bot')])
    expect(decisions(engine)).toEqual([
      ['bot', 'allow', 'the-session'],
      ['bot', 'deny', 'the-session'],
      ...known.map((agent) => [agent, agent === 'bot' ? 'allow' : 'deny', 'the-session']),
    ])
  })

  it('judges each message of a batch for itself', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const speak = await stateful(engine)
    await speak(INITIALIZE, { authorization: 'Bearer bot' })
    const { messages } = await speak(
      [
        call('read', 1),
        call('drop', 2),
        call('read', 3),
        { ...call('x', 4), method: 'tools/list' },
      ],
      { ...IN_SESSION, authorization: 'Bearer bot' },
    )
    const said = Object.fromEntries(
      messages.map((message) => [message.id, JSON.stringify(message)]),
    )
    expect(Object.keys(said)).toEqual(['1', '2', '3', '4'])
    expect([said['1'], said['3']].every((one) => one?.includes('rows'))).toBe(true)
    expect(JSON.stringify(said)).not.toContain(PRIZE)
    expect(said['2']).toContain('Tool drop not found')
    expect(said['4']).not.toContain('drop')
  })

  it('tells where a message came from', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const speak = await stateful(engine, true)
    await speak(INITIALIZE)
    await speak(call('read'), { ...IN_SESSION, authorization: 'Bearer bot', 'x-trace': 'abc' })
    const [context] = contexts
    expect(context?.sessionId).toBe('the-session')
    expect(context?.era).toBe('legacy')
    // 1.10 hands on neither tokens nor headers.
    expect(context?.authInfo).toEqual(
      host.isOldest ? undefined : { clientId: 'bot', token: 'bot', scopes: [] },
    )
    expect(context?.headers?.['x-trace']).toBe(host.isOldest ? undefined : 'abc')
  })

  it('keeps the callers of servers for one request apart', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const speak = await stateless(engine)
    const agents = host.isOldest ? ['bot', 'bot', 'bot'] : ['bot', 'other', 'bot']
    for (const agent of agents) await speak(call('read'), { authorization: `Bearer ${agent}` })
    expect(decisions(engine).map(([agent]) => agent)).toEqual(agents)
    // What 1.10 says of a request does not tell HTTP from other transports: each is a session.
    if (host.isOldest) return
    const [first, second, third] = decisions(engine).map(([, , session]) => session)
    expect(third).toBe(first)
    expect(second).not.toBe(first)
  })
})

// --- v2 ---

const V2 = [
  { name: 'server 2.4.0', host: hostOf('server 2.4.0'), create: createMcpHandler },
  {
    name: 'server 2.0.0',
    host: hostOf('server 2.0.0'),
    create: createOldestHandler as unknown as typeof createMcpHandler,
  },
]

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bot', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

describe.each(V2)('$name', ({ host, create }) => {
  function handled(engine: TestEngine, isNamed = false): Speak {
    const handler = create(() => filled(host, engine, isNamed).server as never)
    return async (message, headers = {}) => {
      const request = new Request('http://localhost/mcp?x=1', {
        method: 'POST',
        headers: { ...ACCEPT, ...headers },
        body: JSON.stringify(message),
      })
      const authInfo = authOf(request.headers.get('authorization'))
      return answerOf(
        await handler.fetch(request, (authInfo === undefined ? {} : { authInfo }) as never),
        1,
      )
    }
  }

  const modern = (message: Message): Message => ({
    ...message,
    params: { ...message.params, _meta: ENVELOPE },
  })
  const headersOf = (name: string, agent: string): Record<string, string> => ({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
    authorization: `Bearer ${agent}`,
  })

  it.each(['legacy', 'modern'] as const)(
    'knows %s callers by their verified tokens',
    async (era) => {
      const engine = createTestEngine({ policy: POLICY })
      const speak = handled(engine)
      const ask = (name: string, agent: string): Promise<Answer> =>
        era === 'modern'
          ? speak(modern(call(name)), headersOf(name, agent))
          : speak(call(name), { authorization: `Bearer ${agent}` })
      const answers = [
        await ask('read', 'bot'),
        await ask('drop', 'bot'),
        await ask('read', 'other'),
        await ask('read', 'bot'),
      ].map(({ messages }) => JSON.stringify(messages))
      expect(answers.map((one) => one.includes('rows'))).toEqual([true, false, false, true])
      expect(answers[1]).toContain('Tool drop not found')
      const told = engine
        .records()
        .filter(({ kind }) => kind === 'decision')
        .map(({ agent, effect, session_id: session }) => ({ agent, effect, session }))
      expect(told).toMatchObject([
        { agent: 'bot', effect: 'allow' },
        { agent: 'bot', effect: 'deny' },
        { agent: 'other', effect: 'deny' },
        { agent: 'bot', effect: 'allow' },
      ])
      // A server for one request: the session is the caller's.
      expect(told[3]?.session).toBe(told[0]?.session)
      expect(told[2]?.session).not.toBe(told[0]?.session)
    },
  )

  it('keeps the status of HTTP that the host would give', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const speak = handled(engine)
    const unknown: Message = { jsonrpc: '2.0', id: 1, method: 'acme/none', params: {} }
    const headers = { ...headersOf('x', 'bot'), 'mcp-method': 'acme/none' }
    expect((await speak(modern(unknown), headers)).status).toBe(404)
  })

  it('tells where a message came from', async () => {
    const engine = createTestEngine({ policy: POLICY })
    await handled(engine, true)(modern(call('read')), {
      ...headersOf('read', 'bot'),
      'x-trace': 'abc',
    })
    const [context] = contexts
    expect(context).toMatchObject({
      sessionId: undefined,
      authInfo: { clientId: 'bot' },
      path: '/mcp?x=1',
      headers: { 'x-trace': 'abc' },
      clientInfo: { name: 'bot' },
      era: 'modern',
    })
  })
})
