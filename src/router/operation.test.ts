import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import {
  chatBody,
  HAIKU,
  KEY,
  MINI,
  policyOf,
  post,
  reached,
  SONNET,
  served,
  setUp,
} from './router.fixture.ts'

describe('the list of models', () => {
  const get = (router: Parameters<typeof post>[0], path: string) =>
    router(`http://router.test/v1${path}`, { headers: { authorization: `Bearer ${KEY}` } })

  it('shows those that the caller may know of', async () => {
    const { router } = await setUp({ policy: policyOf([MINI], { forbidden: [SONNET] }) })
    const list = (await (await get(router, '/models')).json()) as { data: { id: string }[] } // as the API has it
    const ids = list.data.map(({ id }) => id)
    expect(ids).toContain(MINI)
    expect(ids).not.toContain(SONNET)
    expect(list).toMatchObject({ object: 'list' })
    expect(list.data[0]).toMatchObject({ object: 'model', owned_by: expect.any(String) })
  })

  it('has each of them by its name', async () => {
    const { router } = await setUp({ policy: policyOf([MINI], { forbidden: [SONNET] }) })
    const statuses: number[] = []
    for (const id of [MINI, encodeURIComponent(HAIKU), SONNET, 'nobody/nothing'])
      statuses.push((await get(router, `/models/${id}`)).status)
    expect(statuses).toEqual([200, 200, 404, 404])
  })

  it('is for those who show a key', async () => {
    const { router } = await setUp()
    expect((await router('http://router.test/v1/models')).status).toBe(401)
  })
})

describe('the operator', () => {
  it('reads the state and the sums', async () => {
    const { fake, router } = await setUp()
    await post(router, chatBody())
    expect(await (await router('http://router.test/healthz')).json()).toMatchObject({
      status: 'ok',
    })
    const text = await (await router('http://router.test/metrics')).text()
    expect(text).toContain(`callgate_router_calls_total{model="${MINI}"} 1\n`)
    expect(text).toContain(
      `callgate_router_cost_usd_total{kind="call"} ${fake.stats().cost / 1e9}\n`,
    )
    expect(text).toContain('callgate_router_answers_total{status="200"}')
  })

  it('has sums to himself: others are answered that there are none', async () => {
    const { router } = await setUp()
    const request = new Request('http://router.test/metrics')
    expect((await router(request, { peer: '10.1.2.3', path: '/metrics' })).status).toBe(404)
    expect((await router(request, { peer: '127.0.0.1', path: '/metrics' })).status).toBe(200)
  })
})

describe('a budget', () => {
  it('is charged with what calls have cost, and answers 402 when it is spent', async () => {
    const { router } = await setUp({
      policy: policyOf([MINI]).replace(
        'limits: { disabled: true }',
        'limits: { budgets: [{ per: user, usd: 0.00001 }] }',
      ),
    })
    const statuses: number[] = []
    for (let turn = 0; turn < 4; turn++) statuses.push((await post(router, chatBody())).status)
    expect(statuses[0]).toBe(200)
    expect(statuses.at(-1)).toBe(402)
  })
})

describe('a policy', () => {
  it('that is reloaded holds for the next request', async () => {
    const { fake, engine, router } = await setUp()
    await post(router, chatBody())
    engine.reload(parsePolicy(policyOf([HAIKU])))
    await post(router, chatBody())
    expect(reached(fake).map(([model]) => model)).toEqual([MINI, HAIKU])
  })

  it('without routes sends a request to the model it names, and counts what it costs', async () => {
    const plain = policyOf([MINI]).split('router:')[0] ?? ''
    const { fake, router } = await setUp({ policy: plain })
    const response = await post(router, { ...chatBody(), model: HAIKU })
    await response.json()
    expect(reached(fake)).toEqual([[HAIKU, 200]])
    expect(router.report().totals).toMatchObject({ calls: 1, total_nusd: fake.stats().cost })
  })

  it('that is only observed leaves the model that is asked for', async () => {
    const { fake, engine, router } = await setUp({ engine: { mode: 'observe' } })
    await post(router, { ...chatBody(), model: HAIKU })
    expect(reached(fake)).toEqual([[HAIKU, 200]])
    expect(engine.records().find(({ kind }) => kind === 'route')).toMatchObject({ model: MINI })
  })
})

describe('by HTTP', () => {
  it('passes streams through while they come, and lets them end when it is drained', async () => {
    const setup = await setUp({ fake: { latency: { pieceMs: 10 } } })
    const front = await served(setup)
    const response = await fetch(`${front.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(chatBody('Say hello.', { stream: true })),
    })
    const reader = response.body?.getReader()
    await reader?.read()
    const drained = front.drain(5_000)
    let text = ''
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
      text += new TextDecoder().decode(piece.value)
    await drained
    expect(text).toContain('data: [DONE]')
  })

  it('aborts the upstream as soon as the client has gone', async () => {
    const setup = await setUp({ fake: { latency: { firstByteMs: 2_000 } } })
    const front = await served(setup)
    const gone = new AbortController()
    const answer = fetch(`${front.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify(chatBody('Say hello.', { stream: true })),
      signal: gone.signal,
    })
    await expect.poll(() => reached(setup.fake).length).toBe(1)
    gone.abort()
    await expect(answer).rejects.toThrow()
    await expect.poll(() => setup.fake.stats().cancelled).toBe(1)
    expect(reached(setup.fake)).toHaveLength(1)
  })
})
