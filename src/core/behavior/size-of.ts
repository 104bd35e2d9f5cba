// Larger than this nobody needs to know how large.
const MAX_NODES = 100_000
const SIZE = { node: 24, unit: 2 } as const

/** Bytes that a value takes, about, whatever it is: also where it goes round in a circle. Never throws. */
export function sizeOf(value: unknown): number {
  const open: unknown[] = [value]
  const seen = new Set<object>()
  let bytes = 0
  for (let nodes = 0; open.length > 0 && nodes < MAX_NODES; nodes++) {
    const next = open.pop()
    bytes += SIZE.node
    if (typeof next === 'string') bytes += SIZE.unit * next.length
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    try {
      for (const [key, member] of Object.entries(next)) {
        if (!Array.isArray(next)) bytes += SIZE.unit * key.length
        open.push(member)
      }
    } catch {}
  }
  return bytes
}
