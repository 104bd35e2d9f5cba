/** Slots of the smallest table; a power of two, as all sizes are. */
const FIRST_CAPACITY = 4

/**
 * Numbers in the order of their coming; over its limit it forgets the oldest. A number stands at a
 * place, 0 to `capacity`, which it keeps: what belongs to it is held in columns beside the table. A
 * class for memory and speed: a session has several, and every value of a text is looked up.
 */
export class FifoTable {
  size = 0
  capacity = FIRST_CAPACITY
  readonly #limit: number
  #oldest = 0
  #keys = new Int32Array(FIRST_CAPACITY)
  /** Key and place, 1 more, side by side: one line of the cache. Open addressing. */
  #slots = new Int32Array(FIRST_CAPACITY << 2)
  #mask = (FIRST_CAPACITY << 1) - 1

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Place of a number, or -1. */
  find(key: number): number {
    const slots = this.#slots
    for (let slot = key & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = slots[(slot << 1) + 1] ?? 0
      if (place === 0) return -1
      if (slots[slot << 1] === key) return place - 1
    }
  }

  /** Puts a number that is not there, in the place of the oldest where there is no room. */
  push(key: number): number {
    if (this.size === this.capacity && this.size < this.#limit) this.#grow()
    let place = this.size
    if (place < this.#limit) this.size += 1
    else {
      place = this.#oldest
      this.#oldest = place + 1 === this.#limit ? 0 : place + 1
      this.#drop(this.#keys[place] ?? 0)
    }
    this.#keys[place] = key
    this.#put(key, place)
    return place
  }

  keyAt(place: number): number {
    return this.#keys[place] ?? 0
  }

  /** Place of the number that came as the `index`th of those held. */
  placeOf(index: number): number {
    return (this.#oldest + index) % this.size
  }

  #put(key: number, place: number): void {
    const slots = this.#slots
    let slot = key & this.#mask
    while (slots[(slot << 1) + 1] !== 0) slot = (slot + 1) & this.#mask
    slots[slot << 1] = key
    slots[(slot << 1) + 1] = place + 1
  }

  /** Moves up what a search would no longer find behind the gap. */
  #drop(key: number): void {
    const slots = this.#slots
    let gap = key & this.#mask
    while (slots[gap << 1] !== key || slots[(gap << 1) + 1] === 0) gap = (gap + 1) & this.#mask
    for (let slot = (gap + 1) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = slots[(slot << 1) + 1] ?? 0
      if (place === 0) break
      const held = slots[slot << 1] ?? 0
      if (((slot - held) & this.#mask) < ((slot - gap) & this.#mask)) continue
      slots[gap << 1] = held
      slots[(gap << 1) + 1] = place
      gap = slot
    }
    slots[(gap << 1) + 1] = 0
  }

  #grow(): void {
    this.capacity = Math.min(this.#limit, this.capacity << 1)
    const keys = new Int32Array(this.capacity)
    keys.set(this.#keys)
    this.#keys = keys
    const size = 1 << (32 - Math.clz32((this.capacity << 1) - 1))
    this.#slots = new Int32Array(size << 1)
    this.#mask = size - 1
    for (let place = 0; place < this.size; place += 1) this.#put(keys[place] ?? 0, place)
  }
}
