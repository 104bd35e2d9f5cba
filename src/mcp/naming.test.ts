import { describe, expect, it } from 'vitest'
import type { Subject } from '../core/model/call.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import type { Params } from './host.ts'
import { HOSTS, type Wire } from './hosts.fixture.ts'
import { createOwnedTasks, type OwnedTask } from './server/owned-tasks.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** One thing has one name for policies, however it is asked for, and is asked for as it was judged. */

const policyWith = (rules: string, more = ''): string => `
roles:
  - name: some
    rules:
${rules}
bindings:
  - { agent: bot, roles: [some] }
${more}`

async function wireOf(
  host: (typeof HOSTS)[number],
  policy: string,
  fill: (made: ReturnType<typeof host.make>) => void,
): Promise<Wire> {
  const made = host.make()
  fill(made)
  wrapMcpServer(made.server, createTestEngine({ policy }), {
    server: 'db',
    subject: { agent: 'bot' },
  })
  return host.connect(made)
}

describe.each(HOSTS)('$name', (host) => {
  const ALL_BUT_SECRET = policyWith(`
      - { resources: ['resource:db/*'], verbs: [invoke] }
      - { effect: deny, resources: ['resource:db/file:///secret'], verbs: [discover] }`)

  it('denies a resource in every spelling that the SDK reads as it', async () => {
    const wire = await wireOf(host, ALL_BUT_SECRET, (made) => {
      made.resource('file:///secret', (uri) => ({ contents: [{ uri, text: 'the prize' }] }))
      made.resource('file:///open', (uri) => ({ contents: [{ uri, text: 'rows' }] }))
    })
    const spellings = [
      'file:///secret',
      'FILE:///secret',
      'file://localhost/secret',
      'File://LOCALHOST/secret',
      'file:/secret',
      'file:secret',
      'file:///open/../secret',
      'file:///./secret',
      'file:///%73ecret',
      'file:///%2e/secret',
      'file:\\\\\\secret',
      'file:///sec\tret',
      ' file:///secret',
      'file:///secret\n',
    ]
    // Before so many denials that the session is stopped.
    const open = await wire.speak('resources/read', { uri: 'FILE://localhost/open' })
    expect(JSON.stringify(open)).toContain('rows')
    for (const uri of spellings) {
      const answer = JSON.stringify(await wire.speak('resources/read', { uri }))
      expect([uri, answer.includes('the prize')]).toEqual([uri, false])
    }
    await wire.close()
  })

  it('denies a spelling that a policy denies, or that is no name, whatever the SDK reads it as', async () => {
    const policy = policyWith(`
      - { resources: ['resource:db/*'], verbs: [invoke] }
      - { effect: deny, resources: ['resource:db/FILE://localhost/open'], verbs: [invoke] }`)
    const wire = await wireOf(host, policy, (made) => {
      made.resource('file:///open', (uri) => ({ contents: [{ uri, text: 'rows' }] }))
    })
    const reads = async (uri: string): Promise<boolean> =>
      JSON.stringify(await wire.speak('resources/read', { uri })).includes('rows')
    expect(await reads('file:///open')).toBe(true)
    expect(await reads('FILE://localhost/open')).toBe(false)
    expect(await reads('file:///x/../open')).toBe(false)
    await wire.close()
  })

  it('lists and links a resource by each of its spellings, or not at all', async () => {
    const wire = await wireOf(host, ALL_BUT_SECRET, (made) => {
      made.resource('file:///open', () => ({ contents: [] }))
      made.onRequest('resources/list', () => ({
        resources: [
          'file:///open',
          'FILE:///secret',
          'file://localhost/secret',
          'file:///my notes',
        ].map((uri) => ({ uri, name: uri })),
      }))
    })
    const { result } = await wire.speak('resources/list')
    await wire.close()
    expect((result as { resources: { uri: string }[] }).resources.map(({ uri }) => uri)).toEqual([
      'file:///open',
      'file:///my notes',
    ])
  })

  it('reads a resource whose name needs escapes', async () => {
    const policy = policyWith(`
      - { resources: ['resource:db/file:///my%20notes'], verbs: [invoke] }`)
    const wire = await wireOf(host, policy, (made) =>
      made.resource('file:///my%20notes', (uri) => ({ contents: [{ uri, text: 'rows' }] })),
    )
    for (const uri of ['file:///my%20notes', 'file:///my notes'])
      expect(JSON.stringify(await wire.speak('resources/read', { uri }))).toContain('rows')
    await wire.close()
  })

  it('rewrites the params of a method of the host, and what its notifications say', async () => {
    const seen: Params[] = []
    const policy = policyWith(`
      - { effect: compute, resources: ['db.mcp/*'], verbs: [invoke], compute: { set: { count: 5 } } }`)
    const wire = await wireOf(host, policy, (made) => {
      made.onRequest('acme/read', (params) => {
        seen.push(params)
        return {}
      })
      made.onNotification('acme/told', (params) => seen.push(params))
    })
    await wire.speak('acme/read', { count: 900, text: 'x' })
    await wire.notify('acme/told', { count: 900 })
    await wire.settle()
    await wire.close()
    expect(seen.map(({ _meta, ...rest }) => rest)).toEqual([{ count: 5, text: 'x' }, { count: 5 }])
  })

  it('denies what cannot be rewritten', async () => {
    const seen: string[] = []
    const policy = policyWith(`
      - { effect: compute, resources: ['resource:db/*', 'prompt:db/*'], verbs: [invoke], compute: { set: { uri: 'file:///other', value: y } } }`)
    const wire = await wireOf(host, policy, (made) => {
      made.resource('file:///a', (uri) => {
        seen.push(uri)
        return { contents: [{ uri, text: 'rows' }] }
      })
      made.prompt(
        'ask',
        ({ value }) => {
          seen.push(String(value))
          return { messages: [] }
        },
        (value) => {
          seen.push(value)
          return [value]
        },
      )
    })
    const asked = await wire.speak('resources/read', { uri: 'file:///a' })
    expect(asked.error?.message).toContain('constraint_unverifiable')
    await wire.speak('completion/complete', {
      ref: { type: 'ref/prompt', name: 'ask' },
      argument: { name: 'value', value: 'x' },
    })
    expect(seen).toEqual([])
    // The arguments of a prompt can be.
    await wire.speak('prompts/get', { name: 'ask', arguments: { value: 'x' } })
    await wire.close()
    expect(seen).toEqual(['y'])
  })
})

describe('tasks that are known', () => {
  const closed: Subject[] = []
  const task = (subject: Subject): OwnedTask =>
    ({ ticket: { subject, finish: () => closed.push(subject) } }) as unknown as OwnedTask

  it('are forgotten for want of room by their owner first', () => {
    const tasks = createOwnedTasks()
    const [ann, bob] = [
      { agent: 'bot', user: 'ann' },
      { agent: 'bot', user: 'bob' },
    ]
    tasks.add('of ann', task(ann))
    for (let count = 0; count < 1_001; count++) tasks.add(`of bob ${count}`, task(bob))
    expect(tasks.of('of ann', ann)).toBeDefined()
    expect(tasks.of('of bob 0', bob)).toBeUndefined()
    expect(tasks.of('of bob 1', bob)).toBeDefined()
    expect(tasks.of('of bob 1000', bob)).toBeDefined()
    // What can no longer be fetched is over.
    expect(closed).toEqual([bob])
  })

  it('are those of one user of one tenant', () => {
    const tasks = createOwnedTasks()
    tasks.add('t', task({ agent: 'bot', user: 'ann', tenant: 'one' }))
    expect(tasks.of('t', { agent: 'bot', user: 'ann', tenant: 'two' })).toBeUndefined()
    expect(tasks.of('t', { agent: 'bot', user: 'ann' })).toBeUndefined()
    expect(tasks.of('t', undefined)).toBeUndefined()
    expect(tasks.of(5, { agent: 'bot', user: 'ann', tenant: 'one' })).toBeUndefined()
  })
})
