import { type CutValue, NUMBER_BITS, NUMBERS } from './fragments.ts'
import { isDense, leastPieces } from './told-share.ts'

/**
 * Values by their number, kept as numbers: a request may share a piece with thousands, most of which are
 * looked at only to be passed over. What is read of all of them lies apart from the rest.
 */
export interface CutValues {
  /** `entry` is what the entries of its pieces have in common. */
  write(number: number, value: CutValue, entry: number): void
  drop(number: number): void
  /** By the last bits of the number, as many as there is room for; -1: there is no such value. */
  readonly entries: Int32Array
  /** With fewer pieces a value is not told by them alone. */
  least(number: number): number
  /** It says so much that any piece is worth remembering. */
  isDense(number: number): boolean
  sent(number: number): number
  markSent(number: number, mask: number): void
  length(number: number): number
  stride(number: number): number
  bits(number: number): number
  flags(number: number): number
  isWhole(number: number): boolean
  total(number: number): number
  /** Its hash, as the value table has it. */
  low(number: number): number
  high(number: number): number
  read(number: number): CutValue | undefined
  readonly bytes: number
}

const FIELDS = 9
const FIRST_ROOM = 8
const DENSE = 128
const WHOLE = 1 << 30

export function createCutValues(): CutValues {
  return new Records()
}

/** A class for speed: fields of one shape in every session. */
class Records implements CutValues {
  entries = new Int32Array(0)
  #sent = new Int32Array(0)
  #least = new Uint8Array(0)
  #bits = new Float64Array(0)
  #fields = new Int32Array(0)

  get bytes(): number {
    return this.#least.length * (4 + 4 + 1 + 8 + 4 * FIELDS)
  }

  write(number: number, value: CutValue, entry: number): void {
    // Numbers go round and round, and those in use follow each other: they need no more room than they are.
    while ((this.entries[this.#at(number)] ?? 0) !== -1) this.#grow()
    const index = this.#at(number)
    this.entries[index] = entry
    this.#sent[index] = value.sent
    this.#least[index] = leastPieces(value) | (isDense(value) ? DENSE : 0)
    this.#bits[index] = value.bits
    const fields = this.#fields
    const at = index * FIELDS
    fields[at] = value.length
    fields[at + 1] = value.stride
    fields[at + 2] = value.low
    fields[at + 3] = value.high
    fields[at + 4] = value.event
    fields[at + 5] = value.origin
    fields[at + 6] = value.flags | (value.whole ? WHOLE : 0)
    fields[at + 7] = value.path
    fields[at + 8] = value.total
  }

  drop(number: number): void {
    this.entries[this.#at(number)] = -1
  }

  least(number: number): number {
    return (this.#least[this.#at(number)] ?? 0) & ~DENSE
  }
  isDense(number: number): boolean {
    return ((this.#least[this.#at(number)] ?? 0) & DENSE) !== 0
  }
  sent(number: number): number {
    return this.#sent[this.#at(number)] ?? 0
  }
  markSent(number: number, mask: number): void {
    this.#sent[this.#at(number)] = this.sent(number) | mask
  }
  length(number: number): number {
    return this.#fields[this.#at(number) * FIELDS] ?? 0
  }
  stride(number: number): number {
    return this.#fields[this.#at(number) * FIELDS + 1] ?? 0
  }
  bits(number: number): number {
    return this.#bits[this.#at(number)] ?? 0
  }
  flags(number: number): number {
    return (this.#fields[this.#at(number) * FIELDS + 6] ?? 0) & ~WHOLE
  }
  isWhole(number: number): boolean {
    return ((this.#fields[this.#at(number) * FIELDS + 6] ?? 0) & WHOLE) !== 0
  }
  total(number: number): number {
    return this.#fields[this.#at(number) * FIELDS + 8] ?? 0
  }
  low(number: number): number {
    return this.#fields[this.#at(number) * FIELDS + 2] ?? 0
  }
  high(number: number): number {
    return this.#fields[this.#at(number) * FIELDS + 3] ?? 0
  }

  read(number: number): CutValue | undefined {
    if ((this.entries[this.#at(number)] ?? -1) === -1) return undefined
    const fields = this.#fields
    const at = this.#at(number) * FIELDS
    const flags = fields[at + 6] ?? 0
    return {
      low: fields[at + 2] ?? 0,
      high: fields[at + 3] ?? 0,
      event: fields[at + 4] ?? 0,
      origin: fields[at + 5] ?? 0,
      flags: flags & ~WHOLE,
      path: fields[at + 7] ?? 0,
      total: fields[at + 8] ?? 0,
      length: fields[at] ?? 0,
      stride: fields[at + 1] ?? 0,
      bits: this.bits(number),
      whole: (flags & WHOLE) !== 0,
      sent: this.sent(number),
    }
  }

  #at(number: number): number {
    return number & (this.entries.length - 1)
  }

  #grow(): void {
    const { entries } = this
    const [sent, least, bits, fields] = [this.#sent, this.#least, this.#bits, this.#fields]
    const room = Math.max(FIRST_ROOM, entries.length * 2)
    this.entries = new Int32Array(room).fill(-1)
    this.#sent = new Int32Array(room)
    this.#least = new Uint8Array(room)
    this.#bits = new Float64Array(room)
    this.#fields = new Int32Array(room * FIELDS)
    for (let from = 0; from < entries.length; from++) {
      const entry = entries[from] ?? -1
      if (entry === -1) continue
      const to = this.#at(entry & (NUMBERS - 1))
      this.entries[to] = entry
      this.#sent[to] = sent[from] ?? 0
      this.#least[to] = least[from] ?? 0
      this.#bits[to] = bits[from] ?? 0
      this.#fields.set(fields.subarray(from * FIELDS, (from + 1) * FIELDS), to * FIELDS)
    }
  }
}

const GENERATIONS = 1 << (32 - NUMBER_BITS - 5)

/** What the entries of a value's pieces share: its number and how often numbers have gone round. */
export function entryOf(added: number): number {
  const generation = (added >>> NUMBER_BITS) & (GENERATIONS - 1)
  return (added & (NUMBERS - 1)) | (generation << NUMBER_BITS)
}
