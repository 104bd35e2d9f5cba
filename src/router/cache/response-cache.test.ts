import { describe, expect, it } from 'vitest'
import { isCallDenied } from '../../core/model/errors.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { ask, cacheHere, MODEL, said, ticketFor } from './cache.fixture.ts'
import type { CacheRequest } from './cache-key.ts'
import { createResponseCache } from './response-cache.ts'

const QUESTION = 'What is the capital of France?'

describe('an answer that is kept', () => {
  it('is given again, has cost nothing, and tells what it saved', async () => {
    const here = cacheHere()
    const first = await here.call({ body: ask(QUESTION) })
    here.advance(5_000)
    const second = await here.call({ body: ask(QUESTION) })
    const { usage, choices, model, created } = JSON.parse(second.text)
    expect([first.outcome, second.outcome, second.tier, second.saved_nusd]).toEqual([
      'miss',
      'hit',
      'exact',
      1_000,
    ])
    expect([usage.total_tokens, usage.cost, choices[0].message.content, model]).toEqual([
      0,
      0,
      'answer 1',
      MODEL,
    ])
    const { headers } = second.response
    expect([
      first.response.headers.get('x-callgate-cache'),
      headers.get('x-callgate-cache'),
      headers.get('x-callgate-cache-tier'),
      headers.get('age'),
    ]).toEqual(['miss', 'hit', 'exact', '5'])
    expect([created, here.calls()]).toEqual([1_767_225_605, 1])
    expect(here.cache.stats()).toMatchObject({ hits: 1, misses: 1, stored: 1, saved_nusd: 1_000 })
  })

  it('is found whatever the order of members, the delivery and the conversation', async () => {
    const here = cacheHere()
    await here.call({ body: ask(QUESTION, { top_p: 1 }) })
    const { messages } = ask(QUESTION)
    const other = { top_p: 1, messages: messages ?? [], temperature: 0, model: MODEL }
    const texts = [
      await here.call({ body: other }),
      await here.call({ body: { ...other, session_id: 's9', metadata: { a: 'b' } } }),
      await here.call({ body: { ...other, stream: true } }),
    ].map(({ outcome }) => outcome)
    expect([texts, here.calls()]).toEqual([['hit', 'hit', 'hit'], 1])
  })

  it.each<[string, JsonObject]>([
    ['another question', ask('What is the capital of Peru?')],
    ['another parameter', ask(QUESTION, { top_p: 0.5 })],
    ['another seed', ask(QUESTION, { seed: 7 })],
    ['another model', ask(QUESTION, { model: 'openai/gpt-4o' })],
    ['another form', ask(QUESTION, { response_format: { type: 'json_object' } })],
    ['another end user', ask(QUESTION, { user: 'u2' })],
    [
      'other instructions',
      ask('', {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: QUESTION },
        ],
      }),
    ],
  ])('is not given to %s', async (_name, body) => {
    const here = cacheHere()
    await here.call({ body: ask(QUESTION) })
    expect([(await here.call({ body })).outcome, here.calls()]).toEqual(['miss', 2])
  })

  it('is not given in the place of another model that is served', async () => {
    const here = cacheHere()
    const body = ask(QUESTION, { model: 'auto' })
    const served = ['openai/gpt-4o', 'openai/gpt-4o', MODEL]
    const outcomes: string[] = []
    for (const one of served) outcomes.push((await here.call({ body, served: one })).outcome)
    expect(outcomes).toEqual(['miss', 'hit', 'miss'])
  })

  it('is given for its time, and not after', async () => {
    const here = cacheHere({ ttlSeconds: 60 })
    await here.call({ body: ask(QUESTION) })
    here.advance(59_999)
    const before = await here.call({ body: ask(QUESTION) })
    here.advance(1)
    const after = await here.call({ body: ask(QUESTION) })
    expect([before.outcome, after.outcome]).toEqual(['hit', 'miss'])
  })

  it('is given no more once its tenant, its policy or all is invalidated', async () => {
    const here = cacheHere()
    const asking = { body: ask(QUESTION), subject: { agent: 'bot', tenant: 'acme' } }
    const { policy_digest: policy } = (await ticketFor(asking.body)).decision
    const outcomes: string[] = []
    for (const what of [
      { tenant: 'other' },
      { tenant: 'acme' },
      { policy: 'sha256:other' },
      { policy },
      { tenant: 'acme', policy: 'sha256:other' },
      { tenant: 'acme', policy },
      undefined,
    ]) {
      await here.call(asking)
      here.cache.invalidate(what)
      outcomes.push((await here.call(asking)).outcome)
    }
    expect(outcomes).toEqual(['hit', 'miss', 'hit', 'miss', 'hit', 'miss', 'miss'])
  })

  it('takes no more room than it may, and those not asked for longest go first', async () => {
    const here = cacheHere({ maxBytes: 3_000 }, (count) => said(`${count} ${'x'.repeat(500)}`))
    for (const text of ['one', 'two']) await here.call({ body: ask(text) })
    await here.call({ body: ask('one') })
    await here.call({ body: ask('three') })
    const { bytes, entries, evicted } = here.cache.stats()
    const outcomes = [
      (await here.call({ body: ask('one') })).outcome,
      (await here.call({ body: ask('two') })).outcome,
    ]
    expect([bytes <= 3_000, entries, evicted, outcomes]).toEqual([true, 2, 1, ['hit', 'miss']])
  })
})

const LOOKUP = { type: 'function', function: { name: 'db__read', parameters: {} } }
const user = { role: 'user', content: QUESTION }

describe('a call that the cache has nothing to do with', () => {
  it.each<[string, JsonObject, Partial<CacheRequest>]>([
    ['temperature', ask(QUESTION, { temperature: 0.7 }), {}],
    ['temperature', { model: MODEL, messages: [user] }, {}],
    ['surface', { model: MODEL, temperature: 0, input: QUESTION }, { surface: 'responses' }],
    ['choices', ask(QUESTION, { n: 2 }), {}],
    ['tools', ask(QUESTION, { tools: [LOOKUP] }), {}],
    ['tools', ask(QUESTION, { tools: [{ type: 'web_search' }] }), {}],
    ['tools', ask('', { messages: [user, { role: 'tool', content: 'x', tool_call_id: '1' }] }), {}],
    ['tools', ask('', { messages: [user, { role: 'assistant', tool_calls: [] }] }), {}],
    ['live', ask(QUESTION, { plugins: [{ id: 'web' }] }), {}],
    ['live', ask(QUESTION, { web_search_options: {} }), {}],
    ['live', ask(QUESTION, { model: `${MODEL}:online` }), {}],
    ['live', ask(QUESTION, { store: true }), {}],
    ['sensitive', ask('Write to ada.lovelace@example.com about it'), {}],
    ['too_large', ask('word '.repeat(50_000)), {}],
    ['unkeyable', ask('\ud800 alone'), {}],
  ])('is one by its %s', async (why, body, more) => {
    const here = cacheHere()
    const first = await here.call({ body, more })
    const second = await here.call({ body, more })
    expect([first.bypass, second.bypass, here.calls(), here.cache.stats().bypassed]).toEqual([
      why,
      why,
      2,
      { [why]: 2 },
    ])
  })

  it('is not one by its temperature on a route that opts in, nor by a harmless tool', async () => {
    const here = cacheHere({ routes: ['faq'], harmlessTools: ['db__read'] })
    const body = { model: MODEL, messages: [user], tools: [LOOKUP] }
    await here.call({ body, more: { route: 'faq' } })
    const outcomes = [
      (await here.call({ body, more: { route: 'faq' } })).outcome,
      (await here.call({ body, more: { route: 'other' } })).outcome,
    ]
    expect(outcomes).toEqual(['hit', 'bypass'])
  })

  it('is one by what its session has read, from then on', async () => {
    const engine = createTestEngine({
      policy: `
roles: [{ name: all, rules: [{ resources: ['model:*', vault.read], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [all] }]
tools: [{ name: vault.read, server: vault, tags: [data_source, restricted] }]
`,
    })
    const cache = createResponseCache()
    const head = { session: 's1', subject: { agent: 'bot' } }
    const call = async () => {
      const resource = `model:${MODEL}`
      const ticket = await engine.begin({ ...head, resource, arguments: ask(QUESTION) })
      const got = await cache.answer({ ticket, surface: 'chat', route: null }, async () =>
        said('x'),
      )
      await got.response.text()
      return got.bypass ?? got.outcome
    }
    const before = [await call(), await call()]
    const secret = { key: 'a-value-that-is-restricted' }
    await engine.guard({ ...head, resource: 'vault.read', arguments: {} }, () => secret)
    expect([...before, await call()]).toEqual(['miss', 'hit', 'tainted'])
  })

  it('is one that was denied: nothing is sent, and nothing that is kept is given', async () => {
    const here = cacheHere()
    await here.call({ body: ask(QUESTION) })
    const engine = createTestEngine({ policy: '{}' })
    const ticket = await engine.begin({
      session: 's1',
      subject: { agent: 'bot' },
      resource: `model:${MODEL}`,
      arguments: ask(QUESTION),
    })
    const denied = here.cache.answer({ ticket, surface: 'chat', route: null }, async () =>
      said('no'),
    )
    await expect(denied).rejects.toSatisfy(isCallDenied)
  })
})

describe('options of the cache', () => {
  it.each<[string, object]>([
    ['an unknown one', { ttl: 5 }],
    ['a time that is none', { ttlSeconds: 0 }],
    ['room that is none', { maxBytes: Number.NaN }],
    ['a sharing that is none', { sharedBy: 'everybody' }],
    ['routes that are none', { routes: 'faq' }],
  ])('refuse %s', (_name, options) => {
    expect(() => createResponseCache(options)).toThrow(/createResponseCache/)
  })
})
