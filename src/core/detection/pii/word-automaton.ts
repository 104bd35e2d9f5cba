/** Columns of a row; symbols are below it. */
export const SYMBOLS = 32

/**
 * All places of many words in one walk, after Aho and Corasick, with every transition written out.
 * Its words are lists of symbols from 1 to 31, and several words may be the same list.
 * @see https://doi.org/10.1145/360825.360855
 */
export interface WordAutomaton {
  /** `next[state * SYMBOLS + symbol]`; symbol 0, which is in no word, leads back to the first state, 0. */
  readonly next: Uint16Array
  /** By state: the words that end there, as indices. */
  readonly ends: readonly (readonly number[] | undefined)[]
}

interface Trie {
  readonly rows: Uint16Array[]
  readonly ends: number[][]
}

export function buildWordAutomaton(words: readonly (readonly number[])[]): WordAutomaton {
  const trie: Trie = { rows: [new Uint16Array(SYMBOLS)], ends: [[]] }
  words.forEach((symbols, index) => {
    let node = 0
    for (const symbol of symbols) node = childOf(trie, node, symbol)
    trie.ends[node]?.push(index)
  })
  closeTransitions(trie)
  const next = new Uint16Array(trie.rows.length * SYMBOLS)
  trie.rows.forEach((row, node) => {
    next.set(row, node * SYMBOLS)
  })
  return { next, ends: trie.ends.map((list) => (list.length === 0 ? undefined : list)) }
}

function childOf({ rows, ends }: Trie, node: number, symbol: number): number {
  const row = rows[node]
  const known = row?.[symbol] ?? 0
  if (known !== 0 || row === undefined) return known
  const child = rows.push(new Uint16Array(SYMBOLS)) - 1
  ends.push([])
  row[symbol] = child
  return child
}

const NO_ROW = new Uint16Array(SYMBOLS)

/** Breadth first: a missing child becomes the child of the longest proper suffix. */
function closeTransitions({ rows, ends }: Trie): void {
  const suffix = new Uint16Array(rows.length)
  const order = [0]
  for (const node of order) {
    const row = rows[node] ?? NO_ROW
    // The first state falls back on nothing, and not on itself.
    const fallback = (node === 0 ? undefined : rows[suffix[node] ?? 0]) ?? NO_ROW
    for (let symbol = 1; symbol < SYMBOLS; symbol++) {
      const child = row[symbol] ?? 0
      const other = fallback[symbol] ?? 0
      row[symbol] = child || other
      if (child === 0) continue
      suffix[child] = other
      ends[child]?.push(...(ends[other] ?? []))
      order.push(child)
    }
  }
}
