/**
 * All places of many keywords in one walk: the automaton of Aho and Corasick with every transition
 * written out, so that a unit of text costs two table reads.
 *
 * @see https://doi.org/10.1145/360825.360855
 */
export interface Automaton {
  /** Column of each UTF-16 unit, units that are read alike the same. What no keyword holds has column 0. */
  readonly columns: Uint8Array
  /**
   * `next[(state << STATE_BITS) + column]`. A state is the offset of its row, which it has 16 bits for;
   * the first is 0.
   */
  readonly next: Uint16Array
  /** From this state on, each state ends at least one keyword. */
  readonly firstEnd: number
  /** Length of a row, in states and in columns. */
  readonly step: number
  readonly width: number
  /**
   * Of state `firstEnd + n * step`: `ends[endsFrom[n]]` up to `ends[endsFrom[n + 1]]`, as indices of
   * keywords. `n` also stands in the last column of the row, which no unit has: faster than to divide.
   */
  readonly endsFrom: Int32Array
  readonly ends: Int32Array
}

/** Rows begin where an offset has as many zeros: half the size of the table is twice as much in the cache. */
export const STATE_BITS = 3
const MOST_STATES = 0x10000

const UNITS = 0x10000
/** What texts are made of, the most common first: its columns then stand side by side. */
const COMMON = ' etaoinsrhldcumfpgwybvkxjqz'

/**
 * Keywords are lower-case ASCII and not empty. `fold` says what each UTF-16 unit is read as, in the
 * keywords as in the text; without it letters of ASCII are read in either case.
 */
export function buildAutomaton(
  keywords: readonly string[],
  fold: Uint16Array = lowerCase(),
): Automaton {
  const { columns, width } = columnsOf(keywords, fold)
  const trie = buildTrie(keywords, columns, width)
  const order = closeTransitions(trie)
  return layOut(trie, order, columns)
}

/** Reads capitals of ASCII as small letters, and everything else as itself. */
function lowerCase(): Uint16Array {
  const fold = new Uint16Array(UNITS)
  for (let code = 0; code < UNITS; code++) fold[code] = code >= 65 && code <= 90 ? code + 32 : code
  return fold
}

function columnsOf(
  keywords: readonly string[],
  fold: Uint16Array,
): { columns: Uint8Array; width: number } {
  const byFolded = new Uint8Array(UNITS)
  const used = new Uint8Array(UNITS)
  for (const keyword of keywords) {
    if (keyword === '' || !/^[\0-@[-\x7f]*$/.test(keyword))
      throw new RangeError(`keyword \`${keyword}\` is empty or not lower-case ASCII`)
    for (let at = 0; at < keyword.length; at++) used[fold[keyword.charCodeAt(at)] ?? 0] = 1
  }
  let width = 1
  const give = (unit: number): void => {
    if (used[unit] === 1 && byFolded[unit] === 0) byFolded[unit] = width++
  }
  for (let at = 0; at < COMMON.length; at++) give(COMMON.charCodeAt(at))
  for (let unit = 0; unit < UNITS; unit++) give(unit)
  const columns = new Uint8Array(UNITS)
  for (let code = 0; code < UNITS; code++) columns[code] = byFolded[fold[code] ?? 0] ?? 0
  return { columns, width }
}

interface Trie {
  /** A row of children for each node, one behind the other; 0 is none, as no node leads back to the first. */
  readonly rows: Int32Array
  readonly width: number
  /** By node: the keywords that end there. */
  readonly ends: (readonly number[] | undefined)[]
}

function buildTrie(keywords: readonly string[], columns: Uint8Array, width: number): Trie {
  const most = keywords.reduce((sum, { length }) => sum + length, 1)
  const rows = new Int32Array(most * width)
  const ends: (number[] | undefined)[] = [undefined]
  for (let index = 0; index < keywords.length; index++) {
    const keyword = keywords[index] ?? ''
    let node = 0
    for (let at = 0; at < keyword.length; at++) {
      const slot = node * width + (columns[keyword.charCodeAt(at)] ?? 0)
      node = rows[slot] ?? 0
      if (node === 0) {
        node = ends.push(undefined) - 1
        rows[slot] = node
      }
    }
    const known = ends[node]
    if (known === undefined) ends[node] = [index]
    else known.push(index)
  }
  return { rows, width, ends }
}

/** Breadth first: a missing child becomes the child of the longest proper suffix. Answers the order. */
function closeTransitions(trie: Trie): Int32Array {
  const { rows, width, ends } = trie
  const suffix = new Int32Array(ends.length)
  const order = new Int32Array(ends.length)
  let known = 1
  for (let position = 0; position < known; position++) {
    const node = order[position] ?? 0
    const from = node * width
    const fallback = (suffix[node] ?? 0) * width
    for (let column = 1; column < width; column++) {
      // The first node falls back on nothing, and not on itself.
      const other = node === 0 ? 0 : (rows[fallback + column] ?? 0)
      const child = rows[from + column] ?? 0
      if (child === 0) {
        rows[from + column] = other
        continue
      }
      suffix[child] = other
      addEnds(trie, child, other)
      order[known++] = child
    }
  }
  return order
}

/** What ends at the suffix ends at the node as well. */
function addEnds({ ends }: Trie, node: number, suffix: number): void {
  const more = ends[suffix]
  if (more !== undefined) ends[node] = [...(ends[node] ?? []), ...more]
}

/** Puts the nodes that end keywords last, and the number of each of them into the last column. */
function layOut({ rows, width, ends }: Trie, order: Int32Array, columns: Uint8Array): Automaton {
  const row = 1 << STATE_BITS
  const full = Math.ceil((width + 1) / row) * row
  const step = full / row
  if (order.length * step > MOST_STATES) throw new RangeError('the keywords are too many')
  const isEnding = (node: number) => ends[node] !== undefined
  const ending = order.filter(isEnding)
  const sorted = Int32Array.of(...order.filter((node) => !isEnding(node)), ...ending)
  const stateOf = new Int32Array(order.length)
  for (let position = 0; position < sorted.length; position++)
    stateOf[sorted[position] ?? 0] = position * step
  const next = new Uint16Array(order.length * full)
  for (let node = 0; node < order.length; node++) {
    const from = (stateOf[node] ?? 0) << STATE_BITS
    for (let column = 1; column < width; column++)
      next[from + column] = stateOf[rows[node * width + column] ?? 0] ?? 0
  }
  const endsFrom = new Int32Array(ending.length + 1)
  const flat: number[] = []
  for (let position = 0; position < ending.length; position++) {
    const node = ending[position] ?? 0
    next[((stateOf[node] ?? 0) << STATE_BITS) + full - 1] = position
    for (const keyword of ends[node] ?? []) flat.push(keyword)
    endsFrom[position + 1] = flat.length
  }
  const firstEnd = (order.length - ending.length) * step
  return { columns, next, firstEnd, endsFrom, ends: Int32Array.from(flat), step, width: full }
}
