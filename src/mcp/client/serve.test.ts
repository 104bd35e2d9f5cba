import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import type { Params } from '../host.ts'
import { HOSTS, type Host, text, textOf, type Wire } from '../hosts.fixture.ts'
import { wrapMcpClient } from '../wrap-mcp-client.ts'
import { rawServer } from './raw-server.fixture.ts'

const KEY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc9aB'

const policyOf = (...resources: string[]): string => `
roles:
  - name: some
    rules:
      - { resources: ${JSON.stringify(resources)}, verbs: [invoke] }
bindings:
  - { agent: bot, roles: [some] }
`

const QUESTION: Params = {
  message: 'who are you?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
}

interface Asked {
  readonly wire: Wire
  /** What the client's handler was asked. */
  readonly asked: Params[]
  /** What the server got to know. */
  readonly told: unknown[]
}

/** A server whose tool `ask` asks its client who it is, in the way of its protocol. */
async function stage(host: Host, policy: string, name = 'ann'): Promise<Asked> {
  const engine = createTestEngine({ policy })
  const asked: Params[] = []
  const told: unknown[] = []
  const made = host.make()
  made.tool('ask', async (_args, { ask, raw }) => {
    if (host.era === 'legacy') told.push(await ask('elicitation/create', QUESTION))
    else {
      const { inputResponses } = raw['mcpReq'] as { inputResponses?: Params }
      if (inputResponses === undefined)
        return {
          resultType: 'input_required',
          inputRequests: { who: { method: 'elicitation/create', params: QUESTION } },
        }
      told.push(inputResponses['who'])
    }
    return { content: [text('thank you')] }
  })
  const wire = await host.connect(made, {
    answers: {
      'elicitation/create'(params) {
        asked.push(params)
        return { action: 'accept', content: { name } }
      },
    },
    govern: (client) => wrapMcpClient(client, engine, { server: 'db', subject: { agent: 'bot' } }),
  })
  return { wire, asked, told }
}

const run = (wire: Wire): Promise<unknown> =>
  wire.client.callTool({ name: 'ask', arguments: {} }).then(textOf, () => 'refused')

describe.each(HOSTS)('what a server asks of a wrapped client of $name', (host) => {
  it('is answered where it may be asked', async () => {
    const { wire, asked, told } = await stage(host, policyOf('db.ask', 'db.mcp/*'))
    expect(await run(wire)).toBe('thank you')
    expect(asked).toEqual([expect.objectContaining({ message: 'who are you?' })])
    expect(told).toEqual([{ action: 'accept', content: { name: 'ann' } }])
  })

  it('reaches no handler where it may not be asked', async () => {
    const { wire, asked, told } = await stage(host, policyOf('db.ask'))
    expect(await run(wire)).not.toBe('thank you')
    expect({ asked, told }).toEqual({ asked: [], told: [] })
  })

  it('is not answered by what may not leave', async () => {
    const { wire, asked, told } = await stage(host, policyOf('db.ask', 'db.mcp/*'), KEY)
    expect(await run(wire)).not.toBe('thank you')
    expect(asked).toHaveLength(1)
    expect(told).toEqual([])
  })
})

describe.each(HOSTS.filter(({ era }) => era === 'modern'))('an answer by hand of $name', (host) => {
  const answered = (name: string) => ({
    name: 'ask',
    arguments: {},
    inputResponses: { who: { action: 'accept', content: { name } } },
  })

  it('is sent where it may be', async () => {
    const { wire, told } = await stage(host, policyOf('db.ask', 'db.mcp/*'))
    const { result } = await wire.speak('tools/call', answered('ann'))
    expect(textOf(result)).toBe('thank you')
    expect(told).toHaveLength(1)
  })

  it.each([
    ['may not leave', policyOf('db.ask', 'db.mcp/*'), KEY],
    ['nobody may give', policyOf('db.ask'), 'ann'],
  ])('is not sent where it %s', async (_why, policy, name) => {
    const { wire, told } = await stage(host, policy)
    const { error } = await wire.speak('tools/call', answered(name))
    expect(error).toMatchObject({ code: -32001 })
    expect(told).toEqual([])
  })
})

describe('a request of a server', () => {
  it('that its client does not know is answered as such, and runs nothing', async () => {
    const engine = createTestEngine({ policy: policyOf('*') })
    const raw = await rawServer(engine, { server: 'db', subject: { agent: 'bot' } })
    raw.say({ id: 's1', method: 'tools/call', params: { name: 'read', arguments: {} } })
    await expect.poll(() => raw.got).toMatchObject([{ id: 's1', error: { code: -32601 } }])
  })

  it('that a handler of the rest takes is judged by the method it names', async () => {
    const engine = createTestEngine({ policy: policyOf('db.mcp/acme/may') })
    const raw = await rawServer(engine, { server: 'db', subject: { agent: 'bot' } })
    const ran: string[] = []
    raw.client.fallbackRequestHandler = async ({ method }) => {
      ran.push(method)
      return { done: true }
    }
    raw.say({ id: 1, method: 'acme/may' })
    raw.say({ id: 2, method: 'tools/call', params: { name: 'read' } })
    await expect.poll(() => raw.got).toHaveLength(2)
    expect([1, 2].map((id) => raw.got.find((message) => message.id === id))).toMatchObject([
      { result: { done: true } },
      { error: { code: -32001 } },
    ])
    expect(ran).toEqual(['acme/may'])
  })

  it('is refused what an error of its handler would tell', async () => {
    const engine = createTestEngine({ policy: policyOf('*') })
    const raw = await rawServer(engine, { server: 'db', subject: { agent: 'bot' } })
    raw.client.fallbackRequestHandler = async () => {
      throw new Error(`no such key: ${KEY}`)
    }
    raw.say({ id: 1, method: 'acme/ask' })
    await expect.poll(() => raw.got).toHaveLength(1)
    expect(raw.got).toMatchObject([{ id: 1, error: { code: -32001 } }])
    expect(JSON.stringify(raw.got)).not.toContain(KEY)
  })
})
