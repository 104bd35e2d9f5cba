import {
  classifyLocally,
  createLocalClassifier,
  type LocalClassifier,
} from '../../core/routing/classifier/classify-locally.ts'
import { readWeights } from '../../core/routing/classifier/weights.ts'

// Unpacked once, however many requests they classify.
const MADE = new WeakMap<object, LocalClassifier>()

/**
 * By the host's own weights, else by those that come with the package.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where they are no weights
 */
export function localClassifierOf(weights: object | undefined): LocalClassifier {
  if (weights === undefined) return classifyLocally
  const known = MADE.get(weights)
  if (known !== undefined) return known
  const made = createLocalClassifier(readWeights(weights))
  MADE.set(weights, made)
  return made
}
