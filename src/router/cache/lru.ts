export interface Kept<T> {
  readonly value: T
  readonly bytes: number
  /** Epoch milliseconds from which on it counts no more. */
  readonly until: number
}

/** Values by key, bounded by what they take up: those that were not asked for the longest go first. */
export interface Lru<T> {
  get(key: string, at: number): T | undefined
  set(key: string, entry: Kept<T>): void
  delete(key: string): void
  clear(): void
  size(): { readonly entries: number; readonly bytes: number; readonly evicted: number }
}

export function createLru<T>(maxBytes: number, onGone: (value: T) => void): Lru<T> {
  const kept = new Map<string, Kept<T>>()
  let bytes = 0
  let evicted = 0
  const remove = (key: string): boolean => {
    const entry = kept.get(key)
    if (entry === undefined) return false
    kept.delete(key)
    bytes -= entry.bytes
    onGone(entry.value)
    return true
  }
  return {
    get(key, at) {
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      if (at >= entry.until) {
        remove(key)
        return undefined
      }
      kept.delete(key)
      kept.set(key, entry)
      return entry.value
    },
    set(key, entry) {
      remove(key)
      if (entry.bytes > maxBytes) {
        onGone(entry.value)
        return
      }
      kept.set(key, entry)
      bytes += entry.bytes
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes) break
        if (remove(oldest)) evicted++
      }
    },
    delete: (key) => void remove(key),
    clear() {
      for (const key of [...kept.keys()]) remove(key)
    },
    size: () => ({ entries: kept.size, bytes, evicted }),
  }
}
