import { FOREIGN_VERBS } from './foreign-verbs.ts'
import { lowerUnit } from './keyed-hash.ts'
import { MOOD_WORDS, type MoodWord, STOP_WORDS } from './mood-words.ts'
import { OBJECTS } from './object-classes.ts'
import { VERB_CLASSES, VERBS, verbBit } from './verb-classes.ts'

/** What a word may be: bits of `Lexicon.kinds`. */
export const WORD = {
  /** An action in the form of a command. */
  base: 1,
  /** The same action as a noun, or in another form. */
  form: 1 << 1,
  stop: 1 << 2,
  please: 1 << 3,
  modal: 1 << 4,
  you: 1 << 5,
  first: 1 << 6,
  want: 1 << 7,
  ensure: 1 << 8,
  negation: 1 << 9,
  be: 1 << 10,
  question: 1 << 11,
  determiner: 1 << 12,
  lead: 1 << 13,
  /** `you may`: an offer, where `may you` asks. */
  may: 1 << 14,
  /** Of another language than English: its order of words is not known. */
  foreign: 1 << 15,
  sign: 1 << 16,
  frame: 1 << 17,
  expected: 1 << 18,
  agent: 1 << 19,
} as const

/**
 * One table for all word lists, by an unkeyed hash that a scan builds while it walks: the words are
 * public, and a chance collision costs a wrong class for one odd word.
 */
export interface Lexicon {
  /** Where the word's entry begins in `cells`; 0, where all is 0, if there is none. */
  find(hash: number): number
  /** Key, kinds, verb classes and object classes of each entry, side by side: one line of the cache. */
  readonly cells: Int32Array
  /** The word of an entry, in small letters. */
  wordAt(entry: number): string
}

/** Offsets in an entry. */
export const CELL = { kinds: 1, verbs: 2, objects: 3 } as const
export const ENTRY_BITS = 2

/** About three times the words. */
export const SLOTS = 1 << 13

/** Of every other word one in twenty or so has the bit of one of the lexicon. */
const BIT_SHIFT = 16
const BITS = 1 << (32 - BIT_SHIFT)

/** First value of the hash that `stepWord` continues. */
export const WORD_SEED = 0x811c9dc5 | 0
export const WORD_PRIME = 0x01000193

/** FNV-1a with units in place of bytes. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
export function stepWord(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, WORD_PRIME)
}

/** The hash of a whole word, letters without regard to case. */
export function hashWord(text: string, start = 0, end = text.length): number {
  let hash = WORD_SEED
  for (let at = start; at < end; at += 1) hash = stepWord(hash, lowerUnit(text.charCodeAt(at)))
  return hash
}

let built: Lexicon | undefined

/** The table, built on first use and never changed again. */
export function lexicon(): Lexicon {
  built ??= buildLexicon()
  return built
}

/** The class bit of a noun, 0 where it has none. */
export function objectBit(word: string): number {
  const { cells, find } = lexicon()
  return cells[find(hashWord(word)) + CELL.objects] ?? 0
}

function buildLexicon(): Lexicon {
  const cells = new Int32Array(SLOTS << ENTRY_BITS)
  const words: string[] = new Array<string>(SLOTS).fill('')
  /** A bit for each word: most others are told by that, and the table stays out of the cache. */
  const marks = new Int32Array(BITS >> 5)
  const find = (hash: number): number => {
    const bit = hash >>> BIT_SHIFT
    if ((((marks[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 0) return 0
    let entry = firstEntry(hash)
    for (let key = cells[entry]; key !== 0; key = cells[entry]) {
      if (key === hash) return entry
      entry = nextEntry(entry)
    }
    return 0
  }
  const markOne = (offset: number, word: string, bits: number): void => {
    const hash = hashWord(word)
    let entry = firstEntry(hash)
    while (cells[entry] !== 0 && cells[entry] !== hash) entry = nextEntry(entry)
    cells[entry] = hash
    const bit = hash >>> BIT_SHIFT
    marks[bit >> 5] = (marks[bit >> 5] ?? 0) | (1 << (bit & 31))
    words[entry >> ENTRY_BITS] = word
    cells[entry + offset] = (cells[entry + offset] ?? 0) | bits
  }
  const mark = (offset: number, word: string, bits: number): void => {
    if (word === '') return
    markOne(offset, word, bits)
    // Many people type without accents.
    const plain = word.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
    if (plain !== word) markOne(offset, plain, bits)
  }
  for (const name of VERB_CLASSES)
    for (const [word, kind] of formsOf(VERBS[name], FOREIGN_VERBS[name] ?? '')) {
      mark(CELL.verbs, word, verbBit(name))
      mark(CELL.kinds, word, kind)
    }
  OBJECTS.forEach((list, index) => {
    for (const word of list.split(' ')) mark(CELL.objects, word, 1 << index)
  })
  // The keys are the type's own.
  for (const [name, list] of Object.entries(MOOD_WORDS))
    for (const word of list.split(' ')) mark(CELL.kinds, word, WORD[name as MoodWord])
  for (const word of STOP_WORDS.split(' ')) mark(CELL.kinds, word, WORD.stop)
  return { find, cells, wordAt: (entry) => words[entry >> ENTRY_BITS] ?? '' }
}

/** Never 0: that entry stands for none. */
function firstEntry(hash: number): number {
  return ((hash ^ (hash >>> 15)) & (SLOTS - 1) || 1) << ENTRY_BITS
}

function nextEntry(entry: number): number {
  return (((entry >> ENTRY_BITS) + 1) & (SLOTS - 1) || 1) << ENTRY_BITS
}

function formsOf(list: string, foreign: string): Map<string, number> {
  const forms = new Map<string, number>()
  const put = (word: string, kind: number): void => {
    forms.set(word, (forms.get(word) ?? 0) | kind)
  }
  const [bases = '', others = ''] = list.split(' | ')
  for (const word of bases.split(' ')) {
    put(word, WORD.base)
    for (const form of inflect(word)) put(form, WORD.form)
  }
  for (const word of others.split(' ')) put(word, WORD.form)
  for (const word of foreign.split(' ')) put(word, WORD.base | WORD.foreign)
  return forms
}

/** The regular endings of an English verb. */
function inflect(word: string): string[] {
  if (/[^aeiou]y$/.test(word)) {
    const stem = word.slice(0, -1)
    return [`${stem}ies`, `${stem}ied`, `${word}ing`]
  }
  if (word.endsWith('e')) return [`${word}s`, `${word}d`, `${word.slice(0, -1)}ing`]
  const third = /(?:s|x|z|ch|sh|o)$/.test(word) ? `${word}es` : `${word}s`
  const forms = [third, `${word}ed`, `${word}ing`]
  if (/[^aeiou][aeiou][bdglmnprt]$/.test(word)) {
    const doubled = word + word.slice(-1)
    forms.push(`${doubled}ed`, `${doubled}ing`)
  }
  return forms
}
