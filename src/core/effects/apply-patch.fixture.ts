import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { PatchOperation } from './patch.ts'

/** Applies a patch as RFC 6902 says, and throws where it says that it cannot be applied. */
export function applyPatch(value: JsonObject, patch: readonly PatchOperation[]): JsonValue {
  return patch.reduce<JsonValue>((current, operation) => {
    const keys = operation.path.split('/').slice(1)
    return applyAt(current, keys.map(unescapedKey), operation)
  }, value)
}

function unescapedKey(key: string): string {
  if (/~(?![01])/.test(key)) throw new Error('a tilde is not escaped')
  return key.replace(/~1/g, '/').replace(/~0/g, '~')
}

function applyAt(value: JsonValue, keys: readonly string[], operation: PatchOperation): JsonValue {
  const [key, ...rest] = keys
  if (key === undefined) throw new Error('the whole document is not patched here')
  if (isList(value)) return applyToList(value, key, rest, operation)
  if (!isMap(value)) throw new Error('the path leads through a scalar')
  const entries = new Map(Object.entries(value))
  const member = entries.get(key)
  if (rest.length > 0) {
    if (member === undefined) throw new Error('the path leads nowhere')
    entries.set(key, applyAt(member, rest, operation))
  } else if (operation.op === 'add') entries.set(key, operation.value)
  else {
    if (member === undefined) throw new Error('nothing is there')
    if (operation.op === 'remove') entries.delete(key)
    else entries.set(key, operation.value)
  }
  return Object.fromEntries(entries)
}

function applyToList(
  list: readonly JsonValue[],
  key: string,
  rest: readonly string[],
  operation: PatchOperation,
): JsonValue {
  const index = Number(key)
  const member = list[index]
  if (!/^(?:0|[1-9]\d*)$/.test(key) || member === undefined) throw new Error('no such member')
  const next = [...list]
  if (rest.length > 0) next[index] = applyAt(member, rest, operation)
  else if (operation.op === 'remove') next.splice(index, 1)
  else if (operation.op === 'replace') next[index] = operation.value
  else next.splice(index, 0, operation.value)
  return next
}
