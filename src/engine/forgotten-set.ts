/** Names that were dropped. May wrongly know a name, never wrongly not know one; of a fixed size. */
export interface ForgottenSet {
  add(name: string): void
  has(name: string): boolean
}

/** The same, which lets names go when they are old, or too many. */
export interface FadingSet {
  add(name: string, at: number): void
  has(name: string, at: number): boolean
}

export interface FadingBounds {
  /** Milliseconds after which a name may go; it is gone after twice that. */
  readonly periodMs: number
  /** Names after which older ones may go; they are gone after twice as many. @default 800,000 */
  readonly most?: number
}

// One wrong answer in a hundred at 800,000 names; each only makes a session ask more.
const BITS = 2 ** 23
const PROBES = 6
const MOST = 800_000

/** A Bloom filter. @see https://doi.org/10.1145/362686.362692 */
export function createForgottenSet(): ForgottenSet {
  let words: Int32Array | undefined
  const each = (name: string, visit: (word: number, mask: number) => boolean): boolean => {
    const [first, second] = hashesOf(name)
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = (first + Math.imul(probe, second)) & (BITS - 1)
      if (!visit(bit >>> 5, 1 << (bit & 31))) return false
    }
    return true
  }
  return {
    add(name) {
      words ??= new Int32Array(BITS / 32)
      const kept = words
      each(name, (word, mask) => {
        kept[word] = (kept[word] ?? 0) | mask
        return true
      })
    },
    has(name) {
      const kept = words
      if (kept === undefined) return false
      return each(name, (word, mask) => ((kept[word] ?? 0) & mask) !== 0)
    },
  }
}

/** Two generations: however long it is used, it is never fuller than twice the most. */
export function createFadingSet({ periodMs, most = MOST }: FadingBounds): FadingSet {
  let current = createForgottenSet()
  let previous = createForgottenSet()
  let since = Number.NEGATIVE_INFINITY
  let count = 0
  const turn = (at: number): void => {
    const age = at - since
    if (age <= periodMs && count < most) return
    previous = age > 2 * periodMs ? createForgottenSet() : current
    current = createForgottenSet()
    since = at
    count = 0
  }
  return {
    add(name, at) {
      turn(at)
      if (current.has(name)) return
      current.add(name)
      count++
    },
    has(name, at) {
      turn(at)
      return current.has(name) || previous.has(name)
    },
  }
}

/** FNV-1a over UTF-16 units, twice. @see https://www.rfc-editor.org/rfc/rfc9923 */
function hashesOf(name: string): readonly [number, number] {
  let first = 0x811c9dc5
  let second = 0x01000193
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index)
    first = Math.imul(first ^ unit, 0x01000193)
    second = Math.imul(second ^ unit, 0x5bd1e995)
  }
  return [first, second | 1]
}
