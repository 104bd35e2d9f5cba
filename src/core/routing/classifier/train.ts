import { CallgateError } from '../../model/errors.ts'
import { seeded } from '../cost/seeded.ts'
import { TASKS, type Task } from '../words.ts'
import { excerptOf } from './excerpt.ts'
import { FEATURE_COUNT, featuresOf } from './features.ts'
import { type Example, type FitOptions, type Fitted, fitWeights, sumsOf } from './fit.ts'
import { ruleHits } from './rules.ts'
import { oddsByRules } from './score.ts'
import { type ClassifierWeights, encodeWeights, MOST_STEPS } from './weights.ts'

/** A prompt of which somebody knows what it is about. */
export interface LabelledPrompt {
  readonly prompt: string
  readonly task: Task
  /** Where it comes from. Whole sources are kept aside to see how sure the classifier may be of others. */
  readonly source?: string
  /** Share of models that fail at it, from 0 to 1, where that was measured. */
  readonly hardness?: number
}

export interface TrainOptions extends FitOptions {
  /**
   * A task less sure than this is `unknown`. At the default a task is named where it is likelier than
   * all others together. @default 0.5
   */
  readonly threshold?: number
}

/** How it did on prompts that were kept aside. */
export interface HeldOut {
  readonly rows: number
  /** Right answers where every prompt must get one. */
  readonly accuracy: number
  /** Part of the prompts that get an answer above the threshold. */
  readonly answered: number
  /** Right answers among those. */
  readonly accuracy_answered: number
}

export interface Trained {
  readonly weights: ClassifierWeights
  /** Prompts kept aside, of sources that were learned from. */
  readonly prompts: HeldOut
  /** Whole sources kept aside; no rows where the data names too few. */
  readonly sources: HeldOut
}

const KEPT_ASIDE = 0.25
const LEAST_SOURCES = 8
const LEAST_ROWS = 20

/**
 * Learns what prompts are about. Twice it learns from a part and is judged by the rest: that says how
 * sure it may be; the weights themselves come from all rows. Seconds for ten thousand prompts. The same
 * rows, options and seed give the same weights.
 * @throws CallgateError ERR_OPTIONS_INVALID for fewer than 20 rows, or of fewer than two tasks
 */
export function train(rows: readonly LabelledPrompt[], options: TrainOptions = {}): Trained {
  const tasks = TASKS.filter((task) => rows.some((row) => row.task === task))
  if (rows.length < LEAST_ROWS || tasks.length < 2)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `${rows.length} rows of ${tasks.length} tasks are too few to learn from: at least ${LEAST_ROWS} of two tasks are needed`,
    )
  const given = rows.map((row) => ({ row, example: exampleOf(row, tasks) }))
  const random = seeded(options.seed ?? 1)
  const isAside = given.map(() => random() < KEPT_ASIDE)
  const prompts = judge(given, (_row, index) => isAside[index] === true, tasks, options)
  const sources = [...new Set(rows.map(({ source }) => source))]
    .filter((source) => source !== undefined)
    .sort()
  const aside = new Set(sources.filter(() => random() < KEPT_ASIDE))
  const strangers =
    sources.length < LEAST_SOURCES
      ? []
      : judge(given, ({ source }) => source !== undefined && aside.has(source), tasks, options)
  const temperature = temperatureOf([...prompts, ...strangers])
  const threshold = options.threshold ?? 0.5
  const fitted = learn(given, tasks, options)
  return {
    weights: pack(fitted, tasks, { temperature, threshold, bands: bandsOf(fitted, given) }),
    prompts: heldOut(prompts, temperature, threshold),
    sources: heldOut(strangers, temperature, threshold),
  }
}

interface Given {
  readonly row: LabelledPrompt
  readonly example: Example
}

/** Log odds of each task for a prompt that was kept aside, and which of them is true. */
interface Judged {
  readonly odds: readonly number[]
  readonly task: number
}

function exampleOf({ prompt, task, hardness }: LabelledPrompt, tasks: readonly Task[]): Example {
  const hits = ruleHits(excerptOf(prompt))
  return {
    features: featuresOf(prompt),
    offsets: tasks.map((one) => oddsByRules(hits.get(one) ?? 0)),
    task: tasks.indexOf(task),
    weight: 1,
    hardness,
  }
}

function learn(given: readonly Given[], tasks: readonly Task[], options: FitOptions): Fitted {
  return fitWeights(balanced(given), tasks.length, options)
}

/** A source with many rows counts less for each, and so does a task. */
function balanced(given: readonly Given[]): Example[] {
  const keyOf = ({ source, task }: LabelledPrompt): string => `${source ?? ''}\n${task}`
  const bySource = new Map<string, number>()
  for (const { row } of given) bySource.set(keyOf(row), (bySource.get(keyOf(row)) ?? 0) + 1)
  const shareOf = (row: LabelledPrompt): number => 1 / Math.sqrt(bySource.get(keyOf(row)) ?? 1)
  const byTask = new Map<Task, number>()
  for (const { row } of given) byTask.set(row.task, (byTask.get(row.task) ?? 0) + shareOf(row))
  const raw = given.map(({ row }) => shareOf(row) / Math.sqrt(byTask.get(row.task) ?? 1))
  const mean = raw.reduce((sum, one) => sum + one, 0) / (raw.length || 1)
  return given.map(({ example }, index) => ({
    ...example,
    weight: Math.min(MOST_WEIGHT, (raw[index] ?? 0) / mean),
  }))
}

const MOST_WEIGHT = 4

function judge(
  given: readonly Given[],
  isAside: (row: LabelledPrompt, index: number) => boolean,
  tasks: readonly Task[],
  options: FitOptions,
): Judged[] {
  const rest = given.filter(({ row }, index) => !isAside(row, index))
  const fitted = learn(rest, tasks, options)
  return given
    .filter(({ row }, index) => isAside(row, index))
    .map(({ example }) => {
      const sums = sumsOf(fitted, example.features)
      const odds = example.offsets.map((offset, index) => offset + (sums[index] ?? 0))
      return { odds, task: example.task }
    })
}

/** What makes the confidences as true as they can be, by the likelihood of what was kept aside. */
function temperatureOf(judged: readonly Judged[]): number {
  let best = 1
  let least = Number.POSITIVE_INFINITY
  for (let step = 2; step <= 40; step++) {
    const temperature = step / 10
    const loss = judged.reduce(
      (sum, { odds, task }) => sum - Math.log(Math.max(1e-12, shareOf(odds, task, temperature))),
      0,
    )
    if (loss < least) {
      least = loss
      best = temperature
    }
  }
  return best
}

function shareOf(odds: readonly number[], index: number, temperature: number): number {
  const own = odds[index] ?? 0
  return 1 / odds.reduce((sum, one) => sum + Math.exp((one - own) / temperature), 0)
}

function answerOf({ odds, task }: Judged, temperature: number): { sure: number; isRight: boolean } {
  const best = odds.indexOf(Math.max(...odds))
  return { sure: shareOf(odds, best, temperature), isRight: best === task }
}

function heldOut(judged: readonly Judged[], temperature: number, threshold: number): HeldOut {
  const answers = judged.map((one) => answerOf(one, temperature))
  const given = answers.filter(({ sure }) => sure >= threshold)
  const share = (some: number, all: number): number => (all === 0 ? 0 : some / all)
  const right = (list: typeof answers): number => list.filter(({ isRight }) => isRight).length
  return {
    rows: answers.length,
    accuracy: share(right(answers), answers.length),
    answered: share(given.length, answers.length),
    accuracy_answered: share(right(given), given.length),
  }
}

/** A third of the measured prompts are low, a third high. */
function bandsOf(fitted: Fitted, given: readonly Given[]): readonly [number, number] {
  const scores = given
    .filter(({ example }) => example.hardness !== undefined)
    .map(({ example }) => {
      const sum = sumsOf(fitted, example.features)[fitted.columns - 1] ?? 0
      return 1 / (1 + Math.exp(-sum))
    })
    .sort((one, other) => one - other)
  const at = (part: number): number => scores[Math.floor(scores.length * part)] ?? part
  return [at(1 / 3), at(2 / 3)]
}

function pack(
  { weights, biases, columns }: Fitted,
  tasks: readonly Task[],
  rest: Pick<ClassifierWeights, 'temperature' | 'threshold' | 'bands'>,
): ClassifierWeights {
  const steps = Array.from({ length: columns }, (_none, column) => {
    let most = 0
    for (let place = 0; place < FEATURE_COUNT; place++)
      most = Math.max(most, Math.abs(weights[place * columns + column] ?? 0))
    return most / MOST_STEPS || 1
  })
  const packed = new Int8Array(weights.length)
  for (let index = 0; index < packed.length; index++)
    packed[index] = Math.round((weights[index] ?? 0) / (steps[index % columns] ?? 1))
  return { schema: 1, tasks, steps, biases: [...biases], ...rest, weights: encodeWeights(packed) }
}
