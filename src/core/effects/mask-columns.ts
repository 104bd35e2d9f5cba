import { foldName } from '../constraints/support/argument-names.ts'
import { isList, isMap } from '../json-kind.ts'
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
  return isEnvelope(value)
    ? maskEnvelope(value, { isMasked })
    : maskValue(value, 0, MOST_TEXTS, { isMasked })
}

// `users.ssn` and `"users"."ssn"` are the column `ssn`.
function lastPart(column: string): string {
  return column.slice(column.lastIndexOf('.') + 1).replace(/^["'`[]|["'`\]]$/g, '')
}

/** The result of an MCP tool: its own keys are no columns. */
function isEnvelope(value: JsonValue): value is JsonObject {
  if (!isMap(value)) return false
  const { content } = value
  return isList(content) && content.every((item) => isMap(item) && typeof item['type'] === 'string')
}

function maskEnvelope(value: JsonObject, mask: Mask): JsonValue {
  return mapObject(value, (member, key) => {
    if (key === 'content' && isList(member))
      return mapList(member, (item) => (isMap(item) ? maskContent(item, mask) : item))
    return key === 'structuredContent' ? maskValue(member, 1, MOST_TEXTS, mask) : member
  })
}

function maskContent(item: JsonObject, mask: Mask): JsonValue {
  return mapObject(item, (member, key) => {
    if (key === 'text' && typeof member === 'string') return maskText(member, MOST_TEXTS, mask)
    if (key === 'resource' && isMap(member)) return maskContent(member, mask)
    return member
  })
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
  if (texts === 0 || text.length > LONGEST_TEXT || !/^\s*[[{"]/m.test(text)) return text
  return (
    maskJson(text, texts, mask) ??
    maskEmbedded(text, texts, mask) ??
    // A row of JSON on each line.
    text
      .split('\n')
      .map((line) => maskJson(line, texts, mask) ?? line)
      .join('\n')
  )
}

/** JSON with words before and behind it, as in `Found 2 rows:` and in a fence. */
function maskEmbedded(text: string, texts: number, mask: Mask): string | undefined {
  const start = /^[ \t]*[[{]/m.exec(text)?.index ?? 0
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}')) + 1
  if (end <= start) return undefined
  const masked = maskJson(text.slice(start, end), texts, mask)
  return masked === undefined ? undefined : text.slice(0, start) + masked + text.slice(end)
}

/** The masked text; undefined where it is no JSON. */
function maskJson(text: string, texts: number, mask: Mask): string | undefined {
  const parsed = parseJson(text)
  if (parsed === undefined) return undefined
  const masked = isEnvelope(parsed)
    ? maskEnvelope(parsed, mask)
    : maskValue(parsed, 0, texts - 1, mask)
  if (masked === parsed) return text
  return JSON.stringify(masked, undefined, /^[[{]\r?\n/.test(text.trimStart()) ? 2 : undefined)
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue // whatever JSON.parse gives is a JSON value
  } catch {
    return undefined
  }
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
