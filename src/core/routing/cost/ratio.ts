import { type BootstrapOptions, bootstrap, drawnSum } from './bootstrap.ts'

/** One call that was answered by both models: what each of them counted. */
export interface TokenPair {
  readonly served: string
  readonly baseline: string
  readonly task: string
  readonly served_input: number
  readonly served_output: number
  readonly baseline_input: number
  readonly baseline_output: number
}

/** How many tokens the baseline needs for one of the served model's. */
export interface Ratio {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Both, and the calls that they were measured on. */
export interface TokenRatios {
  readonly n: number
  readonly input: Ratio
  readonly output: Ratio
}

export interface RatioTable {
  /** By both models and the task; else by both models, whatever the task; else undefined. */
  get(pair: Pick<TokenPair, 'served' | 'baseline' | 'task'>): TokenRatios | undefined
}

/** Measures the ratios by all pairs. Ratios of sums: one odd short call does not move them. */
export function measureRatios(
  rows: readonly TokenPair[],
  options: BootstrapOptions & {
    /** Fewer rows than this measure nothing. @default 30 */
    readonly least_rows?: number
  } = {},
): RatioTable {
  const groups = new Map<string, TokenPair[]>()
  for (const row of rows)
    for (const key of [keyOf(row, row.task), keyOf(row, null)]) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [row])
      else group.push(row)
    }
  const ratios = new Map<string, TokenRatios>()
  for (const [key, group] of groups) {
    if (group.length < (options.least_rows ?? 30)) continue
    const input = ratioOf(group, 'served_input', 'baseline_input', options)
    const output = ratioOf(group, 'served_output', 'baseline_output', options)
    if (input !== undefined && output !== undefined)
      ratios.set(key, { n: group.length, input, output })
  }
  return { get: (pair) => ratios.get(keyOf(pair, pair.task)) ?? ratios.get(keyOf(pair, null)) }
}

function keyOf(
  { served, baseline }: Pick<TokenPair, 'served' | 'baseline'>,
  task: string | null,
): string {
  return JSON.stringify([served, baseline, task])
}

type Counted = 'served_input' | 'served_output' | 'baseline_input' | 'baseline_output'

/** Undefined where the served model counted nothing. */
function ratioOf(
  rows: readonly TokenPair[],
  under: Counted,
  over: Counted,
  options: BootstrapOptions,
): Ratio | undefined {
  const below = rows.map((row) => row[under])
  const above = rows.map((row) => row[over])
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
  const whole = sum(below)
  if (whole === 0) return undefined
  const value = sum(above) / whole
  const interval = bootstrap(
    [rows.length],
    ([drawn]) => {
      const drawnBelow = drawnSum(below, drawn)
      return drawnBelow === 0 ? value : drawnSum(above, drawn) / drawnBelow
    },
    options,
  )
  return { value, ...interval }
}
