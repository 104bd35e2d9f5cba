import type { JsonObject, JsonValue } from '../../model/json.ts'
import { addField, addLeaf, type Reading } from './reading.ts'
import { isFieldName } from './text-shape.ts'

/** Deeper than this, the fields of a value share one record. */
const MAX_DEPTH = 64

const LEAST_SPELLED = 4
const MOST_SPELLED = 4096

/** Reads a parsed value. */
export function readValue(
  reading: Reading,
  value: JsonValue,
  key: string,
  record: number,
  depth: number,
): void {
  if (typeof value === 'string') reading.inner(reading, value, key, record)
  else if (value === null || typeof value !== 'object') readScalar(reading, value, key, record)
  else if (depth >= MAX_DEPTH) readFlat(reading, value, key, record)
  else if (isList(value)) readList(reading, value, key, record, depth)
  else readObject(reading, value, key, depth)
}

function readScalar(
  reading: Reading,
  value: number | boolean | null,
  key: string,
  record: number,
): void {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) reading.inexact = true
  addField(reading, key, scalarText(value), record)
}

function scalarText(value: number | boolean | null): string {
  if (value === null) return ''
  return typeof value === 'number' && !Number.isInteger(value) ? decimalText(value) : String(value)
}

const THOUSANDTHS: readonly string[] = Array.from({ length: 1000 }, (_, count) =>
  String(count)
    .padStart(3, '0')
    .replace(/0{1,3}$/, ''),
)
const MOST_EXACT = 1e9

/**
 * An amount or a share of up to three decimals, as `String` writes it, in a tenth of the time: of so
 * few digits no two are the same number.
 */
function decimalText(value: number): string {
  const thousandths = Math.round(value * 1000)
  if (!(value > 0 && value < MOST_EXACT) || thousandths / 1000 !== value) return String(value)
  const whole = Math.floor(thousandths / 1000)
  return `${whole}.${THOUSANDTHS[thousandths - whole * 1000] ?? ''}`
}

function readList(
  reading: Reading,
  list: readonly JsonValue[],
  key: string,
  record: number,
  depth: number,
): void {
  if (list.length === 0) addField(reading, key, '', record)
  else if (list.length >= LEAST_SPELLED && list.length <= MOST_SPELLED && isSpelled(list))
    addField(reading, key, list.join(' '), record)
  for (const item of list) readValue(reading, item, key, record, depth + 1)
}

/** A list of bytes or characters may spell a text: its items are put together as well. */
function isSpelled(list: readonly JsonValue[]): boolean {
  for (const item of list)
    if (typeof item === 'string' ? item.length > 2 : !(typeof item === 'number' && item < 256))
      return false
  return true
}

function readObject(reading: Reading, object: JsonObject, key: string, depth: number): void {
  const record = ++reading.records
  const names = Object.keys(object)
  if (names.length === 0) addField(reading, key, '', record)
  else if (isTextBlock(object, names)) reading.inner(reading, String(object['text']), '', record)
  else readFields(reading, object, names, record, depth)
}

function readFields(
  reading: Reading,
  object: JsonObject,
  names: readonly string[],
  record: number,
  depth: number,
): void {
  const values = Object.values(object)
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    if (!isFieldName(name)) addLeaf(reading, '', name, record)
    readValue(reading, values[index] ?? null, name, record, depth + 1)
  }
}

/** A text among the blocks of an MCP result. */
function isTextBlock(object: JsonObject, names: readonly string[]): boolean {
  return names.length === 2 && object['type'] === 'text' && typeof object['text'] === 'string'
}

/** What lies too deep: every value under its nearest key, without a call for every level. */
function readFlat(
  reading: Reading,
  top: readonly JsonValue[] | JsonObject,
  key: string,
  record: number,
): void {
  const values: JsonValue[] = [top]
  const keys: string[] = [key]
  while (values.length > 0) {
    const value = values.pop() ?? null
    const name = keys.pop() ?? ''
    if (typeof value === 'string') addLeaf(reading, name, value, record)
    else if (value === null || typeof value !== 'object') readScalar(reading, value, name, record)
    else if (isList(value)) pushItems(values, keys, value, name)
    else pushFields(reading, values, keys, value, record)
  }
}

function pushItems(
  values: JsonValue[],
  keys: string[],
  list: readonly JsonValue[],
  name: string,
): void {
  for (let index = list.length - 1; index >= 0; index--) {
    values.push(list[index] ?? null)
    keys.push(name)
  }
}

function pushFields(
  reading: Reading,
  values: JsonValue[],
  keys: string[],
  object: JsonObject,
  record: number,
): void {
  for (const name of Object.keys(object).reverse()) {
    if (!isFieldName(name)) addLeaf(reading, '', name, record)
    values.push(object[name] ?? null)
    keys.push(name)
  }
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value)
}
