import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { HOSTS, type HostServer, text, textOf } from './hosts.fixture.ts'
import { ALL, policyOf } from './matrix.fixture.ts'
import { unwrapMcpServer, wrapMcpServer } from './wrap-mcp-server.ts'

/** Wrapping itself: what becomes of the server, and when it is refused. */

const NOTHING = { policy: policyOf([]) }
const OPTIONS = { server: 'db', subject: { agent: 'bot' } }
const CALL = { name: 'read', arguments: { text: 'x' } }

function withTool(made: HostServer): { made: HostServer; ran: string[] } {
  const ran: string[] = []
  made.tool('read', () => {
    ran.push('read')
    return { content: [text('rows')] }
  })
  return { made, ran }
}

describe.each(HOSTS)('$name', (host) => {
  it('gives the same object back, of the same class', () => {
    const { server, inner } = host.make()
    const known = server.constructor
    const wrapped = wrapMcpServer(server, createTestEngine(NOTHING), OPTIONS)
    expect(wrapped).toBe(server)
    expect(wrapped instanceof known).toBe(true)
    expect(inner instanceof inner.constructor).toBe(true)
    expect(inner._requestHandlers instanceof Map).toBe(true)
  })

  it('wraps once, however often it is asked to', async () => {
    const engine = createTestEngine({ policy: policyOf(ALL) })
    const { made, ran } = withTool(host.make())
    wrapMcpServer(made.server, engine, OPTIONS)
    wrapMcpServer(made.server, engine, OPTIONS)
    // By its inner server too: it is the same one.
    wrapMcpServer(made.inner, engine, OPTIONS)
    const wire = await host.connect(made)
    await wire.speak('tools/call', CALL)
    await wire.close()
    expect(ran).toEqual(['read'])
    expect(engine.records().filter(({ kind }) => kind === 'decision')).toHaveLength(1)
  })

  it('refuses another engine and another name', () => {
    const { server } = host.make()
    const engine = createTestEngine(NOTHING)
    wrapMcpServer(server, engine, OPTIONS)
    const again = (other: typeof engine, name: string) => () =>
      wrapMcpServer(server, other, { ...OPTIONS, server: name })
    expect(again(createTestEngine(NOTHING), 'db')).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
    expect(again(engine, 'other')).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })

  it('can be wrapped anew once it was unwrapped', async () => {
    const { made, ran } = withTool(host.make())
    wrapMcpServer(made.server, createTestEngine({ policy: policyOf(ALL) }), OPTIONS)
    unwrapMcpServer(made.server)
    wrapMcpServer(made.server, createTestEngine(NOTHING), OPTIONS)
    const wire = await host.connect(made)
    await wire.speak('tools/call', CALL)
    await wire.close()
    expect(ran).toEqual([])
  })

  it('gives everything back', () => {
    const { server, inner } = host.make()
    const rest = async (): Promise<object> => ({})
    const handlers = new Map(inner._requestHandlers)
    const heard = new Map(inner._notificationHandlers)
    const { connect } = inner
    const keys = Reflect.ownKeys(inner)
    wrapMcpServer(server, createTestEngine(NOTHING), OPTIONS)
    inner.fallbackRequestHandler = rest
    unwrapMcpServer(server)
    unwrapMcpServer(server)
    expect([...inner._requestHandlers]).toEqual([...handlers])
    expect([...inner._notificationHandlers]).toEqual([...heard])
    expect(inner._requestHandlers.constructor).toBe(Map)
    expect(inner.connect).toBe(connect)
    expect(inner.fallbackRequestHandler).toBe(rest)
    const left = Reflect.ownKeys(inner).filter(
      (key) => !keys.includes(key) && !String(key).startsWith('fallback'),
    )
    expect(left).toEqual([])
  })

  it('gives everything back to a server that is connected', async () => {
    const { made, ran } = withTool(host.make())
    made.onNotification('acme/told', () => ran.push('told'))
    wrapMcpServer(made.server, createTestEngine(NOTHING), OPTIONS)
    const wire = await host.connect(made)
    await wire.speak('tools/call', CALL)
    expect(ran).toEqual([])
    unwrapMcpServer(made.server)
    const answer = await wire.speak('tools/call', CALL)
    await wire.notify('acme/told')
    await made.notify('notifications/message', { level: 'info', data: 'plain' })
    await wire.settle()
    await wire.close()
    expect(textOf(answer.result)).toBe('rows')
    expect(ran).toEqual(['read', 'told'])
    expect(JSON.stringify(wire.heard)).toContain('plain')
  })

  it('guards a server that is connected already', async () => {
    const { made, ran } = withTool(host.make())
    const wire = await host.connect(made)
    wrapMcpServer(made.server, createTestEngine(NOTHING), OPTIONS)
    const answer = await wire.speak('tools/call', CALL)
    await made.notify('notifications/message', { level: 'info', data: 'the prize' })
    await wire.settle()
    expect(ran).toEqual([])
    expect(JSON.stringify([answer, ...wire.heard])).not.toContain('the prize')
    // What the wrap has taken away, it gives back.
    unwrapMcpServer(made.server)
    expect(textOf((await wire.speak('tools/call', CALL)).result)).toBe('rows')
    await wire.close()
  })

  it('lets anybody connect, ping and ask what is there', async () => {
    const { made } = withTool(host.make())
    wrapMcpServer(made.server, createTestEngine(NOTHING), OPTIONS)
    const wire = await host.connect(made)
    const open =
      host.era === 'modern'
        ? ['server/discover']
        : host.isOldest && host.major === 1
          ? ['ping']
          : ['ping', 'initialize']
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'c', version: '1' },
    }
    for (const method of open)
      expect(await wire.speak(method, method === 'initialize' ? params : {})).toHaveProperty(
        'result',
      )
    await wire.close()
  })

  it('answers nothing past its guard', async () => {
    const { made } = withTool(host.make())
    wrapMcpServer(made.server, createTestEngine({ policy: policyOf(ALL) }), OPTIONS)
    const wire = await host.connect(made)
    // A host that answers by its transport is not looked at, so nothing of it goes out.
    await made.inner.transport?.send({ jsonrpc: '2.0', id: 'forged', result: { secret: 'prize' } })
    await wire.settle()
    await wire.close()
    expect(wire.heard).toContainEqual({
      jsonrpc: '2.0',
      id: 'forged',
      error: { code: -32603, message: 'Internal error' },
    })
    expect(JSON.stringify(wire.heard)).not.toContain('prize')
  })
})

describe('what is no such server', () => {
  const engine = createTestEngine(NOTHING)

  const refused: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['a plain object', {}],
    ['a server without a map of handlers', { _requestHandlers: {}, connect: () => undefined }],
    [
      'a server whose inner one has none',
      {
        server: {
          _requestHandlers: [],
          _notificationHandlers: new Map(),
          connect: () => undefined,
        },
      },
    ],
    [
      'a server that keeps its handlers where they cannot be replaced',
      Object.freeze({
        _requestHandlers: new Map(),
        _notificationHandlers: new Map(),
        connect: () => undefined,
      }),
    ],
    [
      'a server whose handlers are looked up elsewhere',
      new (class {
        readonly #handlers = new Map()
        readonly _notificationHandlers = new Map()
        get _requestHandlers(): Map<unknown, unknown> {
          return this.#handlers
        }
        set _requestHandlers(_map: Map<unknown, unknown>) {
          // Not taken: what answers stays where it is.
        }
        connect(): undefined {
          return undefined
        }
      })(),
    ],
  ]
  it.each(refused)('refuses %s', (_what, server) => {
    expect(() => wrapMcpServer(server as object, engine, OPTIONS)).toThrow(
      expect.objectContaining({ code: 'ERR_HOST_UNSUPPORTED' }),
    )
  })

  it.each([
    ['no name', {}],
    ['a name that is none', { server: 'a.b' }],
    ['an unknown option', { server: 'db', subjekt: { agent: 'bot' } }],
    ['a denial that is none', { server: 'db', denial: 'silent' }],
  ])('refuses %s', (_what, options) => {
    const { server } = (HOSTS[0] as (typeof HOSTS)[number]).make()
    expect(() => wrapMcpServer(server, engine, options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
