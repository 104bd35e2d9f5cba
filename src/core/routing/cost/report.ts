import { type Baseline, type BaselineMethod, sumOf } from './baseline.ts'
import type { Interval } from './bootstrap.ts'
import type { Cost } from './cost-of.ts'

/**
 * What money went for. `call`: a model answered. `cache_hit`: a cache answered for it. The others serve
 * those: asking what a request is about, its embedding, an attempt that failed, a shadow of the baseline.
 */
export type CostKind =
  | 'call'
  | 'cache_hit'
  | 'classifier'
  | 'embedding'
  | 'failed_attempt'
  | 'shadow'

/** One thing that was, or may be, paid for. */
export interface CostEntry {
  readonly kind: CostKind
  readonly model: string
  readonly task: string | null
  readonly session: string | null
  readonly agent: string | null
  readonly tenant: string | null
  readonly cost: Cost
  /** What the baseline model would have cost, of calls and cache hits; null: not known. Nano-dollars. */
  readonly baseline: { readonly nusd: number; readonly interval: Interval | null } | null
}

/** Sums of entries. Nano-dollars. All money is that of settled entries alone. */
export interface CostTotals {
  /** Calls and cache hits, settled or not. */
  readonly calls: number
  readonly total_nusd: number
  /** INVARIANT: they add up to `total_nusd`. */
  readonly by_kind: Readonly<Record<CostKind, { readonly count: number; readonly nusd: number }>>
  /** With calls of which it is not known at what they cost: they save nothing and lose nothing. */
  readonly baseline_nusd: number
  /** INVARIANT: `baseline_nusd - total_nusd`. Below zero where routing cost more than it saved. */
  readonly savings_nusd: number
  /** INVARIANT: they add up to `savings_nusd`. */
  readonly saved_by: { readonly routing: number; readonly cache: number; readonly overhead: number }
  /** Settled calls and cache hits of which it is not known what the baseline would have cost. */
  readonly without_baseline: number
  /** Entries whose cost is still to come; no money of theirs is in any sum. */
  readonly pending: number
  /** Entries whose cost nobody will say. */
  readonly unknown: number
}

export interface CostReport {
  readonly totals: CostTotals
  /** Calls and cache hits, the dearest first. INVARIANT: their calls add up to `totals.calls`. */
  readonly models: readonly ModelCosts[]
  /** The model that every call is compared with; null: none, and nothing is said of savings. */
  readonly baseline_model: string | null
  /** What is told first of the savings. Its money may rest on more than the entries' own baselines. */
  readonly headline: (Baseline & { readonly savings_nusd: number }) | null
}

export interface ModelCosts {
  readonly model: string
  readonly calls: number
  readonly nusd: number
}

export interface ReportOptions {
  readonly baseline_model?: string | null
  /** How the entries' own baselines are known. @default 'same_tokens' */
  readonly method?: Extract<BaselineMethod, 'same_tokens' | 'ratio'>
  /** Rows that the entries' ratios rest on, of the one with the fewest. @default 0 */
  readonly n?: number
  /** Told instead of the entries' own, as `headline` chose it. */
  readonly measured?: Baseline | undefined
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID for a sum beyond nine million dollars */
export function reportCosts(
  entries: readonly CostEntry[],
  options: ReportOptions = {},
): CostReport {
  const totals = totalsOf(entries)
  const model = options.baseline_model ?? null
  const own = model === null ? null : ownBaseline(entries, totals, options)
  const told = options.measured ?? own
  return {
    totals,
    models: modelsOf(entries),
    baseline_model: model,
    headline: told === null ? null : { ...told, savings_nusd: told.nusd - totals.total_nusd },
  }
}

/**
 * Sums by whatever `keyOf` says of an entry.
 * INVARIANT: each figure of the groups adds up to that of `totalsOf` over all entries.
 */
export function groupCosts(
  entries: readonly CostEntry[],
  keyOf: (entry: CostEntry) => string,
): ReadonlyMap<string, CostTotals> {
  return new Map([...grouped(entries, keyOf)].map(([key, group]) => [key, totalsOf(group)]))
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID for a sum beyond nine million dollars */
export function totalsOf(entries: readonly CostEntry[]): CostTotals {
  const settled = entries.filter(({ cost }) => cost.nusd !== null)
  const total = spentOn(settled)
  const of = (kind: CostKind): readonly CostEntry[] => settled.filter((one) => one.kind === kind)
  const [calls, hits] = [of('call'), of('cache_hit')]
  const overhead = spentOn(settled.filter((one) => !isCall(one)))
  const saved = {
    routing: baselineOf(calls) - spentOn(calls),
    cache: baselineOf(hits) - spentOn(hits),
    overhead: 0 - overhead,
  }
  const baseline = sumOf([baselineOf(calls), baselineOf(hits)])
  return {
    calls: entries.filter(isCall).length,
    total_nusd: total,
    by_kind: {
      call: sumsOf(calls),
      cache_hit: sumsOf(hits),
      classifier: sumsOf(of('classifier')),
      embedding: sumsOf(of('embedding')),
      failed_attempt: sumsOf(of('failed_attempt')),
      shadow: sumsOf(of('shadow')),
    },
    baseline_nusd: baseline,
    savings_nusd: baseline - total,
    saved_by: saved,
    without_baseline: [...calls, ...hits].filter((one) => one.baseline === null).length,
    pending: entries.filter(({ cost }) => cost.state === 'pending').length,
    unknown: entries.filter(({ cost }) => cost.state === 'unknown').length,
  }
}

function ownBaseline(
  entries: readonly CostEntry[],
  { baseline_nusd: nusd }: CostTotals,
  { method = 'same_tokens', n = 0 }: ReportOptions,
): Baseline {
  const estimate = method === 'same_tokens'
  return { method, n, nusd, interval: estimate ? null : intervalOf(entries), estimate }
}

/** As if all were off in the same direction: wider than it need be, never narrower. */
function intervalOf(entries: readonly CostEntry[]): Interval {
  const calls = entries.filter((one) => isCall(one) && one.cost.nusd !== null)
  const end = (side: keyof Interval): number =>
    sumOf(calls.map((one) => one.baseline?.interval?.[side] ?? baselineAt(one)))
  return { low: end('low'), high: end('high') }
}

function modelsOf(entries: readonly CostEntry[]): readonly ModelCosts[] {
  const groups = grouped(entries.filter(isCall), ({ model }) => model)
  return [...groups]
    .map(([model, calls]) => ({ model, calls: calls.length, nusd: spentOn(calls) }))
    .sort((one, other) => other.nusd - one.nusd || (one.model < other.model ? -1 : 1))
}

function grouped(
  entries: readonly CostEntry[],
  keyOf: (entry: CostEntry) => string,
): ReadonlyMap<string, readonly CostEntry[]> {
  const groups = new Map<string, CostEntry[]>()
  for (const entry of entries) {
    const group = groups.get(keyOf(entry))
    if (group === undefined) groups.set(keyOf(entry), [entry])
    else group.push(entry)
  }
  return groups
}

function isCall({ kind }: CostEntry): boolean {
  return kind === 'call' || kind === 'cache_hit'
}

function sumsOf(entries: readonly CostEntry[]): { readonly count: number; readonly nusd: number } {
  return { count: entries.length, nusd: spentOn(entries) }
}

function spentOn(entries: readonly CostEntry[]): number {
  return sumOf(entries.map(({ cost }) => cost.nusd ?? 0))
}

function baselineOf(entries: readonly CostEntry[]): number {
  return sumOf(entries.map(baselineAt))
}

function baselineAt({ baseline, cost }: CostEntry): number {
  return baseline?.nusd ?? cost.nusd ?? 0
}
