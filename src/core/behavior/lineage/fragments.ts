import type { CutValues } from './cut-values.ts'
import type { FoundPieces } from './found-pieces.ts'

/** Bytes of a piece. */
export const GRAM = 7
/** Pieces of one value that are remembered: one bit each in a mask. */
export const PLACES = 32

/** A flag beside those of the value table: made of words without digits. */
export const PLAIN = 256

/** A value that is looked for in pieces. */
export interface CutValue {
  /** Its hash, as the value table has it. */
  readonly low: number
  readonly high: number
  readonly event: number
  readonly origin: number
  readonly flags: number
  readonly path: number
  /** Bytes of all of it. */
  readonly total: number
  /** Bytes of the part that pieces are taken from. */
  readonly length: number
  /** Bytes from one remembered piece to the next. */
  readonly stride: number
  /** What that part says, in bits. */
  readonly bits: number
  /** Only all of it counts: near misses are other values of the same form, such as a UUID. */
  readonly whole: boolean
  /** Which pieces went out with earlier requests. */
  readonly sent: number
}

export type NewValue = Omit<CutValue, 'sent' | 'stride'>

/** Values are numbered round and round in so many bits. */
export const NUMBER_BITS = 13
export const NUMBERS = 1 << NUMBER_BITS

/**
 * Pieces of restricted values by a keyed rolling hash, so that every place of a request is looked up at
 * the cost of two table reads. Bounded: the oldest value makes room.
 */
export interface Fragments {
  add(value: NewValue, bytes: Uint8Array, start: number): void
  /** Adds which pieces of which values stand in the bytes. */
  search(roll: Roll, bytes: Uint8Array, length: number, found: FoundPieces): void
  /** Pieces that the bytes hold backwards, rotated and both. */
  searchMirrors(bytes: Uint8Array, length: number): MirrorHits
  /** Adds which pieces of which values such hits are. */
  addHits(hits: readonly number[], found: FoundPieces): void
  readonly values: CutValues
  /** A roll that starts with nothing; it goes on from text to text. */
  roll(): Roll
  /** Pieces remembered. */
  readonly used: number
  /** True once a secret's pieces made room for others. */
  readonly forgot: boolean
  /** True once any value's did: then it can only be found whole. */
  readonly dropped: boolean
  readonly bytes: number
  save(): FragmentsSaved
  load(saved: FragmentsSaved): void
}

/** Hashes of pieces; undefined for none. */
export interface MirrorHits {
  readonly reversed: readonly number[] | undefined
  readonly rotated: readonly number[] | undefined
  readonly both: readonly number[] | undefined
}

export interface FragmentsSaved {
  /** Values added and dropped, and pieces that are live. */
  readonly counts: readonly number[]
  readonly values: Int32Array
  readonly slots: Int32Array
}

/** The last bytes that were seen, and their rolling hash. */
export interface Roll {
  hash: number
  /** Where in `last` the next byte goes. */
  place: number
  readonly last: Uint8Array
}

/** Share of a value that pieces cover, 0 to 1. Between neighbours that are both found, all is. */
export function coverage(length: number, stride: number, mask: number): number {
  if (mask === 0) return 0
  const follows = mask & (mask << 1)
  let covered = ones(mask) * GRAM
  // Pieces with one missing between them lie apart, unless they lie very close.
  if (2 * stride >= GRAM) covered -= ones(follows) * (GRAM - stride)
  else covered = closeCoverage(stride, mask)
  const end = (31 - Math.clz32(mask)) * stride + GRAM
  // The last piece may stop short of the end by less than a stride.
  return end + stride > length && covered + stride > length ? 1 : covered / length
}

function closeCoverage(stride: number, mask: number): number {
  let covered = 0
  let end = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const start = (31 - Math.clz32(rest & -rest)) * stride
    covered += start + GRAM - Math.max(start, end)
    end = start + GRAM
  }
  return covered
}

/** Bits that are set. */
export function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Field by field: a spread costs as much as the pieces. */
export function cutValueOf(value: NewValue, stride: number): CutValue {
  const { low, high, event, origin, flags, path, total, length, bits, whole } = value
  return { low, high, event, origin, flags, path, total, length, stride, bits, whole, sent: 0 }
}

/** Pieces that are remembered of a value. */
export function piecesOf({ length, stride }: Pick<CutValue, 'length' | 'stride'>): number {
  return Math.floor((length - GRAM) / stride) + 1
}

/** Numbers a value is saved in. */
const FIELDS = 12

export function packValues(values: readonly CutValue[]): Int32Array {
  const packed = new Int32Array(values.length * FIELDS)
  for (const [index, value] of values.entries()) {
    const { low, high, event, origin, flags, path, total, length, stride, bits, whole, sent } =
      value
    const fields = [low, high, event, origin, flags, path, total, length, stride]
    packed.set([...fields, Math.round(bits * 16), whole ? 1 : 0, sent], index * FIELDS)
  }
  return packed
}

export function unpackValues(packed: Int32Array): CutValue[] {
  return Array.from({ length: Math.floor(packed.length / FIELDS) }, (_, index) => {
    const fields = packed.subarray(index * FIELDS)
    const [low = 0, high = 0, event = 0, origin = 0, flags = 0, path = 0] = fields
    const [total = 0, length = 0, stride = 1, bits = 0, whole = 0, sent = 0] = fields.subarray(6)
    const value = { low, high, event, origin, flags, path, total, length, stride, sent }
    return { ...value, bits: bits / 16, whole: whole === 1 }
  })
}
