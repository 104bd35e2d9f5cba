/** Engines that are followed at one time; each counts from 1. */
const MOST_RUNS = 1_024

/** Numbers of the engines that write one ledger. */
export class EngineRuns {
  #ends: number[] = []

  /** Of a ledger that does not begin at its beginning. */
  begin(seq: number): number {
    this.#ends.push(seq)
    return 0
  }

  /** How many numbers are missing before this one. */
  take(seq: number): number {
    const index = this.#ends.lastIndexOf(seq - 1)
    if (index >= 0 || seq === 1) {
      this.#move(index, seq)
      return 0
    }
    const nearest = this.#nearest(seq)
    const missing = seq - 1 - (this.#ends[nearest] ?? 0)
    this.#move(nearest, seq)
    return Math.max(missing, 1)
  }

  #nearest(seq: number): number {
    let nearest = -1
    for (const [at, end] of this.#ends.entries())
      if (end < seq && end >= (this.#ends[nearest] ?? 0)) nearest = at
    return nearest
  }

  #move(index: number, seq: number): void {
    if (index >= 0) this.#ends.splice(index, 1)
    this.#ends.push(seq)
    if (this.#ends.length > MOST_RUNS) this.#ends.shift()
  }
}
