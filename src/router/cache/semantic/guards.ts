import { AMOUNTS, NEGATIONS, OPPOSITES, QUESTION_WORDS, STOP_WORDS, VALUES } from './lexicon.ts'

/** What of a question must be the same in another for both to have one answer. */
export interface Features {
  readonly length: number
  /** Every word, in lower case. */
  readonly words: ReadonlySet<string>
  /** Those that say what is asked, by their stems, in order. */
  readonly content: readonly string[]
  /** Numbers, dates, ids and versions, sorted. */
  readonly values: readonly string[]
  /** Names, as far as they can be told by how they are written. */
  readonly names: readonly string[]
  readonly negations: number
  /** `who`, `when`, `how many` and the like. */
  readonly asked: ReadonlySet<string>
}

/** Why two questions may not share an answer. */
export type GuardName =
  | 'length'
  | 'values'
  | 'negation'
  | 'opposites'
  | 'names'
  | 'question'
  | 'order'
  | 'exchange'

// A word may have signs inside: dates, versions, addresses, `don't`.
const WORD = /[\p{L}\p{N}\p{M}]+(?:[._:/@+,'’-][\p{L}\p{N}\p{M}]+)*%?/gu
const LEAST_CHARACTERS = 12
const LEAST_CONTENT_WORDS = 2
/** Longer questions are compared by nobody: what differs in them may be small. */
const MOST_CHARACTERS = 2_000

export function featuresOf(text: string): Features {
  const found = [...text.matchAll(WORD)].map(({ 0: written, index }) => ({
    written,
    word: plainWord(written),
    value: valueIn(written),
    isName: isName(written, text, index),
  }))
  const words = found.map(({ word }) => word)
  return {
    length: text.length,
    words: new Set(words),
    content: found.flatMap(({ word, value }) =>
      STOP_WORDS.has(word) ? [] : [value ?? stemOf(word)],
    ),
    values: found.flatMap(({ value }) => (value === undefined ? [] : [value])).sort(),
    names: found.flatMap((one) => (one.isName && one.value === undefined ? [one.word] : [])),
    negations: found.filter(({ word, written }) => isNegation(word, written)).length,
    asked: new Set(words.flatMap((word, at) => questionOf(word, words[at - 1]))),
  }
}

function valueIn(written: string): string | undefined {
  return /\p{N}/u.test(written) ? written.toLowerCase() : VALUES.get(plainWord(written))
}

function isNegation(word: string, written: string): boolean {
  return NEGATIONS.has(word) || /n['’]t$/i.test(written)
}

function questionOf(word: string, before: string | undefined): readonly string[] {
  if (before === 'how' && AMOUNTS.has(word)) return [`how ${word}`]
  const question = Object.hasOwn(QUESTION_WORDS, word) ? QUESTION_WORDS[word] : undefined
  return question === undefined ? [] : [question]
}

function plainWord(written: string): string {
  const plain = written.toLowerCase().replace(/['’]s$/, '')
  return plain.replace(/['’]/g, '')
}

/** An acronym, a word with signs or capitals inside, or one that has a capital within a sentence. */
function isName(written: string, text: string, index: number): boolean {
  if (/^\p{Lu}{2,}s?$/u.test(written) || /[._:/@]|\p{Ll}\p{Lu}/u.test(written)) return true
  if (!/^\p{Lu}\p{L}/u.test(written)) return false
  const before = text.slice(Math.max(0, index - 3), index).trimEnd()
  return before !== '' && !/[.?!:\n"“]$/.test(before)
}

/** Endings of English that change no word into another one. */
function stemOf(word: string): string {
  if (word.length < 5) return word.length > 3 ? word.replace(/s$/, '') : word
  return word.replace(/(?:ies|es|s|ing|ed|ly|e)$/, '')
}

/** What keeps two questions from sharing an answer; undefined: nothing that can be told by their words. */
export function differenceOf(one: Features, other: Features): GuardName | undefined {
  if (!isLongEnough(one) || !isLongEnough(other)) return 'length'
  if (one.values.join('\n') !== other.values.join('\n')) return 'values'
  if (one.negations % 2 !== other.negations % 2) return 'negation'
  if (areOpposed(one, other) || areOpposed(other, one)) return 'opposites'
  if (!isNamedIn(one, other) || !isNamedIn(other, one)) return 'names'
  if (!isSameSet(one.asked, other.asked)) return 'question'
  if (!isSameOrder(one.content, other.content)) return 'order'
  return isExchanged(one.content, other.content) ? 'exchange' : undefined
}

/** True where a question has enough to be compared by. */
export function isLongEnough({ length, content }: Features): boolean {
  return (
    length >= LEAST_CHARACTERS && length <= MOST_CHARACTERS && content.length >= LEAST_CONTENT_WORDS
  )
}

/** A word here, and its opposite only there. */
function areOpposed({ words: here }: Features, { words: there }: Features): boolean {
  for (const word of here) {
    const opposites = OPPOSITES.get(word)
    if (opposites === undefined || there.has(word)) continue
    for (const opposite of opposites) if (there.has(opposite) && !here.has(opposite)) return true
  }
  return false
}

function isNamedIn({ names }: Features, { words }: Features): boolean {
  return names.every((name) => words.has(name))
}

function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((member) => other.has(member))
}

/** What both say comes in one order: `from Oslo to Rome` is another flight than `from Rome to Oslo`. */
function isSameOrder(one: readonly string[], other: readonly string[]): boolean {
  const here = sharedIn(one, new Set(other))
  const there = sharedIn(other, new Set(one))
  return here.join(' ') === there.join(' ')
}

/**
 * Each says a word that the other does not: a thing in the place of another one is told from a synonym by
 * nothing that is written.
 */
function isExchanged(one: readonly string[], other: readonly string[]): boolean {
  const [here, there] = [new Set(one), new Set(other)]
  return one.some((word) => !there.has(word)) && other.some((word) => !here.has(word))
}

function sharedIn(words: readonly string[], others: ReadonlySet<string>): readonly string[] {
  return words.filter((word) => others.has(word))
}
