import { sha256Hex } from '../../core/hash.ts'
import { isList, isMap } from '../../core/json-kind.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'

const WORDS = [
  ...['amber', 'basin', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'haven', 'inlet', 'jetty'],
  ...['knoll', 'ledge', 'maple', 'north', 'ocean', 'plain', 'quiet', 'ridge', 'stone', 'trail'],
  ...['under', 'vivid', 'water', 'zephyr', 'the', 'of', 'and', 'with', 'in', 'a', 'by', 'to'],
] as const
const MOST_DEPTH = 8

/** A whole number from 0 up to `below`, always the same for the same seed. */
export function pick(seed: string, below: number): number {
  return Number.parseInt(sha256Hex(seed).slice(0, 8), 16) % below
}

/** So many words, always the same for the same seed. */
export function words(seed: string, count: number): string {
  const list = Array.from(
    { length: count },
    (_, index) => WORDS[pick(`${seed}|${index}`, WORDS.length)] ?? '',
  )
  return list.join(' ')
}

/** A value that a JSON Schema allows, as far as types, enumerations and properties go. */
export function sampleOf(schema: unknown, seed: string, depth = 0): JsonValue {
  if (!isMap(schema) || depth > MOST_DEPTH) return null
  const { const: constant, enum: choices, properties, items, minimum } = schema
  // What a request holds is JSON, and so is every part of it.
  if (constant !== undefined) return constant as JsonValue
  if (isList(choices) && choices.length > 0)
    return (choices as readonly JsonValue[])[pick(seed, choices.length)] ?? null
  const type = isList(schema['type']) ? schema['type'][0] : schema['type']
  switch (type) {
    case 'string':
      return words(seed, 2)
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : pick(seed, 10)
    case 'boolean':
      return pick(seed, 2) === 1
    case 'array':
      return [sampleOf(items, `${seed}|0`, depth + 1)]
    default:
      return isMap(properties) ? sampleObject(properties, seed, depth) : {}
  }
}

function sampleObject(
  properties: Readonly<Record<string, unknown>>,
  seed: string,
  depth: number,
): JsonObject {
  const members = Object.entries(properties).map(([name, schema]): [string, JsonValue] => [
    name,
    sampleOf(schema, `${seed}|${name}`, depth + 1),
  ])
  return Object.fromEntries(members)
}
