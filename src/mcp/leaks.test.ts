import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { isObject, type Params } from './host.ts'
import { HOSTS, type Host, type HostServer, type Told, text, type Wire } from './hosts.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** Text that leaves a server beside the results of calls, or in a form that is not the one that was looked at. */

const MAIL = 'jane.doe@acme.test'
const ALL = '[db.*, prompt:db/*, resource:db/*]'

/** `bot` may use what is named, `low` only the tool `a`. Addresses are taken out. */
function policyOf(resources: string): string {
  return `
roles:
  - { name: some, rules: [{ resources: ${resources}, verbs: [invoke] }] }
  - { name: few, rules: [{ resources: [db.a], verbs: [invoke] }] }
bindings:
  - { agent: bot, roles: [some] }
  - { agent: low, roles: [few] }
redaction: {}
`
}

interface Asked {
  readonly host: Host
  readonly policy?: string
  readonly mode?: 'observe'
  readonly subject?: () => { agent: string }
  readonly fill: (made: HostServer) => void
}

async function served({
  host,
  policy = policyOf(ALL),
  mode,
  subject = () => ({ agent: 'bot' }),
  fill,
}: Asked): Promise<{ made: HostServer; wire: Wire }> {
  const made = host.make()
  fill(made)
  const engine = createTestEngine({ policy, ...(mode === undefined ? {} : { mode }) })
  wrapMcpServer(made.server, engine, { server: 'db', subject })
  return { made, wire: await host.connect(made) }
}

/** What was sent, as most transports would write it. */
async function heardBy(wire: Wire): Promise<string> {
  await wire.settle()
  const heard = JSON.stringify(wire.heard)
  await wire.close()
  return heard
}

/** Gives another form of itself as JSON. */
class Given {
  readonly #json: unknown
  constructor(fields: object, json: unknown) {
    Object.assign(this, fields)
    this.#json = json
  }
  toJSON(): unknown {
    return this.#json
  }
}

const LISTS = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'] as const

describe.each(HOSTS)('$name', (host) => {
  it('says nothing in place of a list but to who may read what it says by itself', async () => {
    const fill = (made: HostServer): void => {
      for (const method of LISTS)
        made.onRequest(method, () => {
          throw Object.assign(new Error(`no answer from ${MAIL}`), { code: -32000, data: MAIL })
        })
    }
    const said = async (policy: string): Promise<string> => {
      const { wire } = await served({ host, policy, fill })
      for (const method of LISTS) await wire.speak(method)
      return heardBy(wire)
    }
    const few = await said(policyOf('[db.a]'))
    expect(few).not.toMatch(/jane|no answer from/)
    expect(few.match(/"code":-32000/g)).toHaveLength(LISTS.length)
    const all = await said(policyOf(ALL))
    expect(all).not.toContain('jane')
    expect(all).toContain('no answer from')
  })

  it('sends what was looked at, whatever a result gives of itself as JSON', async () => {
    const secret = { content: [text(MAIL)] }
    const hidden = { tools: [{ name: 'hidden', inputSchema: { type: 'object' } }] }
    const { wire } = await served({
      host,
      policy: policyOf('[db.a, db.mcp/*]'),
      fill(made) {
        made.onRequest('acme/one', () => new Given({ content: [text('rows')] }, secret))
        made.onRequest('acme/two', () => ({ inner: new Given({}, new Given({}, secret)) }))
        made.onRequest('acme/three', () => new Given(secret, new Given(secret, secret)))
        made.onRequest('tools/list', () => new Given({ tools: [] }, hidden))
        made.onRequest('prompts/list', () => ({
          prompts: [new Given({ name: 'a' }, { name: 'hidden' })],
        }))
      },
    })
    for (const method of ['acme/one', 'acme/two', 'acme/three', 'tools/list', 'prompts/list'])
      await wire.speak(method)
    expect(await heardBy(wire)).not.toMatch(/jane|hidden/)
  })

  it('throws what was thrown, also where that calls itself an error result', async () => {
    const { wire } = await served({
      host,
      fill: (made) =>
        made.prompt('p', () => {
          throw Object.assign(new Error('out of order'), { isError: true })
        }),
    })
    const answer = await wire.speak('prompts/get', { name: 'p', arguments: { value: 'x' } })
    await wire.close()
    expect(answer.error).toMatchObject({ message: 'out of order' })
  })

  it('closes a call whose result only looks like a task', async () => {
    const made = host.make()
    made.onRequest('acme/add', () => ({ task: { taskId: 't1', title: 'milk' } }))
    const engine = createTestEngine({ policy: policyOf(ALL) })
    wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
    const wire = await host.connect(made)
    const { result } = await wire.speak('acme/add')
    await wire.close()
    expect(result).toMatchObject({ task: { title: 'milk' } })
    expect(engine.records().map(({ kind }) => kind)).toEqual(['decision', 'outcome'])
  })

  it('looks at all that notifications of the protocol say', async () => {
    const said: readonly (readonly [string, Params])[] = [
      ['notifications/cancelled', { requestId: 9, reason: `asked by ${MAIL}` }],
      ['notifications/tools/list_changed', { _meta: { by: MAIL } }],
      ['notifications/progress', { progressToken: 9, progress: 1, note: MAIL }],
      ['notifications/resources/updated', { uri: 'file:///a', title: MAIL }],
    ]
    for (const policy of [policyOf(ALL), policyOf('[db.a, "resource:db/*"]')]) {
      const { made, wire } = await served({ host, policy, fill: () => undefined })
      for (const [method, params] of said)
        await made.inner.transport?.send({ jsonrpc: '2.0', method, params })
      const heard = await heardBy(wire)
      expect(heard).not.toContain('jane')
      expect(heard).toMatch(/"requestId":9.*"progress":1/)
      // Of a change the 2026-07-28 protocol tells those who listen.
      if (host.era === 'legacy') expect(heard).toMatch(/list_changed.*file:\/\/\/a/)
    }
  })

  it('changes nothing where it only observes', async () => {
    const { wire } = await served({
      host,
      policy: policyOf('[db.a]'),
      mode: 'observe',
      fill: (made) =>
        made.onRequest('tools/list', () => ({ tools: [], ttlMs: 5, cacheScope: 'public' })),
    })
    const { result } = await wire.speak('tools/list')
    await wire.close()
    expect(result).toMatchObject({ cacheScope: 'public' })
  })
})

describe.each(HOSTS.filter(({ era }) => era === 'legacy'))('on a connection of $name', (host) => {
  it('says nothing to one caller that only another may read', async () => {
    let agent = 'bot'
    const { made, wire } = await served({
      host,
      subject: () => ({ agent }),
      fill: (given) => given.tool('a', () => ({ content: [] })),
    })
    const turn = async (data: string): Promise<void> => {
      await wire.speak('tools/call', { name: 'a', arguments: {} })
      await made.notify('notifications/message', { level: 'info', data })
    }
    await turn('to bot')
    agent = 'low'
    await turn('not to low')
    const heard = await heardBy(wire)
    expect([heard.includes('to bot'), heard.includes('not to low')]).toEqual([true, false])
  })

  it('says nothing in the name of whoever happens to make it speak', async () => {
    const made = host.make()
    made.tool('a', () => ({ content: [] }))
    const engine = createTestEngine({ policy: policyOf(ALL) })
    wrapMcpServer(made.server, engine, { server: 'db' })
    const wire = await engine.run({ subject: { agent: 'low' } }, () => host.connect(made))
    const tell = (data: string) => made.notify('notifications/message', { level: 'info', data })
    await engine.run({ subject: { agent: 'bot' }, session: 's1' }, () => tell('of another'))
    const before = wire.heard.length
    await engine.run({ subject: { agent: 'low' } }, () =>
      wire.speak('tools/call', { name: 'a', arguments: {} }),
    )
    await engine.run({ subject: { agent: 'bot' }, session: 's1' }, () => tell('of another'))
    expect(wire.heard.length).toBeGreaterThan(before)
    expect(await heardBy(wire)).not.toContain('of another')
  })

  it('takes what is said of a call that is over for none of those that run', async () => {
    let late: Told | undefined
    let end = (): void => undefined
    const { wire } = await served({
      host,
      policy: policyOf('[db.done, db.slow]'),
      fill(given) {
        given.tool('done', (_args, told) => {
          late = told
          return { content: [] }
        })
        given.tool('slow', () => new Promise((done) => (end = () => done({ content: [] }))))
      },
    })
    await wire.speak('tools/call', { name: 'done', arguments: {} })
    const slow = wire.speak('tools/call', { name: 'slow', arguments: {} })
    await wire.settle()
    await late?.notify('notifications/message', { level: 'info', data: 'too late' })
    end()
    await slow
    expect(await heardBy(wire)).not.toContain('too late')
  })

  it('looks at what is said on a transport that came past its own `connect`', async () => {
    const { made, wire } = await served({
      host: {
        ...host,
        connect(given) {
          const { connect } = Object.getPrototypeOf(given.inner) as HostServer['inner']
          Object.assign(given.server, {
            connect: (transport: never) => connect.call(given.inner, transport),
          })
          return host.connect(given)
        },
      },
      fill: (given) =>
        given.tool('a', async (_args, told) => {
          await told.notify('notifications/message', { level: 'info', data: MAIL })
          return { content: [] }
        }),
    })
    await wire.speak('tools/call', { name: 'a', arguments: {} })
    expect(isObject(made.inner.transport)).toBe(true)
    expect(await heardBy(wire)).not.toContain('jane')
  })

  it('is connected as its class connects now', async () => {
    const { made } = await servedUnconnected(host)
    const prototype = Object.getPrototypeOf(made.inner) as HostServer['inner']
    const own = Object.getOwnPropertyDescriptor(prototype, 'connect')
    const { connect } = prototype
    let connected = 0
    prototype.connect = function counted(...given): Promise<void> {
      connected += 1
      return connect.apply(this, given)
    }
    try {
      await (await host.connect(made)).close()
    } finally {
      if (own === undefined) Reflect.deleteProperty(prototype, 'connect')
      else Object.defineProperty(prototype, 'connect', own)
    }
    expect(connected).toBe(1)
  })

  it('is not spoken on where what is sent cannot be guarded', async () => {
    const { made } = await servedUnconnected(host)
    const none = (): Promise<void> => Promise.resolve()
    const transport = Object.freeze({ start: none, close: none, send: none })
    await expect(made.inner.connect(transport)).rejects.toMatchObject({
      code: 'ERR_HOST_UNSUPPORTED',
    })
  })
})

async function servedUnconnected(host: Host): Promise<{ made: HostServer }> {
  const made = host.make()
  made.tool('a', () => ({ content: [] }))
  const engine = createTestEngine({ policy: policyOf(ALL) })
  wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
  return { made }
}
