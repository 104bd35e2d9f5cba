import type { Classification, ModelRequest } from '../model-request.ts'
import { isSmallTalk } from './rules.ts'
import { scoreText, type TextScore } from './score.ts'
import { WEIGHTS } from './weights.generated.ts'
import { type ClassifierWeights, type Columns, decodeWeights } from './weights.ts'

/** Says at once what a request is about, on this machine. */
export type LocalClassifier = (request: ModelRequest) => Classification

/**
 * What a request is about, by the weights that come with this package. Deterministic, and bounded: it
 * looks at 3,000 characters of at most three messages. It is an opinion, and grants nothing.
 */
export const classifyLocally: LocalClassifier = createLocalClassifier(WEIGHTS)

/** The same with weights of one's own. They are unpacked at the first request. */
export function createLocalClassifier(weights: ClassifierWeights): LocalClassifier {
  let columns: Columns | undefined
  return (request) => {
    columns ??= decodeWeights(weights)
    return classifyWith(weights, columns, request)
  }
}

/** A follow-up that says nothing of its own belongs to what was asked before. */
const MOST_TURNS = 3
const SYSTEM_CHARACTERS = 600

function classifyWith(
  weights: ClassifierWeights,
  columns: Columns,
  { messages, capabilities, tools }: ModelRequest,
): Classification {
  const turns = messages.filter(({ role }) => role === 'user').slice(-MOST_TURNS)
  const [last] = turns.slice(-1)
  if (last === undefined || last.text.trim() === '')
    return { ...NOTHING, ...byStructure(capabilities.has('vision'), tools.length > 0) }
  if (isSmallTalk(last.text) && tools.length === 0 && !capabilities.has('vision'))
    return {
      ...NOTHING,
      task: 'conversation',
      complexity: 'low',
      score: 0,
      confidence: 0.9,
      by: 'local',
    }
  const newest = scoreText(weights, columns, last.text)
  const complexity = bandOf(newest.hardness, weights.bands)
  const hard = { complexity, score: newest.hardness } as const
  const sure = (score: TextScore): boolean => score.confidence >= weights.threshold
  if (sure(newest))
    return { ...hard, task: newest.task, confidence: newest.confidence, by: 'local' }
  const structure = byStructure(capabilities.has('vision'), tools.length > 0)
  if (structure !== undefined) return { ...hard, ...structure }
  const system = messages.find(({ role }) => role === 'system')?.text.slice(0, SYSTEM_CHARACTERS)
  const before = turns.slice(0, -1).reverse()
  const others = system === undefined ? before : [{ text: `${system}\n${last.text}` }, ...before]
  for (const { text } of others) {
    const score = scoreText(weights, columns, text)
    if (sure(score)) return { ...hard, task: score.task, confidence: score.confidence, by: 'local' }
  }
  return { ...hard, task: 'unknown', confidence: newest.confidence, by: 'local' }
}

/** What images and functions say where words say nothing sure. */
function byStructure(
  hasImages: boolean,
  hasTools: boolean,
): Pick<Classification, 'task' | 'confidence' | 'by'> | undefined {
  if (hasImages) return { task: 'vision', confidence: 1, by: 'structure' }
  if (hasTools) return { task: 'tool_use', confidence: 1, by: 'structure' }
  return undefined
}

function bandOf(
  score: number,
  [medium, high]: ClassifierWeights['bands'],
): Classification['complexity'] {
  if (score >= high) return 'high'
  return score >= medium ? 'medium' : 'low'
}

const NOTHING: Classification = Object.freeze({
  task: 'unknown',
  complexity: 'medium',
  score: 0.5,
  confidence: 0,
  by: 'none',
})
