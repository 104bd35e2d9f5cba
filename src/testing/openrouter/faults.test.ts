import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/model/json.ts'
import { STATUS_ERROR_TYPES } from './api-error.ts'
import type { FakeOpenRouter } from './fake-openrouter.ts'
import type { FakeFault, FakeShape } from './faults.ts'
import {
  chat,
  chatBody,
  contentOf,
  fakeHere,
  get,
  MINI,
  post,
  SONNET,
  streamed,
} from './openrouter.fixture.ts'

const faulty = (fault: FakeFault, more: object = {}): Promise<FakeOpenRouter> =>
  fakeHere({ faults: [{ fault, ...more }], answers: ['Grüße 😀 an alle, die das lesen.'] })

const ask = (fake: FakeOpenRouter, more: JsonObject = {}): Promise<Response> =>
  post(fake, '/chat/completions', chatBody('Say hello.', more))

const askStream = async (fake: FakeOpenRouter) => streamed(await ask(fake, { stream: true }))

describe('an error before the first token', () => {
  it.each(Object.entries(STATUS_ERROR_TYPES))('has status %s and type %s', async (code, type) => {
    const status = Number(code)
    const fake = await faulty({ kind: 'error', status })
    const response = await ask(fake, { stream: true })
    expect([response.status, await response.json()]).toEqual([
      status,
      {
        error: { code: status, message: type.replaceAll('_', ' '), metadata: { error_type: type } },
        user_id: 'user_fake',
      },
    ])
    expect(response.headers.get('retry-after')).toBe([429, 503].includes(status) ? '1' : null)
    expect(response.headers.get('x-generation-id')).toMatch(/^gen-/)
    expect(response.headers.get('x-ratelimit-limit')).toBeNull()
    expect(fake.stats().cost).toBe(0)
  })

  it('has type, availability and date that are asked for, and limits where it is a 429 of its own', async () => {
    const date = 'Thu, 01 Jan 2026 00:00:09 GMT'
    const availability = { code: 'capacity_exhausted', retryable: true, retry_after: 9 }
    const fake = await faulty({
      kind: 'error',
      status: 429,
      error_type: 'provider_overloaded',
      retry_after: date,
      availability,
      own: true,
    })
    const response = await ask(fake)
    expect(response.headers.get('retry-after')).toBe(date)
    expect(response.headers.get('x-ratelimit-remaining')).toBe('0')
    const { error } = (await response.json()) as { error: JsonObject }
    expect(error).toMatchObject({ availability, metadata: { error_type: 'provider_overloaded' } })
  })
})

describe('the metadata of an error', () => {
  it.each([
    [503, { requested: MINI, attempts: [{ model: MINI, provider: null, status: 503 }] }],
    [500, undefined],
  ])('is there where it is asked for, but for a 500: %i', async (status, want) => {
    const fake = await faulty({ kind: 'error', status })
    const { openrouter_metadata } = await chat(fake, {}, { 'x-openrouter-metadata': 'enabled' })
    expect(openrouter_metadata).toEqual(want === undefined ? want : expect.objectContaining(want))
    expect((await chat(fake)).openrouter_metadata).toBeUndefined()
  })
})

describe('a rule', () => {
  it.each<[string, object, readonly number[]]>([
    ['the second call', { nth: 2 }, [200, 500, 200]],
    ['at most two', { times: 2 }, [500, 500, 200]],
    ['another model', { model: SONNET }, [200, 200, 200]],
    ['another path', { path: '/embeddings' }, [200, 200, 200]],
    ['what a test says', { test: () => true, path: '/completions', model: MINI }, [500, 500, 500]],
    ['what a test denies', { test: () => false }, [200, 200, 200]],
  ])('strikes %s', async (_what, rule, want) => {
    const fake = await faulty({ kind: 'error', status: 500 }, rule)
    const statuses = [await ask(fake), await ask(fake), await ask(fake)].map(({ status }) => status)
    expect(statuses).toEqual(want)
  })

  it('is gone when others are set', async () => {
    const fake = await faulty({ kind: 'error', status: 500 })
    fake.setFaults([])
    expect((await ask(fake)).status).toBe(200)
  })
})

describe('a fault of the body', () => {
  it('is an error in a 200, not billed', async () => {
    const fake = await faulty({ kind: 'error_in_200', status: 502 })
    const response = await ask(fake)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      id: expect.any(String),
      error: expect.objectContaining({ code: 502 }),
    })
    expect(fake.stats().cost).toBe(0)
  })

  it('is an error within a stream, which then ends, not billed', async () => {
    const fake = await faulty({ kind: 'error_event', after: 3, status: 429 })
    const { chunks, isDone } = await askStream(fake)
    expect(chunks).toHaveLength(4)
    expect([chunks[3].error.code, chunks[3].choices[0].finish_reason]).toEqual([429, 'error'])
    expect([isDone, fake.stats().cost]).toEqual([false, 0])
  })

  it('is a stream that ends without reason', async () => {
    const { chunks, isDone, error } = await askStream(await faulty({ kind: 'truncate', after: 3 }))
    expect([chunks.length, isDone, error]).toEqual([3, false, undefined])
    expect(chunks.every((chunk) => chunk.choices[0].finish_reason === null)).toBe(true)
  })

  it('is a connection that is reset before the headers', async () => {
    const fake = await faulty({ kind: 'reset' }, { times: 1 })
    await expect(ask(fake, { stream: true })).rejects.toThrow(TypeError)
    expect([fake.requests[0]?.status, fake.stats().cost]).toEqual([0, 0])
    expect((await ask(fake)).status).toBe(200)
  })

  it('is a connection that is cut within a body, streamed or not', async () => {
    const { chunks, error } = await askStream(await faulty({ kind: 'reset', after: 2 }))
    expect([chunks.length, error]).toEqual([2, expect.any(TypeError)])
    const response = await ask(await faulty({ kind: 'reset', after: 1 }))
    await expect(response.text()).rejects.toThrow(TypeError)
  })

  it('is an answer of nothing, not billed', async () => {
    const { choices, usage } = await chat(await faulty({ kind: 'empty' }))
    expect([choices[0].message.content, choices[0].finish_reason]).toEqual(['', null])
    expect([usage.completion_tokens, usage.cost]).toEqual([0, 0])
  })

  it('is a page of a proxy', async () => {
    const html = '<html>bad gateway</html>'
    const fake = await faulty({ kind: 'body', status: 502, content_type: 'text/html', text: html })
    const response = await ask(fake)
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      502,
      'text/html',
      html,
    ])
  })

  it('is slow, and whole all the same', async () => {
    const fake = await faulty({ kind: 'delay', first_byte_ms: 5, piece_ms: 1 })
    expect((await askStream(fake)).isDone).toBe(true)
  })
})

describe('a stream in another shape', () => {
  it.each<[string, FakeShape, (sent: Awaited<ReturnType<typeof askStream>>) => boolean]>([
    ['CRLF', { crlf: true }, ({ text }) => !/(?<!\r)\n/.test(text)],
    ['one byte a piece', { piece_bytes: 1 }, ({ sizes }) => sizes.length > 100],
    ['all in one piece', { piece_bytes: 1e6 }, ({ sizes }) => sizes.length === 1],
    ['data of several lines', { multi_line: true }, ({ text }) => /data: {\ndata: /.test(text)],
    ['many comments', { comments: 3 }, ({ text }) => /^(: [^\n]+\n\n){3}data/.test(text)],
    ['two ends', { done_twice: true }, ({ text }) => text.split('[DONE]').length === 3],
    ['bytes after the end', { tail: 'data: x' }, ({ text }) => text.endsWith('data: x')],
  ])('says the same: %s', async (_what, shape, isSo) => {
    const sent = await askStream(await faulty({ kind: 'shape', ...shape }))
    expect([contentOf(sent.chunks), sent.isDone, isSo(sent)]).toEqual([
      'Grüße 😀 an alle, die das lesen.',
      true,
      true,
    ])
  })

  it('may have another content type', async () => {
    const response = await ask(await faulty({ kind: 'shape', content_type: 'text/plain' }), {
      stream: true,
    })
    expect(response.headers.get('content-type')).toBe('text/plain')
  })
})

describe('the models of `models`', () => {
  it('are tried in order; the one that answers is reported and billed', async () => {
    const fake = await faulty({ kind: 'error', status: 503 }, { model: MINI })
    const headers = { 'x-openrouter-metadata': 'enabled' }
    const body = await chat(fake, { models: [SONNET] }, headers)
    expect(body.model).toBe(SONNET)
    expect(Object.keys(fake.stats().models)).toEqual([SONNET])
    expect(body.openrouter_metadata).toMatchObject({
      requested: MINI,
      strategy: 'fallback',
      attempt: 2,
      attempts: [
        { model: MINI, status: 503 },
        { model: SONNET, status: 200 },
      ],
    })
  })

  it('are tried for a context that is too long, and for a model that is gone', async () => {
    const fake = await fakeHere()
    const long = [{ role: 'user', content: 'x'.repeat(40_000) }]
    const models = ['example/expired', SONNET]
    const body = await chat(fake, { model: 'mistralai/small-no-tools', models, messages: long })
    expect(body.model).toBe(SONNET)
  })

  it('are not tried where it is the key, the credits or the request', async () => {
    for (const status of [401, 402, 413, 422]) {
      const fake = await faulty({ kind: 'error', status }, { model: MINI })
      expect((await ask(fake, { models: [SONNET] })).status).toBe(status)
    }
  })

  it('leave the last error, with those before', async () => {
    const rules = [
      { model: MINI, fault: { kind: 'error', status: 503 } },
      { model: SONNET, fault: { kind: 'error', status: 529, message: 'busy' } },
    ] as const
    const { error } = await chat(await fakeHere({ faults: rules }), { models: [SONNET] })
    expect([error.code, error.message, error.metadata.previous_errors]).toEqual([
      529,
      'busy',
      [{ code: 503, message: '' }],
    ])
  })
})

describe('GET /generation', () => {
  it('tells of a call that is over, once it is settled', async () => {
    let now = 0
    const fake = await fakeHere({ clock: { now: () => now }, settlementMs: 500 })
    const { id, usage } = await chat(fake)
    expect((await get(fake, `/generation?id=${id}`)).error.code).toBe(404)
    now = 500
    expect((await get(fake, `/generation?id=${id}`)).data).toMatchObject({
      id,
      model: MINI,
      provider_name: 'OpenAI',
      total_cost: usage.cost,
      usage: usage.cost,
      native_tokens_prompt: usage.prompt_tokens,
      native_tokens_completion: usage.completion_tokens,
      cancelled: false,
      streamed: false,
      finish_reason: 'stop',
      cache_discount: null,
    })
  })
})
