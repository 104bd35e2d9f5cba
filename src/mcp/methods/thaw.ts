import { isMap } from '../../core/json-kind.ts'
import type { JsonValue } from '../../core/model/json.ts'

/** A copy that its holder may change: handlers do, and the engine's own is frozen. */
export function thawed(value: JsonValue): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (!isMap(value)) return (value as readonly JsonValue[]).map(thawed)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = thawed(value[key] ?? null)
    // Assigning to this name would set the prototype.
    if (key === '__proto__')
      Object.defineProperty(copy, key, {
        value: member,
        enumerable: true,
        writable: true,
        configurable: true,
      })
    else copy[key] = member
  }
  return copy
}
