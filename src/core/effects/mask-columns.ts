import { foldName } from '../constraints/support/argument-names.ts'
import { isList, isMap } from '../json-kind.ts'
import { rewriteJsonText } from '../json-text.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { headedColumns, tableColumns } from './mask-table.ts'

/** What stands in the place of a masked value. */
export const MASKED = '[masked]'

// Deeper than any rows; what is below is masked as a whole.
const DEEPEST = 100
// JSON in a text in JSON in a text: tools wrap what tools gave them.
const MOST_TEXTS = 4
const LONGEST_TEXT = 8 * 1024 * 1024

interface Mask {
  readonly isMasked: (column: string) => boolean
}

/**
 * A response with the values of these columns masked, however the rows are given: objects, lists
 * behind `columns` or `fields`, lists behind a list of names, JSON in a text, and the `content` and
 * `structuredContent` of MCP. Columns are compared as constraints compare names, and without the
 * table before them. The same object where nothing changed. A text that is no JSON stays as it is; one
 * that is written anew has its numbers as JSON.parse reads them.
 */
export function maskColumns(value: JsonValue, columns: readonly string[]): JsonValue {
  if (columns.length === 0) return value
  const wanted = new Set(columns.map(foldName))
  const isMasked = (column: string): boolean =>
    wanted.has(foldName(column)) || wanted.has(foldName(lastPart(column)))
  return maskTop(value, MOST_TEXTS, { isMasked })
}

function maskTop(value: JsonValue, texts: number, mask: Mask): JsonValue {
  return isEnvelope(value) ? maskEnvelope(value, texts, mask) : maskValue(value, 0, texts, mask)
}

// `users.ssn` and `"users"."ssn"` are the column `ssn`.
function lastPart(column: string): string {
  return column.slice(column.lastIndexOf('.') + 1).replace(/^["'`[]|["'`\]]$/g, '')
}

/** The result of an MCP tool: its own keys are no columns. A row may have a list `content` too. */
function isEnvelope(value: JsonValue): value is JsonObject {
  if (!isMap(value)) return false
  const { content } = value
  if (!isList(content) || content.length === 0) return false
  return content.every((item) => isMap(item) && typeof item['type'] === 'string')
}

function maskEnvelope(value: JsonObject, texts: number, mask: Mask): JsonValue {
  return mapObject(value, (member, key) => {
    if (key === 'content' && isList(member))
      return mapList(member, (item) => (isMap(item) ? maskContent(item, texts, mask) : item))
    return isWord(key, member) ? member : maskMember(key, member, texts, mask)
  })
}

function maskContent(item: JsonObject, texts: number, mask: Mask): JsonValue {
  return mapObject(item, (member, key) => {
    if (isWord(key, member)) return member
    if (key === 'text' && typeof member === 'string') return maskText(member, texts, mask)
    if (key === 'resource' && isMap(member)) return maskContent(member, texts, mask)
    return maskMember(key, member, texts, mask)
  })
}

/** What MCP says of a result in a word. */
function isWord(key: string, member: JsonValue): boolean {
  return (key === 'type' || key === 'isError') && typeof member !== 'object'
}

function maskMember(key: string, member: JsonValue, texts: number, mask: Mask): JsonValue {
  return mask.isMasked(key) ? maskWhole(member) : maskValue(member, 1, texts, mask)
}

function maskValue(value: JsonValue, depth: number, texts: number, mask: Mask): JsonValue {
  if (typeof value === 'string') return maskText(value, texts, mask)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return MASKED
  if (isList(value)) return maskList(value, depth, texts, mask)
  return isMap(value) ? maskObject(value, depth, texts, mask) : value
}

function maskList(list: readonly JsonValue[], depth: number, texts: number, mask: Mask): JsonValue {
  const masked = headedColumns(list, mask.isMasked)
  if (masked === undefined)
    return mapList(list, (member) => maskValue(member, depth + 1, texts, mask))
  return mapList(list, (row, index) =>
    index === 0 ? row : maskRow(row, masked, depth + 1, texts, mask),
  )
}

function maskObject(object: JsonObject, depth: number, texts: number, mask: Mask): JsonValue {
  const table = tableColumns(object, mask.isMasked)
  return mapObject(object, (member, key) => {
    if (key === table?.namesKey) return member
    if (table !== undefined && isList(member) && member.some(isList))
      return mapList(member, (row) => maskRow(row, table.masked, depth + 1, texts, mask))
    return mask.isMasked(key) ? maskWhole(member) : maskValue(member, depth + 1, texts, mask)
  })
}

function maskRow(
  row: JsonValue,
  masked: ReadonlySet<number>,
  depth: number,
  texts: number,
  mask: Mask,
): JsonValue {
  if (!isList(row)) return maskValue(row, depth, texts, mask)
  return mapList(row, (cell, index) =>
    masked.has(index) ? maskWhole(cell) : maskValue(cell, depth + 1, texts, mask),
  )
}

// A list may be a column of a table that is given column by column: its length stays.
function maskWhole(value: JsonValue): JsonValue {
  return isList(value) ? mapList(value, () => MASKED) : MASKED
}

function maskText(text: string, texts: number, mask: Mask): string {
  if (texts === 0 || text.length > LONGEST_TEXT) return text
  return rewriteJsonText(text, (value) => maskTop(value, texts - 1, mask))
}

function mapList(
  list: readonly JsonValue[],
  rewrite: (member: JsonValue, index: number) => JsonValue,
): readonly JsonValue[] {
  const next = list.map(rewrite)
  return next.some((member, index) => member !== list[index]) ? Object.freeze(next) : list
}

function mapObject(
  object: JsonObject,
  rewrite: (member: JsonValue, key: string) => JsonValue,
): JsonObject {
  let isChanged = false
  const entries = Object.entries(object).map(([key, member]): [string, JsonValue] => {
    const next = rewrite(member, key)
    if (next !== member) isChanged = true
    return [key, next]
  })
  return isChanged ? Object.freeze(Object.fromEntries(entries)) : object
}
