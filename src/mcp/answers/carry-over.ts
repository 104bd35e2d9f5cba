import { isObject } from '../host.ts'

/**
 * A changed result with what copies leave out: keys that are symbols, by which SDKs hang hints on
 * results, and the prototype.
 */
export function carryOver(changed: unknown, original: unknown): unknown {
  if (changed === original || !isObject(changed) || !isObject(original)) return changed
  const symbols = Object.getOwnPropertySymbols(original)
  const prototype = prototypeOf(original)
  if (symbols.length === 0 && prototype === Object.getPrototypeOf(changed)) return changed
  const copy: object = Object.create(prototype, Object.getOwnPropertyDescriptors(changed))
  for (const symbol of symbols) {
    const held = Object.getOwnPropertyDescriptor(original, symbol)
    if (held !== undefined) Object.defineProperty(copy, symbol, held)
  }
  return copy
}

/** Of a class that gives another form of itself as JSON a copy is not: that form was not looked at. */
function prototypeOf(original: Record<string, unknown>): object | null {
  if (typeof original['toJSON'] === 'function') return Object.prototype
  return Object.getPrototypeOf(original) as object | null
}
