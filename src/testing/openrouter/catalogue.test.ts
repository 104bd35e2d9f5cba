import { describe, expect, it } from 'vitest'
import { FREE_PER_MINUTE } from './account.ts'
import { FAKE_MODELS } from './model.ts'
import { chat, chatBody, fakeHere, get, MINI, post, SONNET } from './openrouter.fixture.ts'
import { CACHE_TTL_MS } from './prompt-cache.ts'

describe('GET /models', () => {
  it('lists what a router needs to know, prices as texts', async () => {
    const { data } = await get(await fakeHere(), '/models')
    const sonnet = data.find(({ id }: { id: string }) => id === SONNET)
    expect(data).toHaveLength(FAKE_MODELS.length)
    expect(sonnet).toMatchObject({
      context_length: 1_000_000,
      architecture: { modality: 'text+image->text', input_modalities: ['text', 'image'] },
      pricing: {
        prompt: '0.000003',
        input_cache_write: '0.00000375',
        overrides: [{ min_prompt_tokens: 200_000, prompt: '0.000006' }],
      },
      supported_parameters: expect.arrayContaining(['tools', 'structured_outputs', 'reasoning']),
      reasoning: { supported_efforts: ['low', 'medium', 'high'] },
      expiration_date: null,
    })
    expect(data.map((one: { pricing: { discount?: number } }) => one.pricing.discount)).toContain(
      0.25,
    )
  })

  it('counts them, and tells the endpoints of one and all providers', async () => {
    const fake = await fakeHere()
    expect((await get(fake, '/models/count')).data).toEqual({ count: FAKE_MODELS.length })
    const { data } = await get(fake, `/models/${MINI}/endpoints`)
    expect([data.id, data.endpoints[0].provider_name]).toEqual([MINI, 'OpenAI'])
    expect((await get(fake, '/providers')).data).toContainEqual({ name: 'Groq', slug: 'groq' })
    expect((await get(fake, '/nothing')).error.code).toBe(404)
  })
})

describe('a model', () => {
  it.each<[string, object, number, unknown]>([
    ['that nobody knows', { model: 'no/such' }, 404, 'model_not_found'],
    ['of which no free variant is left', { model: `${MINI}:free` }, 404, 'free_variant_ended'],
    ['whose date is over', { model: 'example/expired' }, 404, 'model_deprecated'],
    [
      'without tools, for a request with some',
      { model: 'mistralai/small-no-tools', tools: [{ type: 'function', function: { name: 'x' } }] },
      404,
      'no_endpoints',
    ],
    [
      'of a provider that is not wanted',
      { provider: { ignore: ['OpenAI'] } },
      404,
      'constraint_filtered',
    ],
    ['of none that is', { provider: { only: ['anthropic'] } }, 404, 'constraint_filtered'],
    ['that is too dear', { provider: { max_price: { prompt: 0.1 } } }, 404, 'constraint_filtered'],
    [
      'that lacks a parameter',
      { provider: { require_parameters: true }, reasoning: { effort: 'low' } },
      404,
      'constraint_filtered',
    ],
    [
      'that sees nothing, for an image',
      {
        model: 'deepseek/deepseek-chat',
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] },
        ],
      },
      404,
      undefined,
    ],
    ['that only embeds', { model: 'openai/text-embedding-3-small' }, 400, undefined],
    ['whose context is too short', { max_tokens: 128_000 }, 400, undefined],
  ])('%s does not answer', async (_what, more, status, code) => {
    const { error } = await chat(await fakeHere(), { ...more })
    expect([error.code, error.availability?.code]).toEqual([status, code])
  })

  it.each([
    ['that is dear enough', { provider: { max_price: { prompt: 0.15, completion: 0.6 } } }, MINI],
    ['by a variant', { model: `${MINI}:nitro` }, MINI],
    [
      'of its own, where it is free',
      { model: 'meta-llama/llama-3.3-70b-instruct:free' },
      undefined,
    ],
  ])('%s does', async (_what, more, model) => {
    const body = await chat(await fakeHere(), more)
    expect(body.model).toBe(model ?? 'meta-llama/llama-3.3-70b-instruct:free')
  })

  it.each([
    [':floor', {}, 0.5, 'flex'],
    [':nitro', {}, 2, 'priority'],
    ['', { service_tier: 'flex' }, 0.5, 'flex'],
    ['', { service_tier: 'fast' }, 2, 'priority'],
  ])('costs by its tier: %s %o', async (variant, more, factor, tier) => {
    const { usage } = await chat(await fakeHere())
    const body = await chat(await fakeHere(), { model: MINI + variant, ...more })
    expect(body.service_tier).toBe(tier)
    expect(body.usage.cost).toBeCloseTo(usage.cost * factor, 12)
  })
})

describe('a prompt cache', () => {
  const system = { role: 'system', content: 'x'.repeat(20_000) }
  const turn = (text: string, more: object = {}) => ({
    model: SONNET,
    messages: [system, { role: 'user', content: 'start' }, { role: 'user', content: text }],
    ...more,
  })

  it('is written first, then read at a lower price, until five minutes have passed', async () => {
    let now = 0
    const fake = await fakeHere({ clock: { now: () => now } })
    const seen: unknown[] = []
    for (const at of [0, 1, CACHE_TTL_MS, 2 * CACHE_TTL_MS]) {
      now = at
      const { id, usage } = await chat(fake, turn(`turn ${at}`))
      const { cached_tokens, cache_write_tokens } = usage.prompt_tokens_details
      const { data } = await get(fake, `/generation?id=${id}`)
      seen.push([
        cached_tokens,
        cached_tokens + cache_write_tokens === usage.prompt_tokens,
        data.cache_discount > 0,
      ])
    }
    const prefix = 3 + (3 + Math.ceil(20_000 / 3.5)) + (3 + Math.ceil(5 / 3.5))
    expect(seen).toEqual([
      [0, true, false],
      [prefix, true, true],
      [prefix, true, true],
      [0, true, false],
    ])
  })

  it.each([
    ['another model', { model: MINI }],
    ['another session', { session_id: 'b' }],
    ['other tools', { tools: [{ type: 'function', function: { name: 'x' } }] }],
    ['another beginning', { messages: [{ role: 'system', content: `y${system.content}` }] }],
  ])('is of no use to %s', async (_what, more) => {
    const fake = await fakeHere()
    const session = { session_id: 'a' }
    await chat(fake, turn('one', session))
    const { usage } = await chat(fake, { ...turn('two', session), ...more })
    expect(usage.prompt_tokens_details.cached_tokens).toBe(0)
  })

  it.each<[string, object, Readonly<Record<string, string>>, boolean]>([
    ['its header', {}, { 'x-session-id': 'a' }, true],
    ['its key for the prompt cache', { prompt_cache_key: 'a' }, {}, true],
    ['its field rather than its header', { session_id: 'a' }, { 'x-session-id': 'b' }, true],
    ['its header rather than its key', { prompt_cache_key: 'a' }, { 'x-session-id': 'b' }, false],
  ])('knows a session by %s', async (_what, more, headers, isKnown) => {
    const fake = await fakeHere()
    await chat(fake, turn('one', { session_id: 'a' }))
    const { usage } = await chat(fake, turn('two', more), headers)
    expect(usage.prompt_tokens_details.cached_tokens > 0).toBe(isKnown)
  })

  it('begins only with enough tokens', async () => {
    const fake = await fakeHere()
    const short = { messages: [{ role: 'user', content: 'x'.repeat(4 * 1017) }] }
    const long = { messages: [{ role: 'user', content: 'x'.repeat(4 * 1018) }] }
    const cached: number[] = []
    for (const more of [short, short, long, long])
      cached.push((await chat(fake, more)).usage.prompt_tokens_details.cached_tokens)
    expect(cached).toEqual([0, 0, 0, 1024])
  })
})

describe('the response cache', () => {
  const on = { 'x-openrouter-cache': 'true' }

  it('gives the same answer for nothing, under an id of its own', async () => {
    let now = 0
    const fake = await fakeHere({ clock: { now: () => now } })
    const ask = (more: Readonly<Record<string, string>>, text = 'a') =>
      post(fake, '/chat/completions', chatBody(text), more)
    const read = async (response: Response) => {
      const { id, choices, usage } = (await response.json()) as {
        id: string
        choices: unknown
        usage: { cost: number; total_tokens: number }
      }
      const status = response.headers.get('x-openrouter-cache-status')
      return {
        status,
        age: response.headers.get('x-openrouter-cache-age'),
        source: response.headers.get('x-openrouter-cache-source-id'),
        id,
        choices,
        usage,
      }
    }
    const first = await read(await ask(on))
    now = 2_000
    const hit = await read(await ask(on))
    expect([first.status, hit.status, hit.age, hit.source]).toEqual(['MISS', 'HIT', '2', first.id])
    expect([hit.choices, hit.usage.cost, hit.usage.total_tokens]).toEqual([first.choices, 0, 0])
    expect(hit.id).not.toBe(first.id)
    const others = [
      await ask(on, 'b'),
      await ask({ ...on, 'x-openrouter-cache-clear': 'true' }),
      await ask({}),
    ]
    const statuses = others.map(({ headers }) => headers.get('x-openrouter-cache-status'))
    expect(statuses).toEqual(['MISS', 'MISS', null])
    now = 2_000 + 300_000
    expect((await read(await ask(on))).status).toBe('MISS')
  })

  it('keeps as long as is said, and never an error or metadata', async () => {
    let now = 0
    const fake = await fakeHere({ clock: { now: () => now } })
    const headers = { ...on, 'x-openrouter-cache-ttl': '1', 'x-openrouter-metadata': 'enabled' }
    fake.setFaults([{ times: 1, fault: { kind: 'error_in_200', status: 500 } }])
    expect((await chat(fake, {}, headers)).error.code).toBe(500)
    expect((await chat(fake, {}, headers)).openrouter_metadata.requested).toBe(MINI)
    const hit = await chat(fake, {}, headers)
    expect([hit.usage.cost, hit.openrouter_metadata]).toEqual([0, undefined])
    now = 1_000
    expect((await chat(fake, {}, headers)).usage.cost).toBeGreaterThan(0)
  })
})

describe('a key', () => {
  it('must be known', async () => {
    const fake = await fakeHere({ apiKeys: ['sk-other'] })
    expect((await chat(fake)).error.code).toBe(401)
    expect((await chat(fake, {}, { authorization: 'Bearer sk-other' })).model).toBe(MINI)
    expect(fake.requests.map(({ headers }) => headers['authorization'])).toEqual([
      '[redacted]',
      '[redacted]',
    ])
  })

  it('that has spent its credits gets no more', async () => {
    const fake = await fakeHere({ creditsUsd: 0.000001 })
    expect((await chat(fake)).model).toBe(MINI)
    expect((await chat(fake)).error.code).toBe(402)
  })

  it('has so many free calls a minute, then a 429 that says until when', async () => {
    let now = 15_000
    const fake = await fakeHere({ clock: { now: () => now } })
    const more = { model: 'meta-llama/llama-3.3-70b-instruct:free' }
    for (let call = 0; call < FREE_PER_MINUTE; call++)
      expect((await chat(fake, more)).model).toBe(more.model)
    const response = await post(fake, '/chat/completions', chatBody('a', more))
    expect(response.status).toBe(429)
    const { headers } = response
    expect([
      headers.get('retry-after'),
      headers.get('x-ratelimit-limit'),
      headers.get('x-ratelimit-reset'),
    ]).toEqual(['45', '20', '60000'])
    now = 60_000
    expect((await chat(fake, more)).model).toBe(more.model)
  })
})
