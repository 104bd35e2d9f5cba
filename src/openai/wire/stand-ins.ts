import { sha256Hex } from '../../core/hash.ts'
import { isList } from '../../core/json-kind.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'

/** A body whose images, sounds and files are named by what they are, and how to put them back. */
export interface Lightened {
  /** The same object where there was nothing to take out. */
  readonly value: JsonObject
  /** Puts them back into a value that may have been rewritten meanwhile. */
  restore(value: JsonObject): JsonObject
}

/** Shorter ones are judged as they stand. */
const LEAST = 1_024
/** Fields that hold bytes in base64, without saying of which type. */
const BYTES: ReadonlySet<string> = new Set(['data', 'file_data', 'b64_json', 'result', 'image'])
const DATA_URL = /^data:([\w.+-]{1,64}\/[\w.+-]{1,64})?[^,]{0,256};base64,/i
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/**
 * Replaces long data URLs and base64 fields by `{ sha256, bytes, media_type }`: the hash of the text, the
 * size of what it holds. Limits of arguments are for what can be read.
 */
export function lighten(body: JsonObject): Lightened {
  const taken = new Map<string, string>()
  const replace = (value: JsonValue, key: string): JsonValue => {
    if (typeof value === 'string') return standInFor(value, key, taken)
    if (typeof value !== 'object' || value === null) return value
    return isList(value) ? mapList(value, (one) => replace(one, key)) : mapObject(value, replace)
  }
  return {
    value: mapObject(body, replace),
    restore: (value) => (taken.size === 0 ? value : mapObject(value, restorer(taken))),
  }
}

function standInFor(text: string, key: string, taken: Map<string, string>): JsonValue {
  if (text.length < LEAST) return text
  const url = DATA_URL.exec(text)
  const payload = url === null ? text : text.slice(url[0].length)
  if (url === null && !BYTES.has(key)) return text
  // Anything else may be read by somebody: it is judged.
  if (!BASE64.test(payload)) return text
  const sha256 = sha256Hex(text)
  taken.set(sha256, text)
  const bytes = Math.floor((payload.replace(/=+$/, '').length * 3) / 4)
  return { sha256, bytes, media_type: url?.[1] ?? 'application/octet-stream' }
}

function restorer(taken: ReadonlyMap<string, string>): (value: JsonValue) => JsonValue {
  const restore = (value: JsonValue): JsonValue => {
    if (typeof value !== 'object' || value === null) return value
    if (isList(value)) return mapList(value, restore)
    const { sha256 } = value as JsonObject // no list, so an object
    const text = typeof sha256 === 'string' ? taken.get(sha256) : undefined
    return text === undefined ? mapObject(value as JsonObject, restore) : text
  }
  return restore
}

/** The same list where nothing changed. */
function mapList(
  list: readonly JsonValue[],
  map: (value: JsonValue) => JsonValue,
): readonly JsonValue[] {
  const mapped = list.map(map)
  return mapped.every((one, index) => one === list[index]) ? list : mapped
}

/** The same object where nothing changed. */
function mapObject(
  object: JsonObject | JsonValue,
  map: (value: JsonValue, key: string) => JsonValue,
): JsonObject {
  const source = object as JsonObject // callers have told lists apart
  let copy: Record<string, JsonValue> | undefined
  for (const key of Object.keys(source)) {
    const member = source[key] ?? null
    const mapped = map(member, key)
    if (mapped === member) continue
    copy ??= { ...source }
    copy[key] = mapped
  }
  return copy ?? source
}
