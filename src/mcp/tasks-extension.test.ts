import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import type { Message, Params } from './host.ts'
import { HOSTS, type Host, text, type Wire } from './hosts.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** Tasks as an extension of the 2026-07-28 protocol has them: the server decides, and the result is polled. */

const MAIL = 'jane.doe@acme.test'
const POLICY = `
roles:
  - { name: some, rules: [{ resources: [db.work], verbs: [invoke] }] }
bindings:
  - { agent: bot, roles: [some] }
  - { agent: other, roles: [some] }
redaction: {}
`
const WORKING = { taskId: 't1', status: 'working', ttlMs: null }

interface Asked {
  setRequestHandler(method: string, schemas: object, run: (params: Params) => unknown): void
}

async function served(
  host: Host,
  state: () => object,
): Promise<{ engine: TestEngine; wire: Wire }> {
  const made = host.make()
  const server = made.inner as unknown as Asked
  const params = z.looseObject({})
  server.setRequestHandler('tools/call', { params }, () => ({ ...WORKING, resultType: 'task' }))
  server.setRequestHandler('tasks/get', { params }, () => ({ ...WORKING, ...state() }))
  const engine = createTestEngine({ policy: POLICY })
  const subject = ({ meta }: { meta: Params | undefined }): { agent: string } => ({
    agent: String(meta?.['who'] ?? 'bot'),
  })
  wrapMcpServer(made.server, engine, { server: 'db', subject })
  const wire = await host.connect(made)
  await wire.speak('tools/call', { name: 'work', arguments: {} })
  return { engine, wire }
}

const get = (wire: Wire, who = 'bot'): Promise<Message> =>
  wire.speak('tasks/get', { taskId: 't1', _meta: { who } })

// 2.0.0 answers no requests for tasks.
const MODERN = HOSTS.filter(({ era, isOldest }) => era === 'modern' && !isOldest)

describe.each(MODERN)('tasks of $name', (host) => {
  it('are reached by who started them, and close their call when they are over', async () => {
    let state: object = {}
    const { engine, wire } = await served(host, () => state)
    expect((await get(wire)).result).toMatchObject(WORKING)
    expect((await get(wire, 'other')).error?.message).toContain('not found')
    const before = engine.stats().in_flight
    state = { status: 'completed', result: { content: [text(`to ${MAIL}`)] } }
    for (const _ of [1, 2])
      expect(JSON.stringify((await get(wire)).result)).toMatch(/"completed".*to \*+/)
    await wire.close()
    expect(engine.stats().in_flight).toBe(before - 1)
  })

  it('ask their client for nothing that the server may not ask', async () => {
    const question = { method: 'elicitation/create', params: { message: 'your password?' } }
    const { wire } = await served(host, () => ({
      status: 'input_required',
      inputRequests: { q: question },
    }))
    const answer = await get(wire)
    await wire.close()
    expect(JSON.stringify(answer)).not.toContain('password')
    expect(answer.error?.message).toContain('Denied by policy')
  })
})
