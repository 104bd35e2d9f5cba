import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { redactText, revealText } from './redact-text.ts'
import { type Keyed, replacementFor } from './replace.ts'
import type { Redaction } from './settings.ts'

/**
 * A JSON value without what is to be taken out, in fields, in texts, and in JSON within texts; the same
 * object where there is nothing. Values come from `snapshot`, so their depth is bounded.
 */
export function redactValue(value: JsonValue, redaction: Redaction, keyed: Keyed): JsonValue {
  return redacted('', value, { redaction, keyed, depth: 0 })
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
}

const MAX_TEXT_DEPTH = 4

function redacted(name: string, value: JsonValue, way: Way): JsonValue {
  const { redaction, keyed } = way
  if (name !== '' && redaction.fields.has(name.toLowerCase()) && value !== null)
    return replacementFor(JSON.stringify(value), 'field', redaction, keyed)
  if (typeof value === 'string') return redactedText(name, value, way)
  if (typeof value === 'number') return redactedNumber(name, value, way)
  if (isList(value))
    return members(value as readonly JsonValue[], (item) => redacted(name, item, way))
  if (!isMap(value)) return value
  return entries(value as JsonObject, (key, item) => [
    redactText(key, redaction, keyed),
    redacted(key, item, way),
  ])
}

/** JSON stays JSON: it is read, redacted and written anew only where it must be. */
function redactedText(name: string, text: string, way: Way): string {
  const inner = way.depth < MAX_TEXT_DEPTH ? parsed(text) : undefined
  if (inner !== undefined) {
    const now = redacted('', inner, { ...way, depth: way.depth + 1 })
    return now === inner ? text : JSON.stringify(now)
  }
  return named(name, text, way)
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
  if (!Number.isSafeInteger(value) || value < 1e6) return value
  const text = String(value)
  const now = named(name, text, way)
  return now === text ? value : now
}

function parsed(text: string): JsonValue | undefined {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as JsonValue) : undefined
  } catch {
    return undefined
  }
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
  for (const key of Object.keys(map)) {
    const value = map[key] ?? null
    const [name, now] = change(key, value)
    if (name !== key || now !== value) isChanged = true
    let free = name
    for (let count = 2; names.has(free); count++) free = `${name} (${count})`
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
