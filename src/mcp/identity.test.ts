import { describe, expect, it, vi } from 'vitest'
import type { AuditRecord } from '../core/model/audit-record.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { jwtIdentity } from '../identity/jwt.ts'
import { optionsOf, tokenOf } from '../identity/tokens.fixture.ts'
import {
  createTestEngine,
  type TestEngine,
  type TestEngineOptions,
} from '../testing/create-test-engine.ts'
import type { McpContext } from './context.ts'
import type { Params } from './host.ts'
import { type ConnectOptions, HOSTS, type Host, text, type Wire } from './hosts.fixture.ts'
import { policyOf } from './matrix.fixture.ts'
import type { WrapMcpOptions } from './options.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** Who calls, and in which session: said by the host, proven by credentials, never claimed. */

const POLICY = policyOf(['db.read'])
const CALL = { name: 'read', arguments: {} }

interface Served {
  readonly engine: TestEngine
  readonly wire: Wire
  /** What the last call was recorded as. */
  last(): AuditRecord | undefined
}

async function served(
  host: Host,
  options: Omit<WrapMcpOptions, 'server'>,
  connect: ConnectOptions = {},
  engine: TestEngine = createTestEngine({ policy: POLICY }),
): Promise<Served> {
  const made = host.make()
  made.tool('read', () => ({ content: [text('rows')] }))
  wrapMcpServer(made.server, engine, { server: 'db', ...options })
  return {
    engine,
    wire: await host.connect(made, connect),
    last: () =>
      engine
        .records()
        .filter(({ kind }) => kind === 'decision')
        .at(-1),
  }
}

const bot = { agent: 'bot' }
const rejects = (): Promise<never> => Promise.reject(new Error('no directory'))
const throws = (): never => {
  throw new Error('no directory')
}

describe.each(HOSTS)('$name', (host) => {
  const named: [string, Omit<WrapMcpOptions, 'server'>][] = [
    ['a subject', { subject: bot }],
    ['a function of the subject', { subject: () => bot }],
    ['a function that finds out who calls', { identity: () => bot }],
    ['one that takes its time', { identity: async () => bot }],
    ['a provider', { identity: { identify: () => bot } }],
    ['one that takes its time too', { identity: { identify: async () => bot } }],
  ]
  it.each(named)('takes %s', async (_what, options) => {
    const { wire, last } = await served(host, options)
    expect(await wire.client.callTool(CALL)).toMatchObject({ content: [text('rows')] })
    await wire.close()
    expect(last()).toMatchObject({ agent: 'bot', effect: 'allow' })
  })

  const failing: [string, Omit<WrapMcpOptions, 'server'>][] = [
    ['a function of the subject that throws', { subject: throws }],
    ['a function that throws', { identity: throws }],
    ['a function that rejects', { identity: rejects }],
    ['a provider that throws', { identity: { identify: throws } }],
    ['a provider that rejects', { identity: { identify: rejects } }],
    ['a subject that is none', { subject: () => ({ agent: '' }) }],
    ['a session that cannot be told', { subject: bot, session: throws }],
  ]
  it.each(failing)('lets nobody in by %s', async (_what, options) => {
    const { wire, last } = await served(host, options)
    const { result, error } = await wire.speak('tools/call', CALL)
    expect(JSON.stringify({ result, error })).not.toContain('rows')
    expect(JSON.stringify({ result, error })).not.toContain('directory')
    expect((await wire.client.listTools()).tools).toEqual([])
    await wire.close()
    expect(last()).toMatchObject({
      effect: 'deny',
      reason: 'session' in options ? 'malformed_request' : 'no_principal',
    })
  })

  it('lets in whom no provider knows as anybody', async () => {
    const { wire, last } = await served(host, { identity: () => undefined })
    await wire.speak('tools/call', CALL)
    await wire.close()
    expect(last()).toMatchObject({ agent: 'anonymous', tier: 'anonymous', effect: 'deny' })
  })

  it('takes whom `engine.run` has set', async () => {
    const engine = createTestEngine({ policy: POLICY })
    await engine.run({ subject: bot, session: 'around' }, async () => {
      const { wire, last } = await served(host, {}, {}, engine)
      await wire.client.callTool(CALL)
      await wire.close()
      expect(last()).toMatchObject({ agent: 'bot', session_id: 'around', effect: 'allow' })
    })
  })

  it('says once that everybody is anonymous where nobody is named', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const { wire, last } = await served(host, {})
    for (let round = 0; round < 3; round++) await wire.speak('tools/call', CALL)
    await wire.close()
    expect(last()).toMatchObject({ agent: 'anonymous', effect: 'deny' })
    const said = warned.mock.calls.map(([message]) => String(message))
    warned.mockRestore()
    expect(said.filter((message) => message.includes('made by `anonymous`'))).toHaveLength(1)
  })

  it('believes no claims', async () => {
    const { wire, last } = await served(
      host,
      { identity: () => undefined },
      { clientInfo: { name: 'bot', version: 'admin' } },
    )
    await wire.speak('tools/call', {
      ...CALL,
      _meta: { agent: 'bot', user: 'root', subject: bot, session: 'mine', tier: 'admin' },
      subject: bot,
      agent: 'bot',
    })
    await wire.close()
    expect(last()).toMatchObject({ agent: 'anonymous', tier: 'anonymous', effect: 'deny' })
    expect(last()?.session_id).not.toBe('mine')
  })

  it('tells identity functions where a message came from', async () => {
    const told: McpContext[] = []
    const aborted: unknown[] = []
    const { wire } = await served(host, {
      subject(context) {
        told.push(context)
        aborted.push(context.signal?.aborted)
        return bot
      },
    })
    await wire.speak('tools/call', { ...CALL, _meta: { note: 'mine' } })
    await wire.close()
    const [context] = told
    expect(context).toMatchObject({
      server: 'db',
      method: 'tools/call',
      sessionId: undefined,
      authInfo: undefined,
      headers: undefined,
      path: undefined,
      era: host.era,
    })
    expect(context?.clientInfo).toMatchObject({ name: 'client' })
    expect(context?.meta).toMatchObject({ note: 'mine' })
    expect(aborted).toEqual([false])
    expect(typeof context?.connection).toBe('string')
  })

  it('keeps to one session a connection, another for each', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const sessions: unknown[] = []
    for (let connection = 0; connection < 2; connection++) {
      const { wire, last } = await served(host, { subject: bot }, {}, engine)
      for (let round = 0; round < 2; round++) {
        await wire.client.callTool(CALL)
        sessions.push(last()?.session_id)
      }
      await wire.close()
    }
    expect(new Set(sessions).size).toBe(2)
    expect(sessions[0]).toBe(sessions[1])
    expect(sessions[2]).toBe(sessions[3])
  })

  it.each([
    ['a text', 'mine'],
    ['a function', (): string => 'mine'],
  ])('takes the session that %s says', async (_what, session) => {
    const { wire, last } = await served(host, { subject: bot, session })
    await wire.client.callTool(CALL)
    await wire.close()
    expect(last()?.session_id).toBe('mine')
  })

  it('carries the trace of the caller, and the id of its request', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { wire, last } = await served(host, { subject: bot })
    const _meta = { traceparent, tracestate: 'vendor=told-nobody' }
    const { id } = await wire.speak('tools/call', { ...CALL, _meta })
    await wire.close()
    expect(last()).toMatchObject({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      traceparent,
      request_id: id,
    })
    expect(JSON.stringify(last())).not.toContain('told-nobody')
  })

  it.each([
    ['no text', 7],
    ['a text that is none', 'trace-1'],
    ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a forbidden version', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['one of thousands of characters', `00-${'a'.repeat(5_000)}`],
  ])('begins a trace of its own where the caller sends %s', async (_what, traceparent) => {
    const { wire, last } = await served(host, { subject: bot })
    await wire.speak('tools/call', { ...CALL, _meta: { traceparent } })
    await wire.close()
    expect(last()).toMatchObject({ trace_id: last()?.id, traceparent: null, effect: 'allow' })
  })
})

// The stdio transport, by which the 2026-07-28 protocol is spoken here, knows of no tokens.
describe.each(HOSTS.filter(({ era }) => era === 'legacy'))('tokens on $name', (host) => {
  const info = (more: Params = {}): ConnectOptions => ({
    authInfo: { token: 'opaque', clientId: 'bot', scopes: [], ...more },
  })

  it('name the client that they were verified for', async () => {
    const { wire, last } = await served(host, {}, info({ extra: { sub: 'ann' } }))
    await wire.client.callTool(CALL)
    await wire.close()
    expect(last()).toMatchObject({ agent: 'bot', user_id: 'ann', tier: 'mcp', effect: 'allow' })
  })

  it('do not count where the host names the caller', async () => {
    const { wire, last } = await served(host, { subject: { agent: 'other' } }, info())
    await wire.speak('tools/call', CALL)
    await wire.close()
    expect(last()).toMatchObject({ agent: 'other', effect: 'deny' })
  })

  it('are shown to providers', async () => {
    const seen: unknown[] = []
    const identity: IdentityProvider = {
      identify({ bearer }) {
        seen.push(bearer)
        return bot
      },
    }
    const { wire } = await served(host, { identity }, info())
    await wire.client.callTool(CALL)
    await wire.close()
    expect(seen).toEqual(['opaque'])
  })

  const jwt = (more: Partial<TestEngineOptions> = {}): TestEngine =>
    createTestEngine({
      policy: policyOf(['db.read']).replace('agent: bot', 'agent: support-bot'),
      identity: jwtIdentity(optionsOf()),
      ...more,
    })

  it('are read by the identity of the engine', async () => {
    const { wire, last } = await served(host, {}, info({ token: tokenOf() }), jwt())
    expect(await wire.client.callTool(CALL)).toMatchObject({ content: [text('rows')] })
    await wire.close()
    expect(last()).toMatchObject({ agent: 'support-bot', user_id: 'ana', effect: 'allow' })
  })

  it('are refused by it where they are forged, whatever the transport says of them', async () => {
    const forged = tokenOf(
      { azp: 'support-bot' },
      'some other secret of sixty-four characters, more than it needs',
    )
    const { wire, last } = await served(
      host,
      {},
      info({ token: forged, clientId: 'support-bot' }),
      jwt(),
    )
    const answer = await wire.speak('tools/call', CALL)
    await wire.close()
    expect(JSON.stringify(answer)).not.toContain('rows')
    expect(last()).toMatchObject({ effect: 'deny', reason: 'token_invalid' })
  })
})
