import { CLOSE, COLON, DASH, DIGIT, DOT, LETTER, OPEN, PLUS, SLASH, SPACE } from './characters.ts'

/** Columns of a row; a power of two. The kinds of `characters.ts` fit in. */
export const WIDTH = 16

/** Reads a text unit by unit and knows which layouts it has been through. */
export interface LayoutAutomaton {
  /** `next[state * WIDTH + kind]`; state 0 is the dead end, state 1 the start. */
  readonly next: Uint16Array
  /** By state: the layouts that end there, as indices into the list the automaton was built from. */
  readonly ends: readonly (readonly number[] | undefined)[]
}

interface Node {
  readonly children: Map<string, number>
  readonly ends: number[]
}

const SYMBOLS: readonly (readonly [kind: number, symbols: readonly string[]])[] = [
  [DIGIT, ['9', '*']],
  [LETTER, ['A', '*']],
  [SPACE, [' ']],
  [DASH, ['-']],
  [DOT, ['.']],
  [SLASH, ['/']],
  [COLON, [':']],
  [PLUS, ['+']],
  [OPEN, ['(']],
  [CLOSE, [')']],
]

/** The subset construction over the tree of all layouts. Layouts are plain. */
export function buildLayoutAutomaton(layouts: readonly string[]): LayoutAutomaton {
  const nodes = treeOf(layouts)
  const states: (readonly number[])[] = [[], [0]]
  const known = new Map<string, number>([
    ['', 0],
    ['0', 1],
  ])
  const rows: number[] = new Array(2 * WIDTH).fill(0)
  for (let state = 1; state < states.length; state++) {
    for (const [kind, symbols] of SYMBOLS) {
      const target = childrenOf(nodes, states[state] ?? [], symbols)
      const key = target.join()
      let number = known.get(key)
      if (number === undefined) {
        number = states.push(target) - 1
        known.set(key, number)
        for (let column = 0; column < WIDTH; column++) rows.push(0)
      }
      rows[state * WIDTH + kind] = number
    }
  }
  const ends = states.map((members) => {
    const all = members.flatMap((node) => nodes[node]?.ends ?? [])
    return all.length === 0 ? undefined : all
  })
  return { next: Uint16Array.from(rows), ends }
}

function treeOf(layouts: readonly string[]): readonly Node[] {
  const nodes: Node[] = [{ children: new Map(), ends: [] }]
  layouts.forEach((layout, index) => {
    let node = 0
    for (const symbol of layout) {
      const { children } = nodes[node] ?? { children: new Map<string, number>() }
      let child = children.get(symbol)
      if (child === undefined) {
        child = nodes.push({ children: new Map(), ends: [] }) - 1
        children.set(symbol, child)
      }
      node = child
    }
    nodes[node]?.ends.push(index)
  })
  return nodes
}

function childrenOf(
  nodes: readonly Node[],
  members: readonly number[],
  symbols: readonly string[],
): readonly number[] {
  const children: number[] = []
  for (const member of members)
    for (const symbol of symbols) {
      const child = nodes[member]?.children.get(symbol)
      if (child !== undefined) children.push(child)
    }
  return children.sort((one, other) => one - other)
}
