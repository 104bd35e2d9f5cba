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
  sent: number
}

export type NewValue = Omit<CutValue, 'sent' | 'stride'>

/**
 * Pieces of restricted values by a keyed rolling hash, so that every place of a request is looked up at
 * the cost of two table reads. Bounded: the oldest value makes room.
 */
export interface Fragments {
  add(value: NewValue, bytes: Uint8Array, start: number): void
  /** Which pieces of which values stand in the bytes: value number to mask; undefined for none. */
  search(roll: Roll, bytes: Uint8Array, length: number): Map<number, number> | undefined
  /** The same for the bytes backwards, rotated and both. */
  searchMirrors(bytes: Uint8Array, length: number): MirrorsFound
  value(number: number): CutValue | undefined
  markSent(number: number, mask: number): void
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

export interface MirrorsFound {
  readonly reversed: Map<number, number> | undefined
  readonly rotated: Map<number, number> | undefined
  readonly both: Map<number, number> | undefined
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
export function coverage(value: CutValue, mask: number): number {
  let covered = 0
  let end = 0
  for (let place = 0; place < PLACES; place++) {
    if (((mask >>> place) & 1) === 0) continue
    const start = place * value.stride
    const follows = place > 0 && ((mask >>> (place - 1)) & 1) === 1
    covered += start + GRAM - (follows ? end : Math.max(start, end))
    end = start + GRAM
  }
  // The last piece may stop short of the end by less than a stride.
  return end + value.stride > value.length && covered + value.stride > value.length
    ? 1
    : covered / value.length
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
