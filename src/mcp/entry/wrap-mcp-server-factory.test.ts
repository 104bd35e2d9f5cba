import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { WrapMcpOptions } from '../options.ts'
import {
  authInfo,
  BOTH,
  bytesOf,
  CAPABILITIES,
  connectTo,
  type Handler,
  modernRequest,
  SDKS,
  type Sdk,
} from './entry.fixture.ts'
import { wrapMcpHandler } from './wrap-mcp-handler.ts'
import { wrapMcpServerFactory } from './wrap-mcp-server-factory.ts'

const POLICY = `
roles:
  - name: reader
    rules:
      - { resources: [db.read, db.send, 'resource:db/file:///open'], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [reader] }
  - { agent: other, roles: [reader] }
`
/** A key such as no vendor has. */
const SECRET = ['sk', 'live', 'Q7mZt4Wc9LrXv2KpB8nYd3Fs'].join('-')

/** A server with open and hidden parts, made anew for each request. */
function serverOf(sdk: Sdk, ran: string[] = []) {
  const server = new sdk.server.McpServer(
    { name: 'db', version: '1.0.0' },
    { capabilities: CAPABILITIES },
  )
  const tool = (name: string, input: object, said: string, more: object = {}): void => {
    server.registerTool(
      name,
      { inputSchema: z.object(input as never), ...more } as never,
      (() => {
        ran.push(name)
        return { content: [{ type: 'text', text: said }] }
      }) as never,
    )
  }
  const region = z.string().meta({ 'x-mcp-header': 'Region' })
  const scopes = { scopeChallenge: () => ({ scopes: ['db:write'] }) }
  tool('read', {}, `api_key=${SECRET}`)
  tool('send', { body: z.string() }, 'sent')
  tool('drop', { region }, 'dropped')
  tool('wipe', {}, 'wiped', scopes)
  tool('lost', {}, 'lost', {
    scopeChallenge: () => {
      throw new Error('no scopes today')
    },
  })
  const resource = (uri: string, config: object = {}): void => {
    server.registerResource(uri, uri, config, () => ({ contents: [{ uri, text: uri }] }))
  }
  resource('file:///open')
  resource('file:///hidden', scopes)
  return server
}

interface Made {
  readonly engine: TestEngine
  readonly handler: Handler
  readonly ran: string[]
}

function made(sdk: Sdk, options: Partial<WrapMcpOptions> = {}, policy = POLICY): Made {
  const engine = createTestEngine({ policy })
  const all = { server: 'db', ...options }
  const ran: string[] = []
  const factory = wrapMcpServerFactory(() => serverOf(sdk, ran), engine, all)
  const handler = wrapMcpHandler(sdk.server.createMcpHandler(factory), engine, all)
  return { engine, handler, ran }
}

describe.each(BOTH)('servers made for each request: $name', ({ sdk, era }) => {
  it('are guarded: lists, calls and the record', async () => {
    const { engine, handler, ran } = made(sdk)
    const client = await connectTo(sdk, era, handler.fetch, { authInfo: authInfo('bot') })
    const { tools } = await client.listTools()
    const read = await client.callTool({ name: 'read', arguments: {} })
    const dropped = await client
      .callTool({ name: 'drop', arguments: { region: 'eu' } })
      .catch((error: Error) => error.message)
    expect(tools.map(({ name }) => name)).toEqual(['read', 'send'])
    expect(read.content).toEqual([{ type: 'text', text: `api_key=${SECRET}` }])
    expect(dropped).toContain('Tool drop not found')
    expect(ran).toEqual(['read'])
    expect(
      engine
        .records()
        .filter(({ kind }) => kind === 'decision')
        .map(({ resource, effect, agent }) => ({ resource, effect, agent })),
    ).toEqual([
      { resource: 'db.read', effect: 'allow', agent: 'bot' },
      { resource: 'db.drop', effect: 'deny', agent: 'bot' },
    ])
  })

  it('see each caller as its own request says', async () => {
    const { handler } = made(sdk, {
      identity: (context) => {
        const agent = context.headers?.['x-agent']
        return agent === undefined ? undefined : { agent }
      },
    })
    const names = async (headers: Record<string, string>): Promise<string[]> => {
      const client = await connectTo(sdk, era, handler.fetch, { headers })
      return (await client.listTools()).tools.map(({ name }) => name)
    }
    expect(await names({ 'x-agent': 'bot' })).toEqual(['read', 'send'])
    expect(await names({ 'x-agent': 'stranger' })).toEqual([])
    expect(await names({})).toEqual([])
  })

  const tags = `
version: 1
tools:
  - { name: db.read, tags: [data_source, restricted] }
  - { name: db.send, tags: [external_write] }
${POLICY}
secrets: { enabled: false }
`
  it('remember over requests what a caller has read, and keep callers apart', async () => {
    const { engine, handler, ran } = made(sdk, {}, tags)
    const bot = await connectTo(sdk, era, handler.fetch, { authInfo: authInfo('bot') })
    const other = await connectTo(sdk, era, handler.fetch, { authInfo: authInfo('other') })
    await bot.callTool({ name: 'read', arguments: {} })
    const foreign = await other.callTool({ name: 'send', arguments: { body: SECRET } })
    const relayed = await bot.callTool({ name: 'send', arguments: { body: SECRET } })
    expect({ foreign: foreign.isError ?? false, relayed: relayed.isError, ran }).toEqual({
      foreign: false,
      relayed: true,
      ran: ['read', 'send'],
    })
    const findings = (id: string): string[] => engine.behavior(id).findings.map(({ rule }) => rule)
    expect(findings('mcp-db:bot')).toContain('secret_relay')
    expect(findings('mcp-db:other')).not.toContain('secret_relay')
  })

  it('let the agents of one user share a session, and users not', async () => {
    const { engine, handler } = made(sdk)
    const call = async (clientId: string, sub: string): Promise<void> => {
      const caller = { authInfo: authInfo(clientId, { sub }) }
      const client = await connectTo(sdk, era, handler.fetch, caller)
      await client.callTool({ name: 'read', arguments: {} })
    }
    await call('bot', 'ann')
    await call('other', 'ann')
    await call('bot', 'ben')
    const events = (user: string): unknown =>
      engine.records().filter((one) => one.kind === 'decision' && one.user_id === user).length
    expect([events('ann'), events('ben')]).toEqual([2, 1])
    await engine.terminate('mcp-db', { by: 'operator', subject: { user: 'ann' } })
    const isStopped = async (clientId: string, sub: string): Promise<boolean> => {
      const caller = { authInfo: authInfo(clientId, { sub }) }
      const client = await connectTo(sdk, era, handler.fetch, caller)
      return (await client.callTool({ name: 'read', arguments: {} })).isError === true
    }
    expect([await isStopped('other', 'ann'), await isStopped('bot', 'ben')]).toEqual([true, false])
  })

  it('share what outlives a request: whose a task is', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const options = { server: 'db' }
    const factory = (): unknown => {
      const { server } = new sdk.server.McpServer(
        { name: 'db', version: '1.0.0' },
        { capabilities: CAPABILITIES },
      )
      server.setRequestHandler('tools/call', () => ({ content: [], task: { taskId: 't1' } }))
      server.fallbackRequestHandler = async () => ({ content: [{ type: 'text', text: 'done' }] })
      return server
    }
    const handler = wrapMcpHandler(
      sdk.server.createMcpHandler(wrapMcpServerFactory(factory as never, engine, options)),
      engine,
      options,
    )
    const ask = async (clientId: string, method: string, params: object): Promise<string> => {
      const sent = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      }
      const plain = { jsonrpc: '2.0', id: 1, method, params }
      const request =
        era === 'modern'
          ? modernRequest(method, params as never)
          : new Request('http://server.test/mcp', {
              method: 'POST',
              headers: sent,
              body: JSON.stringify(plain),
            })
      return (await handler.fetch(request, { authInfo: authInfo(clientId) })).text()
    }
    await ask('bot', 'tools/call', { name: 'read', arguments: {}, task: {} })
    const answers = []
    for (const who of ['other', 'bot'])
      answers.push(await ask(who, 'tasks/update', { taskId: 't1' }))
    expect(answers[0]).toContain('Task not found')
    expect(answers[1]).toContain('done')
  })

  it('are warned of once, not at each request', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const { handler } = made(sdk)
    const client = await connectTo(sdk, era, handler.fetch)
    await client.listTools()
    await client.listTools()
    const said = warned.mock.calls.map(([message]) => String(message))
    warned.mockRestore()
    expect(said.filter((message) => message.includes('anonymous'))).toHaveLength(1)
  })

  it('may be made by an async factory, which gets what the entry gives', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const seen: unknown[] = []
    const options = { server: 'db' }
    const factory = wrapMcpServerFactory(
      async (asked: { era: string; authInfo?: unknown }) => {
        seen.push(asked.era, asked.authInfo)
        return serverOf(sdk)
      },
      engine,
      options,
    )
    const handler = wrapMcpHandler(sdk.server.createMcpHandler(factory), engine, options)
    const client = await connectTo(sdk, era, handler.fetch, { authInfo: authInfo('bot') })
    expect((await client.listTools()).tools).toHaveLength(2)
    expect(seen.slice(0, 2)).toEqual([era, authInfo('bot')])
  })

  it('are not served where they cannot be guarded', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const faults: unknown[] = []
    const factory = wrapMcpServerFactory(() => ({}) as never, engine, { server: 'db' })
    const handler = wrapMcpHandler(
      sdk.server.createMcpHandler(factory, { onerror: (error) => faults.push(error) }),
      engine,
      { server: 'db' },
    )
    await expect(connectTo(sdk, era, handler.fetch)).rejects.toThrow()
    expect(faults[0]).toMatchObject({ code: 'ERR_HOST_UNSUPPORTED' })
  })
})

describe.each(SDKS)('what an entry asks of a server beforehand: $name', (sdk) => {
  const HIDDEN = sdk.isOldest ? ['drop'] : ['drop', 'wipe', 'lost']

  /** Engines and options by which it is found out now, or later, who calls. */
  const WAYS: readonly (readonly [string, Partial<WrapMcpOptions>])[] = [
    ['at once', {}],
    ['later', { identity: async () => ({ agent: 'bot' }) }],
  ]

  it.each(WAYS.flatMap(([when, options]) => HIDDEN.map((name) => [when, name, options] as const)))(
    'says %s nothing of the hidden tool %s',
    async (_when, hidden, options) => {
      const { handler } = made(sdk, options)
      const call = async (name: string): Promise<object> => {
        const params = { name, arguments: { region: 'eu' } }
        const request = modernRequest('tools/call', params, {
          headers: { 'mcp-param-region': 'us' },
        })
        const { body, ...rest } = (await bytesOf(
          await handler.fetch(request, { authInfo: authInfo('bot') }),
        )) as { body: string }
        return { ...rest, body: body.replaceAll(name, 'NAME') }
      }
      expect(await call(hidden)).toEqual(await call('nope'))
    },
  )

  it('says nothing of a hidden tool whose name is not plain text', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined) // the SDK does not like the name
    const engine = createTestEngine({ policy: POLICY })
    const options = { server: 'db', subject: { agent: 'bot' } }
    const factory = (): unknown => {
      const server = serverOf(sdk)
      const region = z.string().meta({ 'x-mcp-header': 'Region' })
      server.registerTool('löschen', { inputSchema: z.object({ region }) }, () => ({ content: [] }))
      return server
    }
    const handler = wrapMcpHandler(
      sdk.server.createMcpHandler(wrapMcpServerFactory(factory as never, engine, options)),
      engine,
      options,
    )
    const call = async (name: string): Promise<string> => {
      const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`
      const params = { name, arguments: { region: 'eu' } }
      const request = modernRequest('tools/call', params, { headers: { 'mcp-name': encoded } })
      return JSON.stringify(await bytesOf(await handler.fetch(request))).replaceAll(name, 'NAME')
    }
    expect(await call('löschen')).toBe(await call('lüschen'))
  })

  it('still wants the headers of a tool that the caller may use', async () => {
    const policy = POLICY.replace('[db.read,', '[db.read, db.drop,')
    const { handler, ran } = made(sdk, {}, policy)
    const call = async (region: string): Promise<number> => {
      const params = { name: 'drop', arguments: { region: 'eu' } }
      const headers = { 'mcp-param-region': region }
      const request = modernRequest('tools/call', params, { headers })
      return (await handler.fetch(request, { authInfo: authInfo('bot') })).status
    }
    expect([await call('us'), await call('eu'), ran]).toEqual([400, 200, ['drop']])
  })

  it.skipIf(sdk.isOldest)('still wants the scopes of what the caller may use', async () => {
    const policy = POLICY.replace('[db.read,', "[db.read, db.wipe, 'resource:db/file:///hidden',")
    const { handler } = made(sdk, {}, policy)
    const ask = async (method: string, params: object): Promise<number> =>
      (await handler.fetch(modernRequest(method, params as never), { authInfo: authInfo('bot') }))
        .status
    expect([
      await ask('tools/call', { name: 'wipe', arguments: {} }),
      await ask('resources/read', { uri: 'file:///hidden' }),
    ]).toEqual([403, 403])
  })

  it.each(['modern', 'legacy'] as const)('says nothing of a hidden resource: %s', async (era) => {
    const { handler } = made(sdk)
    const read = async (uri: string): Promise<string> => {
      const request =
        era === 'modern'
          ? modernRequest('resources/read', { uri })
          : new Request('http://server.test/mcp', {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                accept: 'application/json, text/event-stream',
              },
              body: JSON.stringify({
                jsonrpc: '2.0',
                id: 1,
                method: 'resources/read',
                params: { uri },
              }),
            })
      const answer = await bytesOf(await handler.fetch(request, { authInfo: authInfo('bot') }))
      return JSON.stringify(answer).replaceAll(uri, 'URI')
    }
    expect(await read('file:///hidden')).toBe(await read('file:///nope'))
  })
})

describe('a wrapped factory', () => {
  const [sdk] = SDKS
  const engine = createTestEngine({ policy: POLICY })

  it('makes no server for a request of the 2026-07-28 protocol that nothing guards', async () => {
    const faults: unknown[] = []
    const ran: string[] = []
    const factory = wrapMcpServerFactory(() => serverOf(SDKS[0] as Sdk, ran), engine, {
      server: 'db',
      subject: { agent: 'bot' },
    })
    const handler = sdk?.server.createMcpHandler(factory, {
      onerror: (error) => faults.push(error),
    })
    const response = await handler?.fetch(
      modernRequest('tools/call', { name: 'read', arguments: {} }),
    )
    expect({ status: response?.status, ran }).toEqual({ status: 500, ran: [] })
    expect(faults[0]).toMatchObject({ code: 'ERR_HOST_UNSUPPORTED' })
  })

  it('is wrapped once', () => {
    const once = wrapMcpServerFactory(() => ({}), engine, { server: 'db' })
    expect(wrapMcpServerFactory(once, engine, { server: 'db' })).toBe(once)
  })

  it.each([
    ['no engine', [() => ({}), {}, { server: 'db' }]],
    ['no function', [{}, engine, { server: 'db' }]],
    ['a misspelt option', [() => ({}), engine, { server: 'db', identiy: () => undefined }]],
  ])('is not made of %s', (_what, given) => {
    expect(() =>
      wrapMcpServerFactory(...(given as Parameters<typeof wrapMcpServerFactory>)),
    ).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })
})
