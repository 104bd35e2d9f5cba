import { PassThrough } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { StdioServerTransport as StdioServerTransportOldest } from 'mcp-server-oldest/stdio'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parsePolicy } from '../../core/policy/parse.ts'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { Message, Transport } from '../host.ts'
import type { WrapMcpOptions } from '../options.ts'
import { wrapMcpServer } from '../wrap-mcp-server.ts'
import { CAPABILITIES, modernMessage, SDKS, type Sdk } from './entry.fixture.ts'
import { guardStdioTransport } from './guard-stdio-transport.ts'
import { wrapMcpServerFactory } from './wrap-mcp-server-factory.ts'

const POLICY = `
roles:
  - name: reader
    rules:
      - { resources: [db.read, 'resource:db/file:///open*'], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [reader] }
`
const OPTIONS: WrapMcpOptions = { server: 'db', subject: { agent: 'bot' } }
const ALL = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }

type Server = InstanceType<Sdk['server']['McpServer']>

/** A factory, and the servers that it has made. */
function makerOf(sdk: Sdk, servers: Server[]) {
  return () => {
    const server = new sdk.server.McpServer(
      { name: 'db', version: '1.0.0' },
      { capabilities: CAPABILITIES },
    )
    server.registerTool('read', { inputSchema: z.object({}) }, () => ({ content: [] }))
    servers.push(server)
    return server
  }
}

interface Line {
  readonly engine: TestEngine
  /** The server's end. */
  readonly near: Transport
  readonly far: Transport
  /** All that the server has sent. */
  readonly heard: readonly Message[]
  readonly servers: readonly Server[]
  /** Sends a request, and gives its answer or its acknowledgement. */
  ask(message: Message): Promise<Message>
  /** Closes the server, so that all has been sent. */
  close(): Promise<void>
}

/** Both ends of a connection whose server's end is guarded. */
function lineOf(
  sdk: Sdk,
  options: WrapMcpOptions = OPTIONS,
  engine = createTestEngine({ policy: POLICY }),
): Line {
  const [near, far] = sdk.server.InMemoryTransport.createLinkedPair() as unknown as [
    Transport,
    Transport,
  ]
  const servers: Server[] = []
  const factory = wrapMcpServerFactory(makerOf(sdk, servers), engine, options)
  const handle = sdk.serveStdio(factory, {
    transport: guardStdioTransport(near, engine, options) as never,
  })
  const heard: Message[] = []
  const waiting = new Set<(message: Message) => void>()
  far.onmessage = (message) => {
    heard.push(message)
    for (const one of waiting) one(message)
  }
  const isAnswer = (id: unknown, { id: own, params }: Message): boolean => {
    const meta = params?.['_meta'] as Record<string, unknown> | undefined
    return own === id || meta?.['io.modelcontextprotocol/subscriptionId'] === id
  }
  return {
    engine,
    near,
    far,
    heard,
    servers,
    ask: (message) =>
      new Promise((resolve) => {
        const look = (said: Message): void => {
          if (!isAnswer(message.id, said)) return
          waiting.delete(look)
          resolve(said)
        }
        waiting.add(look)
        void far.send(message)
      }),
    close: () => handle.close(),
  }
}

function listening(uris: readonly string[], id = 'one'): Message {
  const notifications = { resourceSubscriptions: uris, ...ALL }
  return modernMessage('subscriptions/listen', { notifications }, id)
}

const changesIn = (heard: readonly Message[]): unknown[] =>
  heard
    .filter(({ method }) => method !== undefined && !method.endsWith('acknowledged'))
    .map(({ method, params }) => params?.['uri'] ?? method)

describe.each(SDKS)('listening over a guarded connection: $name', (sdk) => {
  it('is judged for each resource, recorded, and acknowledged with what is left', async () => {
    const { engine, ask, close, heard, servers } = lineOf(sdk)
    const uris = ['file:///hidden', 'file:///open/a']
    const acknowledged = await ask(listening(uris))
    for (const uri of uris) await servers[0]?.server.sendResourceUpdated({ uri })
    await close()
    expect([acknowledged.params?.['notifications'], changesIn(heard)]).toEqual([
      { resourceSubscriptions: ['file:///open/a'], ...ALL },
      ['file:///open/a'],
    ])
    expect(
      engine
        .records()
        .filter(({ kind }) => kind === 'decision')
        .map((one) => [one.resource, one.effect, one.request_method]),
    ).toEqual([
      ['resource:db/file:///hidden', 'deny', 'subscriptions/listen'],
      ['resource:db/file:///open/a', 'allow', 'subscriptions/listen'],
    ])
  })

  it('without this guard is acknowledged as it was asked, and hears no more for it', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const [near, far] = sdk.server.InMemoryTransport.createLinkedPair()
    const servers: Server[] = []
    const make = makerOf(sdk, servers)
    const handle = sdk.serveStdio(() => wrapMcpServer(make(), engine, OPTIONS), { transport: near })
    const { Client } = sdk.client
    const client = new Client(
      { name: 'client', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    await client.connect(far)
    const heard: string[] = []
    const uris = ['file:///hidden', 'file:///open/a']
    const last = new Promise<void>((resolve) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        heard.push(params.uri)
        if (params.uri === 'file:///open/a') resolve()
      })
    })
    const { honoredFilter } = await client.listen({ resourceSubscriptions: uris })
    for (const uri of uris) await servers.at(-1)?.server.sendResourceUpdated({ uri })
    await last
    expect([honoredFilter, heard]).toEqual([{ resourceSubscriptions: uris }, ['file:///open/a']])
    await handle.close()
  })

  it('works for a client', async () => {
    const { far, servers, close, heard: raw } = lineOf(sdk)
    const { Client } = sdk.client
    const client = new Client(
      { name: 'client', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    expect(raw).toEqual([])
    far.onmessage = undefined
    await client.connect(far as never)
    const heard = new Promise((resolve) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
        resolve(params.uri),
      )
    })
    const uris = ['file:///hidden', 'file:///open/a']
    const { honoredFilter } = await client.listen({ resourceSubscriptions: uris })
    for (const uri of uris) await servers.at(-1)?.server.sendResourceUpdated({ uri })
    const { tools } = await client.listTools()
    expect([honoredFilter, await heard, tools.map(({ name }) => name)]).toEqual([
      { resourceSubscriptions: ['file:///open/a'] },
      'file:///open/a',
      ['read'],
    ])
    await close()
  })

  it('tells of changed lists after a reload, and of nothing that is no longer permitted', async () => {
    const { engine, ask, close, heard, servers } = lineOf(sdk)
    await ask(listening(['file:///open/a', 'file:///open/b']))
    engine.reload(parsePolicy(POLICY.replace('open*', 'open/b')))
    for (const uri of ['file:///open/a', 'file:///open/b'])
      await servers[0]?.server.sendResourceUpdated({ uri })
    await close()
    expect(changesIn(heard).sort()).toEqual([
      'file:///open/b',
      'notifications/prompts/list_changed',
      'notifications/resources/list_changed',
      'notifications/tools/list_changed',
    ])
  })

  it('is over with the session, which is that of the calls of the connection', async () => {
    const { engine, ask, close, heard, servers } = lineOf(sdk)
    await ask(listening(['file:///open/a']))
    await ask(modernMessage('tools/call', { name: 'read', arguments: {} }, 'two'))
    const sessions = new Set(engine.records().map(({ session_id }) => session_id))
    const [session] = sessions
    expect(sessions.size).toBe(1)
    await engine.terminate(session ?? '', { by: 'operator' })
    await servers[0]?.server.sendResourceUpdated({ uri: 'file:///open/a' })
    await servers[0]?.server.sendToolListChanged()
    await close()
    expect(changesIn(heard)).toEqual([])
  })

  it('hears nothing where it was cancelled while it was judged', async () => {
    let answer: () => void = () => undefined
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    const identity = async (): Promise<{ agent: string }> => {
      await asked
      return { agent: 'bot' }
    }
    const { ask, far, close, heard } = lineOf(sdk, { server: 'db', identity })
    await ask(modernMessage('server/discover', {}, 'zero'))
    await far.send(listening(['file:///open/a']))
    await far.send({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 'one' },
    })
    answer()
    await ask(modernMessage('tools/list', {}, 'two'))
    await close()
    expect(heard.map(({ id }) => id)).toEqual(['zero', 'two'])
  })

  it('is answered by an error over bounds, and where nobody can judge it', async () => {
    const { engine, ask, close } = lineOf(sdk)
    const uris = Array.from({ length: 1_001 }, (_, index) => `file:///open/${index}`)
    expect(await ask(listening(uris))).toMatchObject({ id: 'one', error: { code: -32602 } })
    await engine.close()
    expect(await ask(listening(['file:///open/a'], 'two'))).toMatchObject({
      id: 'two',
      error: { code: -32603 },
    })
    await close()
  })

  it('hears nothing where nobody can say whose session it is', async () => {
    const session = (): string => {
      throw new Error('no session')
    }
    const { ask, close, heard, servers } = lineOf(sdk, { ...OPTIONS, session })
    const acknowledged = await ask(listening(['file:///open/a']))
    await servers[0]?.server.sendToolListChanged()
    await close()
    expect([acknowledged.params?.['notifications'], changesIn(heard)]).toEqual([ALL, []])
  })

  it('leaves what is wrong with the request to the SDK', async () => {
    const { ask, close } = lineOf(sdk)
    const answer = await ask(modernMessage('subscriptions/listen', {}))
    expect(answer).toMatchObject({ id: 'one', error: { code: -32602 } })
    await close()
  })

  it('passes the protocols before through', async () => {
    const { far, near, close } = lineOf(sdk)
    const client = new sdk.client.Client({ name: 'client', version: '1.0.0' })
    await client.connect(far as never)
    expect((await client.listTools()).tools).toHaveLength(1)
    expect(near.onmessage).toBeTypeOf('function')
    await close()
  })

  it('works on the transport of a process', async () => {
    const Stdio = sdk.isOldest ? StdioServerTransportOldest : StdioServerTransport
    const [stdin, stdout] = [new PassThrough(), new PassThrough()]
    const engine = createTestEngine({ policy: POLICY })
    const servers: Server[] = []
    const handle = sdk.serveStdio(wrapMcpServerFactory(makerOf(sdk, servers), engine, OPTIONS), {
      transport: guardStdioTransport(new Stdio(stdin, stdout), engine, OPTIONS) as never,
    })
    stdin.write(`${JSON.stringify(listening(['file:///hidden', 'file:///open/a']))}\n`)
    for await (const line of stdout) {
      const { params } = JSON.parse(String(line)) as Message
      expect(params?.['notifications']).toMatchObject({ resourceSubscriptions: ['file:///open/a'] })
      break
    }
    await handle.close()
  })
})

describe('guardStdioTransport', () => {
  const engine = createTestEngine({ policy: POLICY })
  const [sdk] = SDKS as [Sdk]

  it('guards a transport once', () => {
    const [near] = sdk.server.InMemoryTransport.createLinkedPair()
    const { send } = guardStdioTransport(near, engine, OPTIONS)
    expect(guardStdioTransport(near, engine, OPTIONS)).toBe(near)
    expect(near.send).toBe(send)
    expect(() => guardStdioTransport(near, engine, { ...OPTIONS, server: 'other' })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })

  it.each<readonly [string, unknown]>([
    ['no transport', {}],
    ['nothing', undefined],
  ])('refuses %s', (_what, given) => {
    expect(() => guardStdioTransport(given as object, engine, OPTIONS)).toThrow(
      expect.objectContaining({ code: 'ERR_HOST_UNSUPPORTED' }),
    )
  })

  it('sends nothing on a stream that it has not judged', async () => {
    const [near, far] = sdk.server.InMemoryTransport.createLinkedPair()
    guardStdioTransport(near, engine, OPTIONS)
    const heard: unknown[] = []
    far.onmessage = (message) => heard.push(message)
    await Promise.all([near.start(), far.start()])
    const params = {
      uri: 'file:///open/a',
      _meta: { 'io.modelcontextprotocol/subscriptionId': 'one' },
    }
    await near.send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params })
    await near.send({ jsonrpc: '2.0', method: 'notifications/message', params: {} } as never)
    expect(heard).toEqual([{ jsonrpc: '2.0', method: 'notifications/message', params: {} }])
  })
})
