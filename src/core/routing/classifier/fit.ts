import { seeded } from '../cost/seeded.ts'
import { FEATURE_COUNT, type Features } from './features.ts'

/** One prompt, as the learner sees it. */
export interface Example {
  readonly features: Features
  /** Log odds that rules give each task already: only what they miss has to be learned. */
  readonly offsets: readonly number[]
  /** Index of its task; -1: it says only how hard it is. */
  readonly task: number
  /** How much it counts. */
  readonly weight: number
  /** Share of models that fail, from 0 to 1; undefined: nobody has measured it. */
  readonly hardness: number | undefined
}

/** Weights before they are packed: `weights[place * columns + column]`. */
export interface Fitted {
  readonly weights: Float32Array
  readonly biases: Float64Array
  readonly columns: number
}

export interface FitOptions {
  /** Times every example is seen. @default 12 */
  readonly epochs?: number
  /** @default 1 */
  readonly seed?: number
  /**
   * Part of the words hidden at each sight, from 0 to 1: what is learned then rests on many words, and
   * holds for prompts of other people. @default 0.3
   */
  readonly hidden?: number
}

const RATE = 0.3
const DECAY = 2e-5

/**
 * Multinomial logistic regression by stochastic gradient descent with a rate for each weight, and one
 * logistic column for hardness. The same examples, options and seed give the same weights.
 * @see Duchi, Hazan, Singer: Adaptive subgradient methods, JMLR 12 (2011)
 */
export function fitWeights(
  examples: readonly Example[],
  taskCount: number,
  { epochs = 12, seed = 1, hidden = 0.3 }: FitOptions = {},
): Fitted {
  const random = seeded(seed)
  const columns = taskCount + 1
  const weights = new Float32Array(FEATURE_COUNT * columns)
  const biases = new Float64Array(columns)
  const learner: Learner = {
    weights,
    biases,
    columns,
    taskCount,
    squares: new Float32Array(weights.length).fill(0.05),
    biasSquares: new Float64Array(columns).fill(0.05),
    slopes: new Float64Array(columns),
  }
  const order = examples.map((_example, index) => index)
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    for (const index of order) {
      const example = examples[index]
      if (example !== undefined) learn(learner, example, hide(example.features, hidden, random))
    }
  }
  return { weights, biases, columns }
}

interface Learner extends Fitted {
  readonly taskCount: number
  readonly squares: Float32Array
  readonly biasSquares: Float64Array
  readonly slopes: Float64Array
}

function learn(learner: Learner, example: Example, features: Features): void {
  const { weights, squares, slopes, columns } = learner
  slopesOf(learner, example, features)
  for (let index = 0; index < features.places.length; index++) {
    const from = (features.places[index] ?? 0) * columns
    const amount = features.values[index] ?? 0
    if (amount === 0) continue
    for (let column = 0; column < columns; column++) {
      const at = from + column
      const slope = (slopes[column] ?? 0) * amount + DECAY * (weights[at] ?? 0)
      const square = (squares[at] ?? 0) + slope * slope
      squares[at] = square
      weights[at] = (weights[at] ?? 0) - (RATE * slope) / Math.sqrt(square)
    }
  }
  for (let column = 0; column < columns; column++) {
    const slope = slopes[column] ?? 0
    const square = (learner.biasSquares[column] ?? 0) + slope * slope
    learner.biasSquares[column] = square
    learner.biases[column] =
      (learner.biases[column] ?? 0) - (0.1 * RATE * slope) / Math.sqrt(square)
  }
}

/** How far each column's answer is from the truth, into `slopes`. */
function slopesOf(learner: Learner, example: Example, features: Features): void {
  const { slopes, taskCount } = learner
  const sums = sumsOf(learner, features)
  const odds = example.offsets.map((offset, index) => offset + (sums[index] ?? 0))
  const most = odds.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY)
  const shares = odds.map((one) => Math.exp(one - most))
  const all = shares.reduce((sum, one) => sum + one, 0)
  for (let index = 0; index < taskCount; index++) {
    const share = (shares[index] ?? 0) / all
    slopes[index] =
      example.task < 0 ? 0 : example.weight * (share - (index === example.task ? 1 : 0))
  }
  const expected = 1 / (1 + Math.exp(-(sums[taskCount] ?? 0)))
  slopes[taskCount] = example.hardness === undefined ? 0 : expected - example.hardness
}

/** What each column says of a text, before rules. */
export function sumsOf({ weights, biases, columns }: Fitted, features: Features): Float64Array {
  const sums = Float64Array.from(biases)
  for (let index = 0; index < features.places.length; index++) {
    const from = (features.places[index] ?? 0) * columns
    const amount = features.values[index] ?? 0
    for (let column = 0; column < columns; column++)
      sums[column] = (sums[column] ?? 0) + (weights[from + column] ?? 0) * amount
  }
  return sums
}

function hide(features: Features, part: number, random: () => number): Features {
  if (part === 0) return features
  const values = features.values.map((value) => (random() < part ? 0 : value / (1 - part)))
  return { places: features.places, values }
}

function shuffle(order: number[], random: () => number): void {
  for (let index = order.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const moved = order[index] ?? 0
    order[index] = order[other] ?? 0
    order[other] = moved
  }
}
