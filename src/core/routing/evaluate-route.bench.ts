import { medianNs, row } from '../../scripts/measure.ts'
import type { JsonObject } from '../model/json.ts'
import { compileRoutes } from './compile-routes.ts'
import { evaluateRoute, needsClassifying } from './evaluate-route.ts'
import { catalogOf, catalogOver, readCard } from './read-card.ts'
import { viewOf } from './view.fixture.ts'

const CARD: JsonObject = {
  context_length: 128_000,
  architecture: { input_modalities: ['text', 'image'] },
  supported_parameters: ['tools', 'response_format'],
}

/** Twenty routes of which none but the last holds; every kind of test is among them. */
function section(target: JsonObject['target']): JsonObject {
  const tests: readonly JsonObject[] = [
    { task: 'code', complexity: ['medium', 'high'] },
    { capabilities_include: ['vision', 'json'] },
    { agent: ['a', 'b', 'c'], tier: 'admin' },
    { tokens: { min: 50_000 } },
    { risk: { min: 60 } },
    { tainted_scopes: ['crm', 'hr'] },
    { time: { days: ['sat', 'sun'], timezone: 'Europe/Berlin' } },
    { metadata: { plan: ['gold', 'silver'] } },
    { budget: { remaining_share: { max: 0.1 } } },
  ]
  const routes = Array.from({ length: 19 }, (_, index) => ({
    name: `route-${index}`,
    if: tests[index % tests.length] ?? {},
    target: 'x/other',
  }))
  const last = { name: 'last', if: { stream: false }, target: target ?? '', fallback: ['x/b'] }
  return { routes: [...routes, last], models: { 'x/a': CARD }, restricted_models: ['x/*'] }
}

export async function run(print: (line: string) => void): Promise<void> {
  const view = viewOf({ session: { tainted: true } })
  const provider = catalogOf(['x/a', 'x/b', 'x/c'].map((id) => readCard(id, CARD)))
  print('Choosing between 20 routes, the last one holds, median')
  for (const [name, target] of [
    ['one model', 'x/a'],
    ['three models with weights', ['x/a', 'x/b', { model: 'x/c', weight: 5 }]],
  ] as const) {
    const routes = compileRoutes(section(target))
    if (routes === undefined) throw new Error('a section was given')
    const catalog = catalogOver(routes.catalog, provider)
    // Every call comes at another minute of the day, and each has to read the clock of a place.
    const calls = (step: number) => (index: number) =>
      evaluateRoute(routes, { ...view, at: view.at + index * step }, catalog)
    print(row(name, medianNs(calls(0)), 'ns', 'goal 5,000 ns'))
    print(row(`${name}, a minute between calls`, medianNs(calls(60_000)), 'ns'))
    print(
      row(
        `${name}, needsClassifying`,
        medianNs(() => needsClassifying(routes, view)),
        'ns',
      ),
    )
  }
}
