import { isFieldName } from './payload/text-shape.ts'

const MOST_NAMES = 1_024

/**
 * The same function, with its answers for names of fields kept: each call of a tool has the same ones.
 * What does not look like a name may be a value, and is not kept.
 */
export function byName<T>(answer: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const value = answer(name)
    if (value !== undefined && known.size < MOST_NAMES && isFieldName(name)) known.set(name, value)
    return value
  }
}
