/** Looks for pieces of secrets in whatever came out. */

const PIECE = 12
const FACTOR = 257
const MOST_LEAKS = 100

export interface LeakSearch {
  /** From here on, no twelve units of it in a row may be seen. */
  watch(part: string): void
  /** Says of a text that holds a piece where the first one stands. */
  search(where: string, text: string): void
  /** Units looked through. */
  readonly searched: number
  readonly leaks: readonly string[]
  /** Forgets what was watched for. */
  clear(): void
}

/** Every piece of twelve units, by a rolling hash: one pass over a text for thousands of secrets. */
export function createLeakSearch(): LeakSearch {
  let pieces = new Map<number, Set<string>>()
  const leaks: string[] = []
  let searched = 0
  return {
    watch(part) {
      eachPiece(part, (hash, start) => {
        const known = pieces.get(hash) ?? new Set()
        known.add(part.slice(start, start + PIECE))
        pieces.set(hash, known)
        return false
      })
    },
    search(where, text) {
      searched += text.length
      eachPiece(text, (hash, start) => {
        const isPiece = pieces.get(hash)?.has(text.slice(start, start + PIECE)) === true
        if (isPiece && leaks.length < MOST_LEAKS)
          leaks.push(`${where}: …${text.slice(Math.max(0, start - 60), start + 40)}…`)
        return isPiece
      })
    },
    get searched() {
      return searched
    },
    leaks,
    clear() {
      pieces = new Map()
    },
  }
}

/** What the unit that leaves a piece has been multiplied by. */
const LAST = Array.from({ length: PIECE - 1 }).reduce<number>((n) => Math.imul(n, FACTOR), 1)

/** Until `take` has seen enough. */
function eachPiece(text: string, take: (hash: number, start: number) => boolean): void {
  let hash = 0
  for (let at = 0; at < text.length; at++) {
    if (at >= PIECE) hash = (hash - Math.imul(text.charCodeAt(at - PIECE), LAST)) | 0
    hash = (Math.imul(hash, FACTOR) + text.charCodeAt(at)) | 0
    if (at >= PIECE - 1 && take(hash, at - PIECE + 1)) return
  }
}
