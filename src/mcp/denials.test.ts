import { describe, expect, it } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import type { Params } from './host.ts'
import { type CallResult, HOSTS, type Run, text, textOf, type Wire } from './hosts.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** How a denied call is answered, and what else may become of a call. */

const POLICY = `
roles:
  - name: some
    rules:
      - { resources: [db.read], verbs: [invoke], constraints: { one_of: { field: text, allow: [ok] } } }
      - { resources: [db.seen, 'prompt:db/ask', 'resource:db/*', 'db.acme/*', 'db.mcp/*'], verbs: [discover] }
      - { effect: compute, resources: [db.bound], verbs: [invoke], compute: { set: { count: 5 } } }
      - { effect: escalate, resources: [db.drop], verbs: [invoke] }
limits:
  base: { mcp: 200 }
bindings:
  - { agent: bot, roles: [some] }
`

interface Told {
  readonly id: string
  readonly effect: string
  readonly reason: string
}

function decisionOf(held: Params | undefined): Told {
  return held?.['callgate/decision'] as Told
}

describe.each(HOSTS)('$name', (host) => {
  const ran: Params[] = []
  const note: Run = (args) => {
    ran.push(args)
    return { content: [text('rows')] }
  }

  async function served(
    more: { denial?: 'tool-error' | 'jsonrpc' } = {},
    policy = POLICY,
  ): Promise<{ wire: Wire; engine: TestEngine }> {
    ran.length = 0
    const engine = createTestEngine({ policy })
    const made = host.make()
    for (const name of ['read', 'seen', 'bound', 'drop']) made.tool(name, note)
    made.prompt('ask', note)
    made.resource('file:///a', () => note({}, undefined as never))
    made.onRequest('acme/read', () => note({}, undefined as never))
    wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' }, ...more })
    return { wire: await host.connect(made), engine }
  }

  it('answers a denied tool call by a result that a model can read', async () => {
    const { wire, engine } = await served()
    const result = await wire.client.callTool({ name: 'read', arguments: { text: 'no' } })
    await wire.close()
    const [record] = engine.records()
    expect(result.isError).toBe(true)
    expect(textOf(result)).toContain('Denied by policy (constraint_violation)')
    expect(textOf(result)).toContain(String(record?.id))
    expect(decisionOf(result._meta)).toEqual({
      id: record?.id,
      effect: 'deny',
      reason: 'constraint_violation',
    })
    expect(JSON.stringify(result)).not.toContain('some')
    expect(ran).toEqual([])
  })

  it('answers it by an error of the protocol where the host wants that', async () => {
    const { wire } = await served({ denial: 'jsonrpc' })
    const failure = await wire.client
      .callTool({ name: 'read', arguments: { text: 'no' } })
      .catch((error: unknown) => error)
    const { error } = await wire.speak('tools/call', { name: 'seen', arguments: {} })
    await wire.close()
    expect(failure).toBeInstanceOf(Error)
    expect(failure).toMatchObject({ code: -32001 })
    expect(error).toMatchObject({ code: -32001 })
    expect(error?.message).toMatch(/Denied by policy \(verb_insufficient\)/)
    // 1.10 hands on no data of errors.
    if (host.major === 2 || !host.isOldest)
      expect(decisionOf(error?.data as Params)).toMatchObject({ effect: 'deny' })
    expect(ran).toEqual([])
  })

  it('answers all else by an error of the protocol', async () => {
    const { wire } = await served()
    const answers = [
      await wire.speak('prompts/get', { name: 'ask', arguments: { value: 'x' } }),
      await wire.speak('resources/read', { uri: 'file:///a' }),
      await wire.speak('acme/read'),
    ]
    await wire.close()
    // `db.mcp/acme/read` is what a method of the host is called.
    for (const { error } of answers) expect(error).toMatchObject({ code: -32001 })
    expect(ran).toEqual([])
  })

  it('hands rewritten arguments to the tool, and the others as they are', async () => {
    const { wire } = await served()
    await wire.client.callTool({ name: 'bound', arguments: { text: 'x', count: 900 } })
    await wire.client.callTool({ name: 'bound' })
    await wire.client.callTool({ name: 'read', arguments: { text: 'ok', count: 2 } })
    await wire.close()
    expect(ran).toEqual([{ text: 'x', count: 5 }, { count: 5 }, { text: 'ok', count: 2 }])
  })

  it('says that a person must approve, and lets an approved call through once', async () => {
    const { wire, engine } = await served()
    const call = (approval?: string): Promise<CallResult> =>
      wire.client.callTool({
        name: 'drop',
        arguments: { text: 'x' },
        ...(approval === undefined ? {} : { _meta: { 'callgate/approval': approval } }),
      })
    const first = decisionOf((await call())._meta)
    expect(first).toMatchObject({ reason: 'approval_required' })
    expect(ran).toEqual([])
    const { id } = first
    await engine.approvals.approve(id, { by: 'ann' })
    expect(textOf(await call(id))).toBe('rows')
    expect(ran).toEqual([{ text: 'x' }])
    expect(decisionOf((await call(id))._meta)).toMatchObject({ reason: 'approval_used' })
    expect(ran).toHaveLength(1)
    await wire.close()
  })

  it('takes an approval for no other call, of no other form', async () => {
    const { wire, engine } = await served()
    const asked = await wire.client.callTool({ name: 'drop', arguments: { text: 'x' } })
    const { id } = decisionOf(asked._meta)
    await engine.approvals.approve(id, { by: 'ann' })
    const others: Params[] = [
      { arguments: { text: 'y' }, _meta: { 'callgate/approval': id } },
      { arguments: { text: 'x' }, _meta: { 'callgate/approval': { id } } },
      { arguments: { text: 'x', 'callgate/approval': id } },
      { arguments: { text: 'x' }, _meta: { 'callgate/approval': 'forged' } },
    ]
    for (const other of others) {
      const result = await wire.client.callTool({ name: 'drop', ...other })
      expect(result.isError).toBe(true)
    }
    await wire.close()
    expect(ran).toEqual([])
  })

  it('refuses arguments that are none, before the tool sees them', async () => {
    const { wire } = await served()
    let deep: unknown = 'x'
    for (let level = 0; level < 100; level++) deep = { deep }
    for (const args of [{ text: 'ok', deep }, 'text', ['ok'], 7, null]) {
      const answer = await wire.speak('tools/call', { name: 'read', arguments: args as Params })
      const { result, error } = answer as { result?: CallResult; error?: unknown }
      expect(result?.isError === true || error !== undefined).toBe(true)
    }
    await wire.close()
    expect(ran).toEqual([])
  })

  it('tells of denials and calls in the record, by their MCP names', async () => {
    const { wire, engine } = await served()
    await wire.client.callTool({ name: 'read', arguments: { text: 'ok' } })
    await wire.speak('prompts/get', { name: 'ask', arguments: { value: 'x' } })
    await wire.speak('resources/read', { uri: 'file:///b' })
    await wire.speak('acme/other')
    await wire.close()
    const told = engine
      .records()
      .filter(({ kind }) => kind === 'decision')
      .map(({ resource, request_method: method, request_source: source }) => [
        resource,
        method,
        source,
      ])
    expect(told).toEqual([
      ['db.read', 'tools/call', 'mcp'],
      ['prompt:db/ask', 'prompts/get', 'mcp'],
      ['resource:db/file:///b', 'resources/read', 'mcp'],
    ])
  })
})
