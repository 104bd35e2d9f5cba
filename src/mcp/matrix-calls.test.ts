import { describe, expect, it } from 'vitest'
import type { Params } from './host.ts'
import { HOSTS, type HostServer, type Run, text } from './hosts.fixture.ts'
import { type Ran, RULES, type Way } from './matrix.fixture.ts'

/** Ways in: every request and notification of a client, however the host has come to answer it. */

const tool =
  (ran: Ran): Run =>
  () => ({ content: [text(ran('tool'))] })

const reads = (ran: Ran) => (uri: string) => ({ contents: [{ uri, text: ran('resource') }] })

const prompts =
  (ran: Ran): Run =>
  () => ({ messages: [{ role: 'user', content: text(ran('prompt')) }] })

const other = (made: HostServer): void => {
  made.tool('other', () => ({ content: [text('other')] }))
}

const CALL = (name = 'read'): Pick<Way, 'use'> => ({
  use: (wire) => wire.speak('tools/call', { name, arguments: { text: 'x' } }),
})

const ask = (method: string, params: Params = {}): Pick<Way, 'use'> => ({
  use: (wire) => wire.speak(method, params),
})

const TOOLS: readonly Way[] = [
  {
    name: 'a tool registered before',
    before: (made, ran) => made.tool('read', tool(ran)),
    ...CALL(),
  },
  {
    name: 'a tool registered after',
    after: (made, ran) => made.tool('read', tool(ran)),
    ...CALL(),
  },
  {
    name: 'a tool registered once connected',
    before: other,
    late: (made, ran) => made.tool('read', tool(ran)),
    ...CALL(),
  },
  {
    name: 'a tool whose callback was replaced',
    before: (made) => {
      made.tool('read', () => ({ content: [text('old')] }))
    },
    after(made, ran) {
      const { update } = made.tool('late', () => ({ content: [text('old')] }))
      update({ callback: made.callback(tool(ran)) })
    },
    ...CALL('late'),
  },
  {
    name: 'a tool that was renamed',
    before: (made, ran) => made.tool('read', tool(ran)).update({ name: 'renamed' }),
    ...CALL('renamed'),
  },
  {
    name: 'a tool that was renamed once connected',
    before: other,
    late: (made, ran) => made.tool('read', tool(ran)).update({ name: 'renamed' }),
    ...CALL('renamed'),
  },
  {
    name: 'a tool that was disabled and enabled',
    before(made, ran) {
      const handle = made.tool('read', tool(ran))
      handle.disable()
      handle.enable()
    },
    ...CALL(),
  },
  {
    name: 'a tool of the name of another that was removed',
    before: (made) => made.tool('read', () => ({ content: [text('old')] })).remove(),
    after: (made, ran) => made.tool('read', tool(ran)),
    ...CALL(),
  },
  {
    name: 'a low-level handler of tools/call set before',
    before: (made, ran) => made.onRequest('tools/call', () => ({ content: [text(ran('low'))] })),
    ...CALL(),
  },
  {
    name: 'a low-level handler of tools/call set after',
    before: other,
    after: (made, ran) => made.onRequest('tools/call', () => ({ content: [text(ran('low'))] })),
    ...CALL(),
  },
  {
    name: 'a low-level handler of tools/call set once connected',
    before: other,
    late: (made, ran) => made.onRequest('tools/call', () => ({ content: [text(ran('low'))] })),
    ...CALL(),
  },
  {
    name: 'a tool that throws',
    before: (made, ran) =>
      made.tool('read', () => {
        throw new Error(ran('tool'))
      }),
    ...CALL(),
  },
  {
    name: 'a tool that says of itself that it failed',
    before: (made, ran) =>
      made.tool('read', () => ({ content: [text(ran('tool'))], isError: true })),
    ...CALL(),
  },
  {
    name: 'a tool that answers later',
    before: (made, ran) =>
      made.tool('read', async (args) => {
        await new Promise((resolve) => setImmediate(resolve))
        return tool(ran)(args, undefined as never)
      }),
    ...CALL(),
  },
  {
    name: 'a structured result',
    of: ({ major, isOldest }) => major === 2 || !isOldest,
    before: (made, ran) =>
      made.tool('read', () => ({ content: [], structuredContent: { row: ran('tool') } }), {
        output: { row: 'string' },
      }),
    ...CALL(),
  },
]

const LISTS: readonly Way[] = [
  {
    name: 'tools/list',
    kind: 'lists',
    before: (made, ran) => made.tool('read', tool(ran), { meta: { note: ran('listed') } }),
    of: ({ major, isOldest }) => major === 2 || !isOldest,
    ...ask('tools/list'),
  },
  {
    name: 'a low-level handler of tools/list',
    kind: 'lists',
    before: other,
    after: (made, ran) =>
      made.onRequest('tools/list', () => ({
        tools: [{ name: 'read', description: ran('listed'), inputSchema: { type: 'object' } }],
      })),
    ...ask('tools/list'),
  },
  {
    name: 'resources/list',
    kind: 'lists',
    before: (made, ran) =>
      made.template('rows', 'file:///rows/{id}', reads(ran), {
        list: () => [{ uri: 'file:///rows/1', name: ran('listed') }],
      }),
    ...ask('resources/list'),
  },
  {
    name: 'resources/templates/list',
    kind: 'lists',
    before: (made, ran) => made.template(ran('listed'), 'file:///rows/{id}', reads(ran)),
    ...ask('resources/templates/list'),
  },
  {
    name: 'prompts/list',
    kind: 'lists',
    after: (made, ran) =>
      made.onRequest('prompts/list', () => ({
        prompts: [{ name: 'ask', description: ran('listed') }],
      })),
    ...ask('prompts/list'),
  },
]

const RESOURCES: readonly Way[] = [
  {
    name: 'resources/read registered before',
    before: (made, ran) => made.resource('file:///a', reads(ran)),
    ...ask('resources/read', { uri: 'file:///a' }),
  },
  {
    name: 'resources/read registered after',
    after: (made, ran) => made.resource('file:///a', reads(ran)),
    ...ask('resources/read', { uri: 'file:///a' }),
  },
  {
    name: 'resources/read of a template',
    before: (made, ran) => made.template('rows', 'file:///rows/{id}', reads(ran)),
    ...ask('resources/read', { uri: 'file:///rows/7' }),
  },
  {
    name: 'resources/read in another spelling',
    before: (made, ran) => made.resource('file:///a', reads(ran)),
    ...ask('resources/read', { uri: 'FILE://localhost/a' }),
  },
  {
    name: 'a resource whose callback was replaced',
    before(made, ran) {
      const handle = made.resource('file:///a', () => ({ contents: [] }))
      handle.update({ callback: (uri: URL) => reads(ran)(uri.href) })
    },
    ...ask('resources/read', { uri: 'file:///a' }),
  },
  {
    name: 'a low-level handler of resources/read',
    before: (made) => made.resource('file:///a', () => ({ contents: [] })),
    after: (made, ran) => made.onRequest('resources/read', ({ uri }) => reads(ran)(String(uri))),
    ...ask('resources/read', { uri: 'file:///a' }),
  },
  {
    name: 'resources/subscribe',
    of: ({ era }) => era === 'legacy',
    before: (made, ran) =>
      made.onRequest('resources/subscribe', () => ({ _meta: { note: ran('subscribed') } })),
    ...ask('resources/subscribe', { uri: 'file:///a' }),
  },
  {
    name: 'resources/unsubscribe',
    of: ({ era }) => era === 'legacy',
    after: (made, ran) =>
      made.onRequest('resources/unsubscribe', () => ({ _meta: { note: ran('unsubscribed') } })),
    ...ask('resources/unsubscribe', { uri: 'file:///a' }),
  },
]

const PROMPTS: readonly Way[] = [
  {
    name: 'prompts/get registered before',
    before: (made, ran) => made.prompt('ask', prompts(ran)),
    ...ask('prompts/get', { name: 'ask', arguments: { value: 'q' } }),
  },
  {
    name: 'prompts/get registered after',
    after: (made, ran) => made.prompt('ask', prompts(ran)),
    ...ask('prompts/get', { name: 'ask', arguments: { value: 'q' } }),
  },
  {
    name: 'a prompt that was renamed',
    before: (made, ran) => made.prompt('ask', prompts(ran)).update({ name: 'renamed' }),
    ...ask('prompts/get', { name: 'renamed', arguments: { value: 'q' } }),
  },
  {
    name: 'completion of a prompt',
    before: (made, ran) => made.prompt('ask', prompts(ran), () => [ran('completed')]),
    ...ask('completion/complete', {
      ref: { type: 'ref/prompt', name: 'ask' },
      argument: { name: 'value', value: '' },
    }),
  },
  {
    name: 'completion of a template',
    before: (made, ran) =>
      made.template('rows', 'file:///rows/{id}', reads(ran), {
        complete: () => [ran('completed')],
      }),
    ...ask('completion/complete', {
      ref: { type: 'ref/resource', uri: 'file:///rows/{id}' },
      argument: { name: 'id', value: '' },
    }),
  },
]

const METHODS: readonly Way[] = [
  {
    name: 'a method of the host registered before',
    before: (made, ran) => made.onRequest('acme/read', () => ({ note: ran('custom') })),
    ...ask('acme/read', { id: 1 }),
  },
  {
    name: 'a method of the host registered after',
    after: (made, ran) => made.onRequest('acme/read', () => ({ note: ran('custom') })),
    ...ask('acme/read', { id: 1 }),
  },
  {
    name: 'a method of the host registered once connected',
    late: (made, ran) => made.onRequest('acme/read', () => ({ note: ran('custom') })),
    ...ask('acme/read', { id: 1 }),
  },
  {
    name: 'a handler of the rest set before',
    before: (made, ran) => {
      made.inner.fallbackRequestHandler = () => ({ note: ran('rest') })
    },
    ...ask('acme/unheard', { id: 1 }),
  },
  {
    name: 'a handler of the rest set after',
    after: (made, ran) => {
      made.inner.fallbackRequestHandler = () => ({ note: ran('rest') })
    },
    ...ask('acme/unheard', { id: 1 }),
  },
  {
    name: 'a handler of the rest that is asked for a tool',
    isUnlisted: ({ major, isOldest }) => major === 1 && isOldest,
    after: (made, ran) => {
      made.inner._requestHandlers.delete('tools/call')
      made.inner.fallbackRequestHandler = () => ({ content: [text(ran('rest'))] })
    },
    ...CALL(),
  },
  {
    name: 'a handler put past setRequestHandler',
    after: (made, ran) => {
      made.inner._requestHandlers.set('acme/raw', () => ({ note: ran('raw') }))
    },
    ...ask('acme/raw'),
  },
  {
    name: 'logging/setLevel',
    of: ({ era }) => era === 'legacy',
    before: (made, ran) =>
      made.onRequest('logging/setLevel', () => ({ _meta: { note: ran('level') } })),
    ...ask('logging/setLevel', { level: 'debug' }),
  },
  {
    name: 'a notification of the host',
    before: (made, ran) => made.onNotification('acme/told', () => ran('told')),
    kind: 'silent',
    use: (wire) => wire.notify('acme/told', { id: 1 }),
  },
  {
    name: 'a notification of the host registered after',
    after: (made, ran) => made.onNotification('acme/told', () => ran('told')),
    kind: 'silent',
    use: (wire) => wire.notify('acme/told', { id: 1 }),
  },
  {
    name: 'a handler of the rest of notifications',
    after: (made, ran) => {
      made.inner.fallbackNotificationHandler = async () => {
        ran('told')
      }
    },
    kind: 'silent',
    use: (wire) => wire.notify('acme/unheard', { id: 1 }),
  },
]

describe.each(HOSTS)('$name', (host) => {
  const ways = [...TOOLS, ...LISTS, ...RESOURCES, ...PROMPTS, ...METHODS].filter(
    ({ of }) => of?.(host) ?? true,
  )
  describe.each(ways)('$name', (way) => {
    it.each(RULES)('$rule', async ({ check }) => check(host, way))
  })

  it('has all of its ways here', () => {
    expect(ways.length).toBeGreaterThanOrEqual(host.era === 'modern' ? 41 : 42)
  })
})
