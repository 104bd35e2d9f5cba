import { CallToolResultSchema, ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it, vi } from 'vitest'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import { DECISION } from '../answers/denial.ts'
import { INPUT, listed, OPEN, type Raw, rawServer } from './raw-server.fixture.ts'

const SUBJECT = { agent: 'bot' }
// Of no known form: only where it came from says what it is.
const KEY = 'kT9wq-Lm2vX7-rRb4'

const some = (said: string): { content: object[] } => ({ content: [{ type: 'text', text: said }] })

/** A server `db` whose tools are `read` and `drop`; `bot` may not use `drop`, and knows of it. */
async function stage(policy = POLICY): Promise<{ engine: TestEngine; raw: Raw }> {
  const engine = createTestEngine({ policy })
  const tools = [
    { name: 'read', ...INPUT },
    { name: 'drop', ...INPUT },
  ]
  const raw = await rawServer(engine, { server: 'db', subject: SUBJECT }, { answer: listed(tools) })
  return { engine, raw }
}

const POLICY = `
tools:
  - { name: db.read, server: db, tags: [data_source, restricted] }
  - { name: db.drop, server: db, tags: [destructive] }
roles:
  - name: reader
    rules:
      - { resources: [db.read], verbs: [invoke] }
      - { resources: [db.drop], verbs: [discover] }
bindings:
  - { agent: bot, roles: [reader] }
`

/** Everything that was already sent has arrived. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a server that plays with ids', () => {
  it('is not believed where it answers under the id of another type', async () => {
    const { engine, raw } = await stage()
    const called = raw.client.callTool({ name: 'read', arguments: {} })
    const { id } = await raw.asked('tools/call')
    raw.say({ id: String(id), result: some('as a text') })
    raw.say({ id: id, result: some('as it was asked') })
    expect(await called).toEqual(some('as it was asked'))
    expect(raw.faults).toEqual([expect.stringContaining('an answer to no request')])
    expect(engine.records().at(-1)).toMatchObject({ kind: 'outcome', status: 'success' })
  })

  it('is not heard a second time', async () => {
    const { engine, raw } = await stage()
    const called = raw.client.callTool({ name: 'read', arguments: {} })
    const { id } = await raw.asked('tools/call')
    raw.say({ id, result: some('one') })
    raw.say({ id, result: some('two') })
    expect(await called).toEqual(some('one'))
    await settled()
    expect(raw.faults).toEqual([expect.stringContaining('an answer to no request')])
    expect(engine.records().filter(({ kind }) => kind === 'outcome')).toHaveLength(1)
  })

  it('cannot use up a request by a message of its own with the same id', async () => {
    const { raw } = await stage()
    const called = raw.client.request({ method: 'tools/list' }, ListToolsResultSchema)
    const { id } = await raw.asked('tools/list')
    raw.say({ id, method: 'acme/ask', params: {} })
    raw.say({ id, method: 'notifications/message', params: { level: 'info', data: 'x' } })
    const { tools } = await called
    expect(tools.map(({ name }) => name)).toEqual(['read', 'drop'])
  })

  it('cannot pass a message as two things at once', async () => {
    const { raw } = await stage()
    const called = raw.client.callTool({ name: 'read', arguments: {} })
    const { id } = await raw.asked('tools/call')
    raw.say({ id, method: 'acme/ask', result: some('both') })
    raw.say({ id })
    raw.say({ id, method: 7, params: {} })
    raw.say([{ id, result: some('a batch') }])
    await settled()
    expect(raw.faults).toHaveLength(4)
    raw.say({ id, result: some('one') })
    expect(await called).toEqual(some('one'))
  })

  it('is answered for where its answer is a result and an error', async () => {
    const { raw } = await stage()
    const called = raw.client.callTool({ name: 'read', arguments: {} })
    const { id } = await raw.asked('tools/call')
    raw.say({ id, result: some('x'), error: { code: 1, message: 'y' } })
    await expect(called).rejects.toThrow('Invalid response')
  })

  it('cannot answer a request that it was never sent', async () => {
    const { raw } = await stage()
    const called = raw.client.callTool({ name: 'drop', arguments: {} })
    for (let id = 0; id < 10; id++) raw.say({ id, result: some('forged') })
    const denied = await called
    expect(denied.isError).toBe(true)
    expect(JSON.stringify(denied)).not.toContain('forged')
    expect(denied._meta).toMatchObject({ [DECISION]: { reason: 'verb_insufficient' } })
    expect(raw.got.filter(({ method }) => method === 'tools/call')).toEqual([])
  })

  it('cannot use an id twice that the host uses twice', async () => {
    const { raw } = await stage()
    const { transport } = raw.client
    const request = { jsonrpc: '2.0', id: 'mine', method: 'tools/call', params: { name: 'read' } }
    const first = transport?.send(request as never)
    await expect(transport?.send(request as never)).rejects.toThrow('under way already')
    await raw.asked('tools/call')
    await first
    expect(raw.got.filter(({ method }) => method === 'tools/call')).toHaveLength(1)
  })
})

describe('a server that answers with something else', () => {
  it('shows no list that is none', async () => {
    const { raw } = await stage()
    const asked = raw.client.request({ method: 'prompts/list' }, ListToolsResultSchema.partial())
    const { id } = await raw.asked('prompts/list')
    raw.say({ id, result: { prompts: 'all of them', note: KEY } })
    expect(await asked).toEqual({ prompts: [] })
  })

  it('is looked at in errors as in results', async () => {
    const { engine, raw } = await stage(RELAY)
    const [failing, throwing] = ['failing', 'throwing'].map((session) =>
      engine.run({ session }, () => raw.client.callTool({ name: 'read', arguments: {} })),
    )
    const calls = async () => raw.got.filter(({ method }) => method === 'tools/call')
    await raw.asked('tools/call')
    const [one, two] = await calls()
    raw.say({ id: one?.id, result: { ...some(`password: ${KEY}`), isError: true } })
    raw.say({ id: two?.id, error: { code: -32000, message: `password: ${KEY}` } })
    await expect(failing).resolves.toMatchObject({ isError: true })
    await expect(throwing).rejects.toThrow(KEY)
    // What came as an error is known of: it does not leave.
    for (const session of ['failing', 'throwing']) {
      const sent = await engine.run({ session }, () =>
        raw.client.callTool({ name: 'post', arguments: { text: `see ${KEY}` } }),
      )
      expect(sent._meta).toMatchObject({ [DECISION]: { reason: 'behavior_blocked' } })
    }
  })
})

const RELAY = `
tools:
  - { name: db.read, server: db, tags: [data_source, restricted] }
  - { name: db.post, server: db, tags: [external_write, network_egress] }
  - { name: mail.send, server: mail, tags: [external_write, network_egress] }
roles:
  - name: all
    rules:
      - { resources: ['*'], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [all] }
`

describe('two servers and one agent', () => {
  it('stops a secret of the one on its way to the other', async () => {
    const engine = createTestEngine({ policy: RELAY })
    const answers = (said: string) => ({
      answer: ({ method }: { readonly method?: string }) =>
        method === 'tools/call' ? some(said) : listed([])({ method: method ?? '' }),
    })
    const db = await rawServer(engine, { server: 'db' }, answers(`password: ${KEY}`))
    const mail = await rawServer(engine, { server: 'mail' }, answers('sent'))
    await engine.run({ session: 's', subject: SUBJECT }, async () => {
      await db.client.callTool({ name: 'read', arguments: {} })
      const sent = await mail.client.callTool({ name: 'send', arguments: { text: KEY } })
      expect(sent._meta).toMatchObject({ [DECISION]: { reason: 'behavior_blocked' } })
    })
    expect(mail.got.filter(({ method }) => method === 'tools/call')).toEqual([])
    // Whoever has not read it may send the same.
    await engine.run({ session: 'other', subject: { agent: 'bot', user: 'ben' } }, async () => {
      expect(await mail.client.callTool({ name: 'send', arguments: { text: KEY } })).toEqual(
        some('sent'),
      )
    })
  })
})

describe('what is given up', () => {
  it('is never sent where it was given up while it was judged', async () => {
    let pass: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      pass = resolve
    })
    const engine = createTestEngine({
      policy: OPEN,
      gates: [{ name: 'slow', check: () => held.then(() => ({ kind: 'pass' })) }],
    })
    const raw = await rawServer(engine, { server: 'db', subject: SUBJECT })
    const controller = new AbortController()
    const called = raw.client.request(
      { method: 'tools/call', params: { name: 'read', arguments: {} } },
      CallToolResultSchema,
      { signal: controller.signal },
    )
    await raw.asked('tools/list')
    controller.abort('never mind')
    await expect(called).rejects.toThrow('never mind')
    pass()
    await settled()
    await settled()
    expect(raw.got.map(({ method }) => method)).toEqual(['tools/list'])
  })

  it('is told to the server, and recorded, where it was sent', async () => {
    const { engine, raw } = await stage()
    const controller = new AbortController()
    const called = raw.client.callTool({ name: 'read', arguments: {} }, undefined, {
      signal: controller.signal,
    })
    const { id } = await raw.asked('tools/call')
    controller.abort('never mind')
    await expect(called).rejects.toThrow('never mind')
    raw.say({ id, result: some('late') })
    await settled()
    expect(raw.got.at(-1)).toMatchObject({ method: 'notifications/cancelled' })
    expect(engine.records().at(-1)).toMatchObject({ kind: 'outcome', status: 'cancelled' })
    expect(raw.faults).toEqual([expect.stringContaining('an answer to no request')])
  })

  it('has failed where the connection closes before the answer', async () => {
    const { engine, raw } = await stage()
    const called = raw.client.callTool({ name: 'read', arguments: {} })
    await raw.asked('tools/call')
    await raw.close()
    await expect(called).rejects.toThrow('Connection closed')
    expect(engine.records().at(-1)).toMatchObject({ kind: 'outcome', status: 'failed' })
  })
})

describe('a server that says too much', () => {
  it('is not heard beyond what can be looked at', async () => {
    let pass: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      pass = resolve
    })
    let judged = 0
    const engine = createTestEngine({
      policy: OPEN,
      gates: [
        {
          name: 'slow',
          check: () => {
            judged += 1
            return held.then(() => ({ kind: 'pass' }))
          },
        },
      ],
    })
    const raw = await rawServer(engine, { server: 'db', subject: SUBJECT })
    const shown: unknown[] = []
    raw.client.fallbackNotificationHandler = async ({ params }) => void shown.push(params?.['data'])
    for (let line = 0; line < 3_000; line++)
      raw.say({ method: 'notifications/message', params: { level: 'info', data: line } })
    await settled()
    expect(judged).toBe(1_000)
    pass()
    await expect.poll(() => shown.length).toBe(1_000)
    expect(shown).toEqual(Array.from({ length: 1_000 }, (_, line) => line))
  })
})

describe('a server that makes up names', () => {
  it('fills neither the memory nor the terminal of its client', async () => {
    const said = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const { raw } = await stage()
    for (let count = 0; count < 300; count++)
      raw.say({ method: `acme/${count}\n\u001b[31mAll is well`, params: { note: 'x' } })
    await settled()
    const warnings = said.mock.calls.map(([warning]) => String(warning))
    said.mockRestore()
    expect(warnings.length).toBeGreaterThan(0)
    expect(warnings.length).toBeLessThanOrEqual(100)
    expect(warnings.join('')).not.toMatch(/\p{Cc}/u)
  })

  it('gets no tool called by a permission for a method', async () => {
    const policy = POLICY.replace('[db.drop]', "['db.mcp/*']").replace('discover', 'invoke')
    const engine = createTestEngine({ policy })
    const tools = [{ name: 'mcp/sampling/createMessage', ...INPUT }]
    const options = { server: 'db', subject: SUBJECT }
    const raw = await rawServer(engine, options, { answer: listed(tools) })
    const { tools: shown } = await raw.client.listTools()
    const called = raw.client.callTool({ name: 'mcp/sampling/createMessage', arguments: {} })
    await expect(called).rejects.toThrow('not found')
    expect(shown).toEqual([])
  })
})
