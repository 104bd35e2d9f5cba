import type { Task } from '../words.ts'
import { excerptOf } from './excerpt.ts'
import { type Features, featuresOf } from './features.ts'
import { ruleHits } from './rules.ts'
import type { ClassifierWeights, Columns } from './weights.ts'

/** What a text is most likely about, and how hard it may be. */
export interface TextScore {
  readonly task: Task
  /** From 0 to 1. */
  readonly confidence: number
  /** From 0 to 1: the share of models that are expected to fail. */
  readonly hardness: number
}

/** A rule that holds makes its task so many times as likely. Measured on sources never trained on. */
const LOG_ODDS_OF_A_RULE = Math.log(8)
/** More rules of one task say the same in other words. */
const MOST_HITS = 3

export function scoreText(weights: ClassifierWeights, columns: Columns, text: string): TextScore {
  const sums = sumsOf(weights, columns, featuresOf(text))
  const hardness = 1 / (1 + Math.exp(-(sums[weights.tasks.length] ?? 0)))
  const odds = withRules(weights.tasks, sums, ruleHits(excerptOf(text)))
  let best = 0
  for (let index = 1; index < odds.length; index++)
    if ((odds[index] ?? 0) > (odds[best] ?? 0)) best = index
  const task = weights.tasks[best] ?? 'other'
  const top = odds[best] ?? 0
  const all = odds.reduce((sum, one) => sum + Math.exp((one - top) / weights.temperature), 0)
  return { task, confidence: 1 / all, hardness }
}

/** Log odds of each task: what was learned, and what rules add. */
export function withRules(
  tasks: readonly Task[],
  sums: ArrayLike<number>,
  hits: ReadonlyMap<Task, number>,
): number[] {
  return tasks.map((task, index) => (sums[index] ?? 0) + oddsByRules(hits.get(task) ?? 0))
}

/** What rules add to the log odds of a task. */
export function oddsByRules(hits: number): number {
  return LOG_ODDS_OF_A_RULE * Math.min(MOST_HITS, hits)
}

function sumsOf(
  { steps, biases }: ClassifierWeights,
  { values, count }: Columns,
  { places, values: amounts }: Features,
): Float64Array {
  const sums = new Float64Array(count)
  for (let index = 0; index < places.length; index++) {
    const from = (places[index] ?? 0) * count
    const amount = amounts[index] ?? 0
    for (let column = 0; column < count; column++)
      sums[column] = (sums[column] ?? 0) + (values[from + column] ?? 0) * amount
  }
  for (let column = 0; column < count; column++)
    sums[column] = (sums[column] ?? 0) * (steps[column] ?? 0) + (biases[column] ?? 0)
  return sums
}
