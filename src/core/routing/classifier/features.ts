import { CUE_COUNT, cuesOf } from './cues.ts'
import { excerptOf } from './excerpt.ts'

/** Words, pairs of words and marks share so many places, by their hash. A prime spreads them best. */
const HASHED = 16_363
/** Places in all: those of hashed words, then one for each cue. */
export const FEATURE_COUNT = HASHED + CUE_COUNT

/** What a text consists of, as a sparse vector: places, and how much of each. */
export interface Features {
  readonly places: Uint16Array
  readonly values: Float32Array
}

/** Instructions stand first or last: these words count once more as such. */
const HEAD_WORDS = 6
const TAIL_WORDS = 12
const LONGEST_WORD = 24

/** Words in any script, runs of digits as one, signs one by one. */
const TOKEN = /[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]/gu

/** The words of a text, of length 1 as a vector, and its cues. Linear in at most 3,000 characters. */
export function featuresOf(text: string): Features {
  const excerpt = excerptOf(text)
  const words = (excerpt.toLowerCase().match(TOKEN) ?? []).map(hashWord)
  const counts = new Map<number, number>()
  const count = (hash: number): void => {
    const place = (hash >>> 0) % HASHED
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  const tailFrom = words.length - TAIL_WORDS
  let previous = 0
  for (const [index, word] of words.entries()) {
    count(word)
    count(mix(previous, word))
    if (index < HEAD_WORDS) count(mix(HEAD_MARK, word))
    if (index >= tailFrom) count(mix(TAIL_MARK, word))
    previous = word
  }
  return vectorOf(counts, cuesOf(excerpt))
}

const HEAD_MARK = 0x68656164
const TAIL_MARK = 0x7461696c

function vectorOf(counts: ReadonlyMap<number, number>, cues: readonly number[]): Features {
  const present = cues
    .map((value, index) => [HASHED + index, value] as const)
    .filter(([, v]) => v > 0)
  const places = new Uint16Array(counts.size + present.length)
  const values = new Float32Array(places.length)
  let squares = 0
  let next = 0
  for (const [place, times] of counts) {
    // A word that comes often says little more than one that comes once.
    const value = 1 + Math.log(times)
    squares += value * value
    places[next] = place
    values[next++] = value
  }
  const length = Math.sqrt(squares) || 1
  for (let index = 0; index < next; index++) values[index] = (values[index] ?? 0) / length
  for (const [place, value] of present) {
    places[next] = place
    values[next++] = value
  }
  return { places, values }
}

/** FNV-1a over UTF-16 units. @see https://www.rfc-editor.org/rfc/rfc9923 */
function hashWord(word: string): number {
  const first = word.charCodeAt(0)
  // The figures of a text say nothing: that there are some does.
  if (first >= 48 && first <= 57) return word.length > 2 ? LONG_NUMBER : NUMBER
  let hash = 0x811c9dc5
  for (let index = 0; index < Math.min(word.length, LONGEST_WORD); index++)
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
  return hash
}

const NUMBER = 0x23
const LONG_NUMBER = 0x2323

function mix(one: number, other: number): number {
  const mixed = Math.imul(one ^ (other >>> 15), 0x2c1b3c6d) ^ other
  return Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39)
}
