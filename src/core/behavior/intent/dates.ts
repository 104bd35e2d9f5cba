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
  if (!hasDigit(text, start, to)) return
  const part = text.slice(start, to)
  let count = 0
  const put = (month: number, day: number): void => {
    count += 1
    if (count > MAX_DATES || day < 1 || day > 31) return
    const value = `@${month}-${day}`
    emit(hash(value, 0, value.length), STRENGTH.medium)
  }
  for (const match of part.matchAll(ISO)) {
    if (count > MAX_DATES) return
    put(Number(match[1]), Number(match[2]))
  }
  for (const match of part.matchAll(MONTH)) {
    if (count > MAX_DATES) return
    const month = MONTHS.indexOf((match[1] ?? '').toLowerCase()) + 1
    const at = match.index
    const near = part.slice(Math.max(0, at - BEFORE), at + match[0].length + BEHIND)
    for (const day of near.matchAll(DAY)) put(month, Number(day[1]))
  }
}

function hasDigit(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 48 && unit <= 57) return true
  }
  return false
}
