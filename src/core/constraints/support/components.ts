/**
 * The strongly connected components of what can be reached from `roots`: for each node a number that
 * it shares with the nodes that it leads to and that lead back. Linear in nodes and edges; no
 * recursion, so that no graph is too deep.
 * @see Tarjan, Depth-first search and linear graph algorithms (1972)
 */
export function componentsOf(
  roots: Iterable<number>,
  next: (node: number) => Iterable<number>,
): ReadonlyMap<number, number> {
  const search: Search = { next, component: new Map(), order: new Map(), open: [], frames: [] }
  for (const root of roots) {
    if (!search.order.has(root)) enter(search, root)
    for (let frame = search.frames.at(-1); frame !== undefined; frame = search.frames.at(-1)) {
      const step = frame.rest.next()
      if (step.done === true) leave(search, frame)
      else follow(search, frame, step.value)
    }
  }
  return search.component
}

interface Search {
  readonly next: (node: number) => Iterable<number>
  readonly component: Map<number, number>
  /** Nodes by when they were entered. */
  readonly order: Map<number, number>
  /** Nodes entered whose component is not known yet. */
  readonly open: number[]
  /** The way from the root. */
  readonly frames: Frame[]
}

interface Frame {
  readonly node: number
  /** Least order of an open node that this one leads to. */
  low: number
  /** How many nodes were open before this one. */
  readonly height: number
  readonly rest: Iterator<number>
}

function enter({ next, order, open, frames }: Search, node: number): void {
  frames.push({ node, low: order.size, height: open.length, rest: next(node)[Symbol.iterator]() })
  order.set(node, order.size)
  open.push(node)
}

function follow(search: Search, frame: Frame, node: number): void {
  const seen = search.order.get(node)
  if (seen === undefined) enter(search, node)
  else if (!search.component.has(node)) frame.low = Math.min(frame.low, seen)
}

function leave({ component, order, open, frames }: Search, frame: Frame): void {
  frames.pop()
  const above = frames.at(-1)
  if (above !== undefined) above.low = Math.min(above.low, frame.low)
  if (frame.low !== order.get(frame.node)) return
  for (const member of open.splice(frame.height)) component.set(member, frame.node)
}
