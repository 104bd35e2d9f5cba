/** How values came from their source through calls that were given them. */
export interface Paths {
  /** The number of the path that goes on from `previous` through a request and its response; 0: full. */
  extend(previous: number, request: number, response: number, derived: boolean): number
  /** Events on the path behind the source: request, response, request, ... */
  events(path: number): readonly number[]
  /** Calls on the path. */
  depth(path: number): number
  /** Calls on the path whose output was not what went in. */
  derivations(path: number): number
  readonly bytes: number
  save(): Int32Array
  load(words: Int32Array): void
}

const MOST_PATHS = 0xffff
const DEEPEST = 8
const FIELDS = 4

/** Paths are numbered from 1; 0 is the path of a value that comes straight from its source. */
export function createPaths(): Paths {
  let words = new Int32Array(FIELDS * 8)
  let count = 1

  const field = (path: number, at: number): number => words[path * FIELDS + at] ?? 0

  return {
    extend(previous, request, response, derived) {
      const last = count - 1
      if (last > 0 && field(last, 0) === previous && field(last, 2) === response)
        if ((field(last, 3) & 0xff) - derivationsOf(previous) === Number(derived)) return last
      const depth = depthOf(previous)
      if (count > MOST_PATHS || depth >= DEEPEST) return previous
      if (count * FIELDS >= words.length) {
        const larger = new Int32Array(words.length * 2)
        larger.set(words)
        words = larger
      }
      const derivations = derivationsOf(previous) + Number(derived)
      words.set([previous, request, response, ((depth + 1) << 8) | derivations], count * FIELDS)
      return count++
    },
    events(path) {
      const events: number[] = []
      for (let at = path; at > 0; at = field(at, 0)) events.unshift(field(at, 1), field(at, 2))
      return events
    },
    depth: depthOf,
    derivations: derivationsOf,
    get bytes() {
      return words.byteLength
    },
    save: () => words.slice(0, count * FIELDS),
    load(saved) {
      words = Int32Array.from(saved)
      count = Math.max(1, Math.floor(saved.length / FIELDS))
    },
  }

  function depthOf(path: number): number {
    return field(path, 3) >> 8
  }
  function derivationsOf(path: number): number {
    return field(path, 3) & 0xff
  }
}
