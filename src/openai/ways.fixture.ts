import { type Client, collect } from './clients.fixture.ts'
import { response, responseEvents } from './responses.fixture.ts'
import { call, completion, event, streamed, type Upstream } from './upstream.fixture.ts'

const MESSAGES = [{ role: 'user' as const, content: 'hello' }]
export const ASK = { model: 'gpt-4o', messages: MESSAGES }
const READS = completion({ tool_calls: [call('read', { a: 1 })] })
const JSON_FORMAT = {
  type: 'json_schema',
  json_schema: { name: 'x', schema: { type: 'object' }, strict: true },
} as const
const ITEM = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: '{"a":1}', annotations: [], logprobs: [] }],
}

export interface Way {
  readonly name: string
  /** Lacking in the fourth. */
  readonly from?: number
  readonly use: (client: Client, upstream: Upstream) => Promise<unknown>
}

const tools = (ran: (args: unknown) => unknown, name: string) => [
  {
    type: 'function' as const,
    function: {
      name,
      parameters: { type: 'object' },
      parse: JSON.parse,
      function: ran,
      description: 'x',
    },
  },
]

export async function runTools(client: Client, upstream: Upstream, stream: boolean, name = 'read') {
  const ran: unknown[] = []
  const message = { tool_calls: [call(name, { a: 1 })] }
  const end = { content: 'done' }
  if (stream) upstream.answer({ sse: streamed(message) }, { sse: streamed(end) })
  else upstream.answer({ json: completion(message) }, { json: completion(end) })
  // Older clients have it in `beta` alone.
  const old = client as unknown as {
    beta: { chat: { completions: Client['chat']['completions'] } }
  }
  const completions =
    'runTools' in client.chat.completions ? client.chat.completions : old.beta.chat.completions
  const note = (args: unknown): string => {
    ran.push(args)
    return 'result'
  }
  const ask = { ...ASK, tools: tools(note, name) }
  const runner = stream
    ? completions.runTools({ ...ask, stream: true } as never)
    : completions.runTools(ask as never)
  return { said: await runner.finalContent(), ran }
}

function completionsOf(client: Client): Client['chat']['completions'] {
  const old = client as unknown as {
    beta: { chat: { completions: Client['chat']['completions'] } }
  }
  return 'parse' in client.chat.completions ? client.chat.completions : old.beta.chat.completions
}

export const WAYS: readonly Way[] = [
  {
    name: 'chat',
    use(client, upstream) {
      upstream.answer({ json: READS })
      return client.chat.completions.create(ASK)
    },
  },
  {
    name: 'chat, streamed',
    async use(client, upstream) {
      upstream.answer({ sse: streamed({ content: 'hi there', tool_calls: [call('read', {})] }) })
      const ask = { ...ASK, stream: true, stream_options: { include_usage: true } } as const
      return collect(await client.chat.completions.create(ask))
    },
  },
  {
    name: 'chat with a raw response',
    async use(client, upstream) {
      upstream.answer({ json: READS })
      const { data } = await client.chat.completions.create(ASK).withResponse()
      return data
    },
  },
  {
    name: 'chat as a response',
    async use(client, upstream) {
      upstream.answer({ json: READS })
      return (await client.chat.completions.create(ASK).asResponse()).json()
    },
  },
  {
    name: 'chat.parse',
    use(client, upstream) {
      upstream.answer({ json: completion({ content: '{"a":1}' }) })
      return completionsOf(client).parse({ ...ASK, response_format: JSON_FORMAT })
    },
  },
  {
    name: 'chat.stream',
    use(client, upstream) {
      upstream.answer({ sse: streamed({ content: 'hi there' }) })
      const ask = { ...ASK, stream_options: { include_usage: true } }
      return completionsOf(client).stream(ask).finalChatCompletion()
    },
  },
  { name: 'runTools', use: (client, upstream) => runTools(client, upstream, false) },
  { name: 'runTools, streamed', use: (client, upstream) => runTools(client, upstream, true) },
  {
    name: 'responses',
    use(client, upstream) {
      upstream.answer({ json: response([ITEM]) })
      return client.responses.create({ model: 'gpt-4o', input: 'x' })
    },
  },
  {
    name: 'responses, streamed',
    async use(client, upstream) {
      upstream.answer({ sse: responseEvents([ITEM]) })
      return collect(await client.responses.create({ model: 'gpt-4o', input: 'x', stream: true }))
    },
  },
  {
    name: 'responses.parse',
    use(client, upstream) {
      upstream.answer({ json: response([ITEM]) })
      const format = { type: 'json_schema', name: 'x', schema: { type: 'object' } } as const
      return client.responses.parse({ model: 'gpt-4o', input: 'x', text: { format } })
    },
  },
  {
    name: 'responses.stream',
    use(client, upstream) {
      upstream.answer({ sse: responseEvents([ITEM]) })
      return client.responses.stream({ model: 'gpt-4o', input: 'x' }).finalResponse()
    },
  },
  {
    name: 'embeddings',
    use(client, upstream) {
      const data = [{ object: 'embedding', index: 0, embedding: [0.5] }]
      upstream.answer({ json: { object: 'list', model: 'e', data } })
      return client.embeddings.create({ model: 'gpt-4o', input: 'x', encoding_format: 'float' })
    },
  },
  {
    name: 'text completions',
    use(client, upstream) {
      const choices = [{ index: 0, text: 'hi', logprobs: null, finish_reason: 'stop' }]
      upstream.answer({ json: { id: 'c', object: 'text_completion', created: 1, choices } })
      return client.completions.create({ model: 'gpt-4o', prompt: 'x' })
    },
  },
  {
    name: 'text completions, streamed',
    async use(client, upstream) {
      const one = (text: string, finish_reason: string | null) =>
        event({ id: 'c', object: 'text_completion', choices: [{ index: 0, text, finish_reason }] })
      upstream.answer({ sse: [one('hi', null), one(' there', 'stop'), event('[DONE]')] })
      const ask = { model: 'gpt-4o', prompt: 'x', stream: true } as const
      return collect(await client.completions.create(ask))
    },
  },
  {
    name: 'moderations',
    use(client, upstream) {
      upstream.answer({ json: { id: 'm', model: 'm', results: [] } })
      return client.moderations.create({ model: 'gpt-4o', input: 'x' })
    },
  },
  {
    name: 'images',
    use(client, upstream) {
      upstream.answer({ json: { created: 1, data: [{ b64_json: 'AAAA' }] } })
      return client.images.generate({ model: 'gpt-4o', prompt: 'x' })
    },
  },
  {
    name: 'speech',
    async use(client, upstream) {
      upstream.answer((answer) => {
        answer.writeHead(200, { 'content-type': 'audio/mpeg' })
        answer.end('sound')
      })
      const said = await client.audio.speech.create({ model: 'gpt-4o', voice: 'alloy', input: 'x' })
      return said.text()
    },
  },
  {
    name: 'transcriptions',
    async use(client, upstream) {
      upstream.answer((answer, { text }) => {
        answer.writeHead(200, { 'content-type': 'application/json' })
        answer.end(JSON.stringify({ text: text.includes('the sound') ? 'all' : 'nothing' }))
      })
      const file = new File(['the sound'], 'a.mp3')
      return client.audio.transcriptions.create({ model: 'gpt-4o', file })
    },
  },
  {
    name: 'a request by hand',
    use(client, upstream) {
      upstream.answer({ json: READS })
      return client.post('/chat/completions', { body: ASK })
    },
  },
  {
    name: 'a copy with other options',
    from: 5,
    use(client, upstream) {
      upstream.answer({ json: READS })
      return client.withOptions({ timeout: 5_000 }).chat.completions.create(ASK)
    },
  },
  {
    name: 'a copy with another fetch',
    from: 5,
    use(client, upstream) {
      upstream.answer({ json: READS })
      const own: typeof fetch = (...given) => fetch(...given)
      return client.withOptions({ fetch: own }).withOptions({}).chat.completions.create(ASK)
    },
  },
]
