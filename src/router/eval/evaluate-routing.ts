import { sha256Hex } from '../../core/hash.ts'
import { CallgateError } from '../../core/model/errors.ts'
import { bootstrap, drawnSum, type Interval } from '../../core/routing/cost/bootstrap.ts'
import {
  always,
  atRandom,
  byPrediction,
  byTask,
  type Chooser,
  crossPredictions,
  type ModelFigures,
  rankModels,
} from './choosers.ts'
import { type QualityPredictor, trainPredictor } from './predict-quality.ts'
import type { OutcomeRow } from './read-rows.ts'

/** How one way to choose did on prompts that nothing was learned from. */
export interface PolicyFigures {
  readonly policy: string
  /** Mean, from 0 to 1. */
  readonly quality: number
  /** Mean US dollars a prompt. */
  readonly cost: number
  /** Quality that the best choice for each prompt would have added. */
  readonly regret: number
  /** Quality more than that of the strongest model, from -1 to 1. */
  readonly gain: number
  readonly gain_interval: Interval
  /** Part of the strongest model's cost that was saved; negative where it cost more. */
  readonly saving: number
  readonly saving_interval: Interval
}

export interface RoutingEvaluation {
  /** Rows from which something was learned or chosen. */
  readonly learned: number
  /** Rows on which everything was measured. */
  readonly unseen: number
  /** Best first, as measured on the rows learned from. */
  readonly models: readonly ModelFigures[]
  readonly strongest: string
  readonly policies: readonly PolicyFigures[]
  /** A model that is both the best and the cheapest on average: then nothing is left to route. */
  readonly dominant: string | null
  /** The price weight that saves most without losing more than `maxDrop` on the rows learned from. */
  readonly chosen: ChosenWeight | null
}

export interface ChosenWeight {
  readonly price_weight: number
  /** As the rows learned from promised. */
  readonly promised: { readonly gain: number; readonly saving: number }
  /** What became of it on unseen rows. */
  readonly confirmed: PolicyFigures
  /** True where the unseen rows keep the limit too. */
  readonly holds: boolean
}

export interface RoutingOptions {
  /** Told by the prompt alone. */
  readonly taskOf: (prompt: string) => string
  /** Other ways to choose, such as a policy of one's own. */
  readonly others?: readonly Chooser[]
  /** Quality that may be lost against the strongest model, from 0 to 1. @default 0 */
  readonly maxDrop?: number
  /** @default 1 */
  readonly seed?: number
}

const LEAST_ROWS = 40
const SHOWN_WEIGHTS = [0, 0.02, 0.05, 0.1, 0.2]
const TRIED_WEIGHTS = [
  0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3,
]

/**
 * What routing is worth for these prompts and models. Half of the rows, by the hash of the prompt, are
 * learned from; all figures come from the other half. Labels are never shown to what chooses.
 * @throws CallgateError ERR_OPTIONS_INVALID for fewer than 40 rows, or fewer than two models in all rows
 */
export function evaluateRouting(
  rows: readonly OutcomeRow[],
  { taskOf, others = [], maxDrop = 0, seed = 1 }: RoutingOptions,
): RoutingEvaluation {
  const learned = rows.filter(({ prompt }) => !isUnseen(prompt))
  const unseen = rows.filter(({ prompt }) => isUnseen(prompt))
  const ranked = rankModels(learned)
  const [strongest] = ranked
  if (rows.length < LEAST_ROWS || strongest === undefined || ranked.length < 2)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `${rows.length} rows with ${ranked.length} models in common are too few: at least ${LEAST_ROWS} with two are needed`,
    )
  const measure = measureOn(unseen, strongest.model)
  const models = ranked.map(({ model }) => model)
  const predict = trainPredictor(learned, models)
  const cheapest = ranked.reduce((one, other) => (other.cost < one.cost ? other : one))
  const choosers: Chooser[] = [
    ...models.map((model) => always(model)),
    atRandom(models, seed),
    always(cheapest.model, `cheapest (${cheapest.model})`),
    always(strongest.model, `strongest (${strongest.model})`),
    byTask(learned, strongest.model, taskOf),
    ...SHOWN_WEIGHTS.map((weight) => byPrediction(predict, ranked, weight)),
    ...others,
  ]
  return {
    learned: learned.length,
    unseen: unseen.length,
    models: ranked,
    strongest: strongest.model,
    policies: [
      ...choosers.map((chooser) => measure(chooser.name, picksOf(chooser, unseen))),
      measure(
        'oracle',
        unseen.map((row) => bestOf(row, models)),
      ),
    ],
    dominant: dominantOf(rankModels(rows)),
    chosen: chooseWeight({ learned, ranked, maxDrop, predict, unseen, measure }),
  }
}

/** By a hash of the prompt: the same prompt is never on both sides, and sides do not move. */
function isUnseen(prompt: string): boolean {
  return Number.parseInt(sha256Hex(prompt).slice(0, 8), 16) % 2 === 1
}

function picksOf({ choose }: Chooser, rows: readonly OutcomeRow[]): string[] {
  return rows.map(({ prompt }) => choose(prompt))
}

/** The best model for one prompt; of equals the cheapest. Nobody could know it beforehand. */
function bestOf({ models }: OutcomeRow, names: readonly string[]): string {
  const [best] = [...names].sort(
    (one, other) =>
      (models[other]?.quality ?? 0) - (models[one]?.quality ?? 0) ||
      (models[one]?.cost ?? 0) - (models[other]?.cost ?? 0),
  )
  return best ?? ''
}

function dominantOf(ranked: readonly ModelFigures[]): string | null {
  const [best, ...rest] = ranked
  if (best === undefined) return null
  return rest.every(({ cost }) => best.cost <= cost) ? best.model : null
}

type Measure = (policy: string, picks: readonly string[]) => PolicyFigures

function measureOn(rows: readonly OutcomeRow[], strongest: string): Measure {
  const count = rows.length || 1
  const column = (picks: readonly string[], of: 'quality' | 'cost'): number[] =>
    rows.map(({ models }, index) => models[picks[index] ?? '']?.[of] ?? 0)
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
  const base = rows.map(() => strongest)
  const baseCost = column(base, 'cost')
  const baseQuality = column(base, 'quality')
  const names = Object.keys(rows[0]?.models ?? {})
  const most =
    sum(
      column(
        rows.map((row) => bestOf(row, names)),
        'quality',
      ),
    ) / count
  return (policy, picks) => {
    const quality = column(picks, 'quality')
    const cost = column(picks, 'cost')
    const gains = quality.map((one, index) => one - (baseQuality[index] ?? 0))
    return {
      policy,
      quality: sum(quality) / count,
      cost: sum(cost) / count,
      regret: most - sum(quality) / count,
      gain: sum(gains) / count,
      gain_interval: bootstrap([count], ([drawn]) => drawnSum(gains, drawn) / count),
      saving: 1 - sum(cost) / (sum(baseCost) || 1),
      saving_interval: bootstrap(
        [count],
        ([drawn]) => 1 - drawnSum(cost, drawn) / (drawnSum(baseCost, drawn) || 1),
      ),
    }
  }
}

interface Choosing {
  readonly learned: readonly OutcomeRow[]
  readonly unseen: readonly OutcomeRow[]
  readonly ranked: readonly ModelFigures[]
  readonly maxDrop: number
  readonly predict: QualityPredictor
  readonly measure: Measure
}

function chooseWeight({
  learned,
  unseen,
  ranked,
  maxDrop,
  predict,
  measure,
}: Choosing): ChosenWeight | null {
  const models = ranked.map(({ model }) => model)
  const crossed = crossPredictions(learned, models)
  const tried = TRIED_WEIGHTS.map((weight) => ({
    weight,
    ...plainFigures(learned, picksOf(byPrediction(crossed, ranked, weight), learned), models[0]),
  }))
  const [best] = tried
    .filter(({ gain, saving }) => gain >= -maxDrop && saving > 0)
    .sort((one, other) => other.saving - one.saving)
  if (best === undefined) return null
  const chooser = byPrediction(predict, ranked, best.weight)
  const confirmed = measure(chooser.name, picksOf(chooser, unseen))
  return {
    price_weight: best.weight,
    promised: { gain: best.gain, saving: best.saving },
    confirmed,
    holds: confirmed.gain >= -maxDrop,
  }
}

function plainFigures(
  rows: readonly OutcomeRow[],
  picks: readonly string[],
  strongest = '',
): { gain: number; saving: number } {
  let gain = 0
  let cost = 0
  let base = 0
  for (const [index, { models }] of rows.entries()) {
    const picked = models[picks[index] ?? '']
    gain += (picked?.quality ?? 0) - (models[strongest]?.quality ?? 0)
    cost += picked?.cost ?? 0
    base += models[strongest]?.cost ?? 0
  }
  return { gain: gain / (rows.length || 1), saving: 1 - cost / (base || 1) }
}
