/**
 * Tells of most numbers that they were never added; of the others that they may have been. A filter of one
 * bit each, so that a text of which nothing is known costs no keyed hash. Doubles as it fills, up to its
 * limit.
 * @see https://doi.org/10.1145/362686.362692
 */
export interface TextFilter {
  add(mixed: number): void
  mayHave(mixed: number): boolean
  /** From now on everything may have been added: what was is not known. */
  fill(): void
  readonly bytes: number
}

export function createTextFilter(maxBytes: number): TextFilter {
  return new Filter(maxBytes)
}

const FIRST_WORDS = 32
/** Bits for each number; beyond, the filter doubles. */
const SPARSE = 8

/** A class for speed: asked for every word of a request that leaves. */
class Filter implements TextFilter {
  #words = new Int32Array(FIRST_WORDS)
  #mask = FIRST_WORDS * 32 - 1
  #added = 0
  readonly #mostWords: number

  constructor(maxBytes: number) {
    let words = FIRST_WORDS
    while (words * 2 * 4 <= maxBytes) words *= 2
    this.#mostWords = words
  }

  get bytes(): number {
    return this.#words.byteLength
  }

  add(mixed: number): void {
    if (this.mayHave(mixed)) return
    if (++this.#added * SPARSE > this.#mask) this.#double()
    const bit = mixed & this.#mask
    this.#words[bit >>> 5] = (this.#words[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }

  mayHave(mixed: number): boolean {
    const bit = mixed & this.#mask
    return (((this.#words[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) !== 0
  }

  fill(): void {
    this.#words.fill(-1)
  }

  /** One more bit of each number counts: those that were added may have it or not. */
  #double(): void {
    const before = this.#words
    if (before.length >= this.#mostWords) return
    this.#words = new Int32Array(before.length * 2)
    this.#words.set(before)
    this.#words.set(before, before.length)
    this.#mask = this.#words.length * 32 - 1
  }
}
