import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { collect, MAJORS } from '../clients.fixture.ts'
import { type Item, response, responseEvents } from '../responses.fixture.ts'
import { startUpstream, type Upstream } from '../upstream.fixture.ts'
import { wrapOpenAIClient } from '../wrap-openai-client.ts'

const POLICY = `
servers: [db, crm]
redaction: { on: [response], classes: [pii], action: label }
roles:
  - name: some
    rules:
      - { resources: ['model:openai/gpt-4o', db.read, crm.read, 'openai.api/get/responses/_'], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [some] }
`

const message = (text: string): Item => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
})
const fn = (name: string, args = '{}'): Item => ({
  type: 'function_call',
  id: `fc_${name}`,
  call_id: `call_${name}`,
  name,
  arguments: args,
  status: 'completed',
})

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

const CASES: readonly [string, Item][] = [
  ['a function', fn('rm')],
  ['a function with arguments that are no JSON', { ...fn('db__read', '{'), id: 'fc_odd' }],
  ['a custom tool', { type: 'custom_tool_call', id: 'ct_1', call_id: 'c', name: 'rm', input: 'x' }],
  [
    'a call that an MCP server would like to make',
    {
      type: 'mcp_approval_request',
      id: 'mcpr_1',
      server_label: 'crm',
      name: 'drop',
      arguments: '{}',
    },
  ],
  [
    'a call that an MCP server has made',
    {
      type: 'mcp_call',
      id: 'mcp_1',
      server_label: 'crm',
      name: 'drop',
      arguments: '{}',
      output: 'done',
    },
  ],
  [
    'a computer',
    {
      type: 'computer_call',
      id: 'cu_1',
      call_id: 'c',
      action: { type: 'click', x: 1, y: 2 },
      status: 'completed',
    },
  ],
  [
    'a shell',
    {
      type: 'local_shell_call',
      id: 'sh_1',
      call_id: 'c',
      action: { type: 'exec', command: ['rm'] },
      status: 'completed',
    },
  ],
]

describe.each(MAJORS)('responses of a wrapped client of openai $major', ({ make }) => {
  const client = (policy = POLICY) => {
    const engine = createTestEngine({ policy })
    const one = make({ baseURL: upstream.baseURL })
    return { engine, client: wrapOpenAIClient(one, engine, { subject: { agent: 'bot' } }) }
  }
  const ASK = { model: 'gpt-4o', input: 'hello' }

  it.each(CASES)('have a note in the place of %s that is denied', async (_what, item) => {
    upstream.answer({ json: response([message('hi'), item, fn('db__read')]) })
    const answered = await client().client.responses.create(ASK)
    expect(answered.output.map(({ type }) => type)).toEqual(['message', 'message', 'function_call'])
    expect(answered.output_text).toMatch(/^hiThe call of `.*` was taken out\. Denied by policy/)
    expect(answered.output.map(({ id }) => id)).not.toContain(item['id'])
  })

  it.each(CASES)('have it in a stream too, for %s', async (_what, item) => {
    upstream.answer({ sse: responseEvents([message('hi'), item, fn('db__read')]) })
    const { client: one, engine } = client()
    const events = await collect(await one.responses.create({ ...ASK, stream: true }))
    const numbers = events.map((event) => (event as { sequence_number: number }).sequence_number)
    expect(numbers).toEqual(numbers.map((_, index) => index))
    const last = events.at(-1)
    const output = last?.type === 'response.completed' ? last.response.output : []
    expect(output.map(({ type }) => type)).toEqual(['message', 'message', 'function_call'])
    const done = events.flatMap((event) =>
      event.type === 'response.output_item.done' ? [event.item] : [],
    )
    expect(done).toEqual(output)
    const said = events.flatMap((event) =>
      event.type === 'response.output_text.delta' ? [event.delta] : [],
    )
    expect(said.join('')).toMatch(/^hiThe call of/)
    const denied = engine.records().filter(({ status }) => status === 'denied')
    expect([denied.length, engine.records().at(-1)?.cost_nusd]).toEqual([1, 500_000_000])
  })

  it('are judged when they are asked for again', async () => {
    upstream.answer({ json: response([fn('rm')]) })
    const { client: one } = client()
    expect((await one.responses.retrieve('resp_1')).output.map(({ type }) => type)).toEqual([
      'message',
    ])
  })

  it('tell that a stream has ended too early', async () => {
    upstream.answer({ sse: responseEvents([message('hi')]).slice(0, 4) })
    const stream = await client().client.responses.create({ ...ASK, stream: true })
    await expect(collect(stream)).rejects.toMatchObject({ code: 'stream_truncated' })
  })

  it('go on as they came where nothing is taken out', async () => {
    const events = responseEvents([message('hi there'), fn('db__read', '{"a":1}')])
    upstream.answer({ sse: events })
    const bare = await collect(
      await make({ baseURL: upstream.baseURL }).responses.create({ ...ASK, stream: true }),
    )
    const { client: one } = client(POLICY.replace(/^redaction.*$/m, ''))
    expect(await collect(await one.responses.create({ ...ASK, stream: true }))).toEqual(bare)
  })
})

describe('a response', () => {
  it('is cleaned alike, streamed and not', async () => {
    const [, , six] = MAJORS
    const word = fc.constantFrom(
      'ann@example.org',
      'the',
      'mail',
      'of',
      'tom@example.org',
      'is',
      'here',
      'now',
      'and',
      'so',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 30 }), async (words) => {
        const engine = createTestEngine({ policy: POLICY })
        const client = six?.make({ baseURL: upstream.baseURL })
        if (client === undefined) throw new Error('there is a sixth major')
        wrapOpenAIClient(client, engine, { subject: { agent: 'bot' } })
        const items = [
          message(words.join(' ')),
          fn('db__read', JSON.stringify({ to: words.join(' ') })),
        ]
        upstream.answer({ json: response(items) }, { sse: responseEvents(items) })
        const ask = { model: 'gpt-4o', input: 'x' }
        const whole = await client.responses.create(ask)
        const events = await collect(await client.responses.create({ ...ask, stream: true }))
        const last = events.at(-1)
        const deltas = events.flatMap((event) =>
          event.type === 'response.output_text.delta' ? [event.delta] : [],
        )
        expect(JSON.stringify(events)).not.toMatch(/@example/)
        expect({
          text: deltas.join(''),
          output: last?.type === 'response.completed' && last.response.output,
        }).toEqual({
          text: whole.output_text,
          output: whole.output,
        })
      }),
      { numRuns: 40 },
    )
  })
})
