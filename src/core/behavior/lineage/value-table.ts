/** What is known of one hashed value. */
export const RESTRICTED = 1
/** Known from the task or another source that is trusted. */
export const TRUSTED = 2
/** A scan took it for a secret. */
export const SECRET = 4
/** A source gave it: event, origin and path say which. */
export const KNOWN = 8
/** The agent wrote it before any source gave it. */
export const ASKED = 16
/** Not a value of its own: a word or a shingle of a longer text. */
export const TEXT = 32
/** The output of a call that had been given restricted values. */
export const DERIVED = 64
/** Its fragments are remembered as well. */
export const CUT = 128

export function kindOf(flags: number): 'derived' | 'secret' | 'value' {
  if ((flags & DERIVED) !== 0) return 'derived'
  return (flags & SECRET) !== 0 ? 'secret' : 'value'
}

/** Values that outlive the others. */
const KEPT = RESTRICTED | TRUSTED | SECRET | DERIVED

const WAYS = 8
const WORDS = 4
const FIRST_SLOTS = 64
const TAG_SHIFT = 12
const MOST_SEEN = 15

/** What is written down about a value. */
export interface Mark {
  readonly event: number
  readonly flags: number
  readonly origin: number
  readonly crowd: number
  readonly path: number
}

/**
 * An open-addressing table of 64-bit hashes in buckets of eight slots of four words: lower half of the
 * hash; number of the event; flags (8 bits), how often it was seen (4), upper part of the hash (20);
 * origin (12), crowd (4) and path (16). It doubles up to its limit; then the oldest slot of the full bucket makes
 * room, one that is not restricted if there is one.
 */
export interface ValueTable {
  /** The slot of a hash, -1 where there is none. */
  find(low: number, high: number): number
  /** The slot of a hash, made where there is none: `flags` and `event` of a new one are 0. */
  place(low: number, high: number): number
  event(slot: number): number
  flags(slot: number): number
  origin(slot: number): number
  /** Binary logarithm of the number of words among which a word of a text was found. */
  crowd(slot: number): number
  path(slot: number): number
  seen(slot: number): number
  write(slot: number, mark: Mark): void
  setFlags(slot: number, flags: number): void
  setPath(slot: number, path: number): void
  countSeen(slot: number): void
  /** Changes when slots have moved. */
  readonly epoch: number
  /** True once a restricted value made room for another. */
  readonly forgot: boolean
  readonly bytes: number
  /** The used slots, four words each. */
  save(): Int32Array
  load(words: Int32Array): void
}

export function createValueTable(maxBytes: number): ValueTable {
  return new Table(maxBytes)
}

/** A class for speed: fields of one shape in every session. */
class Table implements ValueTable {
  epoch = 0
  forgot = false
  #words = new Int32Array(FIRST_SLOTS * WORDS)
  #used = 0
  readonly #mostSlots: number

  constructor(maxBytes: number) {
    let slots = FIRST_SLOTS
    while (slots * 2 * WORDS * 4 <= maxBytes) slots *= 2
    this.#mostSlots = slots
  }

  get bytes(): number {
    return this.#words.byteLength
  }

  find(low: number, high: number): number {
    const words = this.#words
    const tag = high >>> TAG_SHIFT
    const bucket = bucketOf(low, words.length)
    for (let slot = bucket; slot < bucket + WAYS * WORDS; slot += WORDS) {
      const meta = words[slot + 2] ?? 0
      if (meta === 0) return -1
      if (words[slot] === low && meta >>> TAG_SHIFT === tag) return slot
    }
    return -1
  }

  place(low: number, high: number): number {
    if (this.#used * WORDS * 8 > this.#words.length * 5) this.#grow()
    let slot = this.#vacant(low, high)
    while (slot < 0 && this.#grow()) slot = this.#vacant(low, high)
    if (slot < 0) slot = this.#evict(low)
    const words = this.#words
    const tag = high >>> TAG_SHIFT
    if (
      words[slot] === low &&
      (words[slot + 2] ?? 0) >>> TAG_SHIFT === tag &&
      words[slot + 2] !== 0
    )
      return slot
    this.#used++
    words[slot] = low
    words[slot + 1] = 0
    // Seen once, so that a used slot is never 0.
    words[slot + 2] = (tag << TAG_SHIFT) | (1 << 8)
    words[slot + 3] = 0
    return slot
  }

  event(slot: number): number {
    return this.#words[slot + 1] ?? 0
  }
  flags(slot: number): number {
    return (this.#words[slot + 2] ?? 0) & 255
  }
  seen(slot: number): number {
    return ((this.#words[slot + 2] ?? 0) >>> 8) & MOST_SEEN
  }
  origin(slot: number): number {
    return (this.#words[slot + 3] ?? 0) & 0xfff
  }
  crowd(slot: number): number {
    return ((this.#words[slot + 3] ?? 0) >>> 12) & 15
  }
  path(slot: number): number {
    return (this.#words[slot + 3] ?? 0) >>> 16
  }

  write(slot: number, { event, flags, origin, crowd, path }: Mark): void {
    this.#words[slot + 1] = event
    this.setFlags(slot, flags)
    this.#words[slot + 3] = origin | (crowd << 12) | (path << 16)
  }
  setFlags(slot: number, flags: number): void {
    this.#words[slot + 2] = ((this.#words[slot + 2] ?? 0) & ~255) | flags
  }
  setPath(slot: number, path: number): void {
    this.#words[slot + 3] = ((this.#words[slot + 3] ?? 0) & 0xffff) | (path << 16)
  }
  countSeen(slot: number): void {
    if (this.seen(slot) < MOST_SEEN) this.#words[slot + 2] = (this.#words[slot + 2] ?? 0) + (1 << 8)
  }

  save(): Int32Array {
    const saved = new Int32Array(this.#used * WORDS)
    let at = 0
    for (let slot = 0; slot < this.#words.length; slot += WORDS) {
      if (this.#words[slot + 2] === 0) continue
      saved.set(this.#words.subarray(slot, slot + WORDS), at)
      at += WORDS
    }
    return saved.subarray(0, at)
  }

  load(words: Int32Array): void {
    for (let from = 0; from + WORDS <= words.length; from += WORDS) {
      const tag = (words[from + 2] ?? 0) >>> TAG_SHIFT
      const slot = this.place(words[from] ?? 0, tag << TAG_SHIFT)
      this.#words.set(words.subarray(from, from + WORDS), slot)
    }
  }

  /** The slot that has the hash, or the first free one of its bucket; -1: it is full of others. */
  #vacant(low: number, high: number): number {
    const words = this.#words
    const tag = high >>> TAG_SHIFT
    const bucket = bucketOf(low, words.length)
    for (let slot = bucket; slot < bucket + WAYS * WORDS; slot += WORDS) {
      const meta = words[slot + 2] ?? 0
      if (meta === 0 || (words[slot] === low && meta >>> TAG_SHIFT === tag)) return slot
    }
    return -1
  }

  /** The slot that has to make room. Slots stay packed at the start of their bucket. */
  #evict(low: number): number {
    const words = this.#words
    const bucket = bucketOf(low, words.length)
    let oldest = -1
    let oldestKept = bucket
    for (let slot = bucket; slot < bucket + WAYS * WORDS; slot += WORDS) {
      const event = words[slot + 1] ?? 0
      if (((words[slot + 2] ?? 0) & KEPT) !== 0) {
        if (event < (words[oldestKept + 1] ?? 0)) oldestKept = slot
      } else if (oldest < 0 || event < (words[oldest + 1] ?? 0)) oldest = slot
    }
    this.#used--
    if (oldest >= 0) return oldest
    this.forgot = true
    return oldestKept
  }

  #grow(): boolean {
    const before = this.#words
    if (before.length >= this.#mostSlots * WORDS) return false
    this.#words = new Int32Array(before.length * 2)
    this.epoch++
    for (let slot = 0; slot < before.length; slot += WORDS) {
      const meta = before[slot + 2] ?? 0
      if (meta === 0) continue
      // A bucket that was not full cannot be full of half its slots.
      const to = this.#vacant(before[slot] ?? 0, meta)
      this.#words.set(before.subarray(slot, slot + WORDS), to)
    }
    return true
  }
}

function bucketOf(low: number, length: number): number {
  const buckets = length / (WAYS * WORDS)
  return (low & (buckets - 1)) * WAYS * WORDS
}
