import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import type { Message, Params } from './host.ts'
import { HOSTS, type Host, type HostServer, text, type Wire } from './hosts.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** Lists and calls go by one decision, whatever the policy. */

const NAMES = ['a', 'ab', 'abc', 'b'] as const

/** The kinds of things that are listed, and how each is used. */
interface Kind {
  readonly list: string
  readonly field: string
  readonly key: string
  readonly call: string
  resource(name: string): string
  /** As it is listed. */
  listed(name: string): string
  params(name: string, args: Params): Params
}

const uriOf = (name: string): string => `file:///${name}`

const KINDS: readonly Kind[] = [
  {
    list: 'tools/list',
    field: 'tools',
    key: 'name',
    call: 'tools/call',
    resource: (name) => `db.${name}`,
    listed: (name) => name,
    params: (name, args) => ({ name, arguments: args }),
  },
  {
    list: 'prompts/list',
    field: 'prompts',
    key: 'name',
    call: 'prompts/get',
    resource: (name) => `prompt:db/${name}`,
    listed: (name) => name,
    params: (name, args) => ({ name, arguments: { value: 'x', ...args } }),
  },
  {
    list: 'resources/list',
    field: 'resources',
    key: 'uri',
    call: 'resources/read',
    resource: (name) => `resource:db/${uriOf(name)}`,
    listed: uriOf,
    params: (name) => ({ uri: uriOf(name) }),
  },
]

const selector = fc
  .tuple(fc.constantFrom(...KINDS), fc.constantFrom(...NAMES, 'a*', '*', 'b*', '*c'))
  .map(([kind, glob]) => kind.resource(glob))

const rule = fc.record({
  effect: fc.constantFrom('allow', 'allow', 'deny', 'escalate'),
  resources: fc.uniqueArray(selector, { minLength: 1, maxLength: 3 }),
  verbs: fc.constantFrom(['discover'], ['invoke'], ['admin']),
  isConstrained: fc.boolean(),
})

function policyText(
  rules: readonly (typeof rule extends fc.Arbitrary<infer R> ? R : never)[],
): string {
  const lines = rules.map(({ isConstrained, ...rest }) =>
    JSON.stringify({
      ...rest,
      ...(isConstrained ? { constraints: { one_of: { field: 'text', allow: ['ok'] } } } : {}),
    }),
  )
  return JSON.stringify({
    roles: [{ name: 'some', rules: lines.map((line) => JSON.parse(line) as unknown) }],
    bindings: [{ agent: 'bot', roles: ['some'] }],
  })
}

function filled(host: Host, ran: string[]): HostServer {
  const made = host.make()
  for (const name of NAMES) {
    made.tool(name, () => {
      ran.push(`db.${name}`)
      return { content: [text('rows')] }
    })
    made.prompt(name, () => {
      ran.push(`prompt:db/${name}`)
      return { messages: [] }
    })
    made.resource(uriOf(name), () => {
      ran.push(`resource:db/${uriOf(name)}`)
      return { contents: [] }
    })
  }
  return made
}

async function listedBy(wire: Wire, kind: Kind): Promise<string[]> {
  const { result } = await wire.speak(kind.list)
  const items = (result as Record<string, Params[]>)[kind.field] ?? []
  return items.map((item) => String(item[kind.key]))
}

/** What a server says without its id. */
const saidBy = ({ result, error }: Message): string => JSON.stringify({ result, error })

/** The answers of a bare server that has nothing of these names. */
async function unknownTo(
  host: Host,
): Promise<(kind: Kind, name: string, args: Params) => Promise<string>> {
  const made = host.make()
  made.tool('other', () => ({ content: [] }))
  made.prompt('other', () => ({ messages: [] }))
  made.resource('file:///other', () => ({ contents: [] }))
  const wire = await host.connect(made)
  return async (kind, name, args) => saidBy(await wire.speak(kind.call, kind.params(name, args)))
}

const ARGUMENTS: readonly Params[] = [{}, { text: 'ok' }, { text: 'no' }]

describe.each(HOSTS)('$name', (host) => {
  it('lists what may be discovered and whatever any arguments could use, and knows of nothing else', async () => {
    const unknown = await unknownTo(host)
    const seen = { used: 0, hidden: 0, denied: 0 }
    const check = async (policy: string): Promise<void> => {
      const ran: string[] = []
      const engine = createTestEngine({ policy })
      const made = filled(host, ran)
      wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
      const wire = await host.connect(made)
      for (const kind of KINDS) {
        const listed = await listedBy(wire, kind)
        const head = { session: 's', server: 'db', subject: { agent: 'bot' } }
        const visible = await engine.discover(head, [...NAMES], kind.resource)
        expect(listed).toEqual(visible.map(kind.listed))
        for (const name of NAMES)
          for (const args of ARGUMENTS) {
            const answer = saidBy(await wire.speak(kind.call, kind.params(name, args)))
            if (visible.includes(name)) expect(answer).not.toContain('not found')
            else expect(answer).toBe(await unknown(kind, name, args))
            if (!visible.includes(name)) seen.hidden++
            if (answer.includes('Denied by policy')) seen.denied++
          }
        const used = NAMES.filter((name) => ran.includes(kind.resource(name)))
        expect(visible).toEqual(expect.arrayContaining(used))
        seen.used += used.length
      }
      await wire.close()
    }
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 5 }), async (rules) => {
        await check(policyText(rules))
      }),
      { numRuns: 25 },
    )
    // Policies at random that let nobody in, or everybody, would prove nothing.
    expect(Math.min(seen.used, seen.hidden, seen.denied)).toBeGreaterThan(0)
  }, 60_000)
})
