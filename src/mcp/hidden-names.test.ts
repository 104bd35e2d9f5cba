import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import type { Params } from './host.ts'
import { HOSTS, type Host, text } from './hosts.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** A caller who may use all but what is hidden learns by no request which names those are. */

const POLICY = parsePolicy(`
roles:
  - name: most
    rules:
      - { resources: ['db.*', 'prompt:db/*', 'resource:db/*'], verbs: [invoke] }
      - effect: deny
        resources:
          - db.hidden
          - prompt:db/hidden
          - resource:db/file:///hidden
          - resource:db/file:///hidden/*
          - db.mcp/acme/hidden
        verbs: [discover]
bindings:
  - { agent: bot, roles: [most] }
`)

const PROMPT = { type: 'ref/prompt', name: 'hidden' }
const TEMPLATE = { type: 'ref/resource', uri: 'file:///hidden/{id}' }
const ID = { name: 'id', value: '' }

/** What asks for what is hidden, in forms of the protocol and in others. */
const ASKED: readonly (readonly [string, Params])[] = [
  ...[{}, { arguments: {} }, { arguments: 'x' }, { arguments: [] }, { arguments: null }].map(
    (more) => ['tools/call', { name: 'hidden', ...more }] as const,
  ),
  ...[{ task: {} }, { task: { ttl: 5 } }, { task: 'x' }, { arguments: { a: 'x'.repeat(3e6) } }].map(
    (more) => ['tools/call', { name: 'hidden', ...more }] as const,
  ),
  ['tools/call', { name: 'hidden', _meta: { 'callgate/approval': 'call-1' } }],
  ['tools/call', { name: 'hidden', requestState: 'callgate1.x.y', inputResponses: {} }],
  ...[{}, { arguments: 5 }, { arguments: { value: 5 } }, { arguments: { value: 'x' } }].map(
    (more) => ['prompts/get', { name: 'hidden', ...more }] as const,
  ),
  ['resources/read', { uri: 'file:///hidden' }],
  ['resources/read', { uri: 'FILE://localhost/hidden', more: 1 }],
  ['completion/complete', { ref: PROMPT, argument: { name: 'value', value: '' } }],
  ['completion/complete', { ref: PROMPT }],
  ['completion/complete', { ref: PROMPT, argument: 5 }],
  ['completion/complete', { ref: { ...PROMPT, type: 'ref/other' }, argument: ID }],
  ['completion/complete', { ref: TEMPLATE, argument: ID }],
  ['completion/complete', { ref: TEMPLATE, argument: { name: 'id', value: 5 } }],
  ['completion/complete', { ref: TEMPLATE, argument: ID, context: 5 }],
  ['acme/hidden', {}],
  ['acme/hidden', { id: 1 }],
]

async function answerOf(host: Host, method: string, params: Params): Promise<string> {
  const made = host.make()
  made.tool('hidden', () => ({ content: [text('here')] }), { input: ['needed'] })
  made.prompt(
    'hidden',
    () => ({ messages: [] }),
    () => ['here'],
  )
  made.resource('file:///hidden', (uri) => ({ contents: [{ uri, text: 'here' }] }))
  made.template('hidden', 'file:///hidden/{id}', (uri) => ({ contents: [{ uri, text: 'here' }] }), {
    complete: () => ['here'],
  })
  made.onRequest('acme/hidden', () => ({ note: 'here' }))
  const engine = createTestEngine({ policy: POLICY })
  wrapMcpServer(made.server, engine, { server: 'db', subject: { agent: 'bot' } })
  const wire = await host.connect(made)
  const answer = await wire.speak(method, params)
  await wire.close()
  return JSON.stringify(answer)
}

/** The same with a name of the same length that nothing has. */
function unknown<T>(asked: T): T {
  return JSON.parse(JSON.stringify(asked).replaceAll('hidden', 'absent')) as T
}

describe.each(HOSTS)('$name', (host) => {
  it('answers for what is hidden as for what is not there, in whatever form it is asked', async () => {
    for (const [method, params] of ASKED) {
      const hidden = await answerOf(host, method, params)
      const absent = await answerOf(host, unknown(method), unknown(params))
      expect([method, params, unknown(hidden)]).toEqual([method, params, absent])
      expect(absent).not.toContain('here')
    }
  })

  it('takes no tool for a method of the protocol, whatever it is called', async () => {
    const made = host.make()
    made.tool('mcp/acme/note', () => ({ content: [text('the prize')] }))
    made.onRequest('acme/note', () => ({ note: 'noted' }))
    const policy = parsePolicy(`
roles:
  - { name: methods, rules: [{ resources: ['db.mcp/*'], verbs: [invoke] }] }
bindings:
  - { agent: bot, roles: [methods] }
`)
    const options = { server: 'db', subject: { agent: 'bot' } }
    wrapMcpServer(made.server, createTestEngine({ policy }), options)
    const wire = await host.connect(made)
    const call = await wire.speak('tools/call', { name: 'mcp/acme/note', arguments: {} })
    const list = await wire.speak('tools/list')
    const method = await wire.speak('acme/note')
    await wire.close()
    expect(JSON.stringify(call)).not.toContain('the prize')
    expect(list.result).toMatchObject({ tools: [] })
    expect(method.result).toMatchObject({ note: 'noted' })
  })
})
