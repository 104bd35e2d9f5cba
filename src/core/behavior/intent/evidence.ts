import type { ActView } from './act.ts'
import { COVERAGE, sentenceFit } from './fit.ts'
import type { Memory } from './memory.ts'
import { ASKING } from './mood.ts'
import {
  CORROBORATED,
  LED,
  NO_TASK,
  ONE_WORD,
  OWN_NAME,
  VALUE_COUNTS,
  WEIGHT,
  WORDS_WEIGHT,
} from './scale.ts'
import type { Sentence } from './sentence.ts'

const HALF = 0.5
/** So much of a name is no chance. */
const WORDS_LEAD = 0.7

/** What the call is, and how far it is explained without outside text. */
export interface Case {
  readonly act: ActView
  readonly hasTask: boolean
  /** 0 to 1: how well the task, or text that it hands over to, explains the call. */
  readonly explained: number
  /** 0 to 1: how well the task alone does. */
  readonly own: number
  /** `COVERAGE`: how much of what the call is done with stands in the task. */
  readonly coverage: number
  /** Per token: what its weight is once the task and trusted sources are taken off. */
  readonly open: Float64Array
}

/** What one sentence explains of a call. One object is used again and again. */
export interface Evidence {
  verb: number
  value: number
  /** Number of values that stand nowhere else. */
  values: number
  /** 0 to 1: how well it names what the call is done to. */
  named: number
  /** It says where to, or names another thing than the task. */
  leads: boolean
  /** It speaks of what the call is done to, whoever else does. */
  touches: boolean
}

/** `isPlace`: the task names the place or author of the sentence. */
export type Weigh = (sentence: Sentence, of: Case, isPlace: boolean, out: Evidence) => void

/** Per argument: its best value, and how many of its words were found. */
interface Shares {
  readonly best: Float64Array
  readonly hits: Float64Array
}

export function createWeigh(memory: Memory, without: ReadonlySet<string>): Weigh {
  const shares: Shares = { best: new Float64Array(256), hits: new Float64Array(256) }
  return (sentence, of, isPlace, out) => {
    out.value = 0
    out.values = 0
    out.named = 0
    out.leads = false
    out.touches = false
    out.verb = 0
    if (!without.has('values')) weighValues(sentence, of, memory, shares, out)
    if (!without.has('verbs')) out.verb = weighVerb(sentence, of, isPlace, out)
  }
}

/** A sentence that writes the tool's name as it is means this tool, whatever the name says. */
export function namesTool(sentence: Sentence, act: ActView): boolean {
  return sentence.values.includes(act.tool.whole)
}

function weighVerb(sentence: Sentence, of: Case, isPlace: boolean, evidence: Evidence): number {
  const { act } = of
  const isNamed = namesTool(sentence, act)
  const fits = sentenceFit(act, sentence, evidence.touches)
  // Something goes where only this text says: that is an act too, if no task explains it.
  const isLed = of.hasTask && evidence.leads && evidence.values > 0 && of.explained < HALF
  const fitting = (isLed ? Math.max(fits, LED) : fits) * act.kind.weight
  const own = isNamed ? 1 : fitting
  // Text that speaks to the model, or names another thing, asks in its own name.
  // What a place tells that the task points at is what the task wants to know.
  const named = isPlace && sentence.mood < ASKING ? 0 : evidence.named
  const ownName = of.coverage === COVERAGE.full ? 0 : OWN_NAME * Math.max(sentence.cue, named)
  const left = own * (1 - of.explained * (1 - ownName))
  return WEIGHT.verb * (of.hasTask || isNamed ? left : left * NO_TASK)
}

function weighValues(
  sentence: Sentence,
  of: Case,
  memory: Memory,
  { best, hits }: Shares,
  out: Evidence,
): void {
  const { act } = of
  best.fill(0, 0, act.arguments)
  hits.fill(0, 0, act.arguments)
  findValues(sentence, of, memory, best, out)
  countWords(sentence, of, hits, out)
  for (let owner = 0; owner < act.arguments; owner += 1) {
    const weight = act.weights[owner] ?? 0
    const overlap = overlapOf(hits[owner] ?? 0, act.wordCounts[owner] ?? 0)
    const share = Math.max(best[owner] ?? 0, overlap)
    out.value += weight * share
    if (weight > WEIGHT.content) out.named = Math.max(out.named, share)
    const isWhere = weight === WEIGHT.destination && share > VALUE_COUNTS
    if (isWhere || overlap > WORDS_LEAD) out.leads = true
  }
  out.value = Math.min(WEIGHT.values, out.value)
}

/** The best value of each argument that stands in the sentence, and how many stand nowhere else. */
function findValues(
  sentence: Sentence,
  of: Case,
  memory: Memory,
  best: Float64Array,
  out: Evidence,
): void {
  const { act } = of
  for (const value of sentence.values) {
    const token = act.find(value)
    if (token >= 0) touch(act, token, out)
    const open = token < 0 ? 0 : (of.open[token] ?? 0)
    if (open === 0) continue
    const left = open * exclusive(value, sentence, memory)
    if (left > VALUE_COUNTS) out.values += 1
    const owner = act.owners[token] ?? 0
    best[owner] = Math.max(best[owner] ?? 0, left)
  }
}

function touch(act: ActView, token: number, out: Evidence): void {
  if ((act.weights[act.owners[token] ?? 0] ?? 0) > WEIGHT.content) out.touches = true
}

/** Words of the call's arguments that stand in the sentence and not in the task. */
function countWords(
  sentence: Sentence,
  { act, open }: Case,
  hits: Float64Array,
  out: Evidence,
): void {
  for (const stem of sentence.stems) {
    const token = act.find(stem)
    if (token < 0 || act.strengths[token] !== 0) continue
    touch(act, token, out)
    const owner = act.owners[token] ?? 0
    hits[owner] = (hits[owner] ?? 0) + (open[token] ?? 0)
  }
}

/** How much of an argument's words stand in the sentence; one alone may be chance. */
function overlapOf(hits: number, words: number): number {
  return words === 0 ? 0 : (hits / words) * (hits < 2 ? ONE_WORD : 1) * WORDS_WEIGHT
}

/** What is left of a value's weight once it is known where else it stands. */
function exclusive(value: number, sentence: Sentence, memory: Memory): number {
  const seen = memory.sightings.get(value)
  if (seen === undefined) return 1
  const own = sentence.source.id
  // The record that the sentence stands in proves nothing: one person wrote all of it.
  if ((seen.field >= 0 && seen.field !== own) || seen.otherField >= 0) return CORROBORATED.field
  if ((seen.prose >= 0 && seen.prose !== own) || seen.otherProse >= 0) return CORROBORATED.prose
  return 1
}
