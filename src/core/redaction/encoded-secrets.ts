import type { Inflate } from '../behavior/views/encodings.ts'
import { type Budget, createBudget, viewsOf } from '../behavior/views/views-of.ts'
import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { hasSecret } from './without-secrets.ts'

/** What stands in the place of text that says a secret once it is decoded. */
export const ENCODED_SECRET = '[encoded_secret]'

export interface EncodedOptions {
  /** Default: compressed bytes are not looked into. */
  readonly inflate?: Inflate
}

/** What is known while one value is gone through. */
interface Search {
  readonly budget: Budget
  readonly inflate: Inflate | undefined
  /** Which texts hold one: names come again and again. */
  readonly known: Map<string, boolean>
}

/** Less than that is too short to hold a secret in any encoding. */
const SHORTEST = 12
const MAX_NESTING = 200

/**
 * A JSON value without secrets in any encoding that the behavioural layer decodes, such as base64,
 * hexadecimal, percent signs or backwards: the word that holds one is replaced, or the whole text where
 * no word does by itself. The same object where there is none. Secrets in the clear stay: take them out
 * first. What there is no budget to decode is replaced likewise.
 */
export function withoutEncodedSecrets(value: JsonValue, options: EncodedOptions = {}): JsonValue {
  const units = unitsOf(value, 0)
  const search: Search = {
    // A text is looked at as a whole, and where it holds something word by word again.
    budget: createBudget(2 * units),
    inflate: options.inflate,
    known: new Map(),
  }
  return cleaned(value, search, 0)
}

function cleaned(value: JsonValue, search: Search, nesting: number): JsonValue {
  if (typeof value === 'string') return cleanedText(value, search)
  if (typeof value !== 'object' || value === null) return value
  if (nesting > MAX_NESTING) return ENCODED_SECRET
  if (isList(value)) {
    const list: readonly JsonValue[] = value
    const made = list.map((item) => cleaned(item, search, nesting + 1))
    return made.every((item, index) => item === list[index]) ? value : Object.freeze(made)
  }
  if (!isMap(value)) return value
  return cleanedMap(value, search, nesting)
}

function cleanedMap(map: JsonObject, search: Search, nesting: number): JsonObject {
  let isChanged = false
  const made = new Map<string, JsonValue>()
  let count = 1
  for (const [key, member] of Object.entries(map)) {
    const name = cleanedText(key, search)
    const now = cleaned(member, search, nesting + 1)
    if (name !== key || now !== member) isChanged = true
    // Of names that became the same none is lost.
    made.set(name === key ? key : `${name} (${count++})`, now)
  }
  return isChanged ? Object.freeze(Object.fromEntries(made)) : map
}

function cleanedText(text: string, search: Search): string {
  if (text.length < SHORTEST || !holdsOne(text, search)) return text
  const words = text.split(/(\s+)/)
  if (words.length === 1) return ENCODED_SECRET
  const kept = words
    .map((word) => (word.length >= SHORTEST && holdsOne(word, search) ? ENCODED_SECRET : word))
    .join('')
  return kept === text || holdsOne(kept, search) ? ENCODED_SECRET : kept
}

function holdsOne(text: string, search: Search): boolean {
  const before = search.known.get(text)
  if (before !== undefined) return before
  const { budget, inflate } = search
  const views = viewsOf(text, { budget, ...(inflate === undefined ? {} : { inflate }) })
  // One scan of all costs a fraction of one each.
  const isFound = budget.unread || hasSecret(views.map((view) => view.text).join('\n\n'))
  search.known.set(text, isFound)
  return isFound
}

function unitsOf(value: JsonValue, nesting: number): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || nesting > MAX_NESTING) return 0
  let units = 0
  for (const [key, member] of Object.entries(value))
    units += key.length + unitsOf(member, nesting + 1)
  return units
}
