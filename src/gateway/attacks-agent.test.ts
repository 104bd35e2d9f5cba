import { connect as connectSocket } from 'node:net'
import * as clientV2 from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Credentials } from '../core/model/call.ts'
import { serve as serveHttp } from '../http/serve.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createGateway } from './create-gateway.ts'
import { policyFor, text, upstream } from './gateway.fixture.ts'
import { httpFront } from './http-front.ts'
import type { GatewayOptions } from './options.ts'
import { serve as serveStdio } from './stdio.fixture.ts'

/** What an agent can do to the gateway and to other agents. Over real ports. */

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const POLICY = `${policyFor('db.*')}  - { agent: ana, roles: [user] }\n`

const byHeader = ({ headers }: Credentials) => {
  const agent = headers?.['authorization']?.replace(/^Bearer /, '')
  return agent === undefined ? undefined : { agent }
}

async function served(options: Partial<GatewayOptions> & Pick<GatewayOptions, 'upstreams'>) {
  const engine = createTestEngine({ policy: POLICY })
  const gateway = createGateway({
    engine,
    identity: { identify: byHeader },
    onDiagnostic: () => undefined,
    ...options,
  })
  const { url, close } = await serveHttp(
    httpFront(engine, (request, info) => gateway.fetch(request, info)),
    { port: 0, maxBodyBytes: 64 * 1024 * 1024 },
  )
  ends.push(close, () => gateway.close())
  const post = (body: unknown, who: string, session?: string) =>
    fetch(`${url}/mcp`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${who}`,
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
      },
    })
  const open = async (who: string, capabilities = {}): Promise<string> => {
    const response = await post({ ...INITIALIZE, params: { ...PARAMS, capabilities } }, who)
    await response.text()
    return response.headers.get('mcp-session-id') ?? `status ${response.status}`
  }
  return { engine, gateway, url, post, open }
}

const PARAMS = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'x', version: '1' },
}
const INITIALIZE = { jsonrpc: '2.0', id: 0, method: 'initialize', params: PARAMS }
const request = (id: unknown, method: string, params: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const call = (id: unknown, args: object = {}) =>
  request(id, 'tools/call', { name: 'db__echo', arguments: args })

/** A server whose calls wait until they are let go. */
function waiting() {
  const going: (() => void)[] = []
  const db = upstream({
    call: (name, args) =>
      new Promise((resolve) => {
        going.push(() => resolve(text(`${name} ${JSON.stringify(args)}`)))
      }),
  })
  return { db, going }
}

describe('one agent', () => {
  it('cannot keep others out by opening sessions', async () => {
    const { db, going } = waiting()
    const { gateway, open, post } = await served({
      upstreams: { db: { server: db.make } },
      limits: { maxSessions: 4 },
    })
    const hoard = [await open('bot'), await open('bot'), await open('bot'), await open('bot')]
    expect(await open('bot')).toBe('status 503')
    // One that is in use is spared, where another one is not.
    const busy = post(call(1), 'bot', hoard[0])
    await vi.waitFor(() => expect(going).toHaveLength(1))
    expect(await open('ana')).toMatch(/^[0-9a-f-]{36}$/)
    expect(gateway.sessions()).toBe(4)
    const gone = await post(request(2, 'ping'), 'bot', hoard[1])
    expect(gone.status).toBe(404)
    going[0]?.()
    expect(await (await busy).text()).toContain('echo {}')
    // Two are no more than her share.
    expect(await open('ana')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await open('ana')).toBe('status 503')
  })

  it('cannot keep others out by calls that do not end', async () => {
    const { db, going } = waiting()
    const { open, post } = await served({
      upstreams: { db: { server: db.make } },
      limits: { maxSessions: 2 },
    })
    for (const session of [await open('bot'), await open('bot')])
      void post(call(1), 'bot', session).catch(() => undefined)
    await vi.waitFor(() => expect(going).toHaveLength(2))
    expect(await open('ana')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('leaves nothing behind by opening session after session', async () => {
    const db = upstream()
    const { gateway, engine, post, open, url } = await served({
      upstreams: { db: { server: db.make } },
    })
    for (let at = 0; at < 200; at += 20)
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          const session = await open('bot')
          const left = await fetch(`${url}/mcp`, {
            method: 'DELETE',
            headers: { authorization: 'Bearer bot', 'mcp-session-id': session },
          })
          expect(left.status).toBe(200)
        }),
      )
    expect([gateway.sessions(), db.made.length]).toEqual([0, 0])
    const last = await open('bot')
    await (await post(call(1), 'bot', last)).text()
    expect(engine.session(last)).toMatchObject({ sequence: 1 })
    await gateway.close()
    expect(engine.session(last)).toMatchObject({ sequence: 0 })
  }, 20_000)

  it('cannot send more in a batch than a batch is for', async () => {
    const { db } = waiting()
    const { open, post } = await served({ upstreams: { db: { server: db.make } } })
    const session = await open('bot')
    const many = Array.from({ length: 5_000 }, (_, at) => request(at, 'ping'))
    const refused = await post(many, 'bot', session)
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('at most 100 messages'),
    ])
    const few = await post(many.slice(0, 100), 'bot', session)
    expect((await few.text()).match(/"result"/g)).toHaveLength(100)
  })

  it('is told at once of an id that it uses twice, and hears the answer of the first', async () => {
    const { db, going } = waiting()
    const { open, post } = await served({ upstreams: { db: { server: db.make } } })
    const session = await open('bot')
    const twice = await post([call(1), call(1)], 'bot', session)
    expect([twice.status, db.calls]).toEqual([400, []])
    const first = post(call(7, { n: 1 }), 'bot', session)
    await vi.waitFor(() => expect(going).toHaveLength(1))
    const second = await post(call(7, { n: 2 }), 'bot', session)
    expect([second.status, await second.text()]).toEqual([
      400,
      expect.stringContaining('under way already'),
    ])
    going[0]?.()
    expect(await (await first).text()).toContain('echo {\\"n\\":1}')
    expect(db.calls).toHaveLength(1)
  })

  it.each([0, -1, '', 'x'.repeat(1_000), '__proto__', 2 ** 53 - 1])(
    'is answered by the id %j',
    async (id) => {
      const { open, post } = await served({ upstreams: { db: { server: upstream().make } } })
      const answer = await (await post(call(id), 'bot', await open('bot'))).text()
      const data = answer.split('\n').find((line) => line.startsWith('data: {')) ?? ''
      expect(JSON.parse(data.slice('data: '.length))).toMatchObject({ id, result: text('echo {}') })
    },
  )

  it.each([null, 1e308, 1.5, true, [1], {}])(
    'calls nothing by the id %j, which is none',
    async (id) => {
      const db = upstream()
      const { open, post } = await served({ upstreams: { db: { server: db.make } } })
      const { status } = await post(call(id), 'bot', await open('bot'))
      expect([status, db.calls]).toEqual([400, []])
    },
  )

  it('that does not read what it is told is cut, and fills nothing', async () => {
    const line = 'x'.repeat(1_000)
    const db = upstream({
      capabilities: { logging: {} },
      call: async (_n, _a, _e, server) => {
        for (let at = 0; at < 2_000; at++) {
          await server.sendLoggingMessage({ level: 'error', data: line })
          if (at % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
        return text('said')
      },
    })
    const { gateway } = await served({
      upstreams: { db: { server: db.make } },
      identity: { identify: () => ({ agent: 'bot' }) },
      limits: { maxMessageBytes: 20_000 },
    })
    const send = (method: string, body: unknown, session?: string) =>
      gateway.fetch(
        new Request('http://gateway.test/mcp', {
          method,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          headers: {
            'content-type': 'application/json',
            accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
            ...(session === undefined ? {} : { 'mcp-session-id': session }),
          },
        }),
      )
    const opened = await send('POST', INITIALIZE)
    const session = opened.headers.get('mcp-session-id') ?? ''
    await opened.text()
    const stream = await send('GET', undefined, session)
    expect(stream.status).toBe(200)
    const called = await send('POST', call(1), session)
    expect(await called.text()).toContain('said')
    let bytes = 0
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) bytes += chunk.length
    })()
    await expect(reading).rejects.toThrow('does not read')
    expect(bytes).toBeLessThan(200_000)
  })

  it('by stdio that does not read is not listened to until it does', async () => {
    const db = upstream({ call: () => text('x'.repeat(10_000)) })
    const engine = createTestEngine({ policy: POLICY })
    const gateway = createGateway({
      engine,
      subject: { agent: 'bot' },
      upstreams: { db: { server: db.make } },
      onDiagnostic: () => undefined,
      limits: { maxMessageBytes: 100_000 },
    })
    ends.push(() => gateway.close())
    const { input, output } = serveStdio(gateway)
    input.write(`${JSON.stringify(INITIALIZE)}\n`)
    const asked = 400
    let written = 0
    const write = async (): Promise<void> => {
      for (let at = 1; at <= asked; at++) {
        input.write(`${JSON.stringify(call(at, { at }))}\n`)
        written = at
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await write()
    expect(written).toBe(asked)
    expect(output.writableLength + output.readableLength).toBeLessThan(2_000_000)
    // And then it is, and nothing was lost.
    const answers: string[] = []
    output.on('data', (chunk) => answers.push(String(chunk)))
    await vi.waitFor(
      () => expect(answers.join('').match(/"result"/g)).toHaveLength(asked + 1),
      10_000,
    )
  }, 20_000)
})

describe('another agent', () => {
  it('cannot answer what was asked of the first, nor cancel what it waits for', async () => {
    const answered: unknown[] = []
    const db = upstream({
      call: async (_n, { ask }, { signal }, server) => {
        if (ask !== true) return text('echo')
        const given = await server
          .elicitInput({
            message: 'sure?',
            requestedSchema: { type: 'object', properties: {} },
          })
          .catch((error: Error) => ({ action: error.message }))
        answered.push([given.action, signal.aborted])
        return text(given.action)
      },
    })
    const { open, post } = await served({ upstreams: { db: { server: db.make } } })
    const [mine, other] = [await open('bot', { elicitation: { form: {} } }), await open('ana')]
    const asking = await post(call(5, { ask: true }), 'bot', mine)
    const reader = (asking.body ?? new ReadableStream()).getReader()
    const question = Buffer.from((await reader.read()).value ?? []).toString()
    const { id } = JSON.parse(question.slice(question.indexOf('{')))
    const accept = { jsonrpc: '2.0', id, result: { action: 'accept', content: {} } }
    const cancel = {
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 5, reason: 'no' },
    }
    for (const body of [accept, cancel]) {
      expect((await post(body, 'ana', other)).status).toBe(202)
      expect((await post(body, 'ana', mine)).status).toBe(404)
    }
    expect(answered).toEqual([])
    await post({ ...accept, result: { action: 'decline' } }, 'bot', mine)
    await vi.waitFor(() => expect(answered).toEqual([['decline', false]]))
  })

  it.each([
    ['1', (url: string) => overV1(url, 'bot'), (url: string) => overV1(url, 'ana')],
    ['2', (url: string) => overV2(url, 'bot'), (url: string) => overV2(url, 'ana')],
  ])('of SDK %s is not disturbed by the first going away', async (_, first, second) => {
    const { gateway, url } = await served({ upstreams: { db: { server: upstream().make } } })
    const [one, two] = [await first(url), await second(url)]
    await one.callTool({ name: 'db__echo' })
    await two.callTool({ name: 'db__echo' })
    await one.close()
    expect(await two.callTool({ name: 'db__echo', arguments: { n: 2 } })).toEqual(
      text('echo {"n":2}'),
    )
    await two.close()
    await gateway.close()
    expect(gateway.sessions()).toBe(0)
  })
})

async function overV1(url: string, who: string): Promise<Client> {
  const client = new Client({ name: 'a', version: '1' })
  const requestInit = { headers: { authorization: `Bearer ${who}` } }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }) as Transport,
  )
  return client
}

async function overV2(url: string, who: string): Promise<clientV2.Client> {
  const client = new clientV2.Client({ name: 'a', version: '1' })
  const requestInit = { headers: { authorization: `Bearer ${who}` } }
  await client.connect(
    new clientV2.StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }),
  )
  return client
}

describe('bodies', () => {
  it('are not held without bound while they come in', async () => {
    const { url, post, open } = await served({
      upstreams: { db: { server: upstream().make } },
      limits: { maxMessageBytes: 1_000_000 },
    })
    const answers: string[] = []
    const sockets = Array.from({ length: 40 }, () => {
      const socket = connectSocket(Number(new URL(url).port), '127.0.0.1')
      ends.push(() => socket.destroy())
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => answers.push(String(chunk)))
      socket.write(
        `POST /mcp HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n`,
      )
      socket.write(' '.repeat(800_000))
      return socket
    })
    await vi.waitFor(() => expect(answers.join('')).toContain('503'))
    for (const socket of sockets) socket.destroy()
    await vi.waitFor(async () =>
      expect((await post(call(1), 'bot', await open('bot'))).status).toBe(200),
    )
  })

  it.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
    ['chunks that are not last', 'Transfer-Encoding: chunked, identity\r\n'],
    ['a length that is none', 'Content-Length: +5\r\n'],
    ['a header with a blank before its colon', 'Content-Length : 5\r\n'],
    ['a folded header', 'X: a\r\n b\r\nContent-Length: 5\r\nContent-Length: 50\r\n'],
  ])('of requests with %s are not read', async (_, headers) => {
    const { url, engine } = await served({ upstreams: { db: { server: upstream().make } } })
    const socket = connectSocket(Number(new URL(url).port), '127.0.0.1')
    ends.push(() => socket.destroy())
    const said: string[] = []
    const ended = new Promise((resolve) => socket.on('close', resolve))
    socket.on('error', () => undefined).on('data', (chunk) => said.push(String(chunk)))
    const smuggled = `GET /other HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${headers}\r\n0\r\n\r\n${smuggled}`,
    )
    await ended
    expect(said.join('')).toMatch(/^HTTP\/1\.1 400/)
    expect(said.join('').match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(engine.records()).toEqual([])
  })
})
