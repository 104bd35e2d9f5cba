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
  if (--budget.left < 0) return null
  try {
    if (depth > MAX_DEPTH) return flat(value, budget)
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
  if (Array.isArray(value) || value instanceof Set) return looselyList(value, budget, depth)
  if (value instanceof Map) return looselyMap(value, budget, depth)
  if (value instanceof Date) return String(value.getTime())
  if (value instanceof ArrayBuffer) return decoded(new Uint8Array(value), budget)
  if (ArrayBuffer.isView(value))
    return decoded(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), budget)
  if (value instanceof String || value instanceof Number || value instanceof Boolean)
    return loosely(value.valueOf(), budget, depth + 1)
  if (value instanceof Error) return looselyFields(value, SAID_BY_ERRORS, budget, depth)
  // What those see who are sent it as JSON.
  const json = read(value, 'toJSON')
  if (typeof json === 'function') return loosely(json.call(value), budget, depth + 1)
  return looselyFields(value, Object.keys(value), budget, depth)
}

/** What lies too deep: its texts, each under its name, without a call for every level. */
function flat(top: unknown, budget: Budget): JsonValue {
  const values: unknown[] = [top]
  const names: string[] = ['']
  const texts: JsonValue[] = []
  while (values.length > 0 && --budget.left >= 0) {
    const value = values.pop()
    const name = names.pop() ?? ''
    if (typeof value === 'string') texts.push({ [name]: cut(value, budget) })
    if (typeof value !== 'object' || value === null) continue
    for (const key of Object.keys(value).slice(0, budget.left)) {
      values.push(read(value, key))
      names.push(Array.isArray(value) ? name : cut(key, budget))
    }
  }
  return texts
}

// Not all they have: clients hang the request with its credentials on an error, and nobody is told that.
const SAID_BY_ERRORS = ['name', 'message', 'cause', 'errors', 'data', 'stdout', 'stderr'] as const

/** What stands beyond the bound is not even decoded. */
function decoded(bytes: Uint8Array, budget: Budget): string {
  return cut(decoder.decode(bytes.subarray(0, 4 * Math.max(0, budget.room))), budget)
}

function looselyMap(map: ReadonlyMap<unknown, unknown>, budget: Budget, depth: number): JsonValue {
  const members: [string, JsonValue][] = []
  for (const [key, member] of map) {
    if (budget.left < 0) break
    // By name where there is one: names tell secrets.
    if (typeof key !== 'string') return looselyList(map, budget, depth)
    members.push([cut(key, budget), loosely(member, budget, depth + 1)])
  }
  return Object.fromEntries(members)
}

function looselyFields(
  value: object,
  keys: readonly string[],
  budget: Budget,
  depth: number,
): JsonValue {
  const members: [string, JsonValue][] = []
  for (const key of keys) {
    if (budget.left < 0) break
    const member: unknown = read(value, key)
    if (member !== undefined) members.push([cut(key, budget), loosely(member, budget, depth + 1)])
  }
  // `fromEntries` defines own properties: a `__proto__` stays a plain key.
  return Object.fromEntries(members)
}

function looselyList(list: Iterable<unknown>, budget: Budget, depth: number): JsonValue {
  const members: JsonValue[] = []
  for (const member of list) {
    if (budget.left < 0) break
    members.push(loosely(member, budget, depth + 1))
  }
  return members
}

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key] // any object may be asked for any name
  } catch {
    return null
  }
}
