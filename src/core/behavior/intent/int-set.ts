const FIRST_SLOTS = 16
/** A set that grew beyond is made anew when it is cleared. */
const KEPT_SLOTS = 4_096
/** Stands for 0, which marks what is free. */
const ZERO = 0x5f3759df

/** A set of 32-bit numbers, which are hashes. A class for speed: open addressing in one array. */
export class IntSet {
  size = 0
  #slots = new Int32Array(FIRST_SLOTS)
  #mask = FIRST_SLOTS - 1

  has(value: number): boolean {
    const key = value | 0 || ZERO
    const slots = this.#slots
    for (let slot = key & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const held = slots[slot]
      if (held === key) return true
      if (held === 0) return false
    }
  }

  add(value: number): void {
    const key = value | 0 || ZERO
    if (this.size * 2 >= this.#slots.length) this.#grow()
    const slots = this.#slots
    let slot = key & this.#mask
    for (; slots[slot] !== 0; slot = (slot + 1) & this.#mask) if (slots[slot] === key) return
    slots[slot] = key
    this.size += 1
  }

  delete(value: number): void {
    const key = value | 0 || ZERO
    const slots = this.#slots
    let gap = key & this.#mask
    for (; slots[gap] !== key; gap = (gap + 1) & this.#mask) if (slots[gap] === 0) return
    // What a search would no longer find behind the gap moves up.
    for (let slot = (gap + 1) & this.#mask; slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const held = slots[slot] ?? 0
      if (((slot - held) & this.#mask) < ((slot - gap) & this.#mask)) continue
      slots[gap] = held
      gap = slot
    }
    slots[gap] = 0
    this.size -= 1
  }

  clear(): void {
    if (this.size === 0) return
    this.size = 0
    if (this.#slots.length <= KEPT_SLOTS) this.#slots.fill(0)
    else {
      this.#slots = new Int32Array(FIRST_SLOTS)
      this.#mask = FIRST_SLOTS - 1
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Int32Array(old.length * 2)
    this.#mask = this.#slots.length - 1
    this.size = 0
    for (const value of old) if (value !== 0) this.add(value)
  }
}
