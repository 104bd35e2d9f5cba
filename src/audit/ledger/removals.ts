import type { Tombstone } from '../query/tombstone.ts'

/** Records that were removed on purpose, together. */
export interface Removal {
  readonly records: number
  /** As whoever removed them has put it. */
  readonly why: string
  /** RFC 3339. */
  readonly removed_at: string
}

/** Most that are told one by one: what a reader holds has a bound. */
const MOST_TOLD = 100

/** Adds up the lines that stand for removed records: one removal leaves many. */
export class Removals {
  readonly #found = new Map<string, Removal>()

  add({ why, removed_at, removed }: Tombstone): void {
    const key = `${removed_at} ${why}`
    const known = this.#found.get(key)
    if (known === undefined && this.#found.size >= MOST_TOLD) return
    this.#found.set(key, { records: (known?.records ?? 0) + removed.length, why, removed_at })
  }

  list(): readonly Removal[] {
    return [...this.#found.values()]
  }
}
