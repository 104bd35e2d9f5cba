import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/model/json.ts'
import { MAX_BODY_BYTES } from './answer-api.ts'
import { fakeOpenRouter } from './fake-openrouter.ts'
import {
  chatBody,
  fakeHere,
  type Loose,
  MINI,
  post,
  SONNET,
  streamed,
} from './openrouter.fixture.ts'

const TOOL = { type: 'function', name: 'find', parameters: { type: 'object' } }
const EMBEDDER = 'openai/text-embedding-3-small'

describe('/responses', () => {
  const body = (more: JsonObject = {}): JsonObject => ({
    model: SONNET,
    input: 'Say hello.',
    ...more,
  })

  it('answers with items, and usage under its own names', async () => {
    const answers = [
      { text: 'hello', tool_calls: [{ name: 'find', arguments: { a: 1 }, id: 'c1' }] },
    ]
    const fake = await fakeHere({ answers })
    const more = { tools: [TOOL], instructions: 'Be kind.', reasoning: { effort: 'low' } }
    const answer: Loose = await (await post(fake, '/responses', body(more))).json()
    expect(answer).toMatchObject({
      object: 'response',
      status: 'completed',
      store: false,
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hello' }] },
        { type: 'function_call', call_id: 'c1', name: 'find', arguments: '{"a":1}' },
      ],
    })
    const { usage } = answer
    expect(usage.cost).toBe(usage.cost_details.upstream_inference_cost)
    expect(usage.cost_details.upstream_inference_input_cost).toBeGreaterThan(0)
    expect(usage.total_tokens).toBe(usage.input_tokens + usage.output_tokens)
    expect(usage.output_tokens_details.reasoning_tokens).toBeGreaterThan(0)
  })

  it('streams events in order that say the same as its last one', async () => {
    const answers = [
      { text: 'hello to you', tool_calls: [{ name: 'find', arguments: { a: 'long enough' } }] },
    ]
    const fake = await fakeHere({ answers })
    const response = await post(fake, '/responses', body({ tools: [TOOL], stream: true }))
    const { text, chunks, isDone } = await streamed(response)
    expect(chunks.map(({ sequence_number }) => sequence_number)).toEqual([...chunks.keys()])
    const types = chunks.map(({ type }) => type)
    expect(text.match(/^event: .+$/gm)).toEqual(types.map((type) => `event: ${type}`))
    expect([...new Set(types)]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.completed',
    ])
    const joined = (type: string): string =>
      chunks
        .filter((chunk) => chunk.type === type)
        .map(({ delta }) => delta)
        .join('')
    const { output } = chunks.at(-1).response
    expect([joined('response.output_text.delta'), isDone]).toEqual([
      output[0].content[0].text,
      true,
    ])
    expect(joined('response.function_call_arguments.delta')).toBe(output[1].arguments)
    const done = chunks.filter(({ type }) => type === 'response.output_item.done')
    expect(done.map(({ item }) => item)).toEqual(output)
  })

  it('is incomplete where it was cut, and says a refusal as such', async () => {
    const fake = await fakeHere({ answers: [{ refusal: 'I will not.' }] })
    const refused: Loose = await (await post(fake, '/responses', body())).json()
    expect(refused.output[0].content).toEqual([{ type: 'refusal', refusal: 'I will not.' }])
    const cut: Loose = await (await post(fake, '/responses', body({ max_output_tokens: 3 }))).json()
    expect([cut.status, cut.incomplete_details]).toEqual([
      'incomplete',
      { reason: 'max_output_tokens' },
    ])
  })

  it('fails within a stream by an event of its own', async () => {
    const fake = await fakeHere({
      faults: [{ fault: { kind: 'error_event', after: 2, status: 502 } }],
    })
    const { chunks } = await streamed(await post(fake, '/responses', body({ stream: true })))
    expect([chunks[2].type, chunks[2].response.error.code]).toEqual(['response.failed', 502])
  })

  it.each([{ store: true }, { previous_response_id: 'gen-1' }])(
    'keeps nothing: %o',
    async (more) => {
      const fake = await fakeHere()
      expect((await post(fake, '/responses', body(more))).status).toBe(400)
      const harmless = { store: false, previous_response_id: null }
      expect((await post(fake, '/responses', body(harmless))).status).toBe(200)
    },
  )
})

describe('/embeddings', () => {
  const embed = async (input: readonly string[], more: JsonObject = {}): Promise<Loose> =>
    (await post(await fakeHere(), '/embeddings', { model: EMBEDDER, input, ...more })).json()

  it('gives vectors of length 1, the same for the same text, nearer for like ones', async () => {
    const { data, usage, model } = await embed([
      'the red house',
      'the red houses',
      'xyz',
      'the red house',
    ])
    const [one, like, other, again] = data.map(({ embedding }: Loose) => embedding as number[])
    const dot = (a: number[], b: number[]): number =>
      a.reduce((sum, x, at) => sum + x * (b[at] ?? 0), 0)
    expect(again).toEqual(one)
    expect(dot(one, one)).toBeCloseTo(1, 5)
    expect(dot(one, like)).toBeGreaterThan(dot(one, other) + 0.3)
    expect([model, usage.completion_tokens, usage.prompt_tokens]).toEqual([
      EMBEDDER,
      0,
      4 * 3 + 4 + 4 + 1 + 4,
    ])
    expect(usage.cost).toBe((usage.prompt_tokens * 20) / 1e9)
  })

  it('packs them where that is asked for, in the size that is', async () => {
    const { data } = await embed(['a b c'], { dimensions: 8 })
    const packed = await embed(['a b c'], { dimensions: 8, encoding_format: 'base64' })
    const bytes = Uint8Array.from(Buffer.from(packed.data[0].embedding, 'base64'))
    expect([...new Float32Array(bytes.buffer)]).toEqual(data[0].embedding)
    expect(data[0].embedding).toHaveLength(8)
  })
})

describe('/completions', () => {
  it('says its text, streamed or not', async () => {
    const fake = await fakeHere({ answers: ['hello you', 'hello you'] })
    const ask = (more: JsonObject): Promise<Response> =>
      post(fake, '/completions', { model: MINI, prompt: 'Say', ...more })
    const body: Loose = await (await ask({})).json()
    expect([body.object, body.choices[0].text, body.choices[0].finish_reason]).toEqual([
      'text_completion',
      'hello you',
      'stop',
    ])
    const { chunks, isDone } = await streamed(await ask({ stream: true }))
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe('hello you')
    expect([isDone, chunks.at(-1).usage]).toEqual([true, body.usage])
  })
})

describe('a request that cannot be answered', () => {
  it.each<[string, string, JsonObject, number]>([
    ['without a model', '/chat/completions', { messages: [{ role: 'user', content: 'a' }] }, 400],
    ['without messages', '/chat/completions', { model: MINI, messages: [] }, 400],
    ['without input', '/responses', { model: MINI }, 400],
    ['of an unknown path', '/chat', chatBody(), 404],
    ['that is too large', '/chat/completions', chatBody('x'.repeat(MAX_BODY_BYTES)), 413],
  ])('%s is told so', async (_what, path, body, status) => {
    expect((await post(await fakeHere(), path, body)).status).toBe(status)
  })

  it('that is no JSON is told so', async () => {
    const fake = await fakeHere()
    const response = await fetch(`${fake.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer x' },
      body: '{',
    })
    expect([response.status, fake.requests[0]?.body]).toEqual([400, undefined])
  })
})

describe('what was asked', () => {
  it('is recorded with how it ended', async () => {
    const fake = await fakeHere()
    const response = await post(fake, '/chat/completions', chatBody('a'), { 'x-title': 'demo' })
    const { id, usage } = (await response.json()) as Loose
    expect(fake.requests).toEqual([
      {
        method: 'POST',
        path: '/api/v1/chat/completions',
        headers: expect.objectContaining({ 'x-title': 'demo', authorization: '[redacted]' }),
        body: chatBody('a'),
        id,
        model: MINI,
        status: 200,
        sent: 1,
        end: 'complete',
        cost: Math.round(usage.cost * 1e9),
      },
    ])
  })
})

describe('a port', () => {
  it('that is taken is told so', async () => {
    const fake = await fakeHere()
    const port = Number(new URL(fake.baseURL).port)
    await expect(fakeOpenRouter({ port })).rejects.toMatchObject({ code: 'ERR_OPTIONS_INVALID' })
  })
})
