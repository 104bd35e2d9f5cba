import { isPlainObject } from './json-kind.ts'
import type { JsonObject, JsonValue } from './model/json.ts'

/** Bounds of one call's arguments. */
export interface SnapshotLimits {
  /** Nested objects and arrays. */
  readonly maxDepth: number
  /** Values of every kind, keys not counted. */
  readonly maxNodes: number
  /** UTF-16 units of all keys and strings; numbers and literals count 8. */
  readonly maxSize: number
}

export type Snapshot =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly detail: string }

/**
 * Copies arguments to plain frozen data, reading each property once: what getters, proxies and
 * later changes by the caller say is then of no account. Refuses, and never throws for, what is
 * over a bound or is not JSON. Costs O(size) up to the bound.
 */
export function snapshot(value: unknown, limits: SnapshotLimits): Snapshot {
  // Not a spread: in V8 that alone costs as much as copying a small payload.
  const budget: Budget = { maxDepth: limits.maxDepth, nodes: limits.maxNodes, size: limits.maxSize }
  try {
    if (!isPlainObject(value)) return { ok: false, detail: 'the arguments are not a plain object' }
    return { ok: true, value: copyObject(value, budget, 1) }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, detail: error.message }
    return { ok: false, detail: 'reading the arguments failed: a getter or proxy threw' }
  }
}

interface Budget {
  readonly maxDepth: number
  nodes: number
  size: number
}

class Refusal extends Error {}

function copy(value: unknown, budget: Budget, depth: number): JsonValue {
  if (--budget.nodes < 0) throw new Refusal('the arguments have too many values')
  if (typeof value === 'string') {
    spend(budget, value.length)
    return value
  }
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new Refusal('a number is not finite: JSON has no such value')
  }
  if (typeof value !== 'object')
    throw new Refusal(`a value is a ${typeof value}: JSON has no such value`)
  if (depth >= budget.maxDepth)
    throw new Refusal(`the arguments are nested deeper than ${budget.maxDepth}`)
  if (Array.isArray(value)) return copyArray(value, budget, depth + 1)
  if (isPlainObject(value)) return copyObject(value, budget, depth + 1)
  throw new Refusal('a value is an instance of a class: pass plain data')
}

function copyArray(value: readonly unknown[], budget: Budget, depth: number): readonly JsonValue[] {
  const length = value.length
  if (length > budget.nodes) throw new Refusal('the arguments have too many values')
  const result: JsonValue[] = []
  for (let index = 0; index < length; index++) {
    const member = value[index]
    // As JSON.stringify does: a hole or undefined in an array is null.
    result.push(member === undefined ? copy(null, budget, depth) : copy(member, budget, depth))
  }
  return Object.freeze(result)
}

function copyObject(value: object, budget: Budget, depth: number): JsonObject {
  const result: Record<string, JsonValue> = {}
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined) continue
    spend(budget, key.length)
    const copied = copy(member, budget, depth)
    if (key === '__proto__')
      Object.defineProperty(result, key, {
        value: copied,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    else result[key] = copied
  }
  return Object.freeze(result)
}

function spend(budget: Budget, units: number): void {
  budget.size -= units + 8
  if (budget.size < 0) throw new Refusal('the arguments are too large')
}
