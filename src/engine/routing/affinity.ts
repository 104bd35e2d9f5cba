import { type ModelCatalog, unfitFor } from '../../core/routing/catalog.ts'
import type { CompiledRoutes } from '../../core/routing/compile-routes.ts'
import {
  afterPrompt,
  type CacheLedger,
  type CachingModel,
  EMPTY_LEDGER,
  expectedSaving,
  switchCost,
} from '../../core/routing/cost/ledger.ts'
import { isKeptFrom, type RouteChoice } from '../../core/routing/evaluate-route.ts'
import type { ModelRequest } from '../../core/routing/model-request.ts'
import type { RouteSession } from '../../core/routing/route-view.ts'
import { priceOf } from './price-of.ts'

/** How a session's model was kept or changed. */
export interface Affinity {
  /** `new`: the session's first. `none`: nothing was routed, or the policy keeps no models. */
  readonly action: 'none' | 'new' | 'kept' | 'pinned' | 'switched'
  /** What the next prompt costs more by the switch, in billionths of a US dollar; null: not known, or no switch. */
  readonly switch_cost_nusd: number | null
  readonly reason: string
}

/** Which models a session has used, and what their caches hold of it. */
export interface UsedModels {
  readonly last: string
  readonly turns: number
  readonly ledger: CacheLedger
  readonly output_tokens: number
}

interface Asked {
  readonly model: ModelRequest
  readonly used: UsedModels | undefined
  readonly session: RouteSession
  readonly at: number
  readonly catalog: ModelCatalog
}

interface Kept {
  readonly model: string
  readonly affinity: Affinity
}

/**
 * The model that a session goes on with. What it must leave it leaves; what only the same vendor can go
 * on with it never leaves; for a cheaper model it leaves only where that pays for what the other has in
 * its cache. A dearer one is the policy's own wish: it asked for a better answer.
 */
export function keepModel(policy: CompiledRoutes, choice: RouteChoice, asked: Asked): Kept {
  const { used, model, at, catalog } = asked
  const { target } = choice
  if (!policy.affinity.enabled) return kept(target, 'none', '')
  if (used === undefined) return kept(target, 'new', '')
  const { last } = used
  if (last === target) return kept(target, 'kept', '')
  const bar = barOf(policy, last, asked)
  if (bar !== undefined) return switched(asked, target, bar)
  if (model.bound_to_vendor)
    return kept(last, 'pinned', 'an open tool loop or sealed reasoning goes on with its own vendor')
  const from = cachingModel(last, catalog)
  const to = cachingModel(target, catalog)
  if (from === undefined || to === undefined) return switched(asked, target, 'route')
  const saving = expectedSaving(used.ledger, { from, to }, outlookOf(used), at)
  if (saving === null || saving <= 0) return switched(asked, target, 'route')
  const cost = switchCost(used.ledger, { from, to }, at) ?? 0
  return saving > cost * (1 + policy.affinity.margin)
    ? kept(target, 'switched', 'saves more than the switch costs', cost)
    : kept(last, 'pinned', 'the switch would cost more than it saves', cost)
}

function kept(
  model: string,
  action: Affinity['action'],
  reason: string,
  cost: number | null = null,
): Kept {
  return { model, affinity: { action, switch_cost_nusd: cost, reason } }
}

function switched(asked: Asked, target: string, reason: string): Kept {
  const { used, catalog, at } = asked
  const from = cachingModel(used?.last ?? '', catalog)
  const to = cachingModel(target, catalog)
  const known = from !== undefined && to !== undefined && used !== undefined
  const cost = known ? switchCost(used.ledger, { from, to }, at) : null
  return kept(target, 'switched', reason, cost)
}

/** Why the session may not stay; undefined: it may. */
function barOf(policy: CompiledRoutes, last: string, asked: Asked): string | undefined {
  const { model, session, at, catalog } = asked
  if (!isNamed(policy, last)) return 'the policy no longer names its model'
  if (isKeptFrom(policy, last, { session })) return 'its model may not have what it has read'
  const fault = unfitFor(catalog.get(last), model, at)
  return fault === undefined ? undefined : `its model ${fault}`
}

function isNamed({ routes, otherwise }: CompiledRoutes, model: string): boolean {
  return [...routes, ...(otherwise === undefined ? [] : [otherwise])].some(
    ({ targets, fallbacks }) =>
      fallbacks.includes(model) || targets.some((target) => target.model === model),
  )
}

/** Undefined where no price of it is known. */
function cachingModel(model: string, catalog: ModelCatalog): CachingModel | undefined {
  const price = priceOf(catalog, model)
  return price === null ? undefined : { model, price }
}

/** As long again as it has gone on, with as much in each turn. */
function outlookOf({ turns, ledger, output_tokens: output }: UsedModels) {
  return {
    turns: Math.min(MOST_TURNS, turns),
    new_tokens: Math.round(ledger.prefix_tokens / turns),
    output_tokens: Math.round(output / turns),
  }
}
const MOST_TURNS = 20

/** What is known of a session after a model has answered in it. */
export function afterAnswer(
  used: UsedModels | undefined,
  {
    model,
    input,
    output,
  }: { readonly model: string; readonly input: number; readonly output: number },
  { catalog, at }: { readonly catalog: ModelCatalog; readonly at: number },
): UsedModels {
  const caching = cachingModel(model, catalog)
  const ledger = used?.ledger ?? EMPTY_LEDGER
  return {
    last: model,
    turns: (used?.turns ?? 0) + 1,
    ledger: caching === undefined ? ledger : afterPrompt(ledger, caching, input, at),
    output_tokens: (used?.output_tokens ?? 0) + output,
  }
}
