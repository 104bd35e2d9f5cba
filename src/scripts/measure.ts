/** Small harness for benchmarks: medians over many short rounds, peers in the same run. */

/** Nanoseconds per call: the median of `rounds` rounds of `calls` calls each, after a warm-up. */
export function medianNs(
  run: (index: number) => unknown,
  { calls = 20_000, rounds = 41 }: { calls?: number; rounds?: number } = {},
): number {
  for (let index = 0; index < 3 * calls; index++) keep(run(index))
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = process.hrtime.bigint()
    for (let index = 0; index < calls; index++) keep(run(index))
    times.push(Number(process.hrtime.bigint() - started) / calls)
  }
  return median(times)
}

/** Milliseconds of one call: the median of `rounds`. */
export function medianMs(run: () => unknown, rounds = 9): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    keep(run())
    times.push(performance.now() - started)
  }
  return median(times)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

// What is measured must have an effect, or the compiler leaves it out.
let kept: unknown
function keep(value: unknown): void {
  if (value === undefined) kept = value
}
export const lastKept = (): unknown => kept

/** One line of a result: what, figure, unit, and against which goal or peer. */
export function row(what: string, figure: number, unit: string, note = ''): string {
  const digits = figure >= 100 ? 0 : figure >= 10 ? 1 : 2
  return `  ${what.padEnd(58)} ${figure.toFixed(digits).padStart(9)} ${unit.padEnd(3)} ${note}`.trimEnd()
}

/** Sizes to measure; `CALLGATE_BENCH=short` leaves out those that take a minute. */
export function inTime(sizes: readonly number[]): readonly number[] {
  return process.env['CALLGATE_BENCH'] === 'short' ? sizes.filter((size) => size <= 10_000) : sizes
}
