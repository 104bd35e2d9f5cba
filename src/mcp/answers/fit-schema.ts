import { isObject } from '../host.ts'
import type { Judged } from '../methods/judged.ts'

/**
 * A result that was cleaned still has to be what its tool has promised: clients refuse one that is
 * not. Where it no longer is, what is left of its text goes back as an error result.
 */
export function fitSchema(judged: Judged, changed: unknown, original: unknown): unknown {
  if (judged.target.kind !== 'tool' || !isObject(changed)) return changed
  const { structuredContent: now } = changed
  const before = isObject(original) ? original['structuredContent'] : undefined
  if (now === undefined || isSameForm(now, before)) return changed
  const { structuredContent: _, ...rest } = changed
  return { ...rest, isError: true }
}

/** Only texts were changed, each into another text. */
function isSameForm(now: unknown, before: unknown): boolean {
  if (typeof now !== 'object' || now === null || typeof before !== 'object' || before === null)
    return Object.is(now, before) || (typeof now === 'string' && typeof before === 'string')
  const keys = Object.keys(now)
  if (keys.length !== Object.keys(before).length || Array.isArray(now) !== Array.isArray(before))
    return false
  return keys.every(
    (key) =>
      Object.hasOwn(before, key) &&
      isSameForm((now as Record<string, unknown>)[key], (before as Record<string, unknown>)[key]),
  )
}
