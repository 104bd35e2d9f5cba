import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parsePolicy } from '../../core/policy/parse.ts'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { Message } from '../host.ts'
import type { WrapMcpOptions } from '../options.ts'
import {
  authInfo,
  CAPABILITIES,
  connectTo,
  type Handler,
  messagesOf,
  modernMessage,
  modernRequest,
  SDKS,
  type Sdk,
} from './entry.fixture.ts'
import { unwrapMcpHandler, wrapMcpHandler } from './wrap-mcp-handler.ts'
import { wrapMcpServerFactory } from './wrap-mcp-server-factory.ts'

const policyOf = (resources: string, more = ''): string => `
roles:
  - name: reader
    rules:
      - { resources: [${resources}], verbs: [invoke] }
${more}
bindings:
  - { agent: bot, roles: [reader] }
`
const POLICY = policyOf("db.read, 'resource:db/file:///open*'")
const NARROWER = policyOf("'resource:db/file:///open/b'")
const BOT = { authInfo: authInfo('bot') }

function factoryOf(sdk: Sdk, ran: string[] = []) {
  return () => {
    const server = new sdk.server.McpServer(
      { name: 'db', version: '1.0.0' },
      { capabilities: CAPABILITIES },
    )
    server.registerTool('read', { inputSchema: z.object({}) }, () => {
      ran.push('read')
      return { content: [] }
    })
    return server
  }
}

interface Made {
  readonly engine: TestEngine
  readonly handler: Handler
}

function made(sdk: Sdk, options: Partial<WrapMcpOptions> = {}, policy = POLICY): Made {
  const engine = createTestEngine({ policy })
  const all = { server: 'db', ...options }
  const factory = wrapMcpServerFactory(factoryOf(sdk), engine, all)
  const handler = wrapMcpHandler(sdk.server.createMcpHandler(factory), engine, all)
  return { engine, handler }
}

const ALL = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }

function listening(uris: readonly string[], more: object = {}): Request {
  return modernRequest('subscriptions/listen', {
    notifications: { resourceSubscriptions: uris, ...more },
  })
}

/** Opens a stream, has something happen, and gives all that was sent on it. */
async function heardWhile(
  { handler }: Pick<Made, 'handler'>,
  request: Request,
  happen: () => unknown,
  caller: object = BOT,
): Promise<readonly Message[]> {
  const response = await handler.fetch(request, caller)
  const body = response.text()
  await happen()
  await handler.close()
  return messagesOf(await body)
}

/** What was acknowledged, and what changed after that. */
function toldBy(messages: readonly Message[]): object {
  const [first, ...rest] = messages
  return {
    acknowledged: first?.params?.['notifications'],
    heard: rest
      .filter(({ method }) => method !== undefined)
      .map(({ method = '', params }) => params?.['uri'] ?? method),
    isEnded: rest.at(-1)?.result !== undefined,
  }
}

describe.each(SDKS)('listening to a wrapped handler: $name', (sdk) => {
  it('is judged for each resource, recorded, and answered with what is left', async () => {
    const { engine, handler } = made(sdk)
    const heard = await heardWhile(
      { handler },
      listening(['file:///open/a', 'file:///hidden', 'file:///open/a']),
      () => {
        handler.notify.resourceUpdated('file:///hidden')
        handler.notify.resourceUpdated('file:///open/a')
      },
    )
    expect(toldBy(heard)).toEqual({
      acknowledged: { resourceSubscriptions: ['file:///open/a', 'file:///open/a'] },
      heard: ['file:///open/a'],
      isEnded: true,
    })
    expect(
      engine
        .records()
        .filter(({ kind }) => kind === 'decision')
        .map((one) => [one.resource, one.effect, one.agent, one.request_method]),
    ).toEqual([
      ['resource:db/file:///open/a', 'allow', 'bot', 'subscriptions/listen'],
      ['resource:db/file:///hidden', 'deny', 'bot', 'subscriptions/listen'],
    ])
  })

  it('is judged by the name that the SDK reads, and by the one that is written', async () => {
    const denied = (uri: string): string =>
      `{ effect: deny, resources: ['resource:db/${uri}'], verbs: [discover, invoke] }`
    const more = [denied('file:///hidden'), denied('FILE:///b')].map((rule) => `      - ${rule}`)
    const { handler } = made(sdk, {}, policyOf("'resource:db/**'", more.join('\n')))
    const written = ['FILE:///hidden', 'FILE:///b', 'FILE:///c', 'file:///b']
    const heard = await heardWhile({ handler }, listening(written), () => {
      for (const uri of written) handler.notify.resourceUpdated(uri)
    })
    expect(toldBy(heard)).toMatchObject({
      acknowledged: { resourceSubscriptions: ['FILE:///c', 'file:///b'] },
      heard: ['FILE:///c', 'file:///b'],
    })
  })

  it('is answered as an empty request is where nothing is left', async () => {
    const { handler } = made(sdk)
    const denied = await heardWhile({ handler }, listening(['file:///hidden']), () => undefined)
    const empty = await heardWhile(made(sdk), listening([]), () => undefined)
    expect(denied).toEqual(empty)
  })

  it('is judged by the request of its caller', async () => {
    const { handler } = made(sdk)
    const heard = await heardWhile(
      { handler },
      listening(['file:///open/a'], ALL),
      () => handler.notify.resourceUpdated('file:///open/a'),
      { authInfo: authInfo('stranger') },
    )
    expect(toldBy(heard)).toEqual({ acknowledged: ALL, heard: [], isEnded: true })
  })

  it('works for a client, which hears of no denied resource', async () => {
    const { handler } = made(sdk)
    const client = await connectTo(sdk, 'modern', handler.fetch, BOT)
    const heard: string[] = []
    const allowed = new Promise<void>((resolve) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        heard.push(params.uri)
        if (params.uri === 'file:///open/last') resolve()
      })
    })
    const uris = ['file:///hidden', 'file:///open/a', 'file:///open/last']
    const subscription = await client.listen({ resourceSubscriptions: uris })
    for (const uri of uris) handler.notify.resourceUpdated(uri)
    await allowed
    await subscription.close()
    expect([subscription.honoredFilter, heard]).toEqual([
      { resourceSubscriptions: ['file:///open/a', 'file:///open/last'] },
      ['file:///open/a', 'file:///open/last'],
    ])
  })

  it('tells of changed lists after a reload, and of nothing that is no longer permitted', async () => {
    const { engine, handler } = made(sdk)
    const heard = await heardWhile(
      { handler },
      listening(['file:///open/a', 'file:///open/b'], ALL),
      () => {
        engine.reload(parsePolicy(NARROWER))
        handler.notify.resourceUpdated('file:///open/a')
        handler.notify.resourceUpdated('file:///open/b')
      },
    )
    expect(toldBy(heard)).toMatchObject({
      heard: [
        'notifications/tools/list_changed',
        'notifications/prompts/list_changed',
        'notifications/resources/list_changed',
        'file:///open/b',
      ],
    })
  })

  it('is over with its session', async () => {
    const { engine, handler } = made(sdk)
    const heard = await heardWhile({ handler }, listening(['file:///open/a'], ALL), async () => {
      await engine.terminate('mcp-db:bot', { by: 'operator' })
      handler.notify.resourceUpdated('file:///open/a')
      handler.notify.toolsChanged()
    })
    expect(toldBy(heard)).toMatchObject({ heard: [] })
  })

  it('is over with what proves its caller, found out later too', async () => {
    let isValid = true
    const engine = createTestEngine({
      policy: POLICY,
      identity: {
        identify: async ({ bearer }) => {
          if (!isValid) throw new Error('expired')
          return bearer === undefined ? undefined : { agent: 'bot' }
        },
      },
    })
    const options = { server: 'db' }
    const factory = wrapMcpServerFactory(factoryOf(sdk), engine, options)
    const handler = wrapMcpHandler(sdk.server.createMcpHandler(factory), engine, options)
    const heard = await heardWhile({ handler }, listening(['file:///open/a'], ALL), async () => {
      handler.notify.resourceUpdated('file:///open/a')
      await turns()
      isValid = false
      handler.notify.resourceUpdated('file:///open/a')
      handler.notify.toolsChanged()
      await turns()
    })
    expect(toldBy(heard)).toMatchObject({ heard: ['file:///open/a'] })
  })

  it('goes on where its caller has used up its calls', async () => {
    const limits = 'limits: { per_session: { calls: 1 } }\n'
    const { engine, handler } = made(sdk, {}, limits + POLICY)
    const heard = await heardWhile({ handler }, listening(['file:///open/a']), () =>
      handler.notify.resourceUpdated('file:///open/a'),
    )
    const head = { session: 'mcp-db:bot', subject: { agent: 'bot', tier: 'mcp' as const } }
    const uri = 'file:///open/a'
    const { decision } = await engine.explain({
      ...head,
      resource: `resource:db/${uri}`,
      arguments: { uri },
    })
    expect([decision.gate, toldBy(heard)]).toMatchObject([
      'rate_limit',
      { heard: ['file:///open/a'] },
    ])
  })

  it('asks for a person where the policy does, and goes on once that was approved', async () => {
    const policy = POLICY.replace(
      'rules:',
      "rules:\n      - { effect: escalate, resources: ['resource:db/file:///asked'], verbs: [invoke] }",
    )
    const { engine, handler } = made(sdk, {}, policy)
    const plain = sdk.server.createMcpHandler(
      wrapMcpServerFactory(factoryOf(sdk), engine, { server: 'db' }),
    )
    const uri = 'file:///asked'
    const first = await heardWhile(
      { handler: wrapMcpHandler(plain, engine, { server: 'db' }) },
      listening([uri], ALL),
      () => undefined,
    )
    const [{ id } = { id: '' }] = await engine.approvals.list({ state: 'pending' })
    await engine.approvals.approve(id, { by: 'ana' })
    const notifications = { resourceSubscriptions: [uri] }
    const { params, ...rest } = modernMessage('subscriptions/listen', { notifications })
    const meta = { ...(params?.['_meta'] as object), 'callgate/approval': id }
    const body = { ...rest, params: { ...params, _meta: meta } }
    const second = await heardWhile(
      { handler },
      modernRequest('subscriptions/listen', {}, { body }),
      () => handler.notify.resourceUpdated(uri),
    )
    expect([toldBy(first), toldBy(second)]).toMatchObject([
      { acknowledged: ALL },
      { acknowledged: notifications, heard: [uri] },
    ])
  })

  it('goes by who listens, not by who tells', async () => {
    const { engine, handler } = made(sdk)
    const heard = await heardWhile({ handler }, listening(['file:///open/a']), () =>
      engine.run({ session: 'another', subject: { agent: 'stranger' } }, () =>
        handler.notify.resourceUpdated('file:///open/a'),
      ),
    )
    expect(toldBy(heard)).toMatchObject({ heard: ['file:///open/a'] })
  })

  it.skipIf(sdk.isOldest)(
    'hears what is sent along only where notifications are permitted',
    async () => {
      const event = { kind: 'resource_updated', uri: 'file:///open/a', params: { note: 'new' } }
      const noteIn = async (policy: string): Promise<unknown> => {
        const { handler } = made(sdk, {}, policy)
        const heard = await heardWhile({ handler }, listening(['file:///open/a']), () =>
          handler.bus.publish(event as never),
        )
        return [heard[1]?.params?.['uri'], heard[1]?.params?.['note']]
      }
      expect(await noteIn(POLICY)).toEqual(['file:///open/a', undefined])
      const open = policyOf("db.mcp/notifications, 'resource:db/file:///open*'")
      expect(await noteIn(open)).toEqual(['file:///open/a', 'new'])
    },
  )

  it('takes a body that the host has parsed', async () => {
    const { handler } = made(sdk)
    const params = {
      notifications: { resourceSubscriptions: ['file:///hidden', 'file:///open/a'] },
    }
    const parsedBody = modernMessage('subscriptions/listen', params)
    const request = modernRequest('subscriptions/listen', params)
    await request.text()
    const heard = await heardWhile({ handler }, request, () => undefined, { ...BOT, parsedBody })
    expect(toldBy(heard)).toMatchObject({
      acknowledged: { resourceSubscriptions: ['file:///open/a'] },
    })
  })

  it.each([
    ['without the header of its method', { 'mcp-method': '' }],
    ['under the header of another method', { 'mcp-method': 'tools/list' }],
    ['as another protocol', { 'mcp-protocol-version': '2025-06-18' }],
  ])('is not served %s', async (_how, headers) => {
    const { handler } = made(sdk)
    const request = listening(['file:///hidden'])
    for (const [name, value] of Object.entries(headers))
      if (value === '') request.headers.delete(name)
      else request.headers.set(name, value)
    const response = await handler.fetch(request, BOT)
    expect(response.headers.get('content-type')).not.toContain('text/event-stream')
    expect(response.status).toBe(400)
  })

  it.each([
    ['of the 2026-07-28 protocol', (): unknown => modernMessage('subscriptions/listen', {}), 400],
    [
      'of the protocols before',
      (): unknown => ({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: { notifications: { resourceSubscriptions: ['file:///hidden'] } },
      }),
      200,
    ],
  ])('is not served in a batch %s', async (_what, message, status) => {
    const { handler } = made(sdk)
    for (const name of ['subscriptions/listen', 'tools/list']) {
      const request = modernRequest(name, {}, { body: [message()] })
      if (status === 200) request.headers.delete('mcp-protocol-version')
      const response = await handler.fetch(request, BOT)
      expect(response.status).toBe(status)
      const text = await response.text()
      expect(text).not.toContain('acknowledged')
      if (status === 200) expect(text).toContain('Method not found')
    }
  })

  it.each([
    ['no JSON', 'subscriptions', 400],
    ['an empty text', '', 400],
    ['another message', JSON.stringify(modernMessage('tools/list')), 400],
    ['a filter that is none', JSON.stringify(modernMessage('subscriptions/listen', {})), 200],
    [
      'a list that is none',
      JSON.stringify(
        modernMessage('subscriptions/listen', { notifications: { resourceSubscriptions: [1] } }),
      ),
      200,
    ],
  ])('is answered by the SDK where its body is %s', async (_what, body, status) => {
    const { handler } = made(sdk)
    const plain = sdk.server.createMcpHandler(factoryOf(sdk))
    const ask = async (to: Handler): Promise<readonly unknown[]> => {
      const { headers } = listening([])
      const request = new Request('http://server.test/mcp', { method: 'POST', headers, body })
      const response = await to.fetch(request, BOT)
      return [response.status, await response.text()]
    }
    const answer = await ask(handler)
    expect(answer).toEqual(await ask(plain))
    expect(answer[0]).toBe(status)
  })

  it('is refused over bounds: of the body, and of its resources', async () => {
    const { engine, handler } = made(sdk)
    const uris = Array.from({ length: 1_001 }, (_, index) => `file:///open/${index}`)
    const many = await handler.fetch(listening(uris), BOT)
    const large = await handler.fetch(listening(['x'.repeat(5_000_000)]), BOT)
    expect([await many.json(), large.status, engine.records()]).toMatchObject([
      { id: 'one', error: { code: -32602 } },
      413,
      [],
    ])
  })

  it('is answered by an error where nobody can judge it', async () => {
    const { engine, handler } = made(sdk)
    await engine.close()
    const response = await handler.fetch(listening(['file:///open/a']), BOT)
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { id: 'one', error: { code: -32603, message: 'Internal error' } },
    ])
  })

  it('hears nothing where nobody can say whose session it is', async () => {
    const session = (): string => {
      throw new Error('no session')
    }
    const { handler } = made(sdk, { session })
    const heard = await heardWhile({ handler }, listening(['file:///open/a'], ALL), () => {
      handler.notify.resourceUpdated('file:///open/a')
      handler.notify.toolsChanged()
    })
    expect(toldBy(heard)).toEqual({ acknowledged: ALL, heard: [], isEnded: true })
  })
})

/** As long as promises that are already settled take. */
async function turns(): Promise<void> {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve))
}

describe.each(SDKS)('a wrapped handler: $name', (sdk) => {
  it('does not hand on what a factory that is not wrapped has answered, and asks it no more', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const ran: string[] = []
    const handler = wrapMcpHandler(sdk.server.createMcpHandler(factoryOf(sdk, ran)), engine, {
      server: 'db',
    })
    const discover = await handler.fetch(modernRequest('server/discover'))
    const call = await handler.fetch(modernRequest('tools/call', { name: 'read', arguments: {} }))
    expect([discover.status, call.status, ran]).toEqual([500, 500, []])
    expect(await discover.text()).not.toContain('capabilities')
  })

  it('does not hand on a stream of a factory that is not wrapped', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const inner = sdk.server.createMcpHandler(factoryOf(sdk))
    const handler = wrapMcpHandler(inner, engine, { server: 'db' })
    const response = await handler.fetch(listening(['file:///open/a']), BOT)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      500,
      'application/json',
    ])
  })

  it('asks for a factory that is wrapped with the same engine and name', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const factory = wrapMcpServerFactory(factoryOf(sdk), engine, { server: 'other' })
    const handler = wrapMcpHandler(sdk.server.createMcpHandler(factory), engine, { server: 'db' })
    for (const era of ['modern', 'legacy'] as const)
      await expect(connectTo(sdk, era, handler.fetch, BOT)).rejects.toThrow()
  })

  it('leaves the host free to subscribe to its bus', () => {
    const { handler } = made(sdk)
    const seen: unknown[] = []
    handler.bus.subscribe((event) => seen.push(event))
    handler.notify.resourceUpdated('file:///hidden')
    expect(seen).toEqual([{ kind: 'resource_updated', uri: 'file:///hidden' }])
  })

  it('leaves a tool free to subscribe to its bus while it runs', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const options = { server: 'db', subject: { agent: 'bot' } }
    const seen: unknown[] = []
    const factory = (): unknown => {
      const server = new sdk.server.McpServer({ name: 'db', version: '1.0.0' })
      server.registerTool('read', { inputSchema: z.object({}) }, () => {
        const end = handler.bus.subscribe((event) => seen.push(event))
        handler.notify.toolsChanged()
        end()
        return { content: [] }
      })
      return server
    }
    const handler: Handler = wrapMcpHandler(
      sdk.server.createMcpHandler(wrapMcpServerFactory(factory as never, engine, options)),
      engine,
      options,
    )
    await handler.fetch(modernRequest('tools/call', { name: 'read', arguments: {} }))
    expect(seen).toEqual([{ kind: 'tools_list_changed' }])
  })

  it('is the same object, wrapped once, and itself again when it is unwrapped', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const inner = sdk.server.createMcpHandler(factoryOf(sdk))
    const before = [inner.fetch, inner.close, inner.bus.subscribe]
    const handler = wrapMcpHandler(inner, engine, { server: 'db' })
    const guarded = handler.fetch
    expect(wrapMcpHandler(handler, engine, { server: 'db' })).toBe(inner)
    expect(handler.fetch).toBe(guarded)
    expect(() => wrapMcpHandler(handler, engine, { server: 'other' })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
    unwrapMcpHandler(handler)
    expect([inner.fetch, inner.close, inner.bus.subscribe]).toEqual(before)
    const told: unknown[] = []
    inner.bus.subscribe((event) => told.push(event))
    engine.reload(parsePolicy(NARROWER))
    expect(told).toEqual([])
  })

  it('shares a bus with another, which stays guarded when one of them is unwrapped', async () => {
    const bus = new sdk.server.InMemoryServerEventBus()
    const engine = createTestEngine({ policy: POLICY })
    const options = { server: 'db' }
    const make = (): Handler =>
      wrapMcpHandler(
        sdk.server.createMcpHandler(wrapMcpServerFactory(factoryOf(sdk), engine, options), { bus }),
        engine,
        options,
      )
    const [one, handler] = [make(), make()]
    unwrapMcpHandler(one)
    const heard = await heardWhile({ handler }, listening(['file:///open/a'], ALL), async () => {
      await engine.terminate('mcp-db:bot', { by: 'operator' })
      bus.publish({ kind: 'tools_list_changed' })
    })
    expect(toldBy(heard)).toMatchObject({ heard: [] })
  })

  it('serves over a port', async () => {
    const { handler } = made(sdk)
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      const answer = await handler.fetch(
        new Request(`http://127.0.0.1${request.url}`, {
          method: request.method ?? 'GET',
          headers: request.headers as Record<string, string>,
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
          signal: gone.signal,
        }),
        BOT,
      )
      response.writeHead(answer.status, Object.fromEntries(answer.headers.entries()))
      for await (const chunk of answer.body ?? []) response.write(chunk)
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { Client, StreamableHTTPClientTransport } = sdk.client
    const client = new Client(
      { name: 'client', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)))
    const heard = new Promise((resolve) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
        resolve(params.uri),
      )
    })
    const uris = ['file:///hidden', 'file:///open/a']
    const subscription = await client.listen({ resourceSubscriptions: uris })
    for (const uri of uris) handler.notify.resourceUpdated(uri)
    expect([subscription.honoredFilter, await heard]).toEqual([
      { resourceSubscriptions: ['file:///open/a'] },
      'file:///open/a',
    ])
    await subscription.close()
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('wrapMcpHandler', () => {
  const engine = createTestEngine({ policy: POLICY })
  const no = (): void => undefined
  const parts = { fetch: no, close: no, notify: {} }

  it.each<readonly [string, unknown]>([
    ['no handler', {}],
    ['nothing', undefined],
    ['a function', no],
    ['a handler without a bus', parts],
    [
      'a handler whose bus is frozen',
      { ...parts, bus: Object.freeze({ subscribe: no, publish: no }) },
    ],
  ])('refuses %s', (_what, given) => {
    expect(() => wrapMcpHandler(given as Handler, engine, { server: 'db' })).toThrow(
      expect.objectContaining({ code: 'ERR_HOST_UNSUPPORTED' }),
    )
  })
})
