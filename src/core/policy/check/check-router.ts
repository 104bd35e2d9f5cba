import { isMap } from '../../json-kind.ts'
import type { Path } from '../read/source.ts'
import { COMPLEXITIES, ROUTER_KEYS } from '../schema/router.ts'
import { type LooseMap, listOf, member, numberOf, textOf } from './lenient.ts'
import type { Report } from './report.ts'

/** The router section, in its own key or in the top-level form of the source documents. */
export function checkRouter(report: Report): void {
  const { value } = report.source
  const router = member(value, 'router')
  checkRoutes(report, listOf(router, 'routes'), ['router', 'routes'])
  checkRoutes(report, listOf(value, 'routes'), ['routes'])
  const outside = Object.keys(ROUTER_KEYS).find((key) => member(value, key) !== undefined)
  if (router !== undefined && outside !== undefined)
    report.problem('duplicate_key', [outside], `\`${outside}\` stands beside \`router\``, {
      at: 'key',
      hint: `move it into \`router\``,
    })
}

function checkRoutes(report: Report, routes: readonly unknown[], path: Path): void {
  const names = new Set<string>()
  routes.forEach((route, index) => {
    const name = textOf(route, 'name')
    if (name !== undefined && names.has(name))
      report.warning(
        'duplicate_route',
        [...path, index, 'name'],
        `a route is called \`${name}\` already`,
      )
    if (name !== undefined) names.add(name)
    const test = member(route, 'if')
    if (isMap(test)) checkTest(report, test, [...path, index, 'if'])
  })
}

const LEVELS: readonly string[] = COMPLEXITIES

function checkTest(report: Report, test: LooseMap, path: Path): void {
  for (const key of ['tokens', 'risk']) checkSpan(report, test[key], [...path, key])
  const { budget, complexity } = test
  if (isMap(budget))
    for (const key of Object.keys(budget)) checkSpan(report, budget[key], [...path, 'budget', key])
  const least = LEVELS.indexOf(textOf(complexity, 'min') ?? '')
  const most = LEVELS.indexOf(textOf(complexity, 'max') ?? '')
  if (least >= 0 && most >= 0 && least > most)
    report.problem('bad_enum', [...path, 'complexity', 'max'], '`max` is below `min`')
}

function checkSpan(report: Report, span: unknown, path: Path): void {
  const least = numberOf(span, 'min')
  const most = numberOf(span, 'max')
  if (least !== undefined && most !== undefined && least > most)
    report.problem('bad_number', [...path, 'max'], '`max` is below `min`')
}
