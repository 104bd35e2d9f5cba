import type { JsonValue } from '../../model/json.ts'

/**
 * True where a program may take one scalar for the other although JSON tells them apart: a text that
 * reads as a number or boolean, and 0 and 1 for a boolean. False for two of one type, and for null.
 */
export function isCoercible(left: JsonValue, right: JsonValue): boolean {
  if (typeof left === typeof right || !isScalar(left) || !isScalar(right)) return false
  // A number padded to such a length is still one; reading it for every entry would cost too much.
  if (isLongText(left) || isLongText(right)) return true
  const leftText = readingOf(left)
  const rightText = readingOf(right)
  if (typeof left === 'boolean' || typeof right === 'boolean')
    return asBoolean(leftText) === asBoolean(rightText)
  return leftText === rightText
}

const LONGEST_READ = 400

function isLongText(value: JsonValue): boolean {
  return typeof value === 'string' && value.length > LONGEST_READ
}

type Scalar = string | number | boolean

function isScalar(value: JsonValue): value is Scalar {
  return value !== null && typeof value !== 'object'
}

// ` 1.0 ` and `1` are one number, `TRUE` and `true` one boolean.
function readingOf(value: Scalar): string {
  if (typeof value !== 'string') return String(value)
  const text = value.trim()
  const number = text === '' ? Number.NaN : Number(text)
  return Number.isNaN(number) ? text.toLowerCase() : String(number)
}

function asBoolean(text: string): string {
  return text === '1' ? 'true' : text === '0' ? 'false' : text
}
