import type { JsonObject, JsonValue } from '../model/json.ts'

/** True where two JSON values are one value: 1 and 1.0 are, `"1"` and 1 are not, key order is nothing. */
export function isEqualJson(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  if (left === null || right === null) return false
  if (isList(left)) return isList(right) && areEqualLists(left, right)
  return !isList(right) && areEqualObjects(left, right)
}

function areEqualLists(left: readonly JsonValue[], right: readonly JsonValue[]): boolean {
  return (
    left.length === right.length &&
    left.every((member, index) => isEqualJson(member, right[index] ?? null))
  )
}

function areEqualObjects(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) => Object.hasOwn(right, key) && isEqualJson(left[key] ?? null, right[key] ?? null),
    )
  )
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
