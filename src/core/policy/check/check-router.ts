import { constraintKind } from '../../constraints/index.ts'
import { isMap } from '../../json-kind.ts'
import { windowOf } from '../../routing/compile-condition.ts'
import { expiryOf } from '../../routing/read-card.ts'
import { COMPLEXITIES } from '../../routing/words.ts'
import type { Path } from '../read/source.ts'
import { ROUTER_KEYS } from '../schema/router.ts'
import { selectorFault } from '../selectors.ts'
import { checkModels } from './check-router-models.ts'
import { warnOfUnreachable } from './check-router-reach.ts'
import { checkExactName } from './check-words.ts'
import { type LooseMap, listOf, member, numberOf, textOf, textsOf } from './lenient.ts'
import type { Report } from './report.ts'

/** The router section, in its own key or in the top-level form of the source documents. */
export function checkRouter(report: Report): void {
  const { value } = report.source
  const router = member(value, 'router')
  const outside = Object.keys(ROUTER_KEYS).find((key) => member(value, key) !== undefined)
  if (router !== undefined) checkSection(report, router, ['router'])
  if (outside === undefined) return
  checkSection(report, value, [])
  if (router !== undefined)
    report.problem('duplicate_key', [outside], `\`${outside}\` stands beside \`router\``, {
      at: 'key',
      hint: `move it into \`router\``,
    })
}

function checkSection(report: Report, section: unknown, path: Path): void {
  const routes = listOf(section, 'routes')
  const at = [...path, 'routes']
  const names = new Set<string>()
  routes.forEach((route, index) => {
    warnOfName(report, route, { names, path: [...at, index] })
    const test = member(route, 'if')
    if (isMap(test)) checkTest(report, test, [...at, index, 'if'])
  })
  warnOfUnreachable(report, routes, at)
  warnOfNoDefault(report, section, path)
  checkModels(report, section, path)
  // The top-level form has no more than that.
  if (path.length === 0) return
  checkCards(report, member(section, 'models'), [...path, 'models'])
  checkRestricted(report, section, [...path, 'restricted_models'])
}

function warnOfName(
  report: Report,
  route: unknown,
  { names, path }: { readonly names: Set<string>; readonly path: Path },
): void {
  const name = textOf(route, 'name')
  if (name === undefined) return
  if (names.has(name))
    report.warning('duplicate_route', [...path, 'name'], `a route is called \`${name}\` already`)
  names.add(name)
}

function warnOfNoDefault(report: Report, section: unknown, path: Path): void {
  const given = member(section, 'default')
  const hasModels = member(given, 'target') !== undefined || listOf(given, 'fallback').length > 0
  if (listOf(section, 'routes').length === 0 || hasModels) return
  report.warning(
    'no_default_route',
    [...path, 'routes'],
    'where no route holds, the model that is asked for answers',
    { at: 'key', hint: 'add `default: { target: ... }`' },
  )
}

const NAMES = ['agent', 'user', 'team', 'tenant', 'role', 'scope', 'tainted_scopes']

function checkTest(report: Report, test: LooseMap, path: Path): void {
  for (const key of NAMES) {
    const value = test[key]
    if (Array.isArray(value))
      value.forEach((name, index) => {
        checkExactName(report, name, ...path, key, index)
      })
    else checkExactName(report, value, ...path, key)
  }
  for (const key of ['tokens', 'risk']) checkSpan(report, test[key], [...path, key])
  const { budget, complexity, time } = test
  if (isMap(budget))
    for (const key of Object.keys(budget)) checkSpan(report, budget[key], [...path, 'budget', key])
  checkComplexity(report, complexity, [...path, 'complexity'])
  if (isMap(time)) checkTime(report, time, [...path, 'time'])
}

const LEVELS: readonly string[] = COMPLEXITIES

function checkComplexity(report: Report, complexity: unknown, path: Path): void {
  const least = LEVELS.indexOf(textOf(complexity, 'min') ?? '')
  const most = LEVELS.indexOf(textOf(complexity, 'max') ?? '')
  if (least >= 0 && most >= 0 && least > most)
    report.problem('bad_enum', [...path, 'max'], '`max` is below `min`')
}

function checkSpan(report: Report, span: unknown, path: Path): void {
  const least = numberOf(span, 'min')
  const most = numberOf(span, 'max')
  if (least !== undefined && most !== undefined && least > most)
    report.problem('bad_number', [...path, 'max'], '`max` is below `min`')
}

/** As a `time_window` says it, whose times may be left out here. */
function checkTime(report: Report, time: LooseMap, path: Path): void {
  if (report.isFaulty(path)) return
  constraintKind('time_window')?.check(windowOf(time), (kind, way, message, hint) => {
    const [key] = way
    const at = key !== undefined && Object.hasOwn(time, key) ? [...path, key] : path
    report.problem(kind, at, message, { hint: hint ?? null })
  })
}

function checkCards(report: Report, models: unknown, path: Path): void {
  if (!isMap(models)) return
  for (const [id, card] of Object.entries(models)) {
    const fault = selectorFault(`model:${id}`)
    if (fault !== undefined || id.includes('*'))
      report.problem('bad_name', [...path, id], `\`${id}\` is no model’s id`, {
        at: 'key',
        hint: 'write it as `vendor/name`',
      })
    const expires = member(card, 'expiration_date')
    if ((typeof expires === 'string' || typeof expires === 'number') && expiryOf(expires) === null)
      report.problem(
        'bad_duration',
        [...path, id, 'expiration_date'],
        `\`${expires}\` is no time that exists`,
        { hint: 'write `2027-01-31`' },
      )
  }
}

function checkRestricted(report: Report, section: unknown, path: Path): void {
  textsOf(section, 'restricted_models').forEach((text, index) => {
    const fault = selectorFault(text.startsWith('model:') ? text : `model:${text}`)
    if (fault !== undefined) report.problem(fault.kind, [...path, index], fault.message)
  })
}
