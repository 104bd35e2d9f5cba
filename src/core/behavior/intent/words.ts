import type { KeyedHash } from './keyed-hash.ts'
import { WORD } from './lexicon.ts'
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
  for (let index = 0; index < view.words && into.length < limit; index += 1) {
    const kind = view.kindOf(index)
    if ((kind & WORD.stop) !== 0) continue
    const start = view.wordStarts[index] ?? 0
    const end = view.wordEnds[index] ?? 0
    if (end - start < 3 && text.charCodeAt(start) < 128) continue
    const stem = hash(text, start, stemEnd(text, start, end))
    if (!into.includes(stem)) into.push(stem)
  }
}

/** End of a word without its grammar: `booking`, `booked`, `books` and `book` are one. */
export function stemEnd(text: string, start: number, end: number): number {
  const size = end - start
  if (size < 4) return end
  const last = text.charCodeAt(end - 1) | 32
  let to = end
  if (last === 115 && (text.charCodeAt(end - 2) | 32) !== 115) to -= 1
  else if (last === 100 && size > 4 && (text.charCodeAt(end - 2) | 32) === 101) to -= 2
  else if (last === 103 && size > 5 && (text.charCodeAt(end - 2) | 32) === 110) to -= 3
  if (to - start > 3 && (text.charCodeAt(to - 1) | 32) === 101) to -= 1
  return to
}
