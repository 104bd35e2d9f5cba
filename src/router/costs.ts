import type { ModelCatalog } from '../core/routing/catalog.ts'
import { baselineCall } from '../core/routing/cost/baseline-call.ts'
import { type CacheLedger, EMPTY_LEDGER } from '../core/routing/cost/ledger.ts'
import type { CostEntry, CostReport } from '../core/routing/cost/report.ts'
import type { ModelUsage } from '../core/routing/cost/usage.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { priceOf } from '../engine/routing/price-of.ts'
import type { CostKeeper, Spent } from '../openai/routing/attempt.ts'
import { createRunningTotals } from './running-totals.ts'
import type { Settlement } from './settlement.ts'

/** What the router has cost, and would have cost at the baseline. */
export interface Costs extends CostKeeper {
  report(): CostReport
}

export interface CostsOptions {
  readonly engine: Pick<PolicyEngine, 'noteCost'>
  readonly settlement: Settlement
  readonly catalog: () => ModelCatalog | undefined
}

/** Sessions whose prompts at the baseline are remembered; the one that was used longest ago is forgotten. */
const MOST_SESSIONS = 10_000

export function createCosts({ engine, settlement, catalog }: CostsOptions): Costs {
  const totals = createRunningTotals()
  const pending = new Map<object, CostEntry>()
  const ledgers = new Map<string, CacheLedger>()
  let baselineModel: string | null = null

  const modelBaseline = (spent: Spent, usage: ModelUsage | null): CostEntry['baseline'] => {
    const { baseline, isAnswer, session, agent, tenant, at } = spent
    const tokens = usage?.tokens ?? null
    if (baseline === null || !isAnswer || tokens === null) return null
    const price = priceOf(catalog(), baseline)
    if (price === null) return null
    const key = JSON.stringify([tenant, agent, session, baseline])
    const ledger = ledgers.get(key) ?? EMPTY_LEDGER
    const call = baselineCall(ledger, { model: baseline, price }, { tokens, at })
    ledgers.delete(key)
    ledgers.set(key, call.ledger)
    const [oldest] = ledgers.keys()
    if (ledgers.size > MOST_SESSIONS && oldest !== undefined) ledgers.delete(oldest)
    return exactly(call.nusd)
  }

  /** Without a cache, what it has answered would have cost what it has cost before. */
  const baselineFor = (spent: Spent, usage: ModelUsage | null): CostEntry['baseline'] =>
    spent.saved === undefined ? modelBaseline(spent, usage) : exactly(spent.saved.nusd)

  const wait = (spent: Spent, generation: string): void => {
    const key = {}
    pending.set(key, entryOf(spent, null))
    settlement.add(generation, (settled) => {
      pending.delete(key)
      if (settled === undefined) {
        totals.add(entryOf({ ...spent, cost: { nusd: null, state: 'unknown' } }, null))
        return
      }
      const { nusd, usage } = settled
      const cost = { nusd, state: 'billed' } as const
      totals.add(entryOf({ ...spent, cost }, baselineFor(spent, usage)))
      // Who closes an engine wants no more records.
      Promise.resolve()
        .then(() => engine.noteCost(settledCost(spent, nusd)))
        .catch(() => undefined)
    })
  }

  return {
    spent(spent) {
      baselineModel = spent.baseline ?? baselineModel
      const { cost, generation } = spent
      if (cost.state === 'pending' && generation !== undefined) wait(spent, generation)
      else totals.add(entryOf(spent, baselineFor(spent, spent.usage)))
    },
    classified({ nusd, ...whose }) {
      const cost =
        nusd === null
          ? ({ nusd: null, state: 'unknown' } as const)
          : ({ nusd, state: 'billed' } as const)
      totals.add({ ...whose, kind: 'classifier', model: 'classifier', cost, baseline: null })
    },
    report: () => totals.report([...pending.values()], baselineModel),
  }
}

function exactly(nusd: number | null): CostEntry['baseline'] {
  return nusd === null ? null : { nusd, interval: null }
}

function entryOf(
  { isAnswer, saved, model, task, session, agent, tenant, cost }: Spent,
  baseline: CostEntry['baseline'],
): CostEntry {
  const answered = saved === undefined ? 'call' : 'cache_hit'
  const kind = isAnswer ? answered : 'failed_attempt'
  return { kind, model, task, session, agent, tenant, cost, baseline }
}

function settledCost({ id, requestId, session, agent, tenant, model }: Spent, nusd: number) {
  return { call: id, request: requestId, session, agent, tenant, model, cost_nusd: nusd }
}
