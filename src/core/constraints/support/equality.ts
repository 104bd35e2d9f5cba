import { isList } from '../../json-kind.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'

export type IsSame = (left: JsonValue, right: JsonValue) => boolean

/**
 * True where two JSON values are one value: 1 and 1.0 are, `"1"` and 1 are not, key order is nothing.
 * Parts that are not, unless both are lists or objects, may be called the same by `orSame`.
 */
export function isEqualJson(left: JsonValue, right: JsonValue, orSame: IsSame = never): boolean {
  if (left === right) return true
  if (!isContainer(left) || !isContainer(right)) return orSame(left, right)
  if (isList(left)) return isList(right) && areEqualLists(left, right, orSame)
  return !isList(right) && areEqualObjects(left, right, orSame)
}

const never: IsSame = () => false

function areEqualLists(
  left: readonly JsonValue[],
  right: readonly JsonValue[],
  orSame: IsSame,
): boolean {
  return (
    left.length === right.length &&
    left.every((member, index) => isEqualJson(member, right[index] ?? null, orSame))
  )
}

function areEqualObjects(left: JsonObject, right: JsonObject, orSame: IsSame): boolean {
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) =>
        Object.hasOwn(right, key) && isEqualJson(left[key] ?? null, right[key] ?? null, orSame),
    )
  )
}

function isContainer(value: JsonValue): value is readonly JsonValue[] | JsonObject {
  return typeof value === 'object' && value !== null
}
