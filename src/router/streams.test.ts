import { describe, expect, it } from 'vitest'
import { createSseParser } from '../core/sse/parse-sse.ts'
import type { FakeFault } from '../testing/openrouter/faults.ts'
import {
  chatBody,
  HAIKU,
  MINI,
  policyOf,
  post,
  reached,
  recorded,
  setUp,
} from './router.fixture.ts'

const policy = policyOf([MINI, HAIKU])
const BODY = chatBody('Say hello to everybody in this room.', { stream: true })

const SHAPES: readonly (readonly [name: string, fault: FakeFault])[] = [
  ['lines that end with CRLF', { kind: 'shape', crlf: true }],
  ['one byte at a time', { kind: 'shape', piece_bytes: 1 }],
  ['all at once', { kind: 'shape', piece_bytes: 1_000_000 }],
  ['comments between', { kind: 'shape', comments: 2 }],
  ['data in several lines', { kind: 'shape', multi_line: true }],
  ['usage beside choices', { kind: 'shape', usage: 'with_choices' }],
  ['usage twice', { kind: 'shape', usage: 'twice' }],
  ['its end twice', { kind: 'shape', done_twice: true }],
]

function textOf(stream: string): string {
  const parser = createSseParser()
  const events = [...parser.push(stream), ...parser.end()]
  return events
    .filter(({ hasData, data }) => hasData && data !== '[DONE]')
    .map(({ data }) => JSON.parse(data).choices[0]?.delta?.content ?? '')
    .join('')
}

describe('a stream', () => {
  it.each(SHAPES)('is the same with %s, and so is its cost', async (_name, fault) => {
    const plain = await setUp({ policy })
    const shaped = await setUp({ policy, fake: { faults: [{ fault }] } })
    const [one, other] = await Promise.all(
      [plain, shaped].map(async ({ router }) => (await post(router, BODY)).text()),
    )
    expect(textOf(other ?? '')).toBe(textOf(one ?? ''))
    expect(textOf(one ?? '')).not.toBe('')
    // Who has heard the end does not wait for what follows it.
    await expect.poll(() => shaped.fake.stats().cost).toBeGreaterThan(0)
    expect(shaped.router.report().totals.total_nusd).toBe(shaped.fake.stats().cost)
    expect(shaped.fake.stats().cost).toBe(plain.fake.stats().cost)
  })

  it('keeps the comments of the upstream', async () => {
    const { router } = await setUp({ policy })
    const text = await (await post(router, BODY)).text()
    expect(text).toMatch(/^: OPENROUTER PROCESSING\n/)
  })

  const LATE: readonly (readonly [name: string, fault: FakeFault, said: RegExp])[] = [
    ['ends too early', { kind: 'truncate', after: 4 }, /stream_truncated/],
    ['tells of an error', { kind: 'error_event', after: 4, status: 503 }, /provider_overloaded/],
  ]

  it.each(LATE)('that %s is never gone on with by another model', async (_name, fault, said) => {
    const { fake, engine, router } = await setUp({
      policy,
      fake: { faults: [{ model: MINI, fault }] },
    })
    const response = await post(router, BODY)
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toMatch(said)
    expect(reached(fake)).toEqual([[MINI, 200]])
    expect(recorded(engine).at(-1)).toMatchObject({ kind: 'outcome', status: 'failed' })
  })

  const EARLY: readonly (readonly [name: string, fault: FakeFault])[] = [
    ['tells of an error at once', { kind: 'error_event', after: 0, status: 404 }],
    ['tells who speaks, then of an error', { kind: 'error_event', after: 1, status: 404 }],
  ]

  it.each(EARLY)('that %s is answered by another model', async (_name, fault) => {
    const { fake, router } = await setUp({ policy, fake: { faults: [{ model: MINI, fault }] } })
    const text = await (await post(router, BODY)).text()
    expect(textOf(text)).not.toBe('')
    // Nothing of the first answer is left in the second.
    expect(text).not.toContain(MINI)
    expect(reached(fake)).toEqual([
      [MINI, 200],
      [HAIKU, 200],
    ])
  })

  it('that its reader leaves is cut at the upstream, and settled later', async () => {
    const { fake, engine, router } = await setUp({
      policy,
      fake: { latency: { pieceMs: 5 } },
      router: { settleMs: [60_000] },
    })
    const response = await post(router, BODY)
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await expect.poll(() => fake.stats().cancelled).toBe(1)
    expect(router.report().totals).toMatchObject({ calls: 1, pending: 1, total_nusd: 0 })
    await router.settle()
    const { cost } = fake.stats()
    expect(cost).toBeGreaterThan(0)
    expect(router.report().totals).toMatchObject({ calls: 1, pending: 0, total_nusd: cost })
    const outcome = engine.records().find(({ kind }) => kind === 'outcome')
    expect(outcome).toMatchObject({ status: 'cancelled', cost_nusd: null })
    const { request_id, id } = outcome ?? {}
    await expect
      .poll(() => engine.records().at(-1))
      .toMatchObject({ kind: 'route', parent_id: id, request_id, model: MINI, cost_nusd: cost })
    expect(reached(fake)).toEqual([[MINI, 200]])
  })

  it('that comes back without its cost is settled later', async () => {
    const { fake, router } = await setUp({
      policy,
      fake: { faults: [{ fault: { kind: 'shape', usage: 'missing' } }] },
      router: { settleMs: [60_000] },
    })
    await (await post(router, BODY)).text()
    expect(router.report().totals).toMatchObject({ pending: 1 })
    await router.settle()
    expect(router.report().totals).toMatchObject({ pending: 0, total_nusd: fake.stats().cost })
  })
})

describe('a caller who gives up', () => {
  it('ends all attempts, and no other is begun', async () => {
    const { fake, router } = await setUp({
      policy,
      fake: { faults: [{ fault: { kind: 'error', status: 429, retry_after: 3 } }] },
    })
    const gone = new AbortController()
    const answer = post(router, BODY, { signal: gone.signal })
    await expect.poll(() => reached(fake).length).toBe(1)
    gone.abort()
    await expect(answer).rejects.toThrow()
    expect(reached(fake)).toHaveLength(1)
  })
})

it('counts what nobody will say as unknown, and not as nothing', async () => {
  const { router } = await setUp({
    policy: policyOf([MINI]),
    fake: {
      settlementMs: 1_000_000,
      faults: [{ fault: { kind: 'truncate', after: 4 } }],
    },
    router: { settleMs: [0, 0] },
  })
  await (await post(router, BODY)).text()
  await expect.poll(() => router.report().totals.unknown).toBe(1)
  expect(router.report().totals.pending).toBe(0)
})
