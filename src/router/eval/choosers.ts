import { seeded } from '../../core/routing/cost/seeded.ts'
import { type QualityPredictor, trainPredictor } from './predict-quality.ts'
import type { OutcomeRow } from './read-rows.ts'

/** A way to choose a model. INVARIANT: it is given the prompt alone, never what was measured. */
export interface Chooser {
  readonly name: string
  choose(prompt: string): string
}

/** What models reach and cost on average. */
export interface ModelFigures {
  readonly model: string
  readonly quality: number
  readonly cost: number
}

/** Best first; of equals the cheaper first. */
export function rankModels(rows: readonly OutcomeRow[]): ModelFigures[] {
  const [first] = rows
  const models = Object.keys(first?.models ?? {}).filter((model) =>
    rows.every((row) => row.models[model] !== undefined),
  )
  const mean = (model: string, of: 'quality' | 'cost'): number =>
    rows.reduce((sum, row) => sum + (row.models[model]?.[of] ?? 0), 0) / rows.length
  return models
    .map((model) => ({ model, quality: mean(model, 'quality'), cost: mean(model, 'cost') }))
    .sort((one, other) => other.quality - one.quality || one.cost - other.cost)
}

export function always(model: string, name = `always ${model}`): Chooser {
  return { name, choose: () => model }
}

export function atRandom(models: readonly string[], seed: number): Chooser {
  const random = seeded(seed)
  const [first = ''] = models
  return {
    name: 'random',
    choose: () => models[Math.floor(random() * models.length)] ?? first,
  }
}

/** For each task the model that was best at it; tasks are told by `taskOf`, not by labels. */
export function byTask(
  rows: readonly OutcomeRow[],
  strongest: string,
  taskOf: (prompt: string) => string,
): Chooser {
  const groups = new Map<string, OutcomeRow[]>()
  for (const row of rows) {
    const task = taskOf(row.prompt)
    groups.set(task, [...(groups.get(task) ?? []), row])
  }
  const best = new Map<string, string>()
  for (const [task, group] of groups) {
    const [first] = rankModels(group)
    // Of a handful of prompts nobody can tell which model is better.
    if (first !== undefined && group.length >= LEAST_OF_A_TASK) best.set(task, first.model)
  }
  return { name: 'best by task', choose: (prompt) => best.get(taskOf(prompt)) ?? strongest }
}

const LEAST_OF_A_TASK = 10

/** What a model is expected to be worth at a prompt: its quality, less its price times a weight. */
export function byPrediction(
  predict: QualityPredictor,
  ranked: readonly ModelFigures[],
  priceWeight: number,
): Chooser {
  const dearest = Math.max(...ranked.map(({ cost }) => cost)) || 1
  return {
    name: `predicted, price weight ${priceWeight}`,
    choose(prompt) {
      const qualities = predict(prompt)
      let best = ranked[0]?.model ?? ''
      let most = Number.NEGATIVE_INFINITY
      for (const [index, { model, cost }] of ranked.entries()) {
        const worth = (qualities[index] ?? 0) - priceWeight * (cost / dearest)
        if (worth > most) {
          most = worth
          best = model
        }
      }
      return best
    },
  }
}

/**
 * Predictions for rows that the predictor has not learned from: half of them by the other half. So a
 * price weight can be chosen without flattering itself.
 */
export function crossPredictions(
  rows: readonly OutcomeRow[],
  models: readonly string[],
): QualityPredictor {
  const halves = [0, 1].map((half) => rows.filter((_row, index) => index % 2 === half))
  const [even = [], odd = []] = halves
  const known = new Map<string, number[]>()
  for (const [learned, judged] of [
    [even, odd],
    [odd, even],
  ] as const) {
    const predict = trainPredictor(learned, models)
    for (const { prompt } of judged) known.set(prompt, predict(prompt))
  }
  return (prompt) => known.get(prompt) ?? []
}
