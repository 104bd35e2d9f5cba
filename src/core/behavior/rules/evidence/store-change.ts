import type { JsonObject, JsonValue } from '../../../model/json.ts'
import { wordsOf } from '../../name-words.ts'
import type { RequestEvent } from '../../rule.ts'
import type { SqlChange } from './sql-change.ts'
import { hasWord, toolWords, wordSet } from './words.ts'

/**
 * What a call to a document store changes, in the words for SQL: all documents, as with `filter: {}`,
 * count like rows without a `WHERE`.
 * @see https://www.mongodb.com/docs/manual/reference/method/db.collection.deleteMany/
 */
export function storeChange(event: RequestEvent): SqlChange | undefined {
  if (!event.traits.writes) return undefined
  return changeByFilter(event) ?? (hasUnboundedCall(event) ? 'destroys' : undefined)
}

function changeByFilter({ call }: RequestEvent): SqlChange | undefined {
  const words = toolWords(call.resource)
  const operation = operationOf(call.arguments)
  if (!hasWord(words, CHANGING) && !hasWord(operation, CHANGING)) return undefined
  const filters = filtersOf(call.arguments)
  if (filters.some(isUnbounded)) return 'destroys'
  const isMany = hasWord(words, MANY) || hasWord(operation, MANY)
  return isMany && filters.length > 0 ? 'changes' : undefined
}

function hasUnboundedCall({ arguments: texts }: RequestEvent): boolean {
  return texts
    .slice(0, MOST_TEXTS)
    .some(({ text }) => text.includes('{') && UNBOUNDED_CALL.test(text.slice(0, LONGEST)))
}

const CHANGING = wordSet('update delete remove replace modify patch overwrite erase purge')
const MANY = wordSet('many all bulk batch')
const FILTER_WORDS = wordSet('filter query where selector condition criteria match')
const OPERATION_KEYS = ['operation', 'op', 'action', 'method', 'command']
const MOST_TEXTS = 16
const LONGEST = 4_096

/** As a shell of the store has it. */
const UNBOUNDED_CALL =
  /\b(?:deleteMany|updateMany|remove|delete_many|update_many)\s{0,8}\(\s{0,8}\{\s{0,8}\}/

function operationOf(args: JsonObject): readonly string[] {
  for (const key of OPERATION_KEYS) {
    const value = args[key]
    if (typeof value === 'string' && value.length <= 64) return wordsOf(value)
  }
  return NONE
}

const NONE: readonly string[] = []

function filtersOf(args: JsonObject): readonly JsonValue[] {
  return Object.entries(args)
    .slice(0, MOST_TEXTS)
    .filter(([key]) => hasWord(wordsOf(key), FILTER_WORDS))
    .map(([, value]) => value)
}

function isUnbounded(filter: JsonValue): boolean {
  if (filter === null) return true
  if (typeof filter === 'string')
    return /^\s{0,8}(?:\*|\{\s{0,8}\}|true|1\s{0,4}=\s{0,4}1)?\s{0,8}$/i.test(filter)
  if (typeof filter !== 'object') return false
  const keys = Object.keys(filter)
  return keys.length === 0 || (keys.length === 1 && keys[0] === 'match_all')
}
