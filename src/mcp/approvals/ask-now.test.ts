import { WebStandardStreamableHTTPServerTransport as HttpV1 } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { WebStandardStreamableHTTPServerTransport as HttpV2 } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parsePolicy } from '../../core/policy/parse.ts'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import type { Params } from '../host.ts'
import { HOSTS, type HostServer, text } from '../hosts.fixture.ts'
import { wrapMcpServer } from '../wrap-mcp-server.ts'
import { gate, LEGACY, refundPolicy, stageOf, statesOf, YES } from './approvals.fixture.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe.each(LEGACY)('$name', (host) => {
  /** A call whose person has been asked and has not answered. */
  const waiting = async (options: Parameters<typeof stageOf>[1] = {}) => {
    const asked = gate<void>()
    const answer = gate<unknown>()
    const stage = await stageOf(host, {
      ...options,
      answer() {
        asked.open()
        return answer.opened
      },
    })
    return { ...stage, isAsked: asked.opened, answer }
  }

  it('takes the question back when the call is cancelled, and runs nothing', async () => {
    const { wire, isAsked, engine, ran, answer } = await waiting()
    const over = new AbortController()
    const given = wire.client
      .callTool({ name: 'refund', arguments: { text: 'a' } }, ...optionsOf(host.major, over.signal))
      .catch(() => 'cancelled')
    await isAsked
    over.abort('no longer wanted')
    expect(await given).toBe('cancelled')
    await wire.hear('notifications/cancelled')
    answer.open(YES({}))
    await wire.settle()
    expect({ ran, states: await statesOf(engine) }).toEqual({ ran: [], states: ['expired'] })
  })

  it('takes the first answer, wherever it comes from, and the question back', async () => {
    const { refund, isAsked, engine, ran, wire, answer } = await waiting()
    const given = refund()
    await isAsked
    const [entry] = await engine.approvals.list({ state: 'pending' })
    await engine.approvals.approve(String(entry?.id), { by: 'ana' })
    expect((await given).said).toBe('ran')
    await wire.hear('notifications/cancelled')
    answer.open({ action: 'decline' })
    await wire.settle()
    expect([ran.length, await statesOf(engine)]).toEqual([1, ['used']])
  })

  it('takes a refusal from elsewhere', async () => {
    const { refund, isAsked, engine, ran } = await waiting()
    const given = refund()
    await isAsked
    const [entry] = await engine.approvals.list({ state: 'pending' })
    await engine.approvals.deny(String(entry?.id), { by: 'ana' })
    // What was refused stays refused, whatever the policy has come to say.
    engine.reload(parsePolicy(refundPolicy('{}', 'allow')))
    expect([(await given).said, ran]).toEqual(['approval_denied', []])
  })

  it.each([
    ['a yes', 'approve', { action: 'decline' }],
    ['a no', 'deny', YES({})],
  ] as const)(
    'runs nothing where another process has %s and the client the other',
    async (_, first, said) => {
      const approvals = new MemoryApprovals()
      const [here, there] = ['here', 'there'].map((name) =>
        createTestEngine({
          policy: refundPolicy(),
          stores: { approvals },
          randomId: () => `${name}-${crypto.randomUUID()}`,
        }),
      )
      const { refund, ran } = await stageOf(host, {
        ...(here === undefined ? {} : { engine: here }),
        async answer() {
          const [entry] = await approvals.list({ state: 'pending' })
          await there?.approvals[first](String(entry?.id), { by: 'ana' })
          return said
        },
      })
      expect([(await refund()).said, ran]).toEqual(['approval_denied', []])
    },
  )

  it('runs nothing for a client that has gone', async () => {
    const { refund, isAsked, ran, wire, engine, made, answer } = await waiting()
    const given = refund().catch(() => 'gone')
    await isAsked
    const closed = gate<void>()
    const { transport } = made.inner
    const onclose = transport?.onclose
    if (transport !== undefined)
      transport.onclose = () => {
        onclose?.call(transport)
        closed.open()
      }
    await wire.close()
    await closed.opened
    answer.open(YES({}))
    expect(await given).toBe('gone')
    await new Promise((resolve) => setImmediate(resolve))
    expect(ran).toEqual([])
    expect(await statesOf(engine)).not.toContain('used')
  })

  it('waits no longer than it may; the question stays open to others', async () => {
    const { refund, isAsked, engine, ran } = await waiting({ approvals: { timeoutMs: 5_000 } })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const given = refund()
    await isAsked
    vi.advanceTimersByTime(5_001)
    expect([(await given).said, ran, await statesOf(engine)]).toEqual([
      'approval_required',
      [],
      ['pending'],
    ])
  })

  it('asks about the same call again once the time of its question is over, with no second approval', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const answers = [{ action: 'cancel' }, YES({})]
    const { refund, asked, engine } = await stageOf(host, { answer: () => answers.shift() })
    expect((await refund()).said).toBe('approval_required')
    vi.setSystemTime(Date.now() + 56_000)
    expect([(await refund()).said, asked.length]).toEqual(['ran', 2])
    expect((await statesOf(engine)).sort()).toEqual(['expired', 'used'])
  })

  it('asks no client that does not say that it shows forms', async () => {
    const { refund, asked, made } = await stageOf(host)
    for (const capabilities of [undefined, {}, { elicitation: { url: {} } }]) {
      made.inner.getClientCapabilities = () => capabilities
      expect((await refund(JSON.stringify(capabilities))).said).toBe('approval_required')
    }
    expect(asked).toEqual([])
  })

  it('lets no question of the server itself pass for one of its own', async () => {
    const { refund, made, asked } = await stageOf(host)
    await refund()
    const copy = { ...asked[0] }
    await expect(made.ask('elicitation/create', copy)).rejects.toMatchObject({ code: -32001 })
    expect(asked.length).toBe(1)
  })
})

function optionsOf(major: 1 | 2, signal: AbortSignal): unknown[] {
  return major === 1 ? [undefined, { signal }] : [{ signal }]
}

describe('HTTP that answers by JSON alone', () => {
  const INITIALIZE = {
    protocolVersion: '2025-06-18',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'client', version: '1.0.0' },
  }

  it.each([
    ['sdk 1.32.2', HttpV1],
    ['server 2.4.0', HttpV2],
  ])('%s: has no way back, so nobody waits for an answer', async (name, Http) => {
    const made = HOSTS.find((host) => host.name === name)?.make() as HostServer
    const engine = createTestEngine({ policy: refundPolicy() })
    wrapMcpServer(made.server, engine, {
      server: 'shop',
      subject: { agent: 'bot' },
      approvals: 'elicitation',
    })
    made.tool('refund', () => ({ content: [text('ran')] }))
    const http = new Http({ sessionIdGenerator: () => 's1', enableJsonResponse: true })
    await (made.server as { connect(transport: unknown): Promise<void> }).connect(http)
    const post = async (method: string, params: Params, more: Record<string, string> = {}) => {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...more,
      }
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
      return http.handleRequest(
        new Request('http://localhost/mcp', { method: 'POST', headers, body }),
      )
    }
    await post('initialize', INITIALIZE)
    const answer = await post(
      'tools/call',
      { name: 'refund', arguments: { text: 'a' } },
      { 'mcp-session-id': 's1', 'mcp-protocol-version': '2025-06-18' },
    )
    expect(await answer.json()).toMatchObject({
      result: { isError: true, _meta: { 'callgate/approval': expect.any(String) } },
    })
  })
})
