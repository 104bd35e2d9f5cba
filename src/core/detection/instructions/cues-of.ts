import { withUnits } from '../units.ts'
import { GROUP_COUNT, weigh, weightOf } from './evidence.ts'
import { readSentences, type Sentence } from './sentences.ts'
import { findStructure } from './structure.ts'
import { wordTrie } from './word-trie.ts'

/** What speaks for a sentence being addressed to the model, each 0 to 1; 0.5 would be reported alone. */
export interface Cues {
  readonly address: number
  readonly authority: number
  /** Drops instructions, or puts another task in their place. */
  readonly override: number
  readonly secrecy: number
  readonly structure: number
  readonly exfiltration: number
}

export const NO_CUES: Cues = {
  address: 0,
  authority: 0,
  override: 0,
  secrecy: 0,
  structure: 0,
  exfiltration: 0,
}

/** Longer texts are not one sentence; the rest is not read. */
const MAX_UNITS = 2000

/** Cues of one sentence, in any of the languages. A few microseconds. */
export function cuesOf(sentence: string): Cues {
  const text = sentence.length > MAX_UNITS ? sentence.slice(0, MAX_UNITS) : sentence
  const parts: Sentence[] = []
  withUnits(text, (units) => readSentences(wordTrie(), text, units, 0, text.length, parts))
  const marks = findStructure(text)
  if (parts.length === 0 && marks.length === 0) return NO_CUES
  const weights = new Float64Array(GROUP_COUNT)
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]
    if (part !== undefined) weigh(part, parts[index - 1], weights)
  }
  let structure = weightOf(weights, 'structure')
  for (const mark of marks) structure = Math.max(structure, mark.weight)
  return {
    address: weightOf(weights, 'address'),
    authority: weightOf(weights, 'authority'),
    override: Math.max(weightOf(weights, 'override'), weightOf(weights, 'task')),
    secrecy: weightOf(weights, 'secrecy'),
    structure: Math.max(structure, weightOf(weights, 'completion')),
    exfiltration: weightOf(weights, 'exfiltration'),
  }
}
