import { FifoTable } from './fifo-table.ts'

/** A set that forgets its oldest values. */
export interface BoundedSet {
  add(value: number): void
  has(value: number): boolean
  values(): readonly number[]
  readonly size: number
}

export function createBoundedSet(limit: number): BoundedSet {
  let held: FifoTable | undefined
  return {
    add: (value) => {
      // Made when first needed: most sets of most sessions stay empty.
      held ??= new FifoTable(limit)
      if (held.find(value | 0) < 0) held.push(value | 0)
    },
    has: (value) => held !== undefined && held.find(value) >= 0,
    values: () => (held === undefined ? [] : valuesOf(held)),
    get size() {
      return held?.size ?? 0
    },
  }
}

function valuesOf(held: FifoTable): number[] {
  return Array.from({ length: held.size }, (_, index) => held.keyAt(held.placeOf(index)))
}
