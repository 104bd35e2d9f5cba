import { isMap } from '../../json-kind.ts'
import { type ModelCatalog, type Needs, unfitFor } from '../../routing/catalog.ts'
import { modelSelector, policyCatalog } from '../../routing/compile-routes.ts'
import { CAPABILITIES, type Capability, LONG_CONTEXT } from '../../routing/words.ts'
import { didYouMean } from '../../suggest.ts'
import type { Path } from '../read/source.ts'
import { coversResource } from '../selectors.ts'
import { listOf, member, numberOf, textOf, textsOf } from './lenient.ts'
import type { Report } from './report.ts'

/** A model where a policy names it. */
interface Mention {
  readonly id: string
  readonly path: Path
}

/** The models that a router section names: their ids, and whether they can do what they are for. */
export function checkModels(report: Report, section: unknown, path: Path): void {
  const listed = member(section, 'models')
  const known = isMap(listed) ? Object.keys(listed) : []
  const catalog = policyCatalog(section)
  const routes = listOf(section, 'routes').map((route, index) => ({
    route,
    targets: targetsOf(route, [...path, 'routes', index]),
    fallbacks: fallbacksOf(route, [...path, 'routes', index]),
  }))
  const otherwise = {
    route: member(section, 'default'),
    targets: targetsOf(member(section, 'default'), [...path, 'default']),
    fallbacks: fallbacksOf(member(section, 'default'), [...path, 'default']),
  }
  for (const { route, targets, fallbacks } of [...routes, otherwise]) {
    checkTwice(report, targets, fallbacks)
    warnOfUnfit(report, [...targets, ...fallbacks], { test: member(route, 'if'), catalog })
    warnOfRestricted(report, [...targets, ...fallbacks], { route, section })
  }
  const others = othersOf(section, path)
  const all = [...[...routes, otherwise].flatMap((one) => [...one.targets, ...one.fallbacks])]
  checkIds(report, [...all, ...others], { known, catalog })
}

function targetsOf(holder: unknown, path: Path): readonly Mention[] {
  const target = member(holder, 'target')
  const at = [...path, 'target']
  if (!Array.isArray(target)) return typeof target === 'string' ? [{ id: target, path: at }] : []
  return target.flatMap((entry, index): Mention[] => {
    if (typeof entry === 'string') return [{ id: entry, path: [...at, index] }]
    const id = textOf(entry, 'model')
    return id === undefined ? [] : [{ id, path: [...at, index, 'model'] }]
  })
}

function fallbacksOf(holder: unknown, path: Path): readonly Mention[] {
  return listOf(holder, 'fallback').flatMap((id, index) =>
    typeof id === 'string' ? [{ id, path: [...path, 'fallback', index] }] : [],
  )
}

/** What measures and classifies. */
function othersOf(section: unknown, path: Path): readonly Mention[] {
  const holders = ['classifier', 'baseline'] as const
  return holders.flatMap((key) => {
    const holder = member(section, key)
    const id = textOf(holder, 'model')
    const own = id === undefined ? [] : [{ id, path: [...path, key, 'model'] }]
    return [...own, ...fallbacksOf(holder, [...path, key])]
  })
}

function checkIds(
  report: Report,
  mentions: readonly Mention[],
  { known, catalog }: { readonly known: readonly string[]; readonly catalog: ModelCatalog },
): void {
  const seen = new Set<string>()
  for (const { id, path } of mentions) {
    if (id.startsWith('model:'))
      report.problem('bad_name', path, `\`${id}\` is no model’s id`, {
        hint: `write \`${id.slice('model:'.length)}\``,
      })
    // Once is enough for each.
    else if (known.length > 0 && catalog.get(id) === undefined && !seen.has(id))
      report.warning('unknown_model', path, `\`models\` does not list \`${id}\``, {
        hint: didYouMean(id, known),
      })
    seen.add(id)
  }
}

/** A model has one part of the sessions, and is tried once. */
function checkTwice(
  report: Report,
  targets: readonly Mention[],
  fallbacks: readonly Mention[],
): void {
  const drawn = new Set<string>()
  for (const { id, path } of targets) {
    if (drawn.has(id))
      report.problem('duplicate_name', path, `\`${id}\` has a part of the sessions already`, {
        hint: 'name it once, with the sum of the weights',
      })
    drawn.add(id)
  }
  // Where several are drawn from, each may follow on another.
  const tried = new Set(drawn.size === 1 ? drawn : [])
  for (const { id, path } of fallbacks) {
    if (tried.has(id))
      report.warning('duplicate_model', path, `\`${id}\` is tried before already`, {
        hint: 'remove it',
      })
    tried.add(id)
  }
}

function warnOfUnfit(
  report: Report,
  mentions: readonly Mention[],
  { test, catalog }: { readonly test: unknown; readonly catalog: ModelCatalog },
): void {
  const needs = needsOf(test)
  for (const { id, path } of mentions) {
    const card = catalog.get(id)
    const lacksReasoning =
      needs.capabilities.has('reasoning') && card?.capabilities?.has('reasoning') === false
    const fault =
      unfitFor(card, needs, Number.NEGATIVE_INFINITY) ??
      (lacksReasoning ? 'lacks `reasoning`' : undefined)
    if (fault !== undefined)
      report.warning(
        'unfit_model',
        path,
        `what the route is for, \`${id}\` cannot answer: it ${fault}`,
      )
  }
}

/** What every request has that a test lets through. */
function needsOf(test: unknown): Needs {
  const named = ['capabilities_include', 'capabilities_all'].flatMap((key) => textsOf(test, key))
  const formats = textsOf(test, 'response_format')
  const isJson = formats.length > 0 && !formats.includes('text')
  const capabilities = new Set<Capability>(CAPABILITIES.filter((one) => named.includes(one)))
  if (member(test, 'has_tools') === true) capabilities.add('tool_use')
  if (isJson) capabilities.add('json')
  return {
    capabilities,
    input_tokens: Math.max(
      numberOf(member(test, 'tokens'), 'min') ?? 0,
      numberOf(test, 'messages_total_tokens_gt') ?? 0,
      capabilities.has('long_context') ? LONG_CONTEXT : 0,
    ),
    max_output_tokens: null,
  }
}

/** A route for sessions with restricted data that leads to no model they may use. */
function warnOfRestricted(
  report: Report,
  mentions: readonly Mention[],
  { route, section }: { readonly route: unknown; readonly section: unknown },
): void {
  const [first] = mentions
  const test = member(route, 'if')
  const restricted = textsOf(section, 'restricted_models').map(modelSelector)
  if (first === undefined || member(test, 'tainted') !== true || restricted.length === 0) return
  const isReachable = mentions.some(({ id }) =>
    restricted.some((selector) =>
      coversResource(selector, { name: `model:${id}`, server: undefined }),
    ),
  )
  if (!isReachable)
    report.warning(
      'restricted_route',
      first.path,
      'the route is for sessions that have read restricted data, and `restricted_models` has none of its models',
    )
}
