import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { Leaf } from './leaf.ts'
import { readText } from './read-text.ts'
import { readValue } from './read-value.ts'
import { finishReading, type ReadLimits, startReading } from './reading.ts'

/**
 * The leaves of a payload in the order they stand there: values of JSON, also inside texts, and of the
 * formats that tools answer in (Python literals, YAML-like blocks, tables, markup, forms, headers). What
 * is in no known format becomes prose; nothing is left out. Linear in the size of the payload.
 */
export function readLeaves(payload: JsonValue, limits: ReadLimits = {}): readonly Leaf[] {
  const reading = startReading(readText, limits)
  if (typeof payload === 'string') readText(reading, payload, '', 1)
  else readValue(reading, unwrapped(payload), '', 1, 0)
  return finishReading(reading)
}

/** `{ text }` and `{ content: [...] }` say how an answer came, not what it says. */
function unwrapped(payload: JsonValue): JsonValue {
  if (payload === null || typeof payload !== 'object' || isList(payload)) return payload
  const keys = Object.keys(payload)
  const [only = ''] = keys
  if (keys.length === 1 && (only === 'text' || only === 'content')) return payload[only] ?? null
  return payload
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value)
}
