/**
 * All places of many keywords in one walk: the automaton of Aho and Corasick with every transition
 * written out, so that a unit of text costs two table reads.
 *
 * @see https://doi.org/10.1145/360825.360855
 */
export interface Automaton {
  /** Column of each ASCII code, letters in either case alike. Everything else has column 0. */
  readonly columns: Uint8Array
  /** `next[state + column]`. A state is the offset of its row; the first is 0. */
  readonly next: Int32Array
  /** From this state on, each state ends at least one keyword. */
  readonly firstEnd: number
  /** Length of a row. */
  readonly width: number
  /**
   * Of state `firstEnd + n * width`: `ends[endsFrom[n]]` up to `ends[endsFrom[n + 1]]`, as indices of
   * keywords. `n` also stands in the last column of the row, which no unit has: faster than to divide.
   */
  readonly endsFrom: Int32Array
  readonly ends: Int32Array
}

/** Keywords are lower-case ASCII and not empty. */
export function buildAutomaton(keywords: readonly string[]): Automaton {
  const { columns, width } = columnsOf(keywords)
  const trie = buildTrie(keywords, columns, width)
  const order = closeTransitions(trie, width)
  return layOut(trie, order, columns, width)
}

function columnsOf(keywords: readonly string[]): { columns: Uint8Array; width: number } {
  const columns = new Uint8Array(128)
  let width = 1
  for (const keyword of keywords) {
    if (keyword === '' || !/^[\0-@[-\x7f]*$/.test(keyword))
      throw new RangeError(`keyword \`${keyword}\` is empty or not lower-case ASCII`)
    for (let at = 0; at < keyword.length; at++) {
      const code = keyword.charCodeAt(at)
      if (columns[code] === 0) columns[code] = width++
    }
  }
  for (let code = 65; code <= 90; code++) columns[code] = columns[code + 32] ?? 0
  return { columns, width }
}

interface Trie {
  /** One row of children for each node; 0 is none, as no node leads back to the first. */
  readonly rows: Int32Array[]
  readonly ends: number[][]
}

function buildTrie(keywords: readonly string[], columns: Uint8Array, width: number): Trie {
  const rows = [new Int32Array(width)]
  const ends: number[][] = [[]]
  keywords.forEach((keyword, index) => {
    let node = 0
    for (let at = 0; at < keyword.length; at++) {
      const row = rows[node] ?? new Int32Array(width)
      const column = columns[keyword.charCodeAt(at)] ?? 0
      let child = row[column] ?? 0
      if (child === 0) {
        child = rows.push(new Int32Array(width)) - 1
        ends.push([])
        row[column] = child
      }
      node = child
    }
    ends[node]?.push(index)
  })
  return { rows, ends }
}

/** Breadth first: a missing child becomes the child of the longest proper suffix. Answers the order. */
function closeTransitions({ rows, ends }: Trie, width: number): readonly number[] {
  const suffix = new Int32Array(rows.length)
  const order = [0]
  for (const node of order) {
    const row = rows[node] ?? NO_ROW
    const fallback = node === 0 ? NO_ROW : (rows[suffix[node] ?? 0] ?? NO_ROW)
    for (let column = 1; column < width; column++) {
      const other = fallback[column] ?? 0
      const child = row[column] ?? 0
      if (child === 0) row[column] = other
      else adopt(child, other)
    }
  }
  return order

  function adopt(child: number, other: number): void {
    suffix[child] = other
    ends[child]?.push(...(ends[other] ?? []))
    order.push(child)
  }
}

const NO_ROW = new Int32Array(0)

function layOut(
  { rows, ends }: Trie,
  order: readonly number[],
  columns: Uint8Array,
  width: number,
): Automaton {
  const ending = order.filter((node) => (ends[node]?.length ?? 0) > 0)
  const sorted = [...order.filter((node) => (ends[node]?.length ?? 0) === 0), ...ending]
  const step = width + 1
  const stateOf = new Int32Array(rows.length)
  sorted.forEach((node, position) => {
    stateOf[node] = position * step
  })
  const next = new Int32Array(rows.length * step)
  for (const node of sorted) {
    const from = stateOf[node] ?? 0
    rows[node]?.forEach((child, column) => {
      next[from + column] = stateOf[child] ?? 0
    })
  }
  const endsFrom = new Int32Array(ending.length + 1)
  const flat: number[] = []
  ending.forEach((node, position) => {
    next[(stateOf[node] ?? 0) + width] = position
    flat.push(...(ends[node] ?? []))
    endsFrom[position + 1] = flat.length
  })
  const firstEnd = (sorted.length - ending.length) * step
  return { columns, next, firstEnd, endsFrom, ends: Int32Array.from(flat), width: step }
}
