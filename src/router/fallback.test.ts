import { describe, expect, it } from 'vitest'
import type { FakeFault } from '../testing/openrouter/faults.ts'
import {
  ANA,
  chatBody,
  HAIKU,
  MINI,
  policyOf,
  post,
  reached,
  recorded,
  SONNET,
  setUp,
} from './router.fixture.ts'

const policy = policyOf([MINI, HAIKU])
/** Errors of the first model, and the models that are asked for it. */
const CASES: readonly (readonly [name: string, fault: FakeFault, models: readonly string[]])[] = [
  ['408', { kind: 'error', status: 408 }, [MINI, MINI, MINI, HAIKU]],
  ['429', { kind: 'error', status: 429, retry_after: 0 }, [MINI, MINI, MINI, HAIKU]],
  ['500', { kind: 'error', status: 500 }, [MINI, MINI, MINI, HAIKU]],
  ['502', { kind: 'error', status: 502 }, [MINI, MINI, MINI, HAIKU]],
  ['503', { kind: 'error', status: 503, retry_after: 0 }, [MINI, MINI, MINI, HAIKU]],
  ['524', { kind: 'error', status: 524 }, [MINI, MINI, MINI, HAIKU]],
  ['529', { kind: 'error', status: 529 }, [MINI, MINI, MINI, HAIKU]],
  ['404', { kind: 'error', status: 404 }, [MINI, HAIKU]],
  ['a wait that is too long', { kind: 'error', status: 429, retry_after: 60 }, [MINI, HAIKU]],
  ['429 in 200', { kind: 'error_in_200', status: 429 }, [MINI, MINI, MINI, HAIKU]],
  [
    'what can be retried',
    { kind: 'error', status: 404, availability: { code: 'capacity_exhausted', retryable: true } },
    [MINI, MINI, MINI, HAIKU],
  ],
  [
    'what cannot be retried',
    { kind: 'error', status: 503, availability: { code: 'model_deprecated', retryable: false } },
    [MINI, HAIKU],
  ],
  ['a connection that breaks', { kind: 'reset' }, [MINI, MINI, MINI, HAIKU]],
  [
    'an answer that is none',
    { kind: 'body', text: '<html>', content_type: 'text/html' },
    [MINI, MINI, MINI, HAIKU],
  ],
]

/** Errors that are nobody's but the caller's: no other model is asked. */
const FINAL: readonly (readonly [name: string, fault: FakeFault, status: number])[] = [
  ['400', { kind: 'error', status: 400 }, 400],
  ['402', { kind: 'error', status: 402, own: true }, 402],
  ['403', { kind: 'error', status: 403 }, 403],
  ['413', { kind: 'error', status: 413 }, 413],
  ['422', { kind: 'error', status: 422 }, 422],
  ['a refusal', { kind: 'error', status: 403, error_type: 'content_policy_violation' }, 403],
  // The upstream does not take the router's key: that is no fault of the caller's.
  ['401', { kind: 'error', status: 401, own: true }, 502],
]

describe('an attempt that fails', () => {
  it.each(CASES)('falls back after %s', async (_name, fault, models) => {
    const { fake, router } = await setUp({ policy, fake: { faults: [{ model: MINI, fault }] } })
    const response = await post(router, chatBody())
    const body = (await response.json()) as { model: string } // as the API has it
    expect({
      status: response.status,
      model: response.headers.get('x-callgate-model'),
      answered: body.model,
      asked: reached(fake).map(([model]) => model),
    }).toEqual({ status: 200, model: HAIKU, answered: HAIKU, asked: models })
  })

  it.each(CASES)('falls back after %s in front of a stream', async (_name, fault, models) => {
    const { fake, router } = await setUp({ policy, fake: { faults: [{ model: MINI, fault }] } })
    const response = await post(router, chatBody('Say hello.', { stream: true }))
    const text = await response.text()
    expect({
      status: response.status,
      isWhole: text.trimEnd().endsWith('data: [DONE]'),
      asked: reached(fake).map(([model]) => model),
    }).toEqual({ status: 200, isWhole: true, asked: models })
  })

  it.each(FINAL)('does not fall back after %s', async (_name, fault, status) => {
    const { fake, router } = await setUp({ policy, fake: { faults: [{ model: MINI, fault }] } })
    const response = await post(router, chatBody())
    expect({
      status: response.status,
      again: response.headers.get('x-should-retry'),
      asked: reached(fake).map(([model]) => model),
    }).toEqual({ status, again: status === 502 ? null : 'false', asked: [MINI] })
  })

  it('leaves a record of each attempt, with what it has cost', async () => {
    const fault: FakeFault = { kind: 'error', status: 500 }
    const { fake, engine, router } = await setUp({
      policy,
      fake: { faults: [{ model: MINI, times: 1, fault }] },
    })
    await (await post(router, chatBody())).json()
    const { cost } = fake.stats()
    expect(recorded(engine)).toEqual([
      { kind: 'route', status: 'success', model: MINI, cost_nusd: 0 },
      { kind: 'decision', status: 'pending', model: MINI, cost_nusd: null },
      { kind: 'outcome', status: 'failed', model: MINI, cost_nusd: 0 },
      { kind: 'decision', status: 'pending', model: MINI, cost_nusd: null },
      { kind: 'outcome', status: 'success', model: MINI, cost_nusd: cost },
    ])
    const ids = new Set(engine.records().map(({ request_id }) => request_id))
    expect([...ids]).toEqual([expect.any(String)])
  })

  it('says what was tried where no model answers, and that nobody need try again', async () => {
    const { router } = await setUp({
      policy,
      fake: { faults: [{ fault: { kind: 'error', status: 529, message: 'secret text' } }] },
    })
    const response = await post(router, chatBody())
    const { error } = (await response.json()) as { error: Record<string, unknown> } // as the API has it
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect({ status: response.status, ...error }).toEqual({
      status: 529,
      message: `no model has answered: \`${MINI}\`: provider_overloaded (3 attempts); \`${HAIKU}\`: provider_overloaded (3 attempts)`,
      type: 'callgate_error',
      param: null,
      code: 'no_model_answered',
      tried: [
        { model: MINI, status: 529, kind: 'provider_overloaded', attempts: 3 },
        { model: HAIKU, status: 529, kind: 'provider_overloaded', attempts: 3 },
      ],
    })
  })

  it('is one of so many at most', async () => {
    const { fake, router } = await setUp({
      policy,
      fake: { faults: [{ fault: { kind: 'error', status: 500 } }] },
      router: { attempts: { most: 2 } },
    })
    expect((await post(router, chatBody())).status).toBe(500)
    expect(reached(fake)).toEqual([
      [MINI, 500],
      [MINI, 500],
    ])
  })

  it('ends at its time', async () => {
    const { fake, router } = await setUp({
      policy,
      fake: { faults: [{ model: MINI, fault: { kind: 'stall', after: 0 } }] },
      router: { attempts: { attemptMs: 40, retries: 0 } },
    })
    const response = await post(router, chatBody('Say hello.', { stream: true }))
    await response.text()
    expect(response.headers.get('x-callgate-model')).toBe(HAIKU)
    expect(fake.stats().cancelled).toBe(1)
  })
})

describe('a context that is too small', () => {
  const exceeded: FakeFault = {
    kind: 'error',
    status: 400,
    error_type: 'context_length_exceeded',
  }

  it('sends a request on to a model with a larger one only', async () => {
    const models = [MINI, 'openai/gpt-4o', SONNET]
    const { fake, router } = await setUp({
      policy: policyOf(models),
      fake: { faults: [{ model: MINI, fault: exceeded }] },
    })
    const response = await post(router, chatBody())
    expect(response.status).toBe(200)
    // Both of OpenAI's have the same context.
    expect(reached(fake).map(([model]) => model)).toEqual([MINI, SONNET])
  })

  it('is told where there is no larger one', async () => {
    const { router } = await setUp({
      policy: policyOf([MINI, 'openai/gpt-4o']),
      fake: { faults: [{ model: MINI, fault: exceeded }] },
    })
    const response = await post(router, chatBody())
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('context_too_small')
  })
})

describe('an open tool loop', () => {
  const messages = [
    { role: 'user', content: 'How is the weather?' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'It rains.' },
  ]

  it('goes on with models of the same vendor alone', async () => {
    const { fake, router } = await setUp({
      policy: policyOf([MINI, HAIKU, 'openai/gpt-4o']),
      fake: { faults: [{ model: MINI, fault: { kind: 'error', status: 404 } }] },
    })
    const response = await post(router, { model: 'auto', messages })
    expect(response.status).toBe(200)
    expect(reached(fake).map(([model]) => model)).toEqual([MINI, 'openai/gpt-4o'])
  })
})

describe('a session that has read restricted data', () => {
  it('gets no answer where none of the models may have that', async () => {
    const { fake, engine, router } = await setUp({
      policy: policyOf([MINI], { more: '  restricted_models: ["model:anthropic/*"]' })
        .replace(
          'roles:',
          `tools:
  - { name: db.read, server: db, tags: [data_source, restricted], payload_class: restricted }
roles:`,
        )
        .replace('resources: ["model:*"]', 'resources: ["model:*", db.read]'),
    })
    const read = { session: 's', subject: ANA, resource: 'db.read', arguments: {} }
    await engine.guard(read, () => ({ content: 'the salary of Ada is 123456' }))
    const response = await post(router, chatBody('Sum it up.', { session_id: 's' }))
    expect({ status: response.status, said: await response.json() }).toMatchObject({
      status: 403,
      said: { error: { code: 'no_route' } },
    })
    expect(reached(fake)).toEqual([])
  })
})

describe('a model that the policy denies', () => {
  it('is passed over where it is a fallback', async () => {
    const { fake, engine, router } = await setUp({
      policy: policyOf([MINI, HAIKU, SONNET], { forbidden: [HAIKU] }),
      fake: { faults: [{ model: MINI, fault: { kind: 'error', status: 404 } }] },
    })
    const response = await post(router, chatBody())
    expect(response.headers.get('x-callgate-model')).toBe(SONNET)
    expect(reached(fake).map(([model]) => model)).toEqual([MINI, SONNET])
    expect(recorded(engine)).toContainEqual({
      kind: 'decision',
      status: 'denied',
      model: HAIKU,
      cost_nusd: null,
    })
  })

  it('is the denial where there is no other', async () => {
    const { fake, router } = await setUp({ policy: policyOf([MINI], { forbidden: [MINI] }) })
    const response = await post(router, chatBody())
    expect(response.status).toBe(403)
    expect(response.headers.get('x-callgate-reason')).toBe('explicit_deny')
    expect(reached(fake)).toEqual([])
  })
})
