/** Engines that are followed at one time; each counts from 1. */
const MOST_RUNS = 1_024

/** Numbers of the engines that write one ledger: who takes its records sees which are missing. */
export class EngineRuns {
  #ends: number[] = []

  /** The same, to go on from and to throw away where nothing came of it. */
  fork(): EngineRuns {
    const fork = new EngineRuns()
    fork.#ends = [...this.#ends]
    return fork
  }

  /** Of a ledger that does not begin at its beginning. */
  begin(seq: number): void {
    this.#ends.push(seq)
  }

  /** How many numbers are missing before this one, beyond those that its record says are. */
  take(seq: number, told = 0): number {
    const index = this.#ends.lastIndexOf(seq - 1 - told)
    if (index >= 0 || (seq === 1 && told === 0)) {
      this.#move(index, seq)
      return 0
    }
    const nearest = this.#nearest(seq)
    const missing = seq - 1 - (this.#ends[nearest] ?? 0)
    this.#move(nearest, seq)
    return told > 0 ? 0 : Math.max(missing, 1)
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
