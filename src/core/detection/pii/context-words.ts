import { buildWordAutomaton, SYMBOLS, type WordAutomaton } from './word-automaton.ts'

/** Where a context word stands. */
export interface WordHit {
  readonly start: number
  readonly end: number
  /** Index into the list of words. */
  readonly word: number
}

/** Finds words in a stretch of text, from the first that starts in it, ordered by their ends. */
export interface WordFinder {
  find(text: string, from: number, to: number, hits: WordHit[]): void
}

const BLANK = 32
const LINE_FEED = 10
const BEFORE_A = 96
const BLANK_SYMBOL = 27
/** Letters of other alphabets share four symbols, so what they find is compared once more. */
const FIRST_FOREIGN = 28
/** Words up to this length match as whole words only. */
const LONGEST_WHOLE = 4

/** Words as units of folded text, and the automaton over their symbols. */
interface Lexicon {
  readonly automaton: WordAutomaton
  readonly words: readonly Uint16Array[]
}

/**
 * Builds the finder: all words in one walk, over folded text, which is without case and accents and
 * with one blank for each run of separators.
 */
export function buildWordFinder(names: readonly string[]): WordFinder {
  const words = names.map((name) =>
    Uint16Array.from({ length: name.length }, (_, index) => fold(name.charCodeAt(index))),
  )
  const automaton = buildWordAutomaton(words.map((word) => Array.from(word, symbolOf)))
  const lexicon = { automaton, words }
  return { find: (text, from, to, hits) => findWords(lexicon, text, from, to, hits) }
}

function findWords(
  lexicon: Lexicon,
  text: string,
  from: number,
  to: number,
  hits: WordHit[],
): void {
  const { next, ends } = lexicon.automaton
  let state = 0
  let wasBlank = false
  for (let at = from; at < to; at++) {
    const code = fold(text.charCodeAt(at))
    const isBlank = code === BLANK
    // Several separators read as one: `St.-Nr.` is `st nr`.
    if (isBlank && wasBlank) continue
    wasBlank = isBlank
    state = next[state * SYMBOLS + symbolOf(code)] ?? 0
    const found = ends[state]
    if (found !== undefined) addHits(lexicon.words, found, text, at + 1, hits)
  }
}

function addHits(
  words: readonly Uint16Array[],
  found: readonly number[],
  text: string,
  end: number,
  hits: WordHit[],
): void {
  for (const word of found) {
    const units = words[word]
    if (units === undefined) continue
    const start = end - units.length
    if (isHit(text, start, end, units)) hits.push({ start, end, word })
  }
}

function isHit(text: string, start: number, end: number, units: Uint16Array): boolean {
  for (let index = 0; index < units.length; index++) {
    const unit = units[index] ?? 0
    if (unit > 127 && fold(text.charCodeAt(start + index)) !== unit) return false
  }
  if (units.length > LONGEST_WHOLE || (units[0] ?? 0) > 127) return true
  return startsWord(text, start) && endsWord(text, end)
}

/** Camel case counts: `userSsn` has the word `ssn`. */
function startsWord(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1)
  return !isLatin(fold(before)) || (isCapital(text.charCodeAt(start)) && !isCapital(before))
}

function endsWord(text: string, end: number): boolean {
  const behind = text.charCodeAt(end)
  return !isLatin(fold(behind)) || (isCapital(behind) && !isCapital(text.charCodeAt(end - 1)))
}

function isLatin(code: number): boolean {
  return code >= 97 && code <= 122
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

/** A letter, a blank, one of four for letters of other alphabets, or 0 for what is in no word. */
function symbolOf(code: number): number {
  if (isLatin(code)) return code - BEFORE_A
  if (code === BLANK) return BLANK_SYMBOL
  return code > 127 ? FIRST_FOREIGN + (code & 3) : 0
}

/** `-` `.` `_` `/` `'` and the no-break space read as a blank. */
const SEPARATORS = "-._/'\u00a0\u2019\t"
const LATIN_END = 0x250
// Built when first looked at: programs that never scan for personal data start without it.
let folding: Uint16Array | undefined

/** Lower case without accents, one unit for one unit. Separators are all a blank. */
function fold(code: number): number {
  folding ??= foldedUnits()
  return folding[code] ?? LINE_FEED
}

function foldedUnits(): Uint16Array {
  const folded = new Uint16Array(0x10000)
  for (let code = 0; code < 0x10000; code++) folded[code] = code
  for (let code = 65; code <= 90; code++) folded[code] = code + 32
  for (let code = 0xc0; code < LATIN_END; code++)
    folded[code] = String.fromCharCode(code).normalize('NFD').toLowerCase().charCodeAt(0)
  // Letters that have no base to fall apart into.
  for (const [letters, base] of [
    ['ı', 'i'],
    ['łŁ', 'l'],
    ['øØ', 'o'],
    ['đĐ', 'd'],
  ] as const)
    for (const letter of letters) folded[letter.charCodeAt(0)] = base.charCodeAt(0)
  // Cyrillic capitals.
  for (let code = 0x410; code <= 0x42f; code++) folded[code] = code + 32
  for (const separator of SEPARATORS) folded[separator.charCodeAt(0)] = BLANK
  return folded
}
