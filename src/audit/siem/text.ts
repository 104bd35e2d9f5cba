import type { JsonObject, JsonValue } from '../../core/model/json.ts'

/** Longest text of one field, in UTF-16 units. What is cut ends in an ellipsis. */
export const MAX_TEXT = 1024

// C0, DEL and C1, line and paragraph separators, and marks that turn the direction of a line around.
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
// Halves of a pair and code points that are no characters: no UTF-8, or refused by some parsers.
const NO_CHARACTER = /[\p{Surrogate}\p{Noncharacter_Code_Point}]/gu

/** Cut to a length without breaking a pair, and valid Unicode. */
export function bounded(text: string, max = MAX_TEXT): string {
  const isLong = text.length > max
  const cut = isLong ? text.slice(0, max - 1) : text
  const valid = cut.replace(NO_CHARACTER, '\ufffd')
  return isLong ? `${valid}…` : valid
}

/** The same on one line, for forms that are text: what cannot be shown is U+FFFD, so that it is seen. */
export function printable(text: string, max = MAX_TEXT): string {
  return bounded(text, max).replace(UNPRINTABLE, '\ufffd')
}

/** ASCII from `!` to `~`, and never empty: the header fields of forms that know nothing else. */
export function asciiToken(text: string | null, max: number, otherwise: string): string {
  const token = (text ?? '').slice(0, max).replace(/[^!-~]/g, '_')
  return token === '' ? otherwise : token
}

interface Budget {
  left: number
}

const MAX_DEPTH = 24
const MAX_MEMBERS = 128

/**
 * A JSON value that is no larger than `characters`, roughly, however large or deep it came: what does
 * not fit is `[cut]`.
 */
export function boundedJson(value: JsonValue, characters: number): JsonValue {
  return shrink(value, { left: characters }, 0)
}

function shrink(value: JsonValue, budget: Budget, depth: number): JsonValue {
  budget.left -= 8
  if (typeof value === 'string') {
    const text = bounded(value, Math.max(2, Math.min(MAX_TEXT, budget.left)))
    budget.left -= text.length
    return text
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH || budget.left <= 0) return '[cut]'
  if (Array.isArray(value)) return shrinkList(value, budget, depth)
  return shrinkObject(value as JsonObject, budget, depth) // no list: checked just above
}

function shrinkList(list: readonly JsonValue[], budget: Budget, depth: number): JsonValue {
  const kept: JsonValue[] = []
  for (const item of list) {
    if (kept.length >= MAX_MEMBERS || budget.left <= 0) return [...kept, '[cut]']
    kept.push(shrink(item, budget, depth + 1))
  }
  return kept
}

function shrinkObject(object: JsonObject, budget: Budget, depth: number): JsonValue {
  const kept: [string, JsonValue][] = []
  for (const name of Object.keys(object)) {
    if (kept.length >= MAX_MEMBERS || budget.left <= 0) {
      kept.push(['[cut]', true])
      break
    }
    const shown = bounded(name, 128)
    budget.left -= shown.length
    kept.push([shown, shrink(object[name] ?? null, budget, depth + 1)])
  }
  return Object.fromEntries(kept)
}

/** Without members that say nothing: null, undefined, empty texts, lists and objects. */
export function withoutEmpty(
  object: Readonly<Record<string, JsonValue | undefined>>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, JsonValue] => !isEmpty(entry[1])),
  )
}

function isEmpty(value: JsonValue | undefined): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** What a table has under a name of its own: `constructor` and the like are in every object. */
export function ownOf<T>(table: Readonly<Record<string, T>>, name: string | null): T | undefined {
  return name !== null && Object.hasOwn(table, name) ? table[name] : undefined
}
