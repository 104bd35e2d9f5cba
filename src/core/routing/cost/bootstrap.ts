import { seeded } from './seeded.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

export interface BootstrapOptions {
  /** The same seed gives the same interval. @default 1 */
  readonly seed?: number
  /** Part of the resamples that lie within. @default 0.95 */
  readonly level?: number
}

const MOST_ROUNDS = 2_000
const LEAST_ROUNDS = 200
/** Draws in all: about a quarter of a second. Large samples take fewer rounds. */
const MOST_DRAWS = 2e7

/**
 * Where a figure over samples lies, by drawing each sample anew with replacement: the percentile
 * interval. `figure` gets how often each row of each sample was drawn.
 * @see Efron, Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13
 */
export function bootstrap(
  sizes: readonly number[],
  figure: (draws: readonly Uint32Array[]) => number,
  { seed = 1, level = 0.95 }: BootstrapOptions = {},
): Interval {
  const random = seeded(seed)
  const rows = sizes.reduce((sum, size) => sum + size, 0)
  const rounds = Math.max(LEAST_ROUNDS, Math.min(MOST_ROUNDS, Math.floor(MOST_DRAWS / (rows || 1))))
  const draws = sizes.map((size) => new Uint32Array(size))
  const figures: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const drawn of draws) {
      drawn.fill(0)
      for (let index = 0; index < drawn.length; index++) {
        const row = Math.floor(random() * drawn.length)
        drawn[row] = (drawn[row] ?? 0) + 1
      }
    }
    figures.push(figure(draws))
  }
  figures.sort((one, other) => one - other)
  const outside = Math.floor(((1 - level) / 2) * rounds)
  return { low: figures[outside] ?? 0, high: figures[rounds - 1 - outside] ?? 0 }
}

/** The sum of `values`, each as often as it was drawn. */
export function drawnSum(values: readonly number[], drawn: Uint32Array | undefined): number {
  let sum = 0
  for (const [index, value] of values.entries()) sum += value * (drawn?.[index] ?? 0)
  return sum
}
