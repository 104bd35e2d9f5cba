import type { JsonObject, JsonValue } from '../../../model/json.ts'

/**
 * Reads what `remember` gave. A store may have held it in between, so that nothing of its form is
 * taken for granted: what is not as expected counts as absent.
 */

export function numberIn(memory: JsonValue | undefined, key: string): number {
  const value = fieldOf(memory, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

export function numbersIn(memory: JsonValue | undefined, key: string): readonly number[] {
  const value = fieldOf(memory, key)
  if (!isList(value)) return NO_NUMBERS
  return isNumbers(value) ? value : NO_NUMBERS
}

/** Lists of numbers, each beginning with the number that it is found by. */
export type Row = readonly number[]

export function rowsIn(memory: JsonValue | undefined, key: string): readonly Row[] {
  const value = fieldOf(memory, key)
  if (!isList(value)) return NO_ROWS
  return isRows(value) ? value : NO_ROWS
}

// Lists that were made here need no second look: memory is read several times an event. What a store
// gives back is another list.
const ROWS = new WeakSet<readonly unknown[]>()
const NUMBERS = new WeakSet<readonly unknown[]>()

function isRows(list: readonly JsonValue[]): list is readonly Row[] {
  return ROWS.has(list) || list.every(isRow)
}

function isNumbers(list: readonly JsonValue[]): list is readonly number[] {
  return NUMBERS.has(list) || list.every(isNumber)
}

/** Rows to be remembered, of which it is known that they are rows. The list is not to be changed any more. */
export function rowsOf(rows: readonly Row[]): readonly Row[] {
  ROWS.add(rows)
  return rows
}

/** The same of numbers. */
export function numbersOf(numbers: readonly number[]): readonly number[] {
  NUMBERS.add(numbers)
  return numbers
}

export function rowOf(rows: readonly Row[], id: number): Row | undefined {
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index]
    if (row?.[0] === id) return row
  }
  return undefined
}

/** The rows with `row` as the last and without its predecessor; the oldest gives way beyond `most`. */
export function withRow(rows: readonly Row[], row: Row, most: number): readonly Row[] {
  const id = row[0] ?? 0
  const others =
    rowOf(rows, id) === undefined ? rows.slice() : rows.filter((other) => other[0] !== id)
  if (others.length >= most) others.splice(0, others.length - most + 1)
  others.push(row)
  return rowsOf(others)
}

/** The numbers with `added` at the end, each once; the oldest give way beyond `most`. */
export function withNumbers(
  numbers: readonly number[],
  added: readonly number[],
  most: number,
): readonly number[] {
  if (added.length === 0 && NUMBERS.has(numbers)) return numbers
  const all = new Set(numbers)
  for (const number of added) all.add(number)
  if (all.size === numbers.length) return numbers
  return numbersOf([...all].slice(-most))
}

const NO_NUMBERS: readonly number[] = []
const NO_ROWS: readonly Row[] = []

function fieldOf(memory: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(memory) && Object.hasOwn(memory, key) ? memory[key] : undefined
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isNumber(value: JsonValue): value is number {
  return typeof value === 'number'
}

function isRow(value: JsonValue): value is Row {
  return isList(value) && value.every(isNumber)
}
