import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import { type Client, collect, MAJORS } from './clients.fixture.ts'
import {
  call,
  chunk,
  completion,
  event,
  startUpstream,
  streamed,
  type Upstream,
} from './upstream.fixture.ts'
import { unwrapOpenAIClient, wrapOpenAIClient } from './wrap-openai-client.ts'

const POLICY = `
servers: [db]
roles:
  - name: some
    rules:
      - { resources: ['model:openai/gpt-4o', 'model:openai/text-embedding-3-small', get_weather, db.read], verbs: [invoke] }
      - { resources: ['model:openai/seen'], verbs: [discover] }
bindings:
  - { agent: bot, roles: [some] }
`
const MESSAGES = [{ role: 'user' as const, content: 'hello' }]
const ASK = { model: 'gpt-4o', messages: MESSAGES }

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

function wrapped(
  make: (typeof MAJORS)[number]['make'],
  maxRetries = 0,
): { client: Client; engine: TestEngine } {
  const engine = createTestEngine({ policy: POLICY })
  const client = make({ baseURL: upstream.baseURL, maxRetries })
  return { client: wrapOpenAIClient(client, engine, { subject: { agent: 'bot' } }), engine }
}

describe.each(MAJORS)('a wrapped client of openai $major', ({ make }) => {
  it('gives the answer of a model that is allowed, as it came', async () => {
    upstream.answer({ json: completion({ content: 'hi' }) })
    const { client, engine } = wrapped(make)
    const bare = await make({ baseURL: upstream.baseURL }).chat.completions.create(ASK)
    expect(await client.chat.completions.create(ASK)).toEqual(bare)
    expect(
      engine.records().map(({ kind, resource, status, cost_nusd, model }) => ({
        kind,
        resource,
        status,
        cost_nusd,
        model,
      })),
    ).toEqual([
      {
        kind: 'decision',
        resource: 'model:openai/gpt-4o',
        status: 'pending',
        cost_nusd: null,
        model: 'openai/gpt-4o',
      },
      {
        kind: 'outcome',
        resource: 'model:openai/gpt-4o',
        status: 'success',
        cost_nusd: 250_000_000,
        model: 'gpt-4o-2024',
      },
    ])
  })

  it('answers a model that is denied with an error that is not tried again', async () => {
    const { client, engine } = wrapped(make, 2)
    const before = upstream.reached.length
    const denied = client.chat.completions.create({ ...ASK, model: 'gpt-5' })
    await expect(denied).rejects.toMatchObject({ status: 403, code: 'policy_denied' })
    expect([upstream.reached.length - before, engine.records().length]).toEqual([0, 1])
  })

  it('takes the calls out of an answer that are denied, and leaves the others', async () => {
    const calls = [
      call('get_weather', { city: 'Rome' }),
      call('db__drop', {}),
      call('db__read', { id: 1 }),
    ]
    upstream.answer({ json: completion({ tool_calls: calls }) })
    const { client } = wrapped(make)
    const [choice] = (await client.chat.completions.create(ASK)).choices
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        tool_calls: [calls[0], calls[2]],
        content: expect.stringContaining('`db__drop` was taken out'),
      },
    })
  })

  it('takes them out of a stream too', async () => {
    const calls = [call('db__drop', { a: 1 }), call('db__read', { id: 12345 })]
    upstream.answer({ sse: streamed({ content: 'let me look', tool_calls: calls }) })
    const { client } = wrapped(make)
    const stream = await client.chat.completions.create({ ...ASK, stream: true })
    const deltas = []
    const reasons = []
    for await (const { choices } of stream) {
      deltas.push(...choices.map(({ delta }) => delta))
      reasons.push(...choices.flatMap(({ finish_reason: reason }) => reason ?? []))
    }
    expect(deltas.flatMap(({ tool_calls: some }) => some ?? [])).toEqual([
      { index: 0, ...calls[1] },
    ])
    expect([reasons, deltas.map(({ content }) => content ?? '').join('')]).toEqual([
      ['tool_calls'],
      expect.stringMatching(/^let me look\n\nThe call of `db__drop` was taken out/),
    ])
    expect(upstream.reached.at(-1)?.body['stream_options']).toEqual({ include_usage: true })
  })

  it('tells that a stream has ended too early', async () => {
    upstream.answer({ sse: [chunk({ content: 'half' })] })
    const { client, engine } = wrapped(make)
    const stream = await client.chat.completions.create({ ...ASK, stream: true })
    await expect(collect(stream)).rejects.toMatchObject({ code: 'stream_truncated' })
    expect(engine.records().at(-1)).toMatchObject({
      status: 'failed',
      error: 'StreamError ERR_STREAM_TRUNCATED',
    })
  })

  it('counts the attempts of a client as one call', async () => {
    const busy = {
      status: 500,
      json: { error: { message: 'busy' } },
      headers: { 'retry-after-ms': '1' },
    }
    upstream.answer(busy, { json: completion({ content: 'hi' }) })
    const { client, engine } = wrapped(make, 2)
    await client.chat.completions.create(ASK)
    expect(engine.records().map(({ kind, status }) => [kind, status])).toEqual([
      ['decision', 'pending'],
      ['outcome', 'success'],
    ])
  })

  it('shows of a list of models those that may be known of', async () => {
    const data = ['gpt-4o', 'gpt-5', 'seen'].map((id) => ({
      id,
      object: 'model',
      created: 1,
      owned_by: 'x',
    }))
    upstream.answer({ json: { object: 'list', data } })
    const { client } = wrapped(make)
    const { data: shown } = await client.models.list()
    expect(shown.map(({ id }) => id)).toEqual(['gpt-4o', 'seen'])
    await expect(client.models.retrieve('gpt-5')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
  })

  it('denies what is not about models, where nobody allows it', async () => {
    const { client, engine } = wrapped(make)
    await expect(client.files.list()).rejects.toMatchObject({ status: 403 })
    const file = new File(['{}'], 'x.jsonl')
    await expect(client.files.create({ file, purpose: 'batch' })).rejects.toMatchObject({
      status: 403,
    })
    await expect(
      client.batches.create({
        input_file_id: 'f',
        endpoint: '/v1/embeddings',
        completion_window: '24h',
      }),
    ).rejects.toMatchObject({ status: 403 })
    expect(engine.records().map(({ resource }) => resource)).toEqual([
      'openai.api/get/files',
      'openai.api/post/files',
      'openai.api/post/batches',
    ])
  })

  it('gives itself back', async () => {
    const { client } = wrapped(make)
    upstream.answer({ json: completion({ content: 'hi' }) })
    unwrapOpenAIClient(client)
    const free = await client.chat.completions.create({ ...ASK, model: 'gpt-5' })
    expect(free.choices[0]?.message.content).toBe('hi')
  })

  it('turns an error that came as an answer into one', async () => {
    upstream.answer({ json: { error: { code: 402, message: 'no credits' } } })
    const { client } = wrapped(make)
    await expect(client.chat.completions.create(ASK)).rejects.toMatchObject({ status: 402 })
  })

  it('ends at the first end mark', async () => {
    upstream.answer({ sse: [...streamed({ content: 'hi' }), event('[DONE]')] })
    const { client } = wrapped(make)
    const stream = await client.chat.completions.create({ ...ASK, stream: true })
    const chunks = await collect(stream)
    expect(chunks.map(({ choices }) => choices.length)).not.toContain(0)
  })
})
