import { CallgateError } from '../../model/errors.ts'
import { type BootstrapOptions, bootstrap, drawnSum, type Interval } from './bootstrap.ts'

/**
 * How it is known what all would have cost at the baseline model. `same_tokens`: the tokens that were
 * counted, at its prices. `ratio`: the same, corrected by how many it was measured to need. `holdout`:
 * sessions that were left to it, against those that were routed. `shadow`: calls it answered besides.
 */
export type BaselineMethod = 'same_tokens' | 'ratio' | 'holdout' | 'shadow'

/** What all would have cost. It may be less than what was spent: nothing is clipped. */
export interface Baseline {
  readonly method: BaselineMethod
  /** Sessions (of the smaller arm), or calls, that it rests on. */
  readonly n: number
  /** Nano-dollars. */
  readonly nusd: number
  /** Null: none is known, which is not the same as exact. */
  readonly interval: Interval | null
  /** True where nothing was measured: a model that is not asked uses other numbers of tokens. */
  readonly estimate: boolean
}

/**
 * By sessions that were left to the baseline at random: the only measure without a bias. Each number is
 * what one session cost, with all its attempts and classifying, in nano-dollars. The baseline is that of
 * all sessions, those left to it included. Undefined where either arm is empty.
 * @throws {CallgateError} ERR_OPTIONS_INVALID for a sum beyond nine million dollars
 */
export function holdoutBaseline(
  { routed, held }: { readonly routed: readonly number[]; readonly held: readonly number[] },
  options?: BootstrapOptions,
): Baseline | undefined {
  if (routed.length === 0 || held.length === 0) return undefined
  const spent = sumOf(routed) + sumOf(held)
  const savings = (costs: { routed: number; held: number }): number =>
    (costs.held / held.length) * routed.length - costs.routed
  const interval = bootstrap(
    [routed.length, held.length],
    ([ofRouted, ofHeld]) =>
      savings({ routed: drawnSum(routed, ofRouted), held: drawnSum(held, ofHeld) }),
    options,
  )
  return {
    method: 'holdout',
    n: Math.min(routed.length, held.length),
    nusd: whole(spent + savings({ routed: sumOf(routed), held: sumOf(held) })),
    interval: { low: whole(spent + interval.low), high: whole(spent + interval.high) },
    estimate: false,
  }
}

/** One call that the baseline model answered besides; nano-dollars. */
export interface ShadowRow {
  readonly served_nusd: number
  readonly baseline_nusd: number
}

/**
 * By calls that were answered by both: their mean difference, for all `calls`, which cost `spent`
 * nano-dollars. What the shadows themselves cost is no part of it. Undefined where there are none.
 * @throws {CallgateError} ERR_OPTIONS_INVALID for a sum beyond nine million dollars
 */
export function shadowBaseline(
  rows: readonly ShadowRow[],
  { calls, spent }: { readonly calls: number; readonly spent: number },
  options?: BootstrapOptions,
): Baseline | undefined {
  if (rows.length === 0) return undefined
  const differences = rows.map((row) => row.baseline_nusd - row.served_nusd)
  const scaled = (sum: number): number => spent + (sum / rows.length) * calls
  const { low, high } = bootstrap(
    [rows.length],
    ([drawn]) => scaled(drawnSum(differences, drawn)),
    options,
  )
  return {
    method: 'shadow',
    n: rows.length,
    nusd: whole(scaled(sumOf(differences))),
    interval: { low: whole(low), high: whole(high) },
    estimate: false,
  }
}

/** What of the methods could be used; each undefined where it could not. */
export type Measured = Readonly<Partial<Record<BaselineMethod, Baseline | undefined>>>

export interface HeadlineOptions {
  /** Sessions in each arm from which on a holdout counts. @default 100 */
  readonly least_sessions?: number
  /** Shadow rows from which on a ratio counts. @default 30 */
  readonly least_rows?: number
}

/**
 * The one to be told first: the holdout where it is large enough, else the ratio with its interval, else
 * the same tokens, which say `estimate`.
 */
export function headline(
  measured: Measured,
  { least_sessions: sessions = 100, least_rows: rows = 30 }: HeadlineOptions = {},
): Baseline | undefined {
  const { holdout, ratio, same_tokens: same } = measured
  if (holdout !== undefined && holdout.n >= sessions) return holdout
  if (ratio !== undefined && ratio.n >= rows && ratio.interval !== null) return ratio
  return same
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID where the sum is not exact any more */
export function sumOf(values: readonly number[]): number {
  return whole(values.reduce((sum, value) => sum + value, 0))
}

function whole(nusd: number): number {
  const rounded = Math.round(nusd)
  if (Number.isSafeInteger(rounded)) return rounded
  throw new CallgateError(
    'ERR_OPTIONS_INVALID',
    'costs add up to more than nine million dollars, or are no amounts: take a shorter time',
  )
}
