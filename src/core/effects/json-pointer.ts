import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { EffectFault } from './fault.ts'

/** The keys that a JSON Pointer leads by. @see RFC 6901 */
export function pointerParts(pointer: string): readonly string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A key as it stands in a JSON Pointer. */
export function escapedKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** What happens at the place a pointer leads to. */
export interface PointerEdit {
  readonly pointer: string
  /** Objects on the way that are not there are made. */
  readonly creates: boolean
  /** `undefined` in: nothing is there. `undefined` out: what is there is taken out. */
  rewrite(value: JsonValue | undefined): JsonValue | undefined
}

const INDEX = /^(?:0|[1-9]\d{0,9})$/

/** The arguments with one place rewritten; the same object where nothing changed. */
export function rewriteAt(args: JsonObject, edit: PointerEdit): JsonObject {
  const next = update(args, pointerParts(edit.pointer), 0, edit)
  return isMap(next) ? next : args
}

function update(
  value: JsonValue | undefined,
  parts: readonly string[],
  at: number,
  edit: PointerEdit,
): JsonValue | undefined {
  const part = parts[at]
  if (part === undefined) return edit.rewrite(value)
  const inner = (member: JsonValue | undefined): JsonValue | undefined =>
    update(member, parts, at + 1, edit)
  if (isList(value)) return updateList(value, part, edit, inner)
  if (isMap(value)) return updateObject(value, part, edit, inner)
  if (!edit.creates) return value
  if (value !== undefined)
    throw new EffectFault(`\`${edit.pointer}\` leads through a value that is not an object`)
  return updateObject({}, part, edit, inner)
}

type Inner = (member: JsonValue | undefined) => JsonValue | undefined

function updateList(
  list: readonly JsonValue[],
  part: string,
  edit: PointerEdit,
  inner: Inner,
): JsonValue {
  const index = INDEX.test(part) ? Number(part) : list.length
  const member = list[index]
  if (member === undefined) {
    if (edit.creates)
      throw new EffectFault(`\`${edit.pointer}\` leads to no member of the list that is there`)
    return list
  }
  const next = inner(member)
  if (next === member) return list
  // The next member would move up, and be taken out the next time.
  if (next === undefined)
    throw new EffectFault(`\`${edit.pointer}\` is one member of a list: name the list itself`)
  return Object.freeze(list.map((one, place) => (place === index ? next : one)))
}

function updateObject(
  object: JsonObject,
  part: string,
  edit: PointerEdit,
  inner: Inner,
): JsonValue {
  const member = Object.hasOwn(object, part) ? object[part] : undefined
  if (member === undefined && !edit.creates) return object
  const next = inner(member)
  if (next === member) return object
  if (next !== undefined) return Object.freeze({ ...object, [part]: next })
  return Object.freeze(Object.fromEntries(Object.entries(object).filter(([key]) => key !== part)))
}
