import type { JsonValue } from '../core/model/json.ts'
import { type SnapshotLimits, snapshot } from '../core/snapshot.ts'

/** A response as plain data. `exact`: it was JSON to begin with, so that it has a canonical form. */
export interface PlainResponse {
  readonly value: JsonValue
  readonly exact: boolean
}

/**
 * What a tool gave, as data that can be looked through. Tools in the same process may give anything:
 * what is no JSON is read as far as it goes, and never throws.
 */
export function plainResponse(value: unknown, limits: SnapshotLimits): PlainResponse {
  const taken = snapshot({ value }, limits)
  if (taken.ok) return { value: taken.value['value'] ?? null, exact: true }
  return { value: loosely(value, { left: limits.maxNodes, room: limits.maxSize }, 0), exact: false }
}

interface Budget {
  left: number
  room: number
}

const MAX_DEPTH = 32
const decoder = new TextDecoder()

function loosely(value: unknown, budget: Budget, depth: number): JsonValue {
  if (--budget.left < 0 || depth > MAX_DEPTH) return null
  try {
    switch (typeof value) {
      case 'string':
        return cut(value, budget)
      case 'number':
        return Number.isFinite(value) ? value : String(value)
      case 'boolean':
        return value
      case 'bigint':
        return String(value)
      case 'object':
        return value === null ? null : looselyObject(value, budget, depth)
      default:
        return null
    }
  } catch {
    return null
  }
}

function cut(text: string, budget: Budget): string {
  const part = text.slice(0, Math.max(0, budget.room))
  budget.room -= part.length
  return part
}

function looselyObject(value: object, budget: Budget, depth: number): JsonValue {
  if (value instanceof Date) return String(value.getTime())
  if (value instanceof Error)
    return { name: cut(String(value.name), budget), message: cut(String(value.message), budget) }
  if (value instanceof ArrayBuffer) return cut(decoder.decode(value), budget)
  if (value instanceof Uint8Array) return cut(decoder.decode(value), budget)
  if (value instanceof Map) return looselyList([...value], budget, depth)
  if (value instanceof Set) return looselyList([...value], budget, depth)
  if (Array.isArray(value)) return looselyList(value, budget, depth)
  const members: [string, JsonValue][] = []
  for (const key of Object.keys(value)) {
    if (budget.left < 0) break
    const member: unknown = read(value, key)
    members.push([cut(key, budget), loosely(member, budget, depth + 1)])
  }
  // `fromEntries` defines own properties: a `__proto__` stays a plain key.
  return Object.fromEntries(members)
}

function looselyList(list: readonly unknown[], budget: Budget, depth: number): JsonValue {
  const members: JsonValue[] = []
  for (const member of list) {
    if (budget.left < 0) break
    members.push(loosely(member, budget, depth + 1))
  }
  return members
}

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key] // own keys only, from Object.keys
  } catch {
    return null
  }
}
