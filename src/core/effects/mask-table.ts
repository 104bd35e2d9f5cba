import { foldName } from '../constraints/support/argument-names.ts'
import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'

/** A table whose rows are lists: which key names its columns, and which columns are masked. */
export interface Table {
  readonly namesKey: string
  readonly masked: ReadonlySet<number>
}

type IsMasked = (column: string) => boolean

// Keys by which database tools name the columns of rows that are lists.
const NAME_KEYS: ReadonlySet<string> = new Set(
  ['columns', 'fields', 'column_names', 'field_names', 'headers', 'header', 'cols', 'schema'].map(
    foldName,
  ),
)
// Of a column that is an object: what its name is under.
const COLUMN_KEYS = ['name', 'column_name', 'columnName', 'column', 'field', 'label', 'key', 'id']

/** The table that an object is; undefined where it is none. */
export function tableColumns(object: JsonObject, isMasked: IsMasked): Table | undefined {
  const hasRows = Object.values(object).some((member) => isList(member) && member.some(isList))
  if (!hasRows) return undefined
  for (const [key, member] of Object.entries(object)) {
    const names = NAME_KEYS.has(foldName(key)) ? namesOf(member) : undefined
    if (names !== undefined) return { namesKey: key, masked: maskedOf(names, isMasked) }
  }
  return undefined
}

/** Masked columns of a list of lists whose first one names them; undefined where it does not. */
export function headedColumns(
  list: readonly JsonValue[],
  isMasked: IsMasked,
): ReadonlySet<number> | undefined {
  const [head] = list
  if (list.length < 2 || !isList(head) || !list.every(isList)) return undefined
  if (!head.every((name) => typeof name === 'string')) return undefined
  const masked = maskedOf(
    head.map((name) => [name]),
    isMasked,
  )
  return masked.size > 0 ? masked : undefined
}

/** Of each column the names it goes by. */
function namesOf(value: JsonValue): readonly (readonly string[])[] | undefined {
  // As BigQuery has it: `schema: { fields: [...] }`.
  if (isMap(value)) {
    const inner = value['fields'] ?? value['columns']
    return isList(inner) ? namesOf(inner) : undefined
  }
  if (!isList(value) || value.length === 0) return undefined
  const names = value.map(columnNames)
  return names.some((one) => one.length > 0) ? names : undefined
}

function columnNames(column: JsonValue): readonly string[] {
  if (typeof column === 'string') return [column]
  if (!isMap(column)) return []
  return COLUMN_KEYS.flatMap((key) => {
    const name = Object.hasOwn(column, key) ? column[key] : undefined
    return typeof name === 'string' ? [name] : []
  })
}

function maskedOf(names: readonly (readonly string[])[], isMasked: IsMasked): ReadonlySet<number> {
  return new Set(names.flatMap((one, index) => (one.some(isMasked) ? [index] : [])))
}
