import type { JsonValue } from '../../model/json.ts'
import { readLines } from './read-lines.ts'
import { looksLiteral, readLiteral } from './read-literal.ts'
import { looksLikeMarkup, readMarkup } from './read-markup.ts'
import { looksLikePairs, readPairs } from './read-pairs.ts'
import { readValue } from './read-value.ts'
import { addField, addLeaf, addRaw, cutBefore, MAX_NESTED, type Reading } from './reading.ts'
import {
  HAS_BRACKET,
  HAS_COLON,
  HAS_EQUALS,
  HAS_MARKUP,
  HAS_NEWLINE,
  HAS_SPACE,
  HAS_TAB,
  shapeOf,
} from './text-shape.ts'

/** Reads a text in the format it appears to be in. */
export function readText(reading: Reading, text: string, key: string, record: number): void {
  const { length } = text
  if (length > reading.left) {
    readTooLong(reading, text, key, record)
    return
  }
  reading.left -= length
  const first = text.charCodeAt(0)
  // JSON needs no look at its shape.
  const isJson = (first === 123 || first === 91) && length > 2 && reading.nested < MAX_NESTED
  if (isJson && readJson(reading, text, key, record)) return
  const shape = length < 3 ? 0 : shapeOf(text)
  if (shape === 0 && first !== 34) addField(reading, key, text, record)
  else if ((shape & ~HAS_SPACE) === 0 && first !== 34) addLeaf(reading, key, text, record)
  else if (reading.nested >= MAX_NESTED) addRaw(reading, key, text, record)
  else if (!readShaped(reading, text, key, record, shape)) addLeaf(reading, key, text, record)
}

/** What is left may be parsed; the rest is prose. */
function readTooLong(reading: Reading, text: string, key: string, record: number): void {
  const cut = reading.left <= 0 ? 0 : cutBefore(text, reading.left)
  reading.left = Math.max(reading.left, cut)
  if (cut > 0) readText(reading, text.slice(0, cut), key, record)
  reading.left = 0
  addRaw(reading, key, text.slice(cut), record)
}

/** False: the text is in no format, and to be taken as it is. */
function readShaped(
  reading: Reading,
  text: string,
  key: string,
  record: number,
  shape: number,
): boolean {
  const first = firstUnit(text)
  const isTried = first === text.charCodeAt(0)
  if (!isTried && (first === 123 || first === 91) && readJson(reading, text, key, record))
    return true
  if (first === 34 && readJsonString(reading, text, key, record)) return true
  if (first === 60 && (shape & HAS_MARKUP) !== 0 && looksLikeMarkup(text))
    readMarkup(reading, text, key, record)
  else if ((shape & HAS_EQUALS) !== 0 && looksLikePairs(text)) readPairs(reading, text, record)
  else if ((shape & (HAS_NEWLINE | HAS_TAB)) !== 0 || isWorthLines(shape, key))
    readLines(reading, text, key, record)
  else return false
  return true
}

/** A text of one line that may hold a field or a literal. */
function isWorthLines(shape: number, key: string): boolean {
  return (shape & HAS_BRACKET) !== 0 || (key === '' && (shape & (HAS_COLON | HAS_EQUALS)) !== 0)
}

/** `{` or `[` first: JSON as it is, or the likes of it. False: it was neither. */
function readJson(reading: Reading, text: string, key: string, record: number): boolean {
  const value = parsed(text)
  if (value === undefined) return readWhole(reading, text, key, record)
  const { leaves } = reading
  const { length } = leaves
  const { records, inexact } = reading
  reading.inexact = false
  reading.nested++
  readValue(reading, value, key, record, 0)
  reading.nested--
  const isLossy = reading.inexact && leaves.length < reading.maxLeaves
  reading.inexact = inexact
  if (isLossy) {
    // Numbers beyond 2^53 have lost digits, and an account number is worth nothing without its last one.
    leaves.length = length
    reading.records = records
    readLiteral(reading, text, 0, text.length, key, record)
  }
  return true
}

/** A literal that is all of the text, even if its end is missing. */
function readWhole(reading: Reading, text: string, key: string, record: number): boolean {
  const start = text.length - text.trimStart().length
  if (!looksLiteral(text, start)) return false
  const end = readLiteral(reading, text, start, text.length, key, record)
  if (end < text.length && text.slice(end).trim() !== '') {
    reading.nested++
    readLines(reading, text.slice(end), key, record)
    reading.nested--
  }
  return true
}

/** JSON that was written as a JSON string once more. */
function readJsonString(reading: Reading, text: string, key: string, record: number): boolean {
  const value = text.trimEnd().endsWith('"') ? parsed(text) : undefined
  if (typeof value !== 'string') return false
  reading.nested++
  readText(reading, value, key, record)
  reading.nested--
  return true
}

function parsed(text: string): JsonValue | undefined {
  const last = lastUnit(text)
  if (last !== 125 && last !== 93 && last !== 34) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function firstUnit(text: string): number {
  let index = 0
  while (index < text.length && text.charCodeAt(index) <= 32) index++
  return text.charCodeAt(index)
}

function lastUnit(text: string): number {
  let index = text.length - 1
  while (index > 0 && text.charCodeAt(index) <= 32) index--
  return text.charCodeAt(index)
}
