import { isPlainObject } from '../core/json-kind.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import { type SnapshotLimits, snapshot } from '../core/snapshot.ts'
import { type Computed, comesLater, type Parts, partsOf } from './response-parts.ts'

/** A response as plain data. */
export interface PlainResponse {
  readonly value: JsonValue
  /** It was JSON to begin with, so that it has a canonical form. */
  readonly exact: boolean
  /** False where something of it was not looked at: it is over a bound, or cannot be read. */
  readonly whole: boolean
}

/**
 * What a tool gave, as data that can be looked through. Tools in the same process may give anything:
 * what is no JSON is read as far as it goes, and never throws.
 */
export function plainResponse(value: unknown, limits: SnapshotLimits): PlainResponse {
  const json = snapshot({ value }, limits)
  if (json.ok) return { value: json.value['value'] ?? null, exact: true, whole: !isStream(value) }
  const budget: Budget = {
    left: limits.maxNodes,
    room: limits.maxSize,
    whole: true,
    path: new Set(),
    computed: new Map(),
  }
  const taken = loosely(value, budget, 0)
  return { value: taken, exact: false, whole: budget.whole }
}

/** One that is made by a literal looks like an empty object. */
function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  try {
    return comesLater(value)
  } catch {
    return true
  }
}

interface Budget {
  left: number
  room: number
  whole: boolean
  /** Objects that what is read now lies in: one of them again says nothing new. */
  readonly path: Set<object>
  readonly computed: Computed
}

const MAX_DEPTH = 32
const decoder = new TextDecoder()

function loosely(value: unknown, budget: Budget, depth: number): JsonValue {
  if (--budget.left < 0) return missed(budget)
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
        return value === null || budget.path.has(value) ? null : within(value, budget, depth)
      default:
        return null
    }
  } catch {
    return missed(budget)
  }
}

function missed(budget: Budget): null {
  budget.whole = false
  return null
}

function within(value: object, budget: Budget, depth: number): JsonValue {
  budget.path.add(value)
  try {
    return looselyObject(value, budget, depth)
  } finally {
    budget.path.delete(value)
  }
}

function cut(text: string, budget: Budget): string {
  const part = text.slice(0, Math.max(0, budget.room))
  budget.room -= part.length
  if (part.length < text.length) budget.whole = false
  return part
}

function looselyObject(value: object, budget: Budget, depth: number): JsonValue {
  const parts = partsOf(value, budget.computed)
  if (!parts.whole) budget.whole = false
  const fields = looselyFields(value, parts.fields, budget, depth)
  const main = mainSafely(parts, budget, depth)
  if (main === undefined) return fields
  return Object.keys(fields).length === 0 ? main : [main, fields]
}

/** What only looks like a list or a Map has its fields still. */
function mainSafely(parts: Parts, budget: Budget, depth: number): JsonValue | undefined {
  try {
    return mainOf(parts, budget, depth)
  } catch {
    return missed(budget)
  }
}

/** Undefined where it has nothing but fields. */
function mainOf(parts: Parts, budget: Budget, depth: number): JsonValue | undefined {
  if ('core' in parts) return loosely(parts.core, budget, depth + 1)
  if (parts.bytes !== undefined) return decoded(parts.bytes, budget)
  if (parts.list !== undefined) return looselyList(parts.list, budget, depth)
  return parts.pairs === undefined ? undefined : looselyPairs(parts.pairs, budget, depth)
}

/** What lies too deep: its texts and numbers, each under its name, without a call for every level. */
function flat(top: unknown, budget: Budget): JsonValue {
  const open: Named[] = [{ name: '', value: top }]
  const texts: JsonValue[] = []
  const seen = new Set(budget.path)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (--budget.left < 0) {
      budget.whole = false
      break
    }
    const { name, value } = next
    if (isScalar(value)) texts.push({ [name]: cut(String(value), budget) })
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    for (const member of membersOf(value, name, budget)) open.push(member)
  }
  return texts
}

interface Named {
  readonly name: string
  readonly value: unknown
}

function isScalar(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
}

/** Of a list under its own name. */
function membersOf(value: object, name: string, budget: Budget): readonly Named[] {
  const isList = Array.isArray(value)
  const keys = Object.keys(value)
  if (keys.length > budget.left || (!isList && !isPlainObject(value))) budget.whole = false
  return keys.slice(0, Math.max(0, budget.left)).map((key) => ({
    name: isList ? name : cut(key, budget),
    value: read(value, key, budget),
  }))
}

/** What stands beyond the bound is not even decoded. */
function decoded(bytes: Uint8Array, budget: Budget): string {
  const part = bytes.subarray(0, 4 * Math.max(0, budget.room))
  if (part.length < bytes.length) budget.whole = false
  // A copy: shared memory may change while it is read.
  return cut(decoder.decode(part.slice()), budget)
}

/** By name where there are names, for they tell secrets; a list where one name comes several times. */
function looselyPairs(pairs: () => Iterable<unknown>, budget: Budget, depth: number): JsonValue {
  const members = new Map<string, JsonValue[]>()
  for (const pair of pairs()) {
    if (budget.left < 0) break
    if (!isNamed(pair)) return looselyList(pairs(), budget, depth)
    const name = cut(pair[0], budget)
    const member = loosely(pair[1], budget, depth + 1)
    const before = members.get(name)
    if (before === undefined) members.set(name, [member])
    else before.push(member)
  }
  return Object.fromEntries(
    [...members].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? null) : all]),
  )
}

function isNamed(pair: unknown): pair is readonly [string, unknown] {
  return Array.isArray(pair) && typeof pair[0] === 'string'
}

function looselyFields(
  value: object,
  keys: readonly string[],
  budget: Budget,
  depth: number,
): JsonObject {
  const members: [string, JsonValue][] = []
  for (const key of keys) {
    if (budget.left < 0) break
    const member: unknown = read(value, key, budget)
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

function read(value: object, key: string, budget: Budget): unknown {
  try {
    return (value as Record<string, unknown>)[key] // any object may be asked for any name
  } catch {
    return missed(budget)
  }
}
