import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../policy/parse.ts'
import { compileRoutes } from './compile-routes.ts'
import { evaluateRoute } from './evaluate-route.ts'
import { routesOf, type ViewParts, viewOf } from './view.fixture.ts'

const LOCAL = {
  model: undefined,
  mode: 'local',
  fallbacks: [],
  timeout_ms: 1_500,
  max_tokens: 150,
  cache_ttl_seconds: 3_600,
}

describe('compileRoutes', () => {
  it('makes nothing of a policy that routes nothing', () => {
    expect(compileRoutes(parsePolicy('roles: []').document.router)).toBeUndefined()
  })

  it('fills in what a section leaves out', () => {
    const { catalog, ...routes } = routesOf({})
    expect([routes, catalog.get('m')]).toEqual([
      {
        routes: [],
        otherwise: undefined,
        classifier: LOCAL,
        baseline: undefined,
        affinity: { enabled: true, margin: 0 },
        restricted: undefined,
        asksBudget: false,
      },
      undefined,
    ])
  })

  it('says whether any route looks at a budget', () => {
    const budget = { remaining_usd: { max: 1 } }
    const asks = [{ stream: true }, { budget }].map(
      (test) => routesOf({ routes: [{ if: test, target: 'm' }] }).asksBudget,
    )
    expect(asks).toEqual([false, true])
  })

  it('reads what a section says', () => {
    const routes = routesOf({
      classifier: { model: 'c', mode: 'hybrid', fallback: ['d'], timeout_ms: 200, max_tokens: 9 },
      baseline: { model: 'b' },
      affinity: { enabled: false, margin: 0.2 },
      models: { m: { context_length: 7 } },
    })
    expect([routes, routes.catalog.get('m')]).toMatchObject([
      {
        classifier: {
          model: 'c',
          mode: 'hybrid',
          fallbacks: ['d'],
          timeout_ms: 200,
          max_tokens: 9,
          cache_ttl_seconds: 3_600,
        },
        baseline: 'b',
        affinity: { enabled: false, margin: 0.2 },
      },
      { id: 'm', context_length: 7 },
    ])
  })

  it.each([
    [{}, 'local'],
    [{ model: 'c' }, 'llm'],
    [{ model: 'c', mode: 'local' }, 'local'],
    [{ mode: 'hybrid' }, 'hybrid'],
  ])('of the classifier %j makes one that is %s', (classifier, mode) => {
    expect(routesOf({ classifier }).classifier.mode).toBe(mode)
  })

  it.each([
    ['a/*', ['a/b', 'a/b/c:free'], ['b/a', 'a/']],
    ['model:a/b', ['a/b'], ['a/b2', 'model:a/b']],
    ['*', ['a', 'b/c'], []],
    // A name of a server means nothing here.
    ['server:*', [], ['a/b']],
  ])('lets restricted data with %s go to %j and not to %j', (text, yes, no) => {
    const routes = routesOf({ restricted_models: [text] })
    const goesTo = (model: string) => {
      const view = viewOf({ session: { tainted: true }, request: { model } })
      return evaluateRoute(routes, view, routes.catalog).target !== undefined
    }
    expect([yes.map(goesTo), no.map(goesTo)]).toEqual([yes.map(() => true), no.map(() => false)])
  })

  it('routes by the top-level form of a file', () => {
    const { document } = parsePolicy(`
classifier: { model: openai/gpt-4o-mini, timeout_ms: 1500 }
baseline: { model: openai/gpt-4o }
routes:
  - { name: Code, if: { task: code, complexity: [medium, high] }, target: a/big, fallback: [a/mid] }
  - { name: Images, if: { capabilities_include: vision }, target: g/flash }
default: { target: o/mini }
`)
    const routes = compileRoutes(document.router)
    if (routes === undefined) throw new Error('the policy routes')
    const choose = (parts: ViewParts) => {
      const { route, target, fallbacks } = {
        route: null,
        fallbacks: [],
        ...evaluateRoute(routes, viewOf(parts), routes.catalog),
      }
      return [route, target, ...fallbacks]
    }
    expect([
      choose({ classification: { task: 'code', complexity: 'high' } }),
      choose({ classification: { task: 'code', complexity: 'low' } }),
      choose({ request: { capabilities: new Set(['vision']) } }),
    ]).toEqual([
      ['Code', 'a/big', 'a/mid'],
      ['default', 'o/mini'],
      ['Images', 'g/flash'],
    ])
  })
})
