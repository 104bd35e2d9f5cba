import { FEATURE_COUNT, type Features, featuresOf } from '../../core/routing/classifier/features.ts'
import { seeded } from '../../core/routing/cost/seeded.ts'
import type { OutcomeRow } from './read-rows.ts'

/** The quality each model is expected to reach at a prompt, from 0 to 1, in the order of the models. */
export type QualityPredictor = (prompt: string) => number[]

const EPOCHS = 12
const RATE = 0.1
const DECAY = 5e-3

/**
 * Learns from measured answers which model is good at which words: a logistic regression a model, by
 * stochastic gradient descent. It sees prompts and qualities, never labels. Deterministic.
 */
export function trainPredictor(
  rows: readonly OutcomeRow[],
  models: readonly string[],
): QualityPredictor {
  const count = models.length
  const weights = new Float32Array(FEATURE_COUNT * count)
  const squares = new Float32Array(weights.length).fill(0.05)
  const biases = models.map((model) => logitOf(meanQuality(rows, model)))
  const examples = rows.map(({ prompt, models: outcomes }) => ({
    features: featuresOf(prompt),
    qualities: models.map((model) => outcomes[model]?.quality ?? 0),
  }))
  const random = seeded(1)
  for (let seen = 0; seen < EPOCHS * examples.length; seen++) {
    const example = examples[Math.floor(random() * examples.length)]
    if (example === undefined) break
    const { features, qualities } = example
    const slopes = predict(weights, biases, features).map(
      (one, index) => one - (qualities[index] ?? 0),
    )
    for (let at = 0; at < features.places.length; at++) {
      const from = (features.places[at] ?? 0) * count
      const amount = features.values[at] ?? 0
      for (let model = 0; model < count; model++) {
        const place = from + model
        const slope = (slopes[model] ?? 0) * amount + DECAY * (weights[place] ?? 0)
        const square = (squares[place] ?? 0) + slope * slope
        squares[place] = square
        weights[place] = (weights[place] ?? 0) - (RATE * slope) / Math.sqrt(square)
      }
    }
  }
  return (prompt) => predict(weights, biases, featuresOf(prompt))
}

function predict(weights: Float32Array, biases: readonly number[], features: Features): number[] {
  const sums = [...biases]
  for (let at = 0; at < features.places.length; at++) {
    const from = (features.places[at] ?? 0) * biases.length
    const amount = features.values[at] ?? 0
    for (let model = 0; model < sums.length; model++)
      sums[model] = (sums[model] ?? 0) + (weights[from + model] ?? 0) * amount
  }
  return sums.map((sum) => 1 / (1 + Math.exp(-sum)))
}

function meanQuality(rows: readonly OutcomeRow[], model: string): number {
  const sum = rows.reduce((all, { models }) => all + (models[model]?.quality ?? 0), 0)
  return rows.length === 0 ? 0.5 : sum / rows.length
}

function logitOf(share: number): number {
  const bounded = Math.min(0.98, Math.max(0.02, share))
  return Math.log(bounded / (1 - bounded))
}
