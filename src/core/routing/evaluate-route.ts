import { sha256Hex } from '../hash.ts'
import { coversResource } from '../policy/selectors.ts'
import { type ModelCatalog, unfitFor } from './catalog.ts'
import type { CompiledRoute, CompiledRoutes, Share } from './compile-routes.ts'
import type { RouteView } from './route-view.ts'

/** Why a route was taken or not. */
export interface ConsideredRoute {
  readonly route: string
  readonly matched: boolean
  /** The key of its `if` that did not hold, or what was left out of its models. */
  readonly why: string
}

/** Which models answer, in order. */
export interface RouteChoice {
  /** Null: none held, and the policy has no default. */
  readonly route: string | null
  readonly target: string
  readonly fallbacks: readonly string[]
  readonly considered: readonly ConsideredRoute[]
}

/** Nothing of what the policy would send it to may answer. */
export interface NoRoute {
  readonly target: undefined
  readonly considered: readonly ConsideredRoute[]
  /** For people: what is wrong. */
  readonly detail: string
}

/**
 * The first route that holds. Models that could not answer, or that a session with restricted data may
 * not reach, are passed over. Pure: the same policy, view and catalogue give the same choice.
 */
export function evaluateRoute(
  policy: CompiledRoutes,
  view: RouteView,
  catalog: ModelCatalog,
): RouteChoice | NoRoute {
  const considered: ConsideredRoute[] = []
  const choosing = { policy, view, catalog, considered }
  for (const route of policy.routes) {
    const failing = route.conditions.find((condition) => !condition.holds(view))
    if (failing === undefined) return choose(route.name, route, choosing)
    considered.push({ route: route.name, matched: false, why: `\`${failing.key}\` does not hold` })
  }
  if (policy.otherwise !== undefined)
    return choose(policy.otherwise.name, policy.otherwise, choosing)
  const { model, alternatives } = view.request
  if (model === null)
    return { target: undefined, considered, detail: 'no route holds, and no model is asked for' }
  return choose(null, { targets: [{ model, weight: 1 }], fallbacks: alternatives }, choosing)
}

type Models = Pick<CompiledRoute, 'targets' | 'fallbacks'>

interface Choosing {
  readonly policy: CompiledRoutes
  readonly view: RouteView
  readonly catalog: ModelCatalog
  readonly considered: ConsideredRoute[]
}

function choose(
  route: string | null,
  models: Models,
  { policy, view, catalog, considered }: Choosing,
): RouteChoice | NoRoute {
  const left = new Set<string>()
  const permitted = without(models, left, (model) =>
    isKeptFrom(policy, model, view) ? 'may not have what this session has read' : undefined,
  )
  const fit = without(permitted, left, (model) =>
    unfitFor(catalog.get(model), view.request, view.at),
  )
  // Where none could answer as far as is known, the first says itself why it does not.
  const { targets, fallbacks: next } = isEmpty(fit) ? permitted : fit
  const drawn = draw(targets, `${view.session.id}\n${route}`)
  const [target, ...fallbacks] = new Set(drawn === undefined ? next : [drawn, ...next])
  const why = [...left].join('; ')
  considered.push({ route: route ?? 'none', matched: true, why })
  if (target !== undefined) return { route, target, fallbacks, considered }
  return { target: undefined, considered, detail: why === '' ? 'the route names no model' : why }
}

function without(
  { targets, fallbacks }: Models,
  left: Set<string>,
  faultOf: (model: string) => string | undefined,
): Models {
  const stays = (model: string): boolean => {
    const fault = faultOf(model)
    if (fault !== undefined) left.add(`\`${model}\` ${fault}`)
    return fault === undefined
  }
  return {
    targets: targets.filter(({ model }) => stays(model)),
    fallbacks: fallbacks.filter(stays),
  }
}

function isEmpty({ targets, fallbacks }: Models): boolean {
  return targets.length === 0 && fallbacks.length === 0
}

/** Restricted data goes to listed models only. */
export function isKeptFrom(
  { restricted }: CompiledRoutes,
  model: string,
  { session }: Pick<RouteView, 'session'>,
): boolean {
  if (restricted === undefined || !session.tainted) return false
  const resource = { name: `model:${model}`, server: undefined }
  return !restricted.some((selector) => coversResource(selector, resource))
}

/**
 * The same session gets the same model, and each model its part of all sessions. A model that is added,
 * removed or weighted anew moves no session between two others.
 * @see https://en.wikipedia.org/wiki/Rendezvous_hashing the weighted form
 */
function draw(targets: readonly Share[], key: string): string | undefined {
  if (targets.length <= 1) return targets[0]?.model
  let drawn: string | undefined
  let most = Number.NEGATIVE_INFINITY
  for (const { model, weight } of targets) {
    const score = -weight / Math.log(unitOf(`${key}\n${model}`))
    if (score <= most) continue
    drawn = model
    most = score
  }
  return drawn
}

/** Between 0 and 1, neither inside. */
function unitOf(text: string): number {
  return (Number.parseInt(sha256Hex(text).slice(0, 8), 16) + 0.5) / 2 ** 32
}

/** False where what the request is about cannot change which models answer: then nobody need be asked. */
export function needsClassifying(policy: CompiledRoutes, view: RouteView): boolean {
  let first: CompiledRoute | undefined
  const differs = (route: CompiledRoute): boolean => {
    first ??= route
    // Two routes draw differently even where they read the same.
    return route !== first && (route.models === undefined || route.models !== first.models)
  }
  for (const route of policy.routes) {
    if (!route.plain.every((condition) => condition.holds(view))) continue
    if (differs(route)) return true
    if (route.plain.length === route.conditions.length) return false
  }
  if (policy.otherwise !== undefined) return differs(policy.otherwise)
  return first !== undefined
}
