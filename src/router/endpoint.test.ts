import { describe, expect, it } from 'vitest'
import { createRouter } from './create-router.ts'
import { hashKey } from './keys.ts'
import { ANA, chatBody, KEY, MINI, post, reached, setUp } from './router.fixture.ts'

describe('who calls', () => {
  it('is known by the key that is shown, and by no other', async () => {
    const { fake, engine, router } = await setUp()
    const answers = [
      await post(router, chatBody()),
      await post(router, chatBody(), { key: 'cg-key-of-nobody' }),
      await post(router, chatBody(), { key: null }),
      await post(router, chatBody(), { key: 'x'.repeat(2_000) }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 401])
    expect(await answers[1]?.json()).toEqual({
      error: {
        message: 'the key is missing, or not known here',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    })
    expect(reached(fake)).toHaveLength(1)
    const outcome = engine.records().find(({ kind }) => kind === 'outcome')
    expect(outcome).toMatchObject({ agent: ANA.agent, user_id: ANA.user, request_source: 'router' })
  })

  it('is told to the scanner of the policy where no key is known', async () => {
    const { engine, router } = await setUp()
    await post(router, chatBody(), { key: 'cg-key-of-nobody' })
    await router('http://router.test/.env')
    expect(engine.records().map(({ resource, status }) => [resource, status])).toEqual([
      ['router.unknown_key', 'denied'],
      ['router.other_path', 'denied'],
    ])
    expect(JSON.stringify(engine.records())).not.toContain('cg-key-of-nobody')
  })

  it('is found out by the identity provider of the engine', async () => {
    const identity = {
      identify: ({ bearer }: { readonly bearer?: string }) => {
        if (bearer === 'forged') throw new Error('forged')
        return bearer === 'token-of-ana' ? ANA : undefined
      },
    }
    const { router } = await setUp({
      engine: { identity },
      router: { keys: undefined } as object, // not given
    })
    const statuses: number[] = []
    for (const key of ['token-of-ana', 'forged', null])
      statuses.push((await post(router, chatBody(), { key })).status)
    expect(statuses).toEqual([200, 401, 403])
  })

  it('is whom the host names, where there are no keys', async () => {
    const { engine, router } = await setUp({
      router: { keys: undefined, subject: ANA } as object, // not given
    })
    expect((await post(router, chatBody(), { key: 'anything' })).status).toBe(200)
    expect(engine.records().at(-1)).toMatchObject({ agent: ANA.agent })
  })

  it('is nobody who may do anything, where nothing is said', async () => {
    const { fake, router } = await setUp({ router: { keys: undefined } as object }) // not given
    expect((await post(router, chatBody())).status).toBe(403)
    expect(reached(fake)).toEqual([])
  })
})

describe('what goes onward', () => {
  it('is the key of the router, and never that of the caller', async () => {
    const seen: Headers[] = []
    const { router } = await setUp({
      router: { keys: [{ hash: hashKey(KEY), subject: ANA }] },
    })
    const { fake, engine } = await setUp()
    const other = createRouter({
      engine,
      keys: [{ hash: hashKey(KEY), subject: ANA }],
      upstream: {
        baseURL: fake.baseURL,
        apiKey: async () => 'sk-from-a-callback',
        fetch: (input, init) => {
          seen.push(new Headers(init?.headers as Record<string, string>)) // as the router gives them
          return fetch(input, init)
        },
      },
    })
    const headers = {
      'x-title': 'Tests',
      'http-referer': 'https://example.org',
      'x-openrouter-metadata': 'enabled',
      cookie: 'secret=1',
      'x-forwarded-for': '10.0.0.1',
      'x-stainless-retry-count': '1',
    }
    const response = await post(other, chatBody(), { headers })
    other.close()
    router.close()
    expect(response.status).toBe(200)
    expect(Object.fromEntries(seen.at(-1) ?? [])).toEqual({
      authorization: 'Bearer sk-from-a-callback',
      'content-type': 'application/json',
      'x-title': 'Tests',
      'http-referer': 'https://example.org',
      'x-openrouter-metadata': 'enabled',
    })
    expect(JSON.stringify(engine.records())).not.toContain('sk-from-a-callback')
  })

  it('is the body as it came, but for its model', async () => {
    const { fake, router } = await setUp()
    const more = {
      provider: { zdr: true, max_price: { prompt: 5 } },
      transforms: ['middle-out'],
      a_field_of_tomorrow: { deep: [1, null, 'x'] },
      models: ['openai/gpt-4o'],
    }
    await post(router, chatBody('Say hello.', more))
    const { models: _models, ...kept } = more
    expect(fake.requests.at(-1)?.body).toEqual({
      ...chatBody('Say hello.', kept),
      model: MINI,
    })
  })

  it('keeps every digit and space where the model is the one that is asked for', async () => {
    const texts: unknown[] = []
    const { fake, engine } = await setUp()
    const router = createRouter({
      engine,
      subject: ANA,
      upstream: {
        baseURL: fake.baseURL,
        apiKey: 'sk',
        fetch: (input, init) => {
          texts.push(init?.body)
          return fetch(input, init)
        },
      },
    })
    const text = `{ "model": "${MINI}", "seed": 12345678901234567890, "messages": [{"role":"user","content":"x"}] }`
    await router('http://router.test/v1/chat/completions', { method: 'POST', body: text })
    router.close()
    expect(texts.at(-1)).toBe(text)
  })
})

describe('what comes back', () => {
  it('says which route and which model it was, and whose decision', async () => {
    const { engine, router } = await setUp()
    const { headers } = await post(router, chatBody())
    const decision = engine.records().find(({ kind }) => kind === 'decision')
    expect({
      route: headers.get('x-callgate-route'),
      model: headers.get('x-callgate-model'),
      decision: headers.get('x-callgate-decision'),
      generation: headers.get('x-generation-id'),
    }).toEqual({
      route: 'default',
      model: MINI,
      decision: decision?.id,
      generation: expect.stringMatching(/^gen-/),
    })
  })

  it('is an error of the router where the upstream does not take its key', async () => {
    const { router } = await setUp({ fake: { apiKeys: ['another'] } })
    const response = await post(router, chatBody())
    expect(response.status).toBe(502)
    expect(await response.text()).toContain('upstream_unauthorized')
  })

  it('is an error of the router where nobody is there', async () => {
    const { fake, router } = await setUp({ router: { attempts: { retries: 0 } } })
    await fake.close()
    const response = await post(router, chatBody())
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({
      error: { tried: [{ model: MINI, kind: 'connection_failed' }] },
    })
    // Nothing was sent, so nothing can have cost anything.
    expect(router.report().totals).toMatchObject({ unknown: 0, total_nusd: 0 })
  })

  it.each([
    ['/responses', { input: 'Say hello.' }],
    ['/completions', { prompt: 'Say hello.' }],
  ])('is routed on %s too', async (path, body) => {
    const { router } = await setUp()
    const response = await post(router, { model: 'auto', ...body }, { path })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-callgate-model')).toBe(MINI)
    expect(router.report().totals.calls).toBe(1)
  })

  it('is 404 for everything else', async () => {
    const { fake, router } = await setUp()
    const before = fake.requests.length
    for (const path of [
      '/v1/files',
      '/v1/generation?id=x',
      '/chat/completions',
      '/v1/chat/completions/x',
    ])
      expect((await router(`http://router.test${path}`, { method: 'POST' })).status).toBe(404)
    expect(fake.requests.length).toBe(before)
  })
})
