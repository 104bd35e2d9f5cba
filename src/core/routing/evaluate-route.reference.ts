import { sha256Hex } from '../hash.ts'
import { type ModelCatalog, unfitFor } from './catalog.ts'
import type { RouteView } from './route-view.ts'

type Words = string | readonly string[]
interface Span {
  readonly min?: number
  readonly max?: number
}
interface WrittenTest {
  readonly [key: string]: unknown
  readonly complexity?: Words | { readonly min?: string; readonly max?: string }
  readonly capabilities_include?: Words
  readonly capabilities_all?: Words
  readonly tokens?: Span
  readonly risk?: Span
  readonly messages_min_length?: number
  readonly messages_total_tokens_gt?: number
  readonly budget?: { readonly remaining_usd?: Span; readonly remaining_share?: Span }
  readonly time?: { days?: Words; from?: string; to?: string; timezone?: string }
  readonly metadata?: Readonly<Record<string, unknown>>
}
type Entry = string | { readonly model: string; readonly weight?: number }
interface WrittenModels {
  readonly target: Entry | readonly Entry[]
  readonly fallback?: readonly string[]
}
/** The section as it is written. */
export interface WrittenRouter {
  readonly routes: readonly (WrittenModels & { readonly name?: string; readonly if: WrittenTest })[]
  readonly default?: WrittenModels
  readonly restricted_models?: readonly string[]
}

/** The naive twin of `evaluateRoute`: reads the section from top to bottom, and nothing is prepared. */
export function referenceRoute(section: WrittenRouter, view: RouteView, catalog: ModelCatalog) {
  const named = section.routes.map((route, at) => ({
    name: `routes[${at}]`,
    ...route,
  }))
  const asked = {
    name: null,
    target: view.request.model ?? [],
    fallback: view.request.model === null ? [] : view.request.alternatives,
  }
  const otherwise = section.default === undefined ? asked : { ...section.default, name: 'default' }
  const route = named.find((one) => holds(one.if, view)) ?? otherwise
  const shares = [route.target]
    .flat()
    .map((one) => (typeof one === 'string' ? { model: one } : one))
  const everything = [...shares, ...(route.fallback ?? []).map((model) => ({ model }))]
  const isPermitted = ({ model }: { model: string }) =>
    !view.session.tainted ||
    section.restricted_models === undefined ||
    section.restricted_models.some((text) => {
      const [start = '', end] = text.replace('model:', '').split('*')
      return end === undefined ? model === start : model.startsWith(start) && model !== start
    })
  const isFit = ({ model }: { model: string }) =>
    unfitFor(catalog.get(model), view.request, view.at) === undefined
  const permitted = everything.filter(isPermitted)
  const chosen = permitted.some(isFit) ? permitted.filter(isFit) : permitted
  const score = ({ model, weight = 1 }: { model: string; weight?: number }) => {
    const hash = sha256Hex(`${view.session.id}\n${route.name}\n${model}`).slice(0, 8)
    return -weight / Math.log((Number(`0x${hash}`) + 0.5) / 4294967296)
  }
  const drawn = chosen.filter((one) => shares.includes(one)).sort((a, b) => score(b) - score(a))
  const models = [...drawn.slice(0, 1), ...chosen.filter((one) => !shares.includes(one))]
  const ids: string[] = models.map(({ model }) => model)
  return { route: route.name, models: ids.filter((id, at) => ids.indexOf(id) === at) }
}

function holds(test: WrittenTest, { request, classification, ...view }: RouteView): boolean {
  const { subject, session, budget } = view
  const some = (key: string, ...values: unknown[]) =>
    test[key] === undefined || values.some((one) => [test[key]].flat().includes(one))
  const inside = (span: Span | undefined, is: number | undefined) =>
    span === undefined || (is !== undefined && is >= (span.min ?? is) && is <= (span.max ?? is))
  const rank = (level: string) => ['low', 'medium', 'high'].indexOf(level)
  const { complexity: levels, capabilities_include: one = [], capabilities_all: all = [] } = test
  const ranks = typeof levels === 'object' && 'slice' in levels ? undefined : levels
  return [
    some('task', classification.task),
    typeof ranks === 'object'
      ? rank(classification.complexity) >= rank(ranks.min ?? 'low') &&
        rank(classification.complexity) <= rank(ranks.max ?? 'high')
      : some('complexity', classification.complexity),
    [one, all].flat().every((word) => [...request.capabilities].some((has) => has === word)),
    ...(['agent', 'user', 'team', 'tenant'] as const).map((key) => some(key, subject[key])),
    some('role', ...(subject.roles ?? [])),
    some('scope', view.scope),
    some('tier', subject.tier ?? 'user'),
    inside(test.tokens, request.input_tokens),
    request.messages.length >= (test.messages_min_length ?? 0),
    request.input_tokens > (test.messages_total_tokens_gt ?? -1),
    inside(test.risk, session.risk),
    some('tainted', session.tainted),
    some('tainted_scopes', ...session.scopes),
    some('has_tools', request.tools.length > 0),
    some('stream', request.stream),
    some('response_format', request.response_format),
    inside(test.budget?.remaining_usd, budget?.remaining_usd),
    inside(test.budget?.remaining_share, budget?.remaining_share),
    test.time === undefined || isOpen(test.time, view.at),
    Object.entries(test.metadata ?? {}).every(([key, values]) =>
      [values].flat().map(String).includes(String(request.metadata[key])),
    ),
  ].every(Boolean)
}

const WEEK = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function isOpen(time: NonNullable<WrittenTest['time']>, at: number): boolean {
  const { days = WEEK, from = '00:00', to = '24:00', timezone = 'UTC' } = time
  const shown = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: timezone, ...options }).format(at)
  const now = shown({ hourCycle: 'h23', hour: '2-digit', minute: '2-digit' })
  const today = WEEK.indexOf(shown({ weekday: 'short' }).toLowerCase())
  const isOn = (day: number) => days.includes(WEEK.at(day) ?? '')
  if (from < to) return isOn(today) && now >= from && now < to
  return (isOn(today) && now >= from) || (isOn(today - 1) && now < to)
}
