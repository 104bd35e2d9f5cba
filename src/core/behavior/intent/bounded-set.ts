/** A set that forgets its oldest values. */
export interface BoundedSet {
  add(value: number): void
  has(value: number): boolean
  values(): readonly number[]
  readonly size: number
}

export function createBoundedSet(limit: number, values: readonly number[] = []): BoundedSet {
  const held = new Set<number>(values.slice(-limit))
  return {
    add: (value) => {
      if (held.size >= limit && !held.has(value)) {
        const oldest = held.values().next().value
        if (oldest !== undefined) held.delete(oldest)
      }
      held.add(value)
    },
    has: (value) => held.has(value),
    values: () => [...held],
    get size() {
      return held.size
    },
  }
}
