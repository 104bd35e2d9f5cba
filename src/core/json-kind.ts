/** What kind of JSON a value is of. */

/** An object literal, or one as good as that; no list, nothing made by a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isMap(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || isForeignObject(prototype)
}

// `Object.prototype` of another realm (a vm context, a test runner).
function isForeignObject(prototype: unknown): boolean {
  return (
    isMap(prototype) &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  )
}

/** Any object that is no list. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** The texts of a list; of anything else none. For settings whose shape has been checked. */
export function textsIn(value: unknown): readonly string[] {
  return isList(value) ? value.filter((item): item is string => typeof item === 'string') : []
}
