import type { ModelCatalog } from '../../core/routing/catalog.ts'
import { actualCost, type Cost } from '../../core/routing/cost/cost-of.ts'
import { priceOf } from '../../engine/routing/price-of.ts'
import type { Usage } from '../../engine/usage.ts'
import type { Judged } from '../judge.ts'
import type { Saved } from './answer-cache.ts'
import type { Closing, CostKeeper, Spent } from './attempt.ts'
import type { Routing } from './routing.ts'

/** A call, and who wants to know what it costs. */
export interface Metered {
  readonly judged: Judged
  readonly catalog: ModelCatalog | undefined
  readonly costs: CostKeeper | undefined
  readonly about: Pick<Spent, 'requestId' | 'task' | 'model' | 'baseline'>
  /** True once some of its answer was handed on. */
  readonly hasBegun: () => boolean
  /** What a cache has saved it; undefined: none has answered. */
  readonly saved: () => Saved | undefined
}

export type Meter = (closing: Closing) => Usage

/** Tells what a call has cost, and gives what it is closed with. */
export function createMeter({ judged, catalog, costs, about, hasBegun, saved }: Metered): Meter {
  return (closing) => {
    const at = Date.now()
    const { usage, served, generation, outcome } = closing
    const hit = saved()
    const cost = hit === undefined ? costOf(closing, about.model, catalog, at) : NOTHING
    const { decision, subject } = judged.ticket
    costs?.spent({
      ...about,
      id: decision.id,
      at,
      session: judged.head.session,
      agent: subject?.agent ?? null,
      tenant: subject?.tenant ?? null,
      isAnswer: outcome.ok || hasBegun(),
      saved: hit,
      usage,
      cost,
      generation,
    })
    const tokens = usage?.tokens ?? null
    return {
      ...(tokens === null
        ? {}
        : {
            tokens: tokens.input_tokens + tokens.output_tokens,
            input_tokens: tokens.input_tokens,
          }),
      ...(cost.nusd === null ? {} : { cost_nusd: cost.nusd }),
      ...(served === undefined ? {} : { model: served }),
    }
  }
}

/** Nobody was asked. */
const NOTHING: Cost = Object.freeze({ nusd: 0, state: 'computed' })
const PREFIX = 'model:'

/** Of a call that goes to the model it names; undefined where it is for none. */
export function meterOf(routing: Routing, judged: Judged): Meter | undefined {
  const { resource } = judged.plan.first
  if (!resource.startsWith(PREFIX)) return undefined
  return createMeter({
    judged,
    catalog: routing.catalog?.(),
    costs: routing.costs,
    about: {
      requestId: judged.ticket.decision.id,
      task: null,
      model: resource.slice(PREFIX.length),
      baseline: null,
    },
    hasBegun: () => false,
    saved: () => undefined,
  })
}

/** What was refused cost nothing; what broke off is asked for later, where somebody can be asked. */
function costOf(
  { outcome, usage, served, generation, isRefused }: Closing,
  model: string,
  catalog: ModelCatalog | undefined,
  at: number,
): Cost {
  if (isRefused && usage === null) return { nusd: 0, state: 'billed' }
  if (!outcome.ok && neverSent(outcome.error)) return { nusd: 0, state: 'computed' }
  const canAsk = generation !== undefined
  const price = priceOf(catalog, model) ?? (served === undefined ? null : priceOf(catalog, served))
  const settles = !outcome.ok || (canAsk && usage === null)
  const cost = actualCost(usage, price, { at, settles })
  return cost.nusd === null ? { nusd: null, state: canAsk ? 'pending' : 'unknown' } : cost
}

const UNSENT: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** Nobody was there to send it to. */
function neverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { cause } = error
  return cause instanceof Error && 'code' in cause && UNSENT.has(cause.code)
}
