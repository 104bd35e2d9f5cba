/** One of many that a store keeps, as far as it matters for which of them goes. */
export interface Kept {
  /** Whose it is; undefined: it belongs to all, and never goes for want of room. */
  readonly owner: string | undefined
  /** Goes before all others of its owner: whoever lost it would get as much with a new session. */
  readonly isOfSession: boolean
  readonly usedAt: number
}

/**
 * What goes to make room for `count` more: those who hold most give first, what lay unused longest,
 * so that whoever fills a store loses its own and cannot make others be refused. Who asks for room
 * gives only what is of its sessions, for else it could empty its own accounts by opening many.
 */
export function toDrop<T extends Kept>(
  all: Iterable<T>,
  count: number,
  asker: string | undefined,
): readonly T[] {
  const byOwner = new Map<string, T[]>()
  for (const one of all) {
    if (one.owner === undefined || (one.owner === asker && !one.isOfSession)) continue
    const own = byOwner.get(one.owner)
    if (own === undefined) byOwner.set(one.owner, [one])
    else own.push(one)
  }
  const holders = [...byOwner.values()]
  const level = levelFor(holders, count)
  const excess = holders.flatMap((own) =>
    own.length <= level ? [] : own.sort(byUse).slice(0, own.length - level),
  )
  return excess.length <= count ? excess : excess.sort(byUse).slice(0, count)
}

/** So much goes at once that looking through all of it is rare. */
export function spareOf(most: number): number {
  return Math.max(1, Math.floor(most / 10))
}

/** The greatest number that each may keep for `count` to go. */
function levelFor(holders: readonly (readonly unknown[])[], count: number): number {
  const freedAt = (level: number): number =>
    holders.reduce((sum, { length }) => sum + Math.max(0, length - level), 0)
  let low = 0
  let high = holders.reduce((most, { length }) => Math.max(most, length), 0)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (freedAt(middle) >= count) low = middle
    else high = middle - 1
  }
  return low
}

function byUse(one: Kept, other: Kept): number {
  if (one.isOfSession !== other.isOfSession) return one.isOfSession ? -1 : 1
  return one.usedAt - other.usedAt
}
