import { describe, expect, it } from 'vitest'
import { memorySink } from '../../audit/memory.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { compileRoutes } from '../../core/routing/compile-routes.ts'
import { evaluateRoute } from '../../core/routing/evaluate-route.ts'
import { viewOfRecord } from '../../core/routing/recorded-route.ts'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { RouteDecision, RouteRequest } from './route.ts'

const ROUTER = `
router:
  classifier: { mode: local }
  baseline: { model: openai/gpt-4o }
  models:
    big/model: { pricing: { prompt: '0.00001', completion: '0.00003', input_cache_read: '0.000001' } }
    small/model: { pricing: { prompt: '0.000001', completion: '0.000003', input_cache_read: '0.0000001' } }
  restricted_models: [local/*]
  routes:
    - name: restricted
      if: { tainted: true }
      target: local/model
      fallback: [big/model]
    - name: poor
      if: { budget: { remaining_share: { max: 0.5 } } }
      target: small/model
    - name: tools
      if: { has_tools: true }
      target: big/model
      fallback: [small/model]
  default: { target: small/model }
`
const POLICY = `
servers: [db]
tools: [{ name: db.read, tags: [data_source, restricted], scope: hr }]
roles: [{ name: all, rules: [{ resources: ['*'], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [all] }]
secrets: { enabled: false }
limits: { budgets: [{ per: session, usd: 1 }] }
`
const WHO = { session: 's', subject: { agent: 'bot' } }
const HELLO = { messages: [{ role: 'user', content: 'hello there' }] }
const WITH_TOOLS = { ...HELLO, tools: [{ type: 'function', function: { name: 'x' } }] }

const make = (router = ROUTER) => {
  const sink = memorySink()
  return { sink, engine: createTestEngine({ policy: POLICY + router, audit: [sink] }) }
}
const route = async (
  engine: TestEngine,
  body: RouteRequest['arguments'],
  more: Partial<RouteRequest> = {},
): Promise<RouteDecision> => engine.route({ ...WHO, arguments: body, ...more })

/** A model has answered in the session. */
async function answer(engine: TestEngine, model: string, usage = {}): Promise<void> {
  const ticket = await engine.begin({ ...WHO, resource: `model:${model}`, arguments: {} })
  await ticket.finish({ ok: true, value: 'ok', usage })
}

describe('a route', () => {
  it('is chosen by the policy and recorded without a word of the request', async () => {
    const { engine, sink } = make()
    const decision = await route(engine, WITH_TOOLS, { ids: { request: 'r1' } })
    expect(decision).toMatchObject({
      route: 'tools',
      target: 'big/model',
      fallbacks: ['small/model'],
      baseline: 'openai/gpt-4o',
      affinity: { action: 'new' },
    })
    const [record] = sink.records()
    expect(record).toMatchObject({
      kind: 'route',
      status: 'success',
      model: 'big/model',
      request_id: 'r1',
      arguments: { route: 'tools', view: { request: { tools: 1, messages: 1 } } },
    })
    expect(JSON.stringify(record)).not.toContain('hello')
  })

  it.each<[string, string, Partial<RouteRequest>, RegExp]>([
    ['no policy for it', '', {}, /no `router`/],
    ['nobody asking', ROUTER, { subject: { agent: '' } }, /nobody/],
    ['no session', ROUTER, { session: '' }, /session/],
  ])('answers nothing where there is %s', async (_, router, more, detail) => {
    const decision = await route(make(router).engine, HELLO, more)
    expect(decision.target).toBeNull()
    expect(decision.detail).toMatch(detail)
  })

  it('asks the local classifier, with the weights of the host where there are some', async () => {
    const policy = `router:
  routes: [{ if: { task: code }, target: code/model }]
  default: { target: other/model }
`
    const ask = {
      arguments: { messages: [{ role: 'user', content: 'Fix the bug in this: `a = b ++ c`' }] },
    }
    const own = createTestEngine({ policy, classifierWeights: { none: true } })
    expect((await createTestEngine({ policy }).route({ ...WHO, ...ask })).target).toBe('code/model')
    expect(await own.route({ ...WHO, ...ask })).toMatchObject({
      target: null,
      detail: 'choosing a model failed',
    })
  })

  it('leaves no record of a dry run', async () => {
    const { engine, sink } = make()
    await route(engine, HELLO, { dryRun: true })
    expect(sink.records()).toEqual([])
  })

  it('keeps a session that has read restricted data to the listed models', async () => {
    const { engine } = make()
    const read = await engine.begin({ ...WHO, resource: 'db.read', arguments: {} })
    await read.finish({ ok: true, value: { name: 'Ana Lima', salary: 70_123 } })
    const decision = await route(engine, WITH_TOOLS)
    expect([decision.route, decision.target, decision.fallbacks]).toEqual([
      'restricted',
      'local/model',
      [],
    ])
    const barred = await engine.begin({ ...WHO, resource: 'model:big/model', arguments: {} })
    expect(barred.decision).toMatchObject({ effect: 'deny', reason: 'behavior_blocked' })
    const allowed = await engine.begin({ ...WHO, resource: 'model:local/model', arguments: {} })
    expect(allowed.permitted).toBe(true)
  })

  it('goes by what is left of a budget', async () => {
    const { engine } = make()
    expect((await route(engine, WITH_TOOLS)).route).toBe('tools')
    await answer(engine, 'big/model', { cost_nusd: 600_000_000 })
    expect((await route(engine, WITH_TOOLS)).route).toBe('poor')
  })

  it('is chosen again from its record alone', async () => {
    const { engine, sink } = make()
    for (const body of [HELLO, WITH_TOOLS]) {
      const decision = await route(engine, body)
      const view = viewOfRecord(sink.records().at(-1) as never)
      const routes = compileRoutes(parsePolicy(POLICY + ROUTER).document.router)
      expect(view && routes && evaluateRoute(routes, view, routes.catalog)).toMatchObject({
        route: decision.route,
        target: decision.target,
      })
    }
  })
})

describe('the model of a session', () => {
  const turn = { tokens: 21_000, input_tokens: 20_000 }

  it('is kept where the cheaper one would have to read everything anew', async () => {
    const close = "prompt: '0.000009', completion: '0.000029', input_cache_read: '0.0000009'"
    const { engine } = make(ROUTER.replace(/(small\/model: { pricing: {).*(} })/, `$1${close}$2`))
    await answer(engine, 'big/model', turn)
    expect(await route(engine, HELLO)).toMatchObject({
      target: 'big/model',
      fallbacks: ['small/model'],
      affinity: { action: 'pinned', reason: expect.stringMatching(/cost more than it saves/) },
    })
  })

  it('is left for a much cheaper one', async () => {
    const { engine } = make()
    await answer(engine, 'big/model', turn)
    expect(await route(engine, HELLO)).toMatchObject({
      target: 'small/model',
      affinity: { action: 'switched', reason: 'saves more than the switch costs' },
    })
  })

  it('is left for a dearer one, which the policy asks for', async () => {
    const { engine } = make()
    await answer(engine, 'small/model', turn)
    expect(await route(engine, WITH_TOOLS)).toMatchObject({
      target: 'big/model',
      affinity: { action: 'switched' },
    })
  })

  it('is never left in the middle of a tool loop', async () => {
    const { engine } = make()
    await answer(engine, 'small/model', turn)
    const loop = [
      ...HELLO.messages,
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'x' } }] },
      { role: 'tool', tool_call_id: 'c', content: '1' },
    ]
    expect(await route(engine, { ...WITH_TOOLS, messages: loop })).toMatchObject({
      target: 'small/model',
      affinity: { action: 'pinned' },
    })
  })

  it('is left where the policy no longer names it', async () => {
    const { engine } = make()
    await answer(engine, 'gone/model', turn)
    expect(await route(engine, HELLO)).toMatchObject({
      target: 'small/model',
      affinity: { action: 'switched', reason: 'the policy no longer names its model' },
    })
  })

  it('is of no matter where the policy keeps none', async () => {
    const { engine } = make(`${ROUTER}  affinity: { enabled: false }\n`)
    await answer(engine, 'big/model', turn)
    expect(await route(engine, HELLO)).toMatchObject({
      target: 'small/model',
      affinity: { action: 'none' },
    })
  })
})
