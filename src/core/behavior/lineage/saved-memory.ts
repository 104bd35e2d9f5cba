import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { Memory } from './memory.ts'
import { seal, unseal } from './sealed.ts'

const FORMAT = 1
/** Three counts, a flag and the lengths of four parts. */
const HEAD = 8

/** Plain JSON: the origins' names, and all hashes and numbers sealed under the key. */
export function saveMemory(memory: Memory, key: Uint8Array, forgot: boolean): JsonValue {
  const { values, fragments, paths, origins, hasRestrictedText } = memory
  const cut = fragments.save()
  const parts = [values.save(), cut.values, cut.slots, paths.save()]
  const words = new Int32Array(parts.reduce((sum, part) => sum + part.length, HEAD))
  words.set([...cut.counts, hasRestrictedText ? 1 : 0, ...parts.map((part) => part.length)])
  let at = HEAD
  for (const part of parts) {
    words.set(part, at)
    at += part.length
  }
  return { format: FORMAT, forgot, origins: origins.save(), index: seal(words, key) }
}

export function savedOrigins(saved: JsonValue | undefined): JsonValue | undefined {
  return isObject(saved) ? saved['origins'] : undefined
}

/** Takes in what was saved. True where something is missing: it was forgotten then, or cannot be read now. */
export function restore(memory: Memory, saved: JsonValue | undefined, key: Uint8Array): boolean {
  if (saved === undefined) return false
  if (!isObject(saved) || saved['format'] !== FORMAT) return true
  const sealed = saved['index']
  const words = typeof sealed === 'string' ? unseal(sealed, key) : undefined
  if (words === undefined) return true
  const [hasText = 0, ...lengths] = words.subarray(3, HEAD)
  let at = HEAD
  const parts = lengths.map((length) => {
    at += length
    return words.slice(at - length, at)
  })
  const [values, cutValues, cutSlots, paths] = parts
  if (values === undefined || cutValues === undefined || cutSlots === undefined) return true
  memory.values.load(values)
  memory.fragments.load({ counts: [...words.subarray(0, 3)], values: cutValues, slots: cutSlots })
  memory.paths.load(paths ?? new Int32Array(0))
  memory.hasRestrictedText = hasText === 1
  if (memory.hasRestrictedText) memory.textFilter.fill()
  return saved['forgot'] === true
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
