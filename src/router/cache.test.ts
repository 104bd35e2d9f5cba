import { describe, expect, it } from 'vitest'
import { createResponseCache } from './cache/response-cache.ts'
import { chatBody, MINI, policyOf, post, reached, recorded, setUp } from './router.fixture.ts'

const BODY = chatBody('Name a capital.', { temperature: 0 })
const policy = policyOf([MINI])

describe('a router with a cache', () => {
  it.each([false, true])('gives an answer again that was given, streamed: %s', async (stream) => {
    const { fake, engine, router } = await setUp({
      policy,
      router: { cache: createResponseCache() },
    })
    const first = await (await post(router, { ...BODY, stream })).text()
    const second = await post(router, { ...BODY, stream })
    const text = await second.text()
    expect(reached(fake)).toHaveLength(1)
    expect(second.headers.get('x-callgate-cache')).toBe('hit')
    if (stream) expect([text, first].map((one) => one.includes('[DONE]'))).toEqual([true, true])
    else expect(JSON.parse(text).choices[0].message).toMatchObject({ content: contentOf(first) })
    const { cost } = fake.stats()
    const { totals, models } = router.report()
    expect(totals).toMatchObject({
      calls: 2,
      total_nusd: cost,
      unknown: 0,
      by_kind: { call: { count: 1, nusd: cost }, cache_hit: { count: 1, nusd: 0 } },
    })
    // What the cache saves is no part of what routing saves.
    expect(totals.saved_by.cache).toBe(cost)
    expect(models).toEqual([{ model: MINI, calls: 2, nusd: cost }])
    // It is judged and recorded like any other.
    expect(recorded(engine).slice(-2)).toEqual([
      { kind: 'decision', status: 'pending', model: MINI, cost_nusd: null },
      { kind: 'outcome', status: 'success', model: MINI, cost_nusd: 0 },
    ])
  })

  it('keeps nothing of an answer that failed', async () => {
    const { fake, router } = await setUp({
      policy,
      fake: { faults: [{ nth: 1, fault: { kind: 'truncate', after: 4 } }] },
      router: { cache: createResponseCache() },
    })
    await (await post(router, { ...BODY, stream: true })).text()
    const again = await post(router, { ...BODY, stream: true })
    expect(await again.text()).toContain('[DONE]')
    expect(again.headers.get('x-callgate-cache')).toBe('miss')
    expect(reached(fake)).toHaveLength(2)
  })
})

function contentOf(text: string): unknown {
  return JSON.parse(text).choices[0].message.content
}
