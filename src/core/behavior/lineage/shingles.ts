import type { ByteHash } from './half-sip-hash.ts'
import { GAP_KIND, HAS_LETTER, type TextScan } from './text-scan.ts'
import { OUTER } from './wide-units.ts'

/** Words of a shingle. */
export const SHINGLE = 4
/** Texts of so many words have shingles. */
export const LEAST_WORDS = 5
/** Of texts that are not restricted one shingle in so many is kept, chosen by its own words. */
const ONE_IN = 8

/** The words' hashes of one text, made when first asked for, and a shingle of four of them. */
export interface Shingles {
  readonly low: number
  readonly high: number
  /** Makes the shingle that starts at a word. */
  make(hash: ByteHash, scan: TextScan, word: number): void
  /** A text's hashes are not another's. */
  clear(): void
}

export function createShingles(): Shingles {
  return new WordShingles()
}

/** True for the shingles that every text keeps: the choice depends on the words alone. */
export function isSampled(scan: TextScan, word: number): boolean {
  const start = scan.starts[word] ?? 0
  const { bytes } = scan
  const head =
    (bytes[start] ?? 0) | ((bytes[start + 1] ?? 0) << 8) | ((bytes[start + 2] ?? 0) << 16)
  const next = scan.starts[word + 1] ?? 0
  const mixed = Math.imul(head ^ (next - start) ^ ((bytes[next] ?? 0) << 24), 0x9e3779b1)
  return mixed >>> 29 < 8 / ONE_IN
}

/** True for four words of running text: not the groups of a number or the parts of an id. */
export function isProse({ gaps, traits }: TextScan, word: number): boolean {
  let apart = 0
  let letters = 0
  for (let next = word; next < word + SHINGLE; next++) {
    if (next > word && ((gaps[next] ?? 0) & GAP_KIND) === OUTER) apart++
    if (traits[next] === HAS_LETTER) letters++
  }
  return apart >= 2 && letters >= 2
}

/** A class for speed: called for every word of a prose text. */
class WordShingles implements Shingles {
  low = 0
  high = 0
  #lows = new Int32Array(SHINGLE)
  #highs = new Int32Array(SHINGLE)
  /** The word whose hash is held, at its number modulo four. */
  readonly #held = new Int32Array(SHINGLE).fill(-1)

  clear(): void {
    this.#held.fill(-1)
  }

  make(hash: ByteHash, scan: TextScan, word: number): void {
    let low = 0
    let high = 0
    for (let next = word; next < word + SHINGLE; next++) {
      const place = next & (SHINGLE - 1)
      if (this.#held[place] !== next) {
        this.#lows[place] = hash.hash(
          scan.bytes,
          scan.starts[next] ?? 0,
          scan.starts[next + 1] ?? 0,
        )
        this.#highs[place] = hash.high
        this.#held[place] = next
      }
      // The words' hashes are keyed already: they need only be kept in order.
      low = (Math.imul((low << 7) | (low >>> 25), 0x01000193) ^ (this.#lows[place] ?? 0)) | 0
      high = (Math.imul((high << 9) | (high >>> 23), 0x01000193) ^ (this.#highs[place] ?? 0)) | 0
    }
    this.low = low
    this.high = high
  }
}
