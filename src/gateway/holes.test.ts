import { readFileSync } from 'node:fs'
import {
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine, type PolicyEngine } from '../engine/create-policy-engine.ts'
import { loadPolicy } from '../engine/load-policy.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createGateway, type Gateway } from './create-gateway.ts'
import { policyFor, text, tool, upstream } from './gateway.fixture.ts'
import type { GatewayOptions } from './options.ts'
import { child, serve, stdioAgent } from './stdio.fixture.ts'

/**
 * Holes of gateways that were found before this one was written. Each by its number in the list of
 * requirements.
 */

const open: Gateway[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()))
})

function gatewayOf(
  policy: string,
  upstreams: GatewayOptions['upstreams'],
  more: Partial<GatewayOptions> = {},
) {
  const engine = createTestEngine({ policy })
  const gateway = createGateway({
    engine,
    upstreams,
    subject: { agent: 'bot' },
    onDiagnostic: () => undefined,
    ...more,
  })
  open.push(gateway)
  return { gateway, engine }
}

/** An agent that writes what it likes, and reads whatever is answered. */
function rawAgent(gateway: Gateway) {
  const { input, output } = serve(gateway)
  const lines: Record<string, unknown>[] = []
  output.on('data', (chunk) => {
    for (const line of String(chunk).split('\n')) if (line !== '') lines.push(JSON.parse(line))
  })
  const send = (message: object): void => {
    input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
  const answerTo = async (id: unknown) => {
    await vi.waitFor(() => expect(lines.map((line) => line['id'])).toContain(id))
    return lines.find((line) => line['id'] === id)
  }
  const started = async (): Promise<void> => {
    send({
      id: 'init',
      method: 'initialize',
      params: {
        protocolVersion: '2025-03-26',
        capabilities: {},
        clientInfo: { name: 'x', version: '1' },
      },
    })
    await answerTo('init')
    send({ method: 'notifications/initialized' })
  }
  return { input, lines, send, answerTo, started }
}

const LINE = 'x'.repeat(5 * 1024 * 1024)

describe('H20: a denial', () => {
  it('reaches the agent, whichever way it is made', async () => {
    const db = upstream({ capabilities: { prompts: {}, resources: {}, logging: {} } })
    const policy = `
roles:
  - name: user
    rules:
      - resources: [db.echo]
        verbs: [invoke]
        constraints: { one_of: { field: table, allow: [a] } }
bindings:
  - { agent: bot, roles: [user] }
`
    const { gateway } = gatewayOf(policy, { db: { server: db.make } })
    const { send, answerTo, started } = rawAgent(gateway)
    await started()
    const asked = [
      ['tools/call', { name: 'db__echo', arguments: { table: 'b' } }],
      ['tools/call', { name: 'db__other' }],
      ['prompts/get', { name: 'db__x' }],
      ['resources/read', { uri: 'x://1' }],
      ['resources/subscribe', { uri: 'x://1' }],
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'db__x' }, argument: { name: 'a', value: '' } },
      ],
      ['logging/setLevel', { level: 'debug' }],
      ['tasks/list', {}],
      ['vendor/anything', {}],
    ] as const
    for (const [at, [method, params]] of asked.entries()) send({ id: at, method, params })
    const answers = await Promise.all(asked.map((_, at) => answerTo(at)))
    expect(answers[0]?.['result']).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('Denied by policy (constraint_violation)') }],
    })
    expect(
      answers.slice(1).map((one) => (one?.['error'] as { code: number } | undefined)?.code),
    ).toEqual([-32602, -32602, -32602, -32602, -32602, -32601, -32601, -32601])
    expect(db.calls).toEqual([])
  })
})

describe('H21: a call without an id', () => {
  it('never reaches a server', async () => {
    const db = upstream()
    const { gateway } = gatewayOf(policyFor('db.*'), { db: { server: db.make } })
    const { send, answerTo, started } = rawAgent(gateway)
    await started()
    send({ method: 'tools/call', params: { name: 'db__echo', arguments: { silent: true } } })
    send({ id: 1, method: 'tools/call', params: { name: 'db__echo' } })
    await answerTo(1)
    expect(db.calls).toEqual([{ name: 'echo', args: {}, meta: undefined }])
  })
})

describe('H22: params that are none', () => {
  it.each([
    ['no name', 'tools/call', {}],
    ['a name that is a number', 'tools/call', { name: 5 }],
    ['arguments that are a list', 'tools/call', { name: 'db__echo', arguments: [1] }],
    ['arguments that are a text', 'tools/call', { name: 'db__echo', arguments: 'x' }],
    ['params that are missing', 'tools/call', undefined],
    ['a URI that is missing', 'resources/read', {}],
    ['a cursor that is a number', 'tools/list', { cursor: 5 }],
  ])('with %s are not forwarded', async (_, method, params) => {
    const db = upstream()
    const { gateway } = gatewayOf(policyFor('db.*'), { db: { server: db.make } })
    const { send, answerTo, started } = rawAgent(gateway)
    await started()
    send({ id: 1, method, ...(params === undefined ? {} : { params }) })
    expect(await answerTo(1)).toMatchObject({
      error: { code: -32602, message: `Invalid params of ${method}` },
    })
    expect([db.calls, db.made]).toEqual([[], []])
  })

  it('as a list of params are answered, though they are no message', async () => {
    const { gateway } = gatewayOf(policyFor('db.*'), { db: { server: upstream().make } })
    const { send, answerTo } = rawAgent(gateway)
    send({ id: 1, method: 'tools/call', params: ['db__echo'] })
    expect(await answerTo(null)).toMatchObject({ error: { code: -32600 } })
  })
})

describe('H23: a batch', () => {
  const calls = ['db__echo', 'db__drop', 'db__echo'].map((name, at) => ({
    jsonrpc: '2.0',
    id: at + 1,
    method: 'tools/call',
    params: { name, arguments: { at } },
  }))

  it('is refused by lines, and nothing of it is forwarded', async () => {
    const db = upstream()
    const { gateway } = gatewayOf(policyFor('db.*'), { db: { server: db.make } })
    const { input, answerTo, started } = rawAgent(gateway)
    await started()
    input.write(`${JSON.stringify(calls)}\n`)
    expect(await answerTo(null)).toMatchObject({ error: { code: -32600 } })
    expect(db.calls).toEqual([])
  })

  it('is answered by HTTP, with every member judged', async () => {
    const db = upstream({ tools: ['echo', 'drop'] })
    const { gateway } = gatewayOf(policyFor('db.echo'), { db: { server: db.make } })
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    const post = (body: unknown, more = {}) =>
      gateway.fetch(
        new Request('http://gateway.test/', {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { ...headers, ...more },
        }),
      )
    const params = {
      protocolVersion: '2025-03-26',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    }
    const opened = await post({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
    await opened.text()
    const answered = await post(calls, {
      'mcp-session-id': opened.headers.get('mcp-session-id') ?? '',
    })
    const events = (await answered.text()).split('\n').filter((line) => line.startsWith('data: {'))
    const messages = events.map((line) => JSON.parse(line.slice('data: '.length)))
    const sorted = messages.toSorted((one, other) => one.id - other.id)
    expect(sorted.map(({ result, error }) => result ?? error.message)).toEqual([
      text('echo {"at":0}'),
      'Tool db__drop not found',
      text('echo {"at":2}'),
    ])
    expect(db.calls.map(({ name }) => name)).toEqual(['echo', 'echo'])
  })
})

describe('H24: everything', () => {
  it('is governed: lists, prompts, resources, completion, what servers ask and what they say', async () => {
    const db = upstream({
      tools: ['echo', 'hidden'],
      capabilities: { prompts: {}, resources: {} },
      call: async (_n, _a, _e, server) => {
        const outcomes = await Promise.allSettled([
          server.listRoots(),
          server.createMessage({ messages: [], maxTokens: 1 }),
        ])
        return text(outcomes.map(({ status }) => status).join(' '))
      },
      set: (server) => {
        server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [{ name: 'p' }] }))
        server.setRequestHandler(ListResourcesRequestSchema, () => ({
          resources: [{ uri: 'x://1', name: 'r' }],
        }))
      },
    })
    const { gateway, engine } = gatewayOf(policyFor('db.echo'), { db: { server: db.make } })
    const { client } = await stdioAgent(gateway, { sampling: {}, roots: {} })
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['db__echo'])
    expect(await client.listPrompts()).toEqual({ prompts: [] })
    expect(await client.listResources()).toEqual({ resources: [] })
    expect(await client.callTool({ name: 'db__echo' })).toEqual(text('rejected rejected'))
    const denied = engine.records().filter(({ effect }) => effect === 'deny')
    expect(new Set(denied.map(({ resource }) => resource))).toEqual(
      new Set(['db.mcp/roots/list', 'db.mcp/sampling/createMessage']),
    )
  })
})

describe('H25: an id that is used twice', () => {
  it('by the server, for a request of its own, does not stand in for the answer', async () => {
    const { gateway, engine } = gatewayOf(policyFor('kid.*'), { kid: child() })
    const { client } = await stdioAgent(gateway)
    expect(await client.callTool({ name: 'kid__impostor' })).toEqual(text('the answer'))
    const outcomes = engine.records().filter(({ kind }) => kind === 'outcome')
    expect(outcomes.map(({ resource, status }) => [resource, status])).toContainEqual([
      'kid.impostor',
      'success',
    ])
  })

  it('by the agent, while it is under way, reaches the server once', async () => {
    let answer: (() => void) | undefined
    const db = upstream({
      call: () =>
        new Promise((resolve) => {
          answer = () => resolve(text('done'))
        }),
    })
    const { gateway } = gatewayOf(policyFor('db.*'), { db: { server: db.make } })
    const { send, lines, started } = rawAgent(gateway)
    await started()
    send({ id: 7, method: 'tools/call', params: { name: 'db__echo', arguments: { n: 1 } } })
    await vi.waitFor(() => expect(answer).toBeDefined())
    send({ id: 7, method: 'tools/call', params: { name: 'db__echo', arguments: { n: 2 } } })
    await vi.waitFor(() => expect(lines.at(-1)).toMatchObject({ id: 7, error: { code: -32600 } }))
    answer?.()
    await vi.waitFor(() => expect(lines.at(-1)).toMatchObject({ id: 7, result: text('done') }))
    expect(db.calls.map(({ args }) => args)).toEqual([{ n: 1 }])
  })
})

describe('H26: an error', () => {
  const secret = 'sk-live-4f9aB2c7D8e1F6g3H5j0K9m2N4p6Q8r1'
  const policy = `${policyFor('db.*')}redaction: { classes: [secret], action: mask }\n`
  it.each([
    ['result', () => ({ ...text(`failed: ${secret}`), isError: true })],
    [
      'of the protocol',
      () => {
        throw new Error(`failed: ${secret}`)
      },
    ],
  ])('%s is looked at like any result', async (_, call) => {
    const db = upstream({ call })
    const { gateway, engine } = gatewayOf(policy, { db: { server: db.make } })
    const { client } = await stdioAgent(gateway)
    const answer = await client
      .callTool({ name: 'db__echo' })
      .then(JSON.stringify, (error: Error) => error.message)
    expect(answer).toContain('failed')
    expect(answer).not.toContain(secret)
    expect(engine.records().at(-1)).toMatchObject({ kind: 'outcome', status: 'failed' })
  })
})

describe('H27: a large message', () => {
  it('goes through in both directions', async () => {
    const db = upstream({ call: (_, { line }) => text(`${String(line).length} ${LINE}`) })
    const { gateway } = gatewayOf(`${policyFor('db.*')}`, { db: { server: db.make } })
    const { send, answerTo, started } = rawAgent(gateway)
    await started()
    // What the engine takes of arguments is less than what a message may be.
    send({ id: 1, method: 'tools/call', params: { name: 'db__echo', arguments: { line: LINE } } })
    expect(await answerTo(1)).toMatchObject({
      result: { isError: true, _meta: { 'callgate/decision': { reason: 'payload_limit' } } },
    })
    send({ id: 2, method: 'tools/call', params: { name: 'db__echo', arguments: { line: 'abc' } } })
    const answered = JSON.stringify(await answerTo(2))
    expect(answered).toContain(`3 ${LINE}`)
  })

  it('that is too large is answered, and the next one is taken', async () => {
    const db = upstream()
    const { gateway } = gatewayOf(
      policyFor('db.*'),
      { db: { server: db.make } },
      { limits: { maxMessageBytes: 10_000 } },
    )
    const { send, answerTo, started } = rawAgent(gateway)
    await started()
    send({ id: 1, method: 'tools/call', params: { name: 'db__echo', arguments: { line: LINE } } })
    expect(await answerTo(null)).toMatchObject({
      error: { message: 'a message is at most 10000 bytes' },
    })
    send({ id: 2, method: 'tools/call', params: { name: 'db__echo' } })
    expect(await answerTo(2)).toMatchObject({ result: text('echo {}') })
  })
})

describe('H28: a policy that is missing or wrong', () => {
  it('lets no gateway start', async () => {
    const upstreams = { db: { server: upstream().make } }
    await expect((async () => loadPolicy('/nowhere/policy.yaml'))()).rejects.toThrow()
    expect(() => parsePolicy('roles: [')).toThrow()
    expect(() => createPolicyEngine({ policy: undefined as never })).toThrow('policy')
    expect(() =>
      createGateway({ engine: undefined as unknown as PolicyEngine, upstreams }),
    ).toThrow('without a policy nothing is served')
  })
})

describe('H29: a deny', () => {
  it.each(['server:db', 'db.*', '*'])('of %s covers tools that appear later', async (denied) => {
    const names = ['old']
    const db = upstream({ tools: () => names.map((name) => tool(name)) })
    const { gateway } = gatewayOf(
      `
roles:
  - name: user
    rules:
      - { effect: allow, resources: ["db.*"], verbs: [invoke] }
      - { effect: deny, resources: ["${denied}"], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [user] }
`,
      { db: { server: db.make } },
    )
    const { client } = await stdioAgent(gateway)
    expect(await client.listTools()).toEqual({ tools: [] })
    names.push('new')
    await db.made[0]?.sendToolListChanged()
    expect(await client.listTools()).toEqual({ tools: [] })
    await expect(client.callTool({ name: 'db__new' })).rejects.toThrow('not found')
    expect(db.calls).toEqual([])
  })
})

describe('H30: a deny with a constraint', () => {
  it('holds where the field it looks at is missing', async () => {
    const db = upstream()
    const { gateway } = gatewayOf(
      `
roles:
  - name: user
    rules:
      - { effect: allow, resources: ["db.*"], verbs: [invoke] }
      - effect: deny
        resources: ["db.echo"]
        verbs: [invoke]
        constraints: { one_of: { field: table, allow: [secrets] } }
bindings:
  - { agent: bot, roles: [user] }
`,
      { db: { server: db.make } },
    )
    const { client } = await stdioAgent(gateway)
    const call = async (args: Record<string, unknown>) =>
      (await client.callTool({ name: 'db__echo', arguments: args })).isError === true
    expect([
      await call({ table: 'secrets' }),
      await call({}),
      await call({ table: 'public' }),
    ]).toEqual([true, true, false])
    expect(db.calls.map(({ args }) => args)).toEqual([{ table: 'public' }])
  })
})

describe('H31: what a server lists', () => {
  it('is read anew when it changes, without a restart', async () => {
    const names = ['one']
    const db = upstream({ tools: () => names.map((name) => tool(name)) })
    const { gateway } = gatewayOf(policyFor('db.*'), { db: { server: db.make } })
    const { client } = await stdioAgent(gateway)
    const changed = vi.fn()
    client.setNotificationHandler(ToolListChangedNotificationSchema, changed)
    const list = async () => (await client.listTools()).tools.map(({ name }) => name)
    expect(await list()).toEqual(['db__one'])
    names.splice(0, 1, 'two', 'three.four')
    await db.made[0]?.sendToolListChanged()
    await vi.waitFor(() => expect(changed).toHaveBeenCalled())
    const now = await list()
    expect(now).toEqual(['db__two', expect.stringMatching(/^db__three_four_[0-9a-f]{8}$/)])
    expect(await client.callTool({ name: now[1] ?? '' })).toEqual(text('three.four {}'))
  })
})

describe('the list of holes', () => {
  it('has a test for each', () => {
    const source = readFileSync(new URL('./holes.test.ts', import.meta.url), 'utf8')
    const numbers = [...source.matchAll(/describe\('H(\d\d):/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31])
  })
})
