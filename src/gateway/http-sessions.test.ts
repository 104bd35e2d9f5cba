import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  ElicitRequestSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Credentials } from '../core/model/call.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createGateway, type Gateway } from './create-gateway.ts'
import { policyFor, text, upstream } from './gateway.fixture.ts'
import { httpUpstream } from './http.fixture.ts'
import type { GatewayOptions } from './options.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const POLICY = `${policyFor('db.*')}  - { agent: ana, roles: [user] }\n`

function gatewayOf(
  options: Omit<GatewayOptions, 'engine'>,
  engine = createTestEngine({ policy: POLICY }),
) {
  const gateway = createGateway({ engine, onDiagnostic: () => undefined, ...options })
  ends.push(() => gateway.close())
  return { gateway, engine }
}

/** A real client whose requests are handed to the gateway. */
async function agent(
  gateway: Gateway,
  headers: Record<string, string> = {},
  info: Parameters<Gateway['fetch']>[1] = {},
  capabilities = {},
): Promise<Client> {
  const client = new Client({ name: 'agent', version: '1' }, { capabilities })
  const transport = new StreamableHTTPClientTransport(new URL('http://gateway.test/mcp'), {
    requestInit: { headers },
    fetch: (url, init) => gateway.fetch(new Request(url, init), info),
  })
  ends.push(() => client.close())
  await client.connect(transport as Transport)
  return client
}

const post = (gateway: Gateway, body: unknown, headers: Record<string, string> = {}, info = {}) =>
  gateway.fetch(
    new Request('http://gateway.test/mcp', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    }),
    info,
  )

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'x', version: '1' },
  },
}

async function sessionOf(gateway: Gateway, headers: Record<string, string> = {}): Promise<string> {
  const response = await post(gateway, INITIALIZE, headers)
  await response.text()
  return response.headers.get('mcp-session-id') ?? ''
}

const byHeader = ({ headers }: Credentials) => {
  const token = headers?.['authorization']
  if (token === undefined) return undefined
  if (!token.startsWith('Bearer ')) throw new Error('bad token')
  return { agent: token.slice('Bearer '.length).split('-')[0] ?? '' }
}

describe('a gateway by HTTP', () => {
  it('serves agents in sessions of their own, as whom their credentials say', async () => {
    const db = upstream()
    const { gateway, engine } = gatewayOf({
      upstreams: { db: { server: db.make } },
      identity: { identify: byHeader },
    })
    const bot = await agent(gateway, { authorization: 'Bearer bot' })
    const ana = await agent(gateway, { authorization: 'Bearer ana' })
    const rogue = await agent(gateway, { authorization: 'Bearer rogue' })
    expect(await bot.callTool({ name: 'db__echo' })).toEqual(text('echo {}'))
    expect(await ana.callTool({ name: 'db__echo' })).toEqual(text('echo {}'))
    await expect(rogue.callTool({ name: 'db__echo' })).rejects.toThrow('not found')
    const decisions = engine.records().filter(({ kind }) => kind === 'decision')
    expect(decisions.map(({ agent: who, effect }) => [who, effect])).toEqual([
      ['bot', 'allow'],
      ['ana', 'allow'],
      ['rogue', 'deny'],
    ])
    expect(new Set(decisions.map(({ session_id }) => session_id)).size).toBe(3)
    expect([gateway.sessions(), db.made.length]).toEqual([3, 3])
  })

  it('goes by the identity provider of the engine, call for call', async () => {
    const engine = createTestEngine({ policy: POLICY, identity: { identify: byHeader } })
    const { gateway } = gatewayOf({ upstreams: { db: { server: upstream().make } } }, engine)
    const client = await agent(gateway, { authorization: 'Bearer bot' })
    expect(await client.callTool({ name: 'db__echo' })).toEqual(text('echo {}'))
    expect(engine.records().map(({ agent: who }) => who)).toEqual(['bot', 'bot'])
    await expect(agent(gateway, { authorization: 'Basic x' })).rejects.toThrow(/nobody has proven/)
  })

  it('goes by a token that the host has verified, and by the peer', async () => {
    const { gateway, engine } = gatewayOf({ upstreams: { db: { server: upstream().make } } })
    const client = await agent(
      gateway,
      {},
      { authInfo: { token: 't', clientId: 'bot', scopes: [] } },
    )
    await client.callTool({ name: 'db__echo' })
    expect(engine.records()[0]).toMatchObject({ agent: 'bot', tier: 'mcp' })
    const peers: unknown[] = []
    const other = gatewayOf({
      upstreams: { db: { server: upstream().make } },
      identity: {
        identify({ peer }) {
          peers.push(peer)
          return { agent: 'bot' }
        },
      },
    })
    await (await agent(other.gateway, {}, { peer: '10.0.0.7' })).listTools()
    expect(new Set(peers)).toEqual(new Set(['10.0.0.7']))
  })

  it('forwards no header of a caller, and sends the headers of the options', async () => {
    const server = await httpUpstream(upstream().make)
    ends.push(() => server.close())
    const { gateway } = gatewayOf({
      upstreams: { db: { url: server.url, headers: { authorization: 'Bearer upstream-key' } } },
      identity: { identify: byHeader },
    })
    const client = await agent(gateway, {
      authorization: 'Bearer bot-secret',
      'x-api-key': 'caller-key',
      cookie: 'a=b',
    })
    expect(await client.callTool({ name: 'db__echo', arguments: { a: 1 } })).toEqual(
      text('echo {"a":1}'),
    )
    await client.listTools()
    expect(server.seen.length).toBeGreaterThan(3)
    expect(new Set(server.seen.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer upstream-key']),
    )
    expect(JSON.stringify(server.seen)).not.toMatch(/bot-secret|caller-key|a=b/)
  })

  it('tells a server that its session is over', async () => {
    const server = await httpUpstream(upstream().make)
    ends.push(() => server.close())
    const { gateway } = gatewayOf({
      upstreams: { db: { url: server.url } },
      subject: { agent: 'bot' },
    })
    await (await agent(gateway)).listTools()
    await gateway.close()
    expect(server.seen.map(({ method }) => method).at(-1)).toBe('DELETE')
  })

  it('connects anew to a server that has forgotten its session', async () => {
    const server = await httpUpstream(upstream().make)
    ends.push(() => server.close())
    const { gateway } = gatewayOf({
      upstreams: { db: { url: server.url } },
      subject: { agent: 'bot' },
      limits: { restartMinMs: 1, restartMaxMs: 1 },
    })
    const client = await agent(gateway)
    expect(await client.callTool({ name: 'db__echo' })).toEqual(text('echo {}'))
    server.forget()
    const lost = await client.callTool({ name: 'db__echo' })
    expect(lost).toEqual({
      ...text('the connection to the server `db` failed: try again later'),
      isError: true,
    })
    await vi.waitFor(async () =>
      expect(await client.callTool({ name: 'db__echo' })).toEqual(text('echo {}')),
    )
    expect(gateway.health()['db']).toMatchObject({ state: 'up', lastError: 'http_404' })
  })

  it('cuts an answer of a server that is larger than a message may be', async () => {
    const server = await httpUpstream(upstream({ call: () => text('x'.repeat(20_000)) }).make)
    ends.push(() => server.close())
    const { gateway } = gatewayOf({
      upstreams: { db: { url: server.url } },
      subject: { agent: 'bot' },
      limits: { maxMessageBytes: 10_000 },
    })
    const client = await agent(gateway)
    expect(await client.callTool({ name: 'db__echo' })).toMatchObject({ isError: true })
    expect(gateway.health()['db']?.state).not.toBe('up')
  })

  it('relays questions and changes by the streams of the session', async () => {
    const db = upstream({
      call: async (_n, _a, _e, server) => {
        const { action } = await server.elicitInput({
          message: 'sure?',
          requestedSchema: { type: 'object', properties: {} },
        })
        return text(action)
      },
    })
    const { gateway } = gatewayOf({
      upstreams: { db: { server: db.make } },
      subject: { agent: 'bot' },
    })
    const client = await agent(gateway, {}, {}, { elicitation: { form: {} } })
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }))
    expect(await client.callTool({ name: 'db__ask' })).toEqual(text('decline'))
    const changed = vi.fn()
    client.setNotificationHandler(ToolListChangedNotificationSchema, changed)
    await vi.waitFor(async () => {
      await db.made[0]?.sendToolListChanged()
      expect(changed).toHaveBeenCalled()
    })
  })

  it('serves a session to nobody but the one who has opened it', async () => {
    const { gateway } = gatewayOf({
      upstreams: { db: { server: upstream().make } },
      identity: { identify: byHeader },
    })
    const id = await sessionOf(gateway, { authorization: 'Bearer bot' })
    const list = (authorization: string) =>
      post(
        gateway,
        { jsonrpc: '2.0', id: 1, method: 'tools/list' },
        { authorization, 'mcp-session-id': id },
      )
    const unknown = await post(
      gateway,
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { authorization: 'Bearer bot', 'mcp-session-id': 'made-up' },
    )
    const stolen = await list('Bearer ana')
    expect([stolen.status, await stolen.text()]).toEqual([404, await unknown.text()])
    const heard = await gateway.fetch(
      new Request('http://gateway.test/mcp', {
        headers: { accept: 'text/event-stream', 'mcp-session-id': id, authorization: 'Bearer ana' },
      }),
    )
    expect(heard.status).toBe(404)
    // A new token of the same caller.
    expect((await list('Bearer bot-2')).status).toBe(200)
    expect((await list('Basic x')).status).toBe(401)
  })

  it('stops nobody where the engine only observes', async () => {
    const engine = createTestEngine({
      policy: POLICY,
      mode: 'observe',
      identity: { identify: byHeader },
    })
    const { gateway } = gatewayOf({ upstreams: { db: { server: upstream().make } } }, engine)
    const client = await agent(gateway, { authorization: 'Basic x' })
    expect(await client.callTool({ name: 'db__echo' })).toEqual(text('echo {}'))
    expect(engine.records()[0]).toMatchObject({
      effect: 'deny',
      reason: 'token_invalid',
      enforced: false,
    })
  })

  it('ends a session when its agent says so, or says nothing for long', async () => {
    const db = upstream()
    const { gateway } = gatewayOf({
      upstreams: { db: { server: db.make } },
      subject: { agent: 'bot' },
      limits: { sessionIdleMs: 50 },
    })
    const headers = { 'mcp-session-id': await sessionOf(gateway) }
    const request = new Request('http://gateway.test/mcp', { method: 'DELETE', headers })
    expect((await gateway.fetch(request)).status).toBe(200)
    expect(gateway.sessions()).toBe(0)
    await sessionOf(gateway)
    await vi.waitFor(() => expect(gateway.sessions()).toBe(0))
  })

  it('opens no more sessions than it may, and none when it is draining', async () => {
    const { gateway } = gatewayOf({
      upstreams: { db: { server: upstream().make } },
      subject: { agent: 'bot' },
      limits: { maxSessions: 1 },
    })
    const id = await sessionOf(gateway)
    expect((await post(gateway, INITIALIZE)).status).toBe(503)
    await gateway.drain(10)
    const call = { jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'db__echo' } }
    const answered = await post(gateway, call, { 'mcp-session-id': id })
    expect(await answered.text()).toContain('the gateway is shutting down')
    await gateway.close()
    expect((await post(gateway, INITIALIZE)).status).toBe(503)
  })

  it.each([
    ['no JSON', 'nonsense', {}, 400, -32700],
    ['no session', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, {}, 400, -32600],
    ['a message that is too large', `"${'x'.repeat(5_000)}"`, {}, 413, -32600],
    ['no JSON-RPC', { hello: 1 }, {}, 400, -32600],
    ['a batch that initialises', [INITIALIZE], {}, 400, -32600],
    ['another type of content', INITIALIZE, { 'content-type': 'text/plain' }, 415, -32000],
  ])('refuses %s, and keeps no session of it', async (_, body, headers, status, code) => {
    const { gateway } = gatewayOf({
      upstreams: { db: { server: upstream().make } },
      subject: { agent: 'bot' },
      limits: { maxMessageBytes: 4_000 },
    })
    const response = await post(gateway, body, headers)
    const { error } = (await response.json()) as { error: { code: number } }
    expect([response.status, error.code, gateway.sessions()]).toEqual([status, code, 0])
  })
})
