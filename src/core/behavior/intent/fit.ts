import type { ActView } from './act.ts'
import { objectBit } from './lexicon.ts'
import { COVERED, NOUNS_NAMED, WEIGHT } from './scale.ts'
import type { Sentence } from './sentence.ts'
import type { Task } from './task.ts'
import { STRENGTH } from './values.ts'
import { type VerbClass, verbBit } from './verb-classes.ts'

const READ = verbBit('read')

/** How much a verb says by itself when its object is not named: of outside text, and of the task. */
const ALONE = { outside: 0.4, task: 0.25, exact: 0.6 } as const
/** A tool whose name has no noun. */
const NO_NOUN = 0.5
/** Names have words that no request repeats, such as their platform's: one noun says most. */
const ONE_NOUN = 0.6
/** A tool with no known verb, one of whose words the text has. */
const UNKNOWN = 0.7
/** The thing itself is named, if not its kind. */
const TOUCHED = 0.7
/** Longer contents are text, not a value. */
const MAX_VALUE_WORDS = 4

/** What an action is done to without saying so: `send` means a message, `buy` goods. */
const IMPLIED: readonly (readonly [VerbClass, string])[] = [
  ['send', 'email'],
  ['pay', 'money'],
  ['buy', 'cart'],
  ['visit', 'website'],
  ['download', 'file'],
  ['execute', 'command'],
  ['install', 'package'],
  ['post', 'comment'],
  ['log_in', 'account'],
  ['share', 'member'],
]

/**
 * How well verb and object of a sentence fit the call's tool: 0 to 1. `touches`: it speaks of what the
 * call is done to.
 */
export function sentenceFit(act: ActView, sentence: Sentence, touches: boolean): number {
  const { head, verbs, objects, stems } = sentence
  const own = nameFit(act, head, verbs, objects, (stem) => stems.includes(stem), ALONE.outside)
  const most = verbFit(act, head, verbs)
  if (!touches || most === 0) return own
  return Math.max(own, most * (ALONE.outside + (1 - ALONE.outside) * TOUCHED))
}

/** How well the task names what the call does: 0 to 1. */
export function taskFit(act: ActView, task: Task): number {
  const { words, whole, action } = act.tool
  if (task.values.has(whole)) return 1
  if (words.length > 1 && words.every((word) => task.stems.has(word))) return 1
  let best = coverage(act, task) === COVERAGE.full ? COVERED : 0
  const hasStem = (stem: number): boolean => task.stems.has(stem)
  if (namesNouns(act, task, hasStem)) best = Math.max(best, NOUNS_NAMED)
  const alone = action !== 0 && task.stems.has(action) ? ALONE.exact : ALONE.task
  for (const clause of task.clauses) {
    // To look at a thing explains nothing that is done to it.
    const head = clause.verbs & ~READ
    const verbs = head | clause.nouns
    const fitting = nameFit(act, head, verbs, clause.objects | task.objects, hasStem, alone)
    if (fitting > best) best = fitting
  }
  return best
}

function namesNouns(act: ActView, task: Task, hasStem: (stem: number) => boolean): boolean {
  const { nouns, objects, stems } = act.tool
  if (nouns < 2 || task.clauses.some((clause) => (clause.verbs & READ) !== 0)) return false
  return (objects & task.objects) === objects && stems.every(hasStem)
}

/** How much of what the call is done with stands in the task. */
export const COVERAGE = {
  /** Nothing, or something does not. */
  none: 0,
  /** One thing, and nothing does not. */
  some: 1,
  /** Where to, or two things at least. */
  full: 2,
} as const

export function coverage(act: ActView, task: Task): number {
  let known = 0
  let leads = false
  for (let token = 0; token < act.tokens; token += 1) {
    if (!isThing(act, token)) continue
    if (!task.values.has(act.hashes[token] ?? 0)) return COVERAGE.none
    known += 1
    if (act.weights[act.owners[token] ?? 0] === WEIGHT.destination) leads = true
  }
  if (known === 0) return COVERAGE.none
  return known > 1 || (leads && !act.kind.sensitive) ? COVERAGE.full : COVERAGE.some
}

/** A value that says what the call is done with; a word of a long text says nothing. */
function isThing(act: ActView, token: number): boolean {
  if ((act.strengths[token] ?? 0) < STRENGTH.strong) return false
  const owner = act.owners[token] ?? 0
  return (
    (act.weights[owner] ?? 0) > WEIGHT.content || (act.wordCounts[owner] ?? 0) <= MAX_VALUE_WORDS
  )
}

function nameFit(
  act: ActView,
  head: number,
  verbs: number,
  objects: number,
  hasStem: (stem: number) => boolean,
  alone: number,
): number {
  const isUnknown = act.verbs === 0 && act.tool.words.some(hasStem)
  const verb = isUnknown ? UNKNOWN : verbFit(act, head, verbs)
  if (verb === 0) return 0
  const { nouns, stems } = act.tool
  if (nouns === 0) return verb * (alone + (1 - alone) * NO_NOUN)
  let matched = 0
  let shared = act.tool.objects & (objects | impliedBy(act.verbs & head))
  for (; shared !== 0; shared &= shared - 1) matched += 1
  for (const stem of stems) if (hasStem(stem)) matched += 1
  const object = matched === 0 ? 0 : ONE_NOUN + ((1 - ONE_NOUN) * matched) / nouns
  return verb * (alone + (1 - alone) * object)
}

function verbFit(act: ActView, head: number, verbs: number): number {
  if ((act.verbs & head) !== 0) return 1
  if ((act.verbs & verbs) !== 0) return 0.8
  if ((act.tool.related & head) !== 0) return 0.6
  return (act.tool.related & verbs) !== 0 ? 0.4 : 0
}

function impliedBy(verbs: number): number {
  let objects = 0
  if (verbs !== 0)
    for (const [verb, object] of implied()) if ((verbs & verb) !== 0) objects |= object
  return objects
}

let pairs: readonly (readonly [number, number])[] | undefined

/** `IMPLIED` as bits, built on first use. */
function implied(): readonly (readonly [number, number])[] {
  pairs ??= IMPLIED.map(([verb, noun]) => [verbBit(verb), objectBit(noun)] as const)
  return pairs
}
