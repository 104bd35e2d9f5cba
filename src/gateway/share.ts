import type { Subject } from '../core/model/call.ts'

/** A session as far as it counts for who may have one. */
export interface Held {
  readonly principal: Subject | undefined
  readonly session: { isBusy(): boolean }
}

/**
 * Which session ends where there is no room for another one: of whoever has the most, where that is at
 * least two more than who asks has. One that is in use is spared where it can be.
 * @param held the longest unused first
 */
export function giveWay<T extends Held>(
  held: Iterable<T>,
  asking: Subject | undefined,
): T | undefined {
  const shares = new Map<string, T[]>()
  for (const one of held) {
    const key = keyOf(one.principal)
    const share = shares.get(key)
    if (share === undefined) shares.set(key, [one])
    else share.push(one)
  }
  const own = shares.get(keyOf(asking))?.length ?? 0
  const [most] = [...shares.values()].sort((a, b) => b.length - a.length)
  if (most === undefined || most.length < own + 2) return undefined
  return most.find(({ session }) => !session.isBusy()) ?? most[0]
}

function keyOf(principal: Subject | undefined): string {
  const { agent, user, tenant } = principal ?? {}
  return JSON.stringify([agent, user ?? null, tenant ?? null])
}
