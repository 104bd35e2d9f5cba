import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import type { Message, Params } from './host.ts'
import { HOSTS, type Host, type HostServer, text } from './hosts.fixture.ts'
import { policyOf } from './matrix.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

/** What may not be known of is answered as what is not there: the whole message, byte for byte. */

function filled(host: Host): HostServer {
  const made = host.make()
  const read = (uri: string): unknown => ({ contents: [{ uri, text: 'here' }] })
  made.tool('there', () => ({ content: [text('here')] }))
  made.prompt(
    'there',
    () => ({ messages: [] }),
    () => ['here'],
  )
  made.resource('file:///there', read)
  made.template('there', 'file:///there/{id}', read, { complete: () => ['here'] })
  made.onRequest('acme/there', () => ({ note: 'here' }))
  return made
}

/** The answer of a server to one request, as text, with what it was asked for under another name. */
async function answerOf(
  host: Host,
  made: HostServer,
  method: string,
  params: Params,
): Promise<string> {
  const wire = await host.connect(made)
  const answer: Message = await wire.speak(method, params)
  await wire.close()
  return JSON.stringify(answer)
}

const URIS = ['file:///there', 'FILE://localhost/there', 'file:///there/7', 'http://there']

/** What is asked for, with `there` for what is hidden. */
const ASKED: readonly (readonly [string, Params])[] = [
  ['tools/call', { name: 'there' }],
  ['tools/call', { name: 'there', arguments: { text: 'x' } }],
  ['tools/call', { name: 'there', arguments: { text: 1 } }],
  ['prompts/get', { name: 'there', arguments: { value: 'x' } }],
  ['prompts/get', { name: 'there' }],
  ...URIS.map((uri) => ['resources/read', { uri }] as const),
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'there' }, argument: { name: 'value', value: '' } },
  ],
  [
    'completion/complete',
    {
      ref: { type: 'ref/resource', uri: 'file:///there/{id}' },
      argument: { name: 'id', value: '' },
    },
  ],
  ['acme/there', {}],
  ['acme/there', { id: 1 }],
]

/** The same with a name of the same length that nothing has. */
function unknown<T>(asked: T): T {
  return JSON.parse(JSON.stringify(asked).replaceAll('there', 'nohow')) as T
}

describe.each(HOSTS)('$name', (host) => {
  it.each(ASKED)(
    'answers %s of what is hidden as of what is unknown: %j',
    async (method, params) => {
      const engine = createTestEngine({ policy: policyOf([]) })
      const hidden = filled(host)
      wrapMcpServer(hidden.server, engine, { server: 'db', subject: { agent: 'bot' } })
      const said = await answerOf(host, hidden, method, params)
      const bare = await answerOf(host, filled(host), unknown(method), unknown(params))
      expect(said.replaceAll('there', 'nohow')).toBe(bare)
      expect(bare).not.toContain('here')
    },
  )

  it('answers what is unknown the same with and without the wrap', async () => {
    const engine = createTestEngine({ policy: policyOf([]) })
    for (const [method, params] of [...ASKED, ['resources/read', { uri: 'no uri' }] as const]) {
      const wrapped = filled(host)
      wrapMcpServer(wrapped.server, engine, { server: 'db', subject: { agent: 'bot' } })
      expect(await answerOf(host, wrapped, unknown(method), unknown(params))).toBe(
        await answerOf(host, filled(host), unknown(method), unknown(params)),
      )
    }
  })
})
