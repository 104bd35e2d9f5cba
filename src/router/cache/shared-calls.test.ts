import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ask, cacheHere, contentOf, said, ticketFor } from './cache.fixture.ts'
import type { CacheRequest } from './cache-key.ts'
import { createResponseCache } from './response-cache.ts'

const BODY = ask('What is the capital of France?')

async function requestOf(more: Partial<CacheRequest> = {}): Promise<CacheRequest> {
  return { ticket: await ticketFor(BODY), surface: 'chat', route: null, ...more }
}

describe('the same request, asked by several at once', () => {
  it('goes out once, and all get its answer', async () => {
    const here = cacheHere()
    const all = await Promise.all([1, 2, 3, 4].map(() => here.call({ body: BODY })))
    expect([here.calls(), all.map(({ outcome, text }) => [outcome, contentOf(text)])]).toEqual([
      1,
      [
        ['miss', 'answer 1'],
        ['shared', 'answer 1'],
        ['shared', 'answer 1'],
        ['shared', 'answer 1'],
      ],
    ])
    expect(here.cache.stats()).toMatchObject({ shared: 3, misses: 1, saved_nusd: 3_000 })
  })

  it('goes out once for each where the first has no answer to share', async () => {
    const here = cacheHere({}, (count) => said(`${count}`, { finish_reason: 'length' }))
    const all = await Promise.all([1, 2, 3].map(() => here.call({ body: BODY })))
    expect([here.calls(), all.map(({ outcome }) => outcome)]).toEqual([3, ['miss', 'miss', 'miss']])
  })

  it('goes out for the others where the first fails', async () => {
    const cache = createResponseCache()
    const request = await requestOf()
    const first = cache.answer(request, () => Promise.reject(new Error('reset')))
    const second = cache.answer(request, async () => said('Paris'))
    await expect(first).rejects.toThrow('reset')
    expect((await second).outcome).toBe('miss')
  })

  it('waits no longer than it may, and no longer than its caller', async () => {
    const cache = createResponseCache({ waitMs: 20 })
    const slow = cache.answer(await requestOf(), () => new Promise(() => undefined))
    const caller = new AbortController()
    const patient = cache.answer(await requestOf(), async () => said('after the wait'))
    const left = cache.answer(await requestOf({ signal: caller.signal }), () =>
      Promise.reject(caller.signal.reason),
    )
    await turn()
    caller.abort()
    await expect(left).rejects.toMatchObject({ name: 'AbortError' })
    expect((await patient).outcome).toBe('miss')
    slow.catch(() => undefined)
  })
})
