import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { totalsOf } from '../core/routing/cost/report.ts'
import type { FakeFault, FakeFaultRule } from '../testing/openrouter/faults.ts'
import {
  chatBody,
  HAIKU,
  MINI,
  policyOf,
  post,
  type Setup,
  SONNET,
  setUp,
} from './router.fixture.ts'

const policy = policyOf([MINI, HAIKU, SONNET])

const FAULTS: readonly FakeFault[] = [
  { kind: 'error', status: 429, retry_after: 0 },
  { kind: 'error', status: 404 },
  { kind: 'error_in_200', status: 502 },
  { kind: 'error_event', after: 0, status: 503 },
  { kind: 'error_event', after: 3, status: 503 },
  { kind: 'truncate', after: 1 },
  { kind: 'truncate', after: 4 },
  { kind: 'reset' },
  { kind: 'reset', after: 2 },
  { kind: 'empty' },
  { kind: 'body', text: 'none of it' },
  { kind: 'shape', usage: 'missing' },
  { kind: 'shape', usage: 'twice', crlf: true },
  { kind: 'shape', usage: 'with_choices', piece_bytes: 7 },
]

const rule = fc.record({
  model: fc.constantFrom(MINI, HAIKU, SONNET),
  nth: fc.integer({ min: 1, max: 3 }),
  fault: fc.constantFrom(...FAULTS),
})

const request = fc.record({
  words: fc.integer({ min: 1, max: 40 }),
  stream: fc.boolean(),
  leaves: fc.boolean(),
  session: fc.constantFrom('one', 'two'),
})

interface Request {
  readonly words: number
  readonly stream: boolean
  readonly leaves: boolean
  readonly session: string
}

async function send({ router }: Setup, { words, stream, leaves, session }: Request): Promise<void> {
  const body = chatBody('Say it again. '.repeat(words), { stream, session_id: session })
  const response = await post(router, body)
  const reader = response.body?.getReader()
  while (true) {
    const piece = await reader?.read().catch(() => undefined)
    if (piece === undefined || piece.done) return
    if (stream && leaves) return reader?.cancel()
  }
}

async function settled(setup: Setup): Promise<void> {
  // Whoever has left is still being told so.
  await expect.poll(() => setup.fake.requests.every(({ end }) => end !== 'open')).toBe(true)
  await setup.router.settle()
}

describe('the costs of a router', () => {
  it('are the bill of the upstream to the nano-dollar, whatever goes wrong', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { maxLength: 6 }),
        fc.array(request, { minLength: 1, maxLength: 5 }),
        async (rules: readonly FakeFaultRule[], requests) => {
          const setup = await setUp({
            policy,
            fake: { faults: rules },
            router: { settleMs: [60_000] },
          })
          for (const one of requests) await send(setup, one)
          await settled(setup)
          const { fake, engine, router } = setup
          const { totals, models } = router.report()
          const parts = Object.values(totals.by_kind).reduce((sum, { nusd }) => sum + nusd, 0)
          const records = engine.records().reduce((sum, one) => sum + (one.cost_nusd ?? 0), 0)
          expect({
            total: totals.total_nusd,
            parts,
            records,
            pending: totals.pending,
            calls: totals.calls,
            saved: totals.baseline_nusd - totals.total_nusd,
          }).toEqual({
            total: fake.stats().cost,
            parts: fake.stats().cost,
            records: fake.stats().cost,
            pending: 0,
            calls: models.reduce((sum, one) => sum + one.calls, 0),
            saved: totals.savings_nusd,
          })
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)

  it('are the fee and the charge of the vendor, where the key there is one’s own', async () => {
    const own = await setUp({ policy: policyOf([HAIKU]), fake: { byok: ['anthropic'] } })
    const other = await setUp({ policy: policyOf([HAIKU]) })
    for (const { router } of [own, other]) await (await post(router, chatBody())).json()
    const charged = other.fake.stats().cost
    const fee = own.fake.stats().cost
    expect(own.router.report().totals.total_nusd).toBe(fee + charged)
  })

  it('have the baseline beside them, with a prompt cache of its own', async () => {
    const { router } = await setUp({ policy: policyOf([MINI]) })
    for (let turn = 1; turn <= 2; turn++)
      await (await post(router, chatBody('Long words. '.repeat(3_000), { session_id: 's' }))).json()
    const { totals, headline, baseline_model: model } = router.report()
    expect(model).toBe(SONNET)
    expect(headline).toMatchObject({ method: 'same_tokens', estimate: true })
    expect(totals.savings_nusd).toBe(totals.baseline_nusd - totals.total_nusd)
    expect(totals.savings_nusd).toBeGreaterThan(0)
    expect(totals.without_baseline).toBe(0)
  })

  it('have asking what requests are about on a line of its own, known or not', async () => {
    const costs = [1_500, null]
    const { fake, router } = await setUp({
      policy: policyOf([MINI], {
        more: `  classifier: { mode: llm, model: ${MINI} }
  routes:
    - { name: code, if: { task: code }, target: ${HAIKU} }`,
      }),
      router: {
        classifier: {
          classify: async () => ({
            task: 'code',
            complexity: 'low',
            cost_nusd: costs.shift() ?? null,
          }),
        },
      },
    })
    for (const text of ['Mend this.', 'Mend that.'])
      await (await post(router, chatBody(text))).json()
    const { cost } = fake.stats()
    expect(router.report().totals).toMatchObject({
      total_nusd: cost + 1_500,
      unknown: 1,
      by_kind: { call: { count: 2, nusd: cost }, classifier: { count: 1, nusd: 1_500 } },
      saved_by: { overhead: -1_500 },
    })
    expect(router.report().models).toEqual([{ model: HAIKU, calls: 2, nusd: cost }])
  })

  it('are nothing before anything was asked', async () => {
    const { router } = await setUp({ policy })
    expect(router.report()).toEqual({
      totals: totalsOf([]),
      models: [],
      baseline_model: null,
      headline: null,
    })
  })
})
