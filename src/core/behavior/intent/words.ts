import type { KeyedHash } from './keyed-hash.ts'
import { ENTRY_BITS, lexicon, SLOTS, WORD } from './lexicon.ts'
import type { SentenceView } from './scan.ts'

/** Most word stems kept of one sentence. */
export const MAX_STEMS = 40

/** Adds the keyed stems of the sentence's words that tell it from others. */
export function collectStems(
  text: string,
  view: SentenceView,
  hash: KeyedHash,
  into: number[],
  limit = MAX_STEMS,
): void {
  const known = knownStems(hash)
  /** One bit for each stem that is there: most words are new, and need not be looked for. */
  let there = 0
  into.forEach((stem) => {
    there |= 1 << (stem & 31)
  })
  for (let index = 0; index < view.words && into.length < limit; index += 1) {
    if ((view.kindOf(index) & WORD.stop) !== 0) continue
    const start = view.wordStarts[index] ?? 0
    const end = view.wordEnds[index] ?? 0
    if (end - start < 3 && String.prototype.charCodeAt.call(text, start) < 128) continue
    const entry = view.entryOf(index)
    const stem =
      entry === 0
        ? hash(text, start, stemEnd(text, start, end))
        : known[entry >> ENTRY_BITS] || knownStem(entry, hash, known)
    const bit = 1 << (stem & 31)
    if ((there & bit) === 0 || !into.includes(stem)) into.push(stem)
    there |= bit
  }
}

const stemsByHash = new WeakMap<KeyedHash, Int32Array>()
let lastHash: KeyedHash | undefined
let lastStems: Int32Array = new Int32Array(0)

/** Stems of the lexicon's words, 0 where not known yet: half the words of a request are of it. */
function knownStems(hash: KeyedHash): Int32Array {
  if (hash === lastHash) return lastStems
  const stems = stemsByHash.get(hash) ?? new Int32Array(SLOTS)
  stemsByHash.set(hash, stems)
  lastHash = hash
  lastStems = stems
  return stems
}

/** From the lexicon's word, never from a text's: chance may give that the same place. */
function knownStem(entry: number, hash: KeyedHash, known: Int32Array): number {
  const word = lexicon().wordAt(entry)
  const stem = hash(word, 0, stemEnd(word, 0, word.length))
  known[entry >> ENTRY_BITS] = stem
  return stem
}

/** End of a word without its grammar: `booking`, `booked`, `books` and `book` are one. */
export function stemEnd(text: string, start: number, end: number): number {
  const size = end - start
  if (size < 4) return end
  const last = String.prototype.charCodeAt.call(text, end - 1) | 32
  let to = end
  if (last === 115 && (String.prototype.charCodeAt.call(text, end - 2) | 32) !== 115) to -= 1
  else if (
    last === 100 &&
    size > 4 &&
    (String.prototype.charCodeAt.call(text, end - 2) | 32) === 101
  )
    to -= 2
  else if (
    last === 103 &&
    size > 5 &&
    (String.prototype.charCodeAt.call(text, end - 2) | 32) === 110
  )
    to -= 3
  if (to - start > 3 && (String.prototype.charCodeAt.call(text, to - 1) | 32) === 101) to -= 1
  return to
}
