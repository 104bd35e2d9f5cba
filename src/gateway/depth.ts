/** What arguments may be at most, and some more for what is around them. */
const MAX_DEPTH = 512

/** True for what is nested so deeply that writing it, or looking at it, would fail half-way. */
export function isTooDeep(value: unknown, room = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (room === 0) return true
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return members.some((member) => isTooDeep(member, room - 1))
}
