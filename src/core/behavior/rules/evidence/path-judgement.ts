import type { Walk } from './path-walk.ts'

/**
 * So many levels above the start are taken for an escape where the start is not known. Modules import
 * each other from one or two levels up.
 */
const FAR_UP = 3

/** True where a path leaves the place that it begins at, as far as its text tells. */
export function isTraversal(walk: Walk): boolean {
  if (walk.isDisguised) return true
  if (walk.climbs === 0) return false
  if (walk.climbs >= FAR_UP && walk.exits > 0) return true
  // `/data/../etc`: nothing is left of where it began.
  return walk.isAbsolute && walk.leavesTop
}
