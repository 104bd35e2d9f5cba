import { isList, isMap } from '../json-kind.ts'
import { rewriteJsonText } from '../json-text.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { redactText, revealText } from './redact-text.ts'
import { type Keyed, MASK, replacementFor } from './replace.ts'
import type { Redaction } from './settings.ts'

/**
 * A JSON value without what is to be taken out, in fields, in texts, and in JSON within texts; the same
 * object where there is nothing. What is nested too deeply to be looked at is taken out as a whole.
 */
export function redactValue(value: JsonValue, redaction: Redaction, keyed: Keyed): JsonValue {
  return redacted('', value, { redaction, keyed, depth: 0, nesting: 0 })
}

/** The same for a call's arguments. */
export function redactArguments(args: JsonObject, redaction: Redaction, keyed: Keyed): JsonObject {
  return redactValue(args, redaction, keyed) as JsonObject // a map stays one
}

/** Tokens of our own key turned back, wherever they stand. */
export function revealArguments(args: JsonObject, keyed: Keyed): JsonObject {
  return mapped(args, (text) => revealText(text, keyed)) as JsonObject // a map stays one
}

interface Way {
  readonly redaction: Redaction
  readonly keyed: Keyed
  /** JSON in a text in JSON in a text ... */
  readonly depth: number
  /** Lists and maps around it. */
  readonly nesting: number
}

const MAX_TEXT_DEPTH = 4
const MAX_NESTING = 200

function redacted(name: string, value: JsonValue, way: Way): JsonValue {
  const { redaction, keyed } = way
  if (name !== '' && redaction.fields.has(name.toLowerCase()) && value !== null)
    return replacementFor(JSON.stringify(value), 'field', redaction, keyed)
  if (typeof value === 'string') return redactedText(name, value, way)
  if (typeof value === 'number') return redactedNumber(name, value, way)
  if (typeof value !== 'object' || value === null) return value
  if (way.nesting > MAX_NESTING) return MASK
  const within = { ...way, nesting: way.nesting + 1 }
  if (isList(value))
    return members(value as readonly JsonValue[], (item) => redacted(name, item, within))
  if (!isMap(value)) return value
  return entries(value as JsonObject, (key, item) => [
    redactText(key, redaction, keyed),
    redacted(key, item, within),
  ])
}

/**
 * JSON stays JSON: it is read, redacted and written anew only where it must be. Then the text is
 * read as it stands, for what parsing loses, such as the last digits of a long number.
 */
function redactedText(name: string, text: string, way: Way): string {
  const inner = { ...way, depth: way.depth + 1 }
  const now =
    way.depth < MAX_TEXT_DEPTH ? rewriteJsonText(text, (value) => redacted('', value, inner)) : text
  return named(name, now, way)
}

/** The name before a value tells what it is, and is no part of it. */
function named(name: string, text: string, { redaction, keyed }: Way): string {
  if (name === '' || name.length > 64) return redactText(text, redaction, keyed)
  const prefix = `${name}: `
  const result = redactText(prefix + text, redaction, keyed)
  if (result === prefix + text) return text
  return result.startsWith(prefix)
    ? result.slice(prefix.length)
    : redactText(text, redaction, keyed)
}

/** A number may be a person's, such as a card's: then it is no number any more. */
function redactedNumber(name: string, value: number, way: Way): JsonValue {
  const size = Math.abs(value)
  if (size < 1e6) return value
  const text = String(Math.trunc(size))
  const now = named(name, text, way)
  return now === text ? value : now
}

/** A list with each member changed; the same list where none was. */
function members(
  list: readonly JsonValue[],
  change: (item: JsonValue) => JsonValue,
): readonly JsonValue[] {
  let copy: JsonValue[] | undefined
  for (let index = 0; index < list.length; index++) {
    const item = list[index] ?? null
    const now = change(item)
    if (now === item) continue
    copy ??= [...list]
    copy[index] = now
  }
  return copy === undefined ? list : Object.freeze(copy)
}

/** A map with names and values changed; the same map where none was. No name is lost. */
function entries(
  map: JsonObject,
  change: (key: string, value: JsonValue) => readonly [string, JsonValue],
): JsonObject {
  let isChanged = false
  const made: [string, JsonValue][] = []
  const names = new Set<string>()
  // Of each name that came before, the first count that may be free: else thousands of equal ones take hours.
  const counts = new Map<string, number>()
  for (const key of Object.keys(map)) {
    const value = map[key] ?? null
    const [name, now] = change(key, value)
    if (name !== key || now !== value) isChanged = true
    let free = name
    let count = counts.get(name) ?? 2
    while (names.has(free)) free = `${name} (${count++})`
    counts.set(name, count)
    names.add(free)
    made.push([free, now])
  }
  return isChanged ? Object.freeze(Object.fromEntries(made)) : map
}

function mapped(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value)
  if (isList(value)) return members(value as readonly JsonValue[], (item) => mapped(item, change))
  if (!isMap(value)) return value
  return entries(value as JsonObject, (key, item) => [key, mapped(item, change)])
}
