import { isMap } from '../../json-kind.ts'
import { levelsOf, metadataText } from '../../routing/compile-condition.ts'
import type { Path } from '../read/source.ts'
import { type LooseMap, member, numberOf, textOf } from './lenient.ts'
import type { Report } from './report.ts'

/** Every pair is looked at: beyond this many routes it would cost more than it says. */
const MOST_ROUTES = 500

/** Warns of routes that are never taken: an earlier one holds whenever they do. */
export function warnOfUnreachable(report: Report, routes: readonly unknown[], path: Path): void {
  const tests = routes.slice(0, MOST_ROUTES).map((route, index) => {
    const test = member(route, 'if')
    return isMap(test) && !report.isFaulty([...path, index, 'if']) ? test : undefined
  })
  tests.forEach((later, index) => {
    if (later === undefined) return
    const by = tests
      .slice(0, index)
      .findIndex((earlier) => earlier !== undefined && holdsWhenever(earlier, later))
    if (by < 0) return
    const name = textOf(routes[by], 'name') ?? `routes[${by}]`
    report.warning(
      'unreachable_route',
      [...path, index],
      `the route is never taken: \`${name}\` holds whenever it does`,
      { hint: `put it before \`${name}\`, or remove it` },
    )
  })
}

/**
 * True where the earlier test holds for everything that the later one holds for. Sound, not complete:
 * false says nothing.
 */
export function holdsWhenever(earlier: LooseMap, later: LooseMap): boolean {
  return Object.entries(earlier).every(([key, value]) => {
    const rule = Object.hasOwn(RULES, key) ? RULES[key] : sameValue
    return rule?.(value, later[key], later) === true
  })
}

/** Whether one key of the earlier test follows from the later one. */
type Rule = (earlier: unknown, later: unknown, test: LooseMap) => boolean

const within: Rule = (earlier, later) =>
  isMap(later) &&
  (numberOf(earlier, 'min') ?? Number.NEGATIVE_INFINITY) <=
    (numberOf(later, 'min') ?? Number.NEGATIVE_INFINITY) &&
  (numberOf(earlier, 'max') ?? Number.POSITIVE_INFINITY) >=
    (numberOf(later, 'max') ?? Number.POSITIVE_INFINITY)

const atLeast: Rule = (earlier, later) => typeof later === 'number' && Number(earlier) <= later

const capabilities: Rule = (earlier, _later, test) => {
  const needed = [test['capabilities_include'], test['capabilities_all']].flatMap(listed)
  return listed(earlier).every((one) => needed.includes(one))
}

const RULES: Readonly<Record<string, Rule>> = {
  // A request always has one of the levels.
  complexity: (earlier, later) =>
    among(levelsOf(earlier), later === undefined ? levelsOf({}) : levelsOf(later)),
  capabilities_include: capabilities,
  capabilities_all: capabilities,
  ...Object.fromEntries(
    ['task', 'agent', 'user', 'team', 'tenant', 'scope', 'tier', 'response_format'].map((key) => [
      key,
      oneOf,
    ]),
  ),
  // Of several roles or scopes any will do, as of the one that others read.
  role: oneOf,
  tainted_scopes: oneOf,
  tokens: within,
  risk: within,
  messages_min_length: atLeast,
  messages_total_tokens_gt: atLeast,
  budget: (earlier, later) =>
    Object.entries(isMap(earlier) ? earlier : {}).every(([key, span]) =>
      within(span, member(later, key), {}),
    ),
  metadata: (earlier, later) =>
    Object.entries(isMap(earlier) ? earlier : {}).every(([key, values]) => {
      const wanted = member(later, key)
      return (
        wanted !== undefined &&
        among(listed(values).map(metadataText), listed(wanted).map(metadataText))
      )
    }),
}

function oneOf(earlier: unknown, later: unknown): boolean {
  return later !== undefined && among(listed(earlier), listed(later))
}

function among(all: readonly unknown[], some: readonly unknown[]): boolean {
  return some.every((one) => all.includes(one))
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** Flags and windows of time: nothing but the same. */
function sameValue(earlier: unknown, later: unknown): boolean {
  return JSON.stringify(earlier) === JSON.stringify(later)
}
