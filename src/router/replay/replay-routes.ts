import { isMap } from '../../core/json-kind.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { ModelCatalog } from '../../core/routing/catalog.ts'
import type { CompiledRoutes } from '../../core/routing/compile-routes.ts'
import { costOfTokens } from '../../core/routing/cost/cost-of.ts'
import { type Price, readPrice } from '../../core/routing/cost/price.ts'
import { NO_TOKENS } from '../../core/routing/cost/usage.ts'
import { evaluateRoute } from '../../core/routing/evaluate-route.ts'
import { viewOfRecord } from '../../core/routing/recorded-route.ts'

/** A request that another policy would send elsewhere. */
export interface RouteChange {
  readonly id: string
  readonly ts: string
  readonly agent: string | null
  readonly was: string | null
  readonly route_was: string | null
  /** Null: nothing may answer any more. */
  readonly now: string | null
  readonly route_now: string | null
}

export interface RouteReplay {
  /** Requests that were routed, as far as their records tell what by. */
  readonly routed: number
  readonly same: number
  readonly changed: number
  /** Of those changed: nothing may answer any more. */
  readonly refused: number
  /** Records of routes that do not say what they were chosen by. */
  readonly unknown: number
  readonly cost: {
    /** Requests whose cost was recorded, and that both prices are known of. */
    readonly requests: number
    /** Billionths of a US dollar, as recorded. */
    readonly was_nusd: number
    /** The same tokens at the prices of the models now chosen: an estimate. */
    readonly now_nusd: number
  }
}

const MOST_OPEN = 20_000

interface Open {
  readonly was: string | null
  readonly now: string | null
  readonly input_tokens: number
  readonly at: number
}

/**
 * Sends recorded requests through another policy. What the request was about is taken as it was recorded;
 * affinity, which depends on what came before, is left out on both sides.
 */
export async function replayRoutes(
  records: AsyncIterable<AuditRecord>,
  routes: CompiledRoutes,
  onChange: (change: RouteChange) => void | Promise<void>,
): Promise<RouteReplay> {
  const costing: Costing = {
    open: new Map(),
    prices: pricesOf(routes.catalog),
    cost: { requests: 0, was_nusd: 0, now_nusd: 0 },
  }
  const sum = { routed: 0, same: 0, changed: 0, refused: 0, unknown: 0 }
  for await (const record of records) {
    if (record.kind === 'outcome') addCost(record, costing)
    if (record.kind !== 'route' || record.parent_id !== null) continue
    const replayed = replayOne(record, routes)
    if (replayed === undefined) {
      sum.unknown++
      continue
    }
    const { change, waiting } = replayed
    keep(costing.open, record.request_id, waiting)
    sum.routed++
    if (change.was === change.now) sum.same++
    else {
      sum.changed++
      if (change.now === null) sum.refused++
      await onChange(change)
    }
  }
  return { ...sum, cost: costing.cost }
}

function keep(open: Map<string, Open>, request: string | null, waiting: Open): void {
  if (request === null) return
  if (open.size >= MOST_OPEN) for (const oldest of open.keys()) if (open.delete(oldest)) break
  open.set(request, waiting)
}

function replayOne(
  record: AuditRecord,
  routes: CompiledRoutes,
): { readonly change: RouteChange; readonly waiting: Open } | undefined {
  const view = viewOfRecord(record)
  if (view === undefined) return undefined
  const choice = evaluateRoute(routes, view, routes.catalog)
  const now = choice.target ?? null
  const was = wasChosen(record)
  const change = {
    id: record.id,
    ts: record.ts,
    agent: record.agent,
    ...was,
    now,
    route_now: choice.target === undefined ? null : choice.route,
  }
  const waiting = { was: was.was, now, input_tokens: view.request.input_tokens, at: view.at }
  return { change, waiting }
}

/** What the policy chose, before the session's own model was kept. */
function wasChosen({
  model,
  arguments: kept,
}: AuditRecord): Pick<RouteChange, 'was' | 'route_was'> {
  const { route, chosen } = isMap(kept) ? kept : { route: null, chosen: null }
  return {
    was: typeof chosen === 'string' ? chosen : model,
    route_was: typeof route === 'string' ? route : null,
  }
}

interface Costing {
  readonly open: Map<string, Open>
  readonly prices: (model: string) => Price | undefined
  readonly cost: { -readonly [Field in keyof RouteReplay['cost']]: number }
}

/** The answer's tokens follow from what it has cost. */
function addCost(record: AuditRecord, { open, prices, cost }: Costing): void {
  const { request_id: request, cost_nusd: nusd, model } = record
  const asked = request === null ? undefined : open.get(request)
  if (asked === undefined || nusd === null || asked.now === null || model === null) return
  const [from, to] = [prices(model), prices(asked.now)]
  if (from === undefined || to === undefined) return
  const input = { ...NO_TOKENS, input_tokens: asked.input_tokens }
  const prompt = costOfTokens(input, from, asked.at)
  const million = costOfTokens({ ...NO_TOKENS, output_tokens: 1_000_000 }, from, asked.at)
  if (prompt === null || million === null || million === 0) return
  const output = Math.max(0, Math.round(((nusd - prompt) * 1_000_000) / million))
  const now =
    model === asked.now ? nusd : costOfTokens({ ...input, output_tokens: output }, to, asked.at)
  if (now === null) return
  cost.requests++
  cost.was_nusd += nusd
  cost.now_nusd += now
}

function pricesOf(catalog: ModelCatalog): Costing['prices'] {
  const known = new Map<string, Price | undefined>()
  return (model) => {
    if (known.has(model)) return known.get(model)
    const pricing = catalog.get(model)?.pricing
    const read = pricing == null ? undefined : readPrice(pricing)
    const price = read === undefined || 'fault' in read ? undefined : read.price
    known.set(model, price)
    return price
  }
}
