import { type CutValues, createCutValues, entryOf } from './cut-values.ts'
import { type FoundPieces, showMore } from './found-pieces.ts'
import {
  type CutValue,
  cutValueOf,
  type Fragments,
  type FragmentsSaved,
  GRAM,
  type MirrorHits,
  type NewValue,
  NUMBERS,
  PLACES,
  packValues,
  piecesOf,
  type Roll,
  unpackValues,
} from './fragments.ts'
import type { ByteHash } from './half-sip-hash.ts'
import { keyedWords, rolled, rotatedWords } from './rolling-hash.ts'
import { isDense } from './told-share.ts'
import { SECRET } from './value-table.ts'

const WAYS = 8
const FIRST_SLOTS = 256
const FREE = -1
/** Bytes of a value's record, about, and of a slot with its part of the filter. */
const RECORD_BYTES = 144
const SLOT_BYTES = 10
const PLACES_OF_PROSE = 16
/** Spreads a rolling hash over 32 bits: 2^32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1

export function createFragments(hash: ByteHash, maxBytes: number): Fragments {
  return new FragmentTable(hash, maxBytes)
}

/** A class for speed: fields of one shape in every session. */
class FragmentTable implements Fragments {
  forgot = false
  dropped = false
  used = 0
  /** Pairs: spread hash; place (5 bits), value number (13), generation (14), or `FREE`. */
  #slots: Int32Array = new Int32Array(0)
  /** A bit for every hash that may be in the slots, sixteen times as many bits as slots. */
  #filter: Int32Array = new Int32Array(0)
  #filterShift = 32
  readonly values: CutValues = createCutValues()
  /** Values are dropped in the order in which they were added: those between are live. */
  #added = 0
  #dropped = 0
  /** Pieces of the live values. */
  #pieces = 0
  #table: Int32Array | undefined
  #turned: Int32Array | undefined
  readonly #hash: ByteHash
  readonly #mostSlots: number
  readonly #mostValues: number

  constructor(hash: ByteHash, maxBytes: number) {
    this.#hash = hash
    let slots = FIRST_SLOTS
    while (slots * 2 * SLOT_BYTES <= maxBytes * 0.7) slots *= 2
    this.#mostSlots = slots
    this.#mostValues = Math.min(NUMBERS - 1, Math.floor((maxBytes * 0.25) / RECORD_BYTES))
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#filter.byteLength + this.values.bytes
  }

  roll(): Roll {
    return { hash: 0, place: 0, last: new Uint8Array(GRAM) }
  }

  add(value: NewValue, bytes: Uint8Array, start: number): void {
    const last = value.length - GRAM
    if (last < 0) return
    const places = isDense(value) ? PLACES : PLACES_OF_PROSE
    const added = cutValueOf(value, Math.ceil((last + 1) / places))
    this.#pieces += piecesOf(added)
    while (this.#isFull()) this.#drop()
    const number = this.#added & (NUMBERS - 1)
    const shared = entryOf(this.#added)
    const entry = shared << 5
    this.#added++
    this.values.write(number, added, shared)
    for (let place = 0; place * added.stride <= last; place++)
      this.#insert(this.#hashAt(bytes, start + place * added.stride), entry | place)
  }

  search(roll: Roll, bytes: Uint8Array, length: number, found: FoundPieces): void {
    if (this.used === 0) return
    const table = this.#keyed
    const filter = this.#filter
    const shift = this.#filterShift
    const { last } = roll
    let { hash, place } = roll
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] ?? 0
      const out = last[place] ?? 0
      last[place] = byte
      place = place + 1 === GRAM ? 0 : place + 1
      hash = rolled(hash, table, byte, out)
      const mixed = Math.imul(hash, SPREAD)
      const bit = mixed >>> shift
      if (((filter[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) this.#collect(mixed, found)
    }
    roll.hash = hash
    roll.place = place
  }

  searchMirrors(bytes: Uint8Array, length: number): MirrorHits {
    let reversed: number[] | undefined
    let rotated: number[] | undefined
    let both: number[] | undefined
    const table = this.#keyed
    const turned = this.#keyedRotated
    let back = 0
    let turn = 0
    let turnBack = 0
    // In one loop: three chains of dependent steps cost little more than one.
    for (let at = 0, end = length - 1; at < length; at++, end--) {
      const byte = bytes[at] ?? 0
      const last = bytes[end] ?? 0
      const isFull = at >= GRAM
      const out = isFull ? (bytes[at - GRAM] ?? 0) : 0
      const lastOut = isFull ? (bytes[end + GRAM] ?? 0) : 0
      turn = rolled(turn, turned, byte, out)
      back = rolled(back, table, last, lastOut)
      turnBack = rolled(turnBack, turned, last, lastOut)
      if (this.#mayHave(turn)) rotated = this.#withHit(turn, rotated)
      if (this.#mayHave(back)) reversed = this.#withHit(back, reversed)
      if (this.#mayHave(turnBack)) both = this.#withHit(turnBack, both)
    }
    return { reversed, rotated, both }
  }

  addHits(hits: readonly number[], found: FoundPieces): void {
    for (const mixed of hits) this.#collect(mixed, found)
  }

  #mayHave(hash: number): boolean {
    const bit = Math.imul(hash, SPREAD) >>> this.#filterShift
    return (((this.#filter[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) !== 0
  }

  /** The hits and one more, if the hash is that of a piece indeed. */
  #withHit(hash: number, hits: number[] | undefined): number[] | undefined {
    const mixed = Math.imul(hash, SPREAD)
    const slots = this.#slots
    const bucket = bucketOf(mixed, slots.length)
    for (let slot = bucket; slot < bucket + WAYS * 2; slot += 2) {
      const entry = slots[slot + 1] ?? FREE
      if (entry === FREE) return hits
      if (slots[slot] !== mixed || !this.#isLive(entry)) continue
      if (hits === undefined) return [mixed]
      hits.push(mixed)
      return hits
    }
    return hits
  }

  save(): FragmentsSaved {
    const counts = [this.#added, this.#dropped, this.#pieces]
    const live: CutValue[] = []
    for (let at = this.#dropped; at < this.#added; at++) {
      const value = this.values.read(at & (NUMBERS - 1))
      if (value !== undefined) live.push(value)
    }
    return { counts, values: packValues(live), slots: this.#slots }
  }

  load({ counts, values, slots }: FragmentsSaved): void {
    const [added = 0, dropped = 0, pieces = 0] = counts
    this.#added = added
    this.#dropped = dropped
    this.#pieces = pieces
    this.dropped = dropped > 0
    for (const [index, value] of unpackValues(values).entries())
      this.values.write((dropped + index) & (NUMBERS - 1), value, entryOf(dropped + index))
    this.#slots = slots
    if (slots.length > 0) this.#rebuild(slots.length)
  }

  #isFull(): boolean {
    const live = this.#added - this.#dropped
    return live > 0 && (live >= this.#mostValues || this.#pieces * 8 > this.#mostSlots * 5)
  }

  /** The oldest value makes room. Its pieces stay until their slots are needed. */
  #drop(): void {
    const number = this.#dropped & (NUMBERS - 1)
    const oldest = this.values.read(number)
    this.values.drop(number)
    this.#dropped++
    this.dropped = true
    if (oldest === undefined) return
    this.#pieces -= piecesOf(oldest)
    // Values that are no secret can still be found whole.
    if ((oldest.flags & SECRET) !== 0) this.forgot = true
  }

  /** False for an entry whose value made room for another. */
  #isLive(entry: number): boolean {
    const { entries } = this.values
    return entries[(entry >>> 5) & (entries.length - 1)] === entry >>> 5
  }

  #collect(mixed: number, found: FoundPieces): void {
    const slots = this.#slots
    const { masks, numbers, isView } = found
    const { entries } = this.values
    const last = entries.length - 1
    let { count } = found
    const bucket = bucketOf(mixed, slots.length)
    for (let slot = bucket; slot < bucket + WAYS * 2; slot += 2) {
      const entry = slots[slot + 1] ?? FREE
      if (entry === FREE) break
      if (slots[slot] !== mixed) continue
      const number = (entry >>> 5) & (NUMBERS - 1)
      if (entries[number & last] !== entry >>> 5) continue
      const mask = masks[number] ?? 0
      const more = mask | (1 << (entry & 31))
      masks[number] = more
      numbers[count] = number
      // One more where the mask was 0, without a jump that nothing foretells.
      count += ((mask | -mask) >>> 31) ^ 1
      if (isView && more !== mask) showMore(found, number, mask === 0)
    }
    found.count = count
  }

  get #keyed(): Int32Array {
    this.#table ??= keyedWords(this.#hash)
    return this.#table
  }

  get #keyedRotated(): Int32Array {
    this.#turned ??= rotatedWords(this.#keyed)
    return this.#turned
  }

  #hashAt(bytes: Uint8Array, start: number): number {
    const table = this.#keyed
    let hash = 0
    for (let at = start; at < start + GRAM; at++)
      hash = ((hash << 1) | (hash >>> 31)) ^ (table[bytes[at] ?? 0] ?? 0)
    return Math.imul(hash, SPREAD)
  }

  #insert(mixed: number, entry: number): void {
    if (this.#slots.length === 0) this.#rebuild(FIRST_SLOTS * 2)
    if (this.used * 16 > this.#slots.length * 5) this.#rebuild(this.#larger())
    let slot = this.#vacant(mixed)
    if (slot < 0 && this.used * 8 > this.#slots.length && this.#larger() > this.#slots.length) {
      this.#rebuild(this.#larger())
      slot = this.#vacant(mixed)
    }
    // More than eight values share the piece: it tells little, and the others have more pieces.
    if (slot < 0) return
    if (this.#slots[slot + 1] === FREE) this.used++
    this.#slots[slot] = mixed
    this.#slots[slot + 1] = entry
    const bit = mixed >>> this.#filterShift
    this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }

  #larger(): number {
    return Math.min(this.#slots.length * 2, this.#mostSlots * 2)
  }

  #vacant(mixed: number): number {
    const bucket = bucketOf(mixed, this.#slots.length)
    for (let slot = bucket; slot < bucket + WAYS * 2; slot += 2) {
      const entry = this.#slots[slot + 1] ?? FREE
      if (entry === FREE || !this.#isLive(entry)) return slot
    }
    return -1
  }

  /** The live entries in a table of the given length, with a filter of their own. */
  #rebuild(length: number): void {
    const before = this.#slots
    this.#slots = new Int32Array(length).fill(FREE)
    this.#filter = new Int32Array(length / 4)
    this.#filterShift = 32 - Math.log2(length * 8)
    this.used = 0
    for (let slot = 0; slot < before.length; slot += 2) {
      const entry = before[slot + 1] ?? FREE
      if (entry !== FREE && this.#isLive(entry)) this.#insert(before[slot] ?? 0, entry)
    }
  }
}

function bucketOf(mixed: number, length: number): number {
  return (mixed & (length / (WAYS * 2) - 1)) * WAYS * 2
}
