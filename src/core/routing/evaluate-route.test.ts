import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { evaluateRoute, needsClassifying } from './evaluate-route.ts'
import { catalogOf } from './read-card.ts'
import { cardsOf, routesOf, type ViewParts, viewOf } from './view.fixture.ts'

const NOTHING = catalogOf([])

function choose(section: JsonObject, parts: ViewParts = {}, catalog = NOTHING) {
  return evaluateRoute(routesOf(section), viewOf(parts), catalog)
}

const CODE = {
  name: 'code',
  if: { task: 'code', complexity: ['medium', 'high'] },
  target: 'a/large',
  fallback: ['a/small'],
}
const IMAGES = { if: { capabilities_include: 'vision' }, target: 'b/sees' }
const SECTION = { routes: [CODE, IMAGES], default: { target: 'c/cheap' } }

describe('a route', () => {
  it('is taken where it is the first that holds, and says why others were not', () => {
    const parts: ViewParts = {
      classification: { task: 'code', complexity: 'low' },
      request: { capabilities: new Set(['vision']) },
    }
    expect(choose(SECTION, parts)).toEqual({
      route: 'routes[1]',
      target: 'b/sees',
      fallbacks: [],
      considered: [
        { route: 'code', matched: false, why: '`complexity` does not hold' },
        { route: 'routes[1]', matched: true, why: '' },
      ],
    })
  })

  it('comes before a later one that holds too', () => {
    const parts: ViewParts = {
      classification: { task: 'code' },
      request: { capabilities: new Set(['vision']) },
    }
    expect(choose(SECTION, parts)).toMatchObject({
      route: 'code',
      target: 'a/large',
      fallbacks: ['a/small'],
    })
  })

  it('leaves the rest to the default', () => {
    expect(choose(SECTION)).toMatchObject({ route: 'default', target: 'c/cheap', fallbacks: [] })
  })

  it.each<[string, JsonObject]>([
    ['no default', { routes: [CODE] }],
    ['a default that names no model', { routes: [CODE], default: {} }],
  ])('leaves the model as it was asked for where there is %s', (_name, section) => {
    expect(choose(section, { request: { model: 'm', alternatives: ['n', 'm'] } })).toEqual({
      route: null,
      target: 'm',
      fallbacks: ['n'],
      considered: [
        { route: 'code', matched: false, why: '`task` does not hold' },
        { route: 'none', matched: true, why: '' },
      ],
    })
  })

  it('leads nowhere where none holds and no model is asked for', () => {
    expect(choose({ routes: [] }, { request: { model: null } })).toEqual({
      target: undefined,
      considered: [],
      detail: 'no route holds, and no model is asked for',
    })
  })
})

describe('a model that could not answer', () => {
  const catalog = cardsOf({
    'b/sees': { expiration_date: '2026-03-02' },
    'a/large': { context_length: 1_000, supported_parameters: [] },
    'a/small': { context_length: 9_000, supported_parameters: ['tools'] },
  })
  const task: ViewParts = { classification: { task: 'code' } }

  it('is passed over', () => {
    const parts = { ...task, request: { input_tokens: 2_000 } }
    expect(choose(SECTION, parts, catalog)).toEqual({
      route: 'code',
      target: 'a/small',
      fallbacks: [],
      considered: [
        {
          route: 'code',
          matched: true,
          why: '`a/large` has a context of 1000 tokens, and about 2000 are needed',
        },
      ],
    })
  })

  it('is tried nevertheless where no other could, so that it says itself why not', () => {
    const parts = { ...task, request: { input_tokens: 10_000 } }
    expect(choose(SECTION, parts, catalog)).toMatchObject({
      target: 'a/large',
      fallbacks: ['a/small'],
    })
  })

  it('is passed over from the moment on at which it is gone', () => {
    const section = { routes: [{ ...IMAGES, fallback: ['x'] }] }
    const request = { capabilities: new Set(['vision'] as const) }
    const targets = [-1, 0].map(
      (after) => choose(section, { request, at: Date.UTC(2026, 2, 2) + after }, catalog).target,
    )
    expect(targets).toEqual(['b/sees', 'x'])
  })
})

describe('a session that has read restricted data', () => {
  const section = { ...SECTION, restricted_models: ['a/*', 'model:d/own'] }
  const session = { tainted: true }

  it('gets models of the list only', () => {
    const routes = [{ ...CODE, fallback: ['b/x', 'd/own'] }]
    const parts = { session, classification: { task: 'code' as const } }
    expect(choose({ ...section, routes }, parts)).toMatchObject({
      target: 'a/large',
      fallbacks: ['d/own'],
      considered: [{ why: '`b/x` may not have what this session has read' }],
    })
  })

  it('gets none where the route has none, whatever could answer', () => {
    expect(choose(section, { session })).toMatchObject({
      target: undefined,
      detail: '`c/cheap` may not have what this session has read',
    })
  })

  it('is not sent on with the model it asked for', () => {
    const parts = { session, request: { model: 'c/cheap', alternatives: ['a/small'] } }
    expect(choose({ routes: [], restricted_models: ['a/*'] }, parts)).toMatchObject({
      route: null,
      target: 'a/small',
      fallbacks: [],
    })
  })

  it('goes anywhere where the policy lists none', () => {
    expect(choose(SECTION, { session })).toMatchObject({ target: 'c/cheap' })
  })
})

describe('a route of several models', () => {
  const SESSIONS = Array.from({ length: 10_000 }, (_, index) => `session-${index}`)

  function targetOf(target: readonly JsonObject[], id: string, name = 'test'): string | undefined {
    const section = { routes: [{ name, if: { tokens: { min: 0 } }, target }] }
    return choose(section, { session: { id } }).target
  }

  it.each([[[1, 1]], [[9, 1]], [[5, 3, 2]], [[0.5, 0.25]]])(
    'gives each its part of all sessions: %j',
    (weights) => {
      const target = weights.map((weight, index) => ({ model: `m${index}`, weight }))
      const counts = new Map<string | undefined, number>()
      for (const id of SESSIONS) {
        const model = targetOf(target, id)
        counts.set(model, (counts.get(model) ?? 0) + 1)
      }
      const all = weights.reduce((sum, weight) => sum + weight, 0)
      // Four standard deviations of a half.
      const far = weights.filter(
        (weight, index) =>
          Math.abs((counts.get(`m${index}`) ?? 0) / SESSIONS.length - weight / all) > 0.02,
      )
      expect(far).toEqual([])
    },
  )

  const PAIR = [{ model: 'a' }, { model: 'b' }]
  const few = SESSIONS.slice(0, 300)

  it('gives a session the same model every time', () => {
    const draw = () => few.map((id) => targetOf(PAIR, id))
    expect(draw()).toEqual(draw())
  })

  it('draws for each route anew', () => {
    const draw = (name: string) => few.map((id) => targetOf(PAIR, id, name))
    expect(draw('one')).not.toEqual(draw('two'))
  })

  it('moves sessions only to a model whose weight rises', () => {
    const before = few.map((id) => targetOf([...PAIR, { model: 'c', weight: 1 }], id))
    const after = few.map((id) => targetOf([...PAIR, { model: 'c', weight: 4 }], id))
    const moved = after.filter((model, index) => model !== before[index])
    expect([moved.length > 0, new Set(moved)]).toEqual([true, new Set(['c'])])
  })

  it('draws among those that can answer', () => {
    const catalog = cardsOf({ a: { supported_parameters: [] } })
    const section = { routes: [{ if: { has_tools: true }, target: PAIR, fallback: ['z'] }] }
    const request = { tools: ['t'], capabilities: new Set(['tool_use'] as const) }
    const models = few.map((id) => choose(section, { request, session: { id } }, catalog).target)
    expect(new Set(models)).toEqual(new Set(['b']))
  })
})

describe('what a request is about', () => {
  const always = { if: { tokens: { min: 0 } }, target: 'm' }
  const code = { if: { task: 'code' }, target: 'm' }

  it.each<[boolean, string, JsonObject]>([
    [false, 'no route asks for it', { routes: [always] }],
    [false, 'there are no routes', { routes: [] }],
    [true, 'two outcomes differ', { routes: [{ ...code, target: 'n' }, always] }],
    [true, 'their fallbacks differ', { routes: [{ ...code, fallback: ['n'] }, always] }],
    [false, 'every outcome is the same', { routes: [code], default: { target: 'm' } }],
    [
      false,
      'the one that asks does not hold',
      { routes: [{ ...code, if: { task: 'code', stream: true }, target: 'n' }, always] },
    ],
    [false, 'an earlier one holds', { routes: [always, { ...code, target: 'n' }] }],
    [true, 'the model that was asked for answers else', { routes: [code] }],
    [true, 'complexity decides', { routes: [{ if: { complexity: 'low' }, target: 'n' }, always] }],
    [
      true,
      'two draw differently',
      { routes: [{ ...code, target: ['m', 'n'] }], default: { target: ['m', 'n'] } },
    ],
  ])('matters: %s, where %s', (wanted, _name, section) => {
    expect(needsClassifying(routesOf(section), viewOf())).toBe(wanted)
  })
})
