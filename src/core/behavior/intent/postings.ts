/** Room at the start; a power of two. */
const FIRST_CAPACITY = 8

/**
 * Which sentences name a value, newest first: all postings in the order of their coming, each with the
 * one before it of the same value. Those of sentences that are gone are swept out when room is short.
 * A class for memory and speed: a sentence has a dozen postings, and most are never asked for.
 */
export class Postings {
  #count = 0
  #capacity = FIRST_CAPACITY
  #values = new Int32Array(FIRST_CAPACITY)
  #ids = new Int32Array(FIRST_CAPACITY)
  /** Of each posting the one before it of the same value, 1 more; 0 for none. */
  #before = new Int32Array(FIRST_CAPACITY)
  /** The newest posting of a value, 1 more. Open addressing. */
  #slots = new Int32Array(FIRST_CAPACITY << 1)
  readonly #isHeld: (id: number) => boolean

  constructor(isHeld: (id: number) => boolean) {
    this.#isHeld = isHeld
  }

  add(value: number, id: number): void {
    if (this.#count === this.#capacity) this.#sweep()
    this.#push(value, id)
  }

  /** The newest posting of a value, 0 for none. */
  newest(value: number): number {
    return this.#held(this.#slots[this.#slotOf(value)] ?? 0)
  }

  /** The one before it of the same value, 0 for none. */
  before(posting: number): number {
    return this.#held(this.#before[posting - 1] ?? 0)
  }

  /** The sentence of a posting. */
  idOf(posting: number): number {
    return this.#ids[posting - 1] ?? 0
  }

  /** This posting, or the next older of a sentence that is still held. */
  #held(posting: number): number {
    let at = posting
    while (at !== 0 && !this.#isHeld(this.#ids[at - 1] ?? 0)) at = this.#before[at - 1] ?? 0
    return at
  }

  #slotOf(value: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = value & mask
    for (let at = slots[slot] ?? 0; at !== 0; at = slots[slot] ?? 0) {
      if (this.#values[at - 1] === value) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  #push(value: number, id: number): void {
    const at = this.#count
    const slot = this.#slotOf(value)
    this.#before[at] = this.#slots[slot] ?? 0
    this.#values[at] = value
    this.#ids[at] = id
    this.#slots[slot] = at + 1
    this.#count = at + 1
  }

  /** Leaves out what is gone; grows where that makes too little room. */
  #sweep(): void {
    const values = this.#values
    const ids = this.#ids
    const count = this.#count
    let held = 0
    for (let at = 0; at < count; at += 1) if (this.#isHeld(ids[at] ?? 0)) held += 1
    if (held * 2 > this.#capacity) this.#capacity *= 2
    this.#values = new Int32Array(this.#capacity)
    this.#ids = new Int32Array(this.#capacity)
    this.#before = new Int32Array(this.#capacity)
    this.#slots = new Int32Array(this.#capacity << 1)
    this.#count = 0
    for (let at = 0; at < count; at += 1)
      if (this.#isHeld(ids[at] ?? 0)) this.#push(values[at] ?? 0, ids[at] ?? 0)
  }
}
