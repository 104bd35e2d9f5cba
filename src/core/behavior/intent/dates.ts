import type { KeyedHash } from './keyed-hash.ts'
import { type EmitValue, STRENGTH } from './values.ts'

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const MONTH =
  /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember|t)?\b/gi
/** @see https://www.rfc-editor.org/rfc/rfc3339 */
const ISO = /\b\d{4}-(\d{2})-(\d{2})/g
const DAY = /\b(\d{1,2})(?:st|nd|rd|th)?\b(?!:)/g
/** Furthest that a day stands before and behind its month, in UTF-16 units. */
const BEFORE = 26
const BEHIND = 12
/** Most dates of one stretch of text, and its greatest length. */
const MAX_DATES = 16
const MAX_LENGTH = 2_048

/** Visits days of the year, however written, as month and day. */
export function visitDates(
  text: string,
  start: number,
  end: number,
  hash: KeyedHash,
  emit: EmitValue,
): void {
  const to = Math.min(end, start + MAX_LENGTH)
  const signs = signsOf(text, start, to)
  // Most texts have none.
  if (signs === 0) return
  const part = text.slice(start, to)
  let count = 0
  const put = (month: number, day: number): void => {
    count += 1
    if (count > MAX_DATES || day < 1 || day > 31) return
    const value = `@${month}-${day}`
    emit(hash(value, 0, value.length), STRENGTH.medium)
  }
  if ((signs & SIGN.joined) !== 0)
    for (const match of part.matchAll(ISO)) {
      if (count > MAX_DATES) return
      put(Number(match[1]), Number(match[2]))
    }
  if ((signs & SIGN.month) === 0) return
  for (const match of part.matchAll(MONTH)) {
    if (count > MAX_DATES) return
    const month = MONTHS.indexOf((match[1] ?? '').toLowerCase()) + 1
    const at = match.index
    const near = part.slice(Math.max(0, at - BEFORE), at + match[0].length + BEHIND)
    for (const day of near.matchAll(DAY)) put(month, Number(day[1]))
  }
}

const SIGN = { joined: 1, month: 2 } as const

/** What of a date a stretch of text has: digits on both sides of a hyphen, the name of a month. */
function signsOf(text: string, start: number, end: number): number {
  let signs = 0
  let hasDigit = false
  let before = 0
  for (let at = start; at < end; at += 1) {
    const unit = String.prototype.charCodeAt.call(text, at)
    const kind = unit < 128 ? (KINDS[unit] ?? 0) : 0
    if (kind === DIGIT) hasDigit = true
    else if (kind === LETTER && before === 0 && at + 2 < end && isMonth(text, at))
      signs |= SIGN.month
    else if (
      unit === HYPHEN &&
      before === DIGIT &&
      at + 1 < end &&
      KINDS[String.prototype.charCodeAt.call(text, at + 1)] === DIGIT
    )
      signs |= SIGN.joined
    before = kind
  }
  return hasDigit ? signs : 0
}

const HYPHEN = 45
const DIGIT = 1
const LETTER = 2
/** Units of words, as regular expressions have them. */
const KINDS = new Uint8Array(128)
for (let unit = 0; unit < 128; unit += 1) {
  const letter = unit | 32
  if (unit >= 48 && unit <= 57) KINDS[unit] = DIGIT
  else if (unit === 95) KINDS[unit] = 4
  else if (letter >= 97 && letter <= 122 && unit >= 65) KINDS[unit] = LETTER
}

/** Three letters, five bits each. */
const MONTH_STARTS = new Uint8Array(1 << 15)
for (const name of MONTHS) MONTH_STARTS[startOf(name, 0)] = 1

function startOf(text: string, at: number): number {
  const first = String.prototype.charCodeAt.call(text, at) & 31
  return (
    (first << 10) |
    ((String.prototype.charCodeAt.call(text, at + 1) & 31) << 5) |
    (String.prototype.charCodeAt.call(text, at + 2) & 31)
  )
}

/** True for what is or only looks like one: a search tells. */
function isMonth(text: string, at: number): boolean {
  return MONTH_STARTS[startOf(text, at)] === 1
}
