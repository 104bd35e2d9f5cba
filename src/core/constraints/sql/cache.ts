/** Remembers something about short texts; the one not asked for longest is forgotten first. */
export interface TextCache<T> {
  get(text: string): T | undefined
  set(text: string, value: T): void
}

/** At most `maxTexts` texts of at most `maxLength` characters; longer ones are not remembered. */
export function createTextCache<T>(maxTexts: number, maxLength: number): TextCache<T> {
  // Two generations: an entry asked for moves to the younger, the older is dropped whole. This is
  // cheaper than to put each hit at the end of one map, and forgets nothing asked for of late.
  const generation = Math.ceil(maxTexts / 2)
  let younger = new Map<string, T>()
  let older = new Map<string, T>()
  const put = (text: string, value: T): void => {
    if (younger.size >= generation) {
      older = younger
      younger = new Map()
    }
    younger.set(text, value)
  }
  return {
    get(text) {
      if (text.length > maxLength) return undefined
      const young = younger.get(text)
      if (young !== undefined) return young
      const old = older.get(text)
      if (old !== undefined) put(text, old)
      return old
    },
    set(text, value) {
      if (text.length <= maxLength) put(text, value)
    },
  }
}
