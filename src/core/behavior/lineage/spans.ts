import { isCommonMix } from './common-words.ts'
import { GAP_KIND, HAS_DIGIT, HAS_LETTER, mixOf, SINGLE, type TextScan } from './text-scan.ts'
import { INNER, OUTER } from './wide-units.ts'

/** Stretches of whole words in a scan, as pairs of their first and last word. Reused. */
export interface Spans {
  words: Int32Array
  count: number
}

/** Bytes of the longest text that is a value as a whole. */
const LONGEST_FIELD = 256
const SHORTEST_FIELD = 4
const SHORTEST = 6
const SHORTEST_JOINED = 8
const SHORTEST_NUMBER = 7

export function createSpans(): Spans {
  return { words: new Int32Array(32), count: 0 }
}

function add(spans: Spans, first: number, last: number): void {
  const at = spans.count * 2
  if (at > 0 && spans.words[at - 2] === first && spans.words[at - 1] === last) return
  if (at > 0 && spans.words[0] === first && spans.words[1] === last) return
  if (at >= spans.words.length) {
    const words = new Int32Array(spans.words.length * 2)
    words.set(spans.words)
    spans.words = words
  }
  spans.words[at] = first
  spans.words[at + 1] = last
  spans.count++
}

/**
 * The values in a text: all of it, if it is short; then addresses, keys, paths, ids and numbers inside.
 * Widest first at each place, so that who finds one may pass over what lies in it. Linear.
 */
export function findValues(scan: TextScan, spans: Spans): void {
  spans.count = 0
  const { words, length } = scan
  if (length >= SHORTEST_FIELD && length <= LONGEST_FIELD) add(spans, 0, words - 1)
  if (words === 1 && length <= LONGEST_FIELD) return
  // Words of letters with blanks between them hold no value.
  if (scan.allTraits === HAS_LETTER && scan.gapKinds === 1 << OUTER) return
  addChunks(scan, spans)
  if ((scan.allTraits & HAS_DIGIT) !== 0) addNumbers(scan, spans)
}

function addChunks(scan: TextScan, spans: Spans): void {
  const { words, gaps } = scan
  let chunk = 0
  let piece = 0
  for (let word = 0; word < words; word++) {
    const kind = word + 1 < words ? (gaps[word + 1] ?? OUTER) & GAP_KIND : OUTER
    if (kind < INNER) continue
    if (kind === OUTER && chunk !== piece) addChunk(scan, spans, chunk, word)
    addChunk(scan, spans, piece, word)
    piece = word + 1
    if (kind === OUTER) chunk = piece
  }
}

/** Groups of digits such as `8,823,071,946`. */
function addNumbers(scan: TextScan, spans: Spans): void {
  let first = 0
  for (let word = 0; word < scan.words; word++) {
    if (isGroup(scan, word)) continue
    if (first < word && lengthOf(scan, first, word) >= SHORTEST_NUMBER) add(spans, first, word)
    first = word + 1
  }
}

/** True where a word and the next may be groups of one number. */
function isGroup({ gaps, traits, words }: TextScan, word: number): boolean {
  const next = word + 1
  if (next >= words || ((gaps[next] ?? 0) & SINGLE) === 0) return false
  return traits[word] === HAS_DIGIT && traits[next] === HAS_DIGIT
}

function addChunk(scan: TextScan, spans: Spans, first: number, last: number): void {
  const length = lengthOf(scan, first, last)
  if (length < SHORTEST) return
  if (first < last ? length >= SHORTEST_JOINED : ((scan.traits[first] ?? 0) & HAS_DIGIT) !== 0)
    add(spans, first, last)
}

export function lengthOf(scan: TextScan, first: number, last: number): number {
  return (scan.starts[last + 1] ?? 0) - (scan.starts[first] ?? 0)
}

/**
 * What is rare in a text of several words: words that are not common, numbers with the word behind
 * them. One says little; several of one source say where a paraphrase comes from.
 */
export function findRareWords(scan: TextScan, spans: Spans): void {
  spans.count = 0
  const { words } = scan
  for (let word = 0; word < words; word++) {
    // The parts of an address, a path or an id are no words.
    if (!isApart(scan, word)) continue
    if (scan.traits[word] === HAS_LETTER) {
      if (isRareWord(scan, word)) add(spans, word, word)
    } else if (isCounted(scan, word)) add(spans, word, word + 1)
    else if (lengthOf(scan, word, word) >= SHORTEST_FIELD && !isGrouped(scan, word))
      add(spans, word, word)
  }
}

/** One of the groups of a number. */
function isGrouped(scan: TextScan, word: number): boolean {
  return isGroup(scan, word) || (word > 0 && isGroup(scan, word - 1))
}

/** True for a word between blanks or the like. */
function isApart({ gaps, words }: TextScan, word: number): boolean {
  const after = word + 1 < words ? (gaps[word + 1] ?? OUTER) : OUTER
  return ((gaps[word] ?? OUTER) & GAP_KIND) === OUTER && (after & GAP_KIND) === OUTER
}

function isRareWord(scan: TextScan, word: number): boolean {
  return lengthOf(scan, word, word) >= SHORTEST_FIELD && !isCommonMix(mixOf(scan, word))
}

/** A short number with a word behind it, such as `14 March`. */
function isCounted(scan: TextScan, word: number): boolean {
  const next = word + 1
  if (next >= scan.words || scan.traits[next] !== HAS_LETTER) return false
  return lengthOf(scan, word, word) <= 6 && lengthOf(scan, next, next) >= 3
}
