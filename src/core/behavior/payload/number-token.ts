export type NumberKind = 'number' | 'card' | 'phone'

type NumberVisitor = (start: number, end: number, kind: NumberKind) => void

const LEAST_NUMBER = 4
const LEAST_PHONE = 7
const MOST_PHONE = 15
/** @see https://www.iso.org/standard/70484.html: 8 to 19 digits; cards in use have 13 or more. */
const LEAST_CARD = 13
const MOST_CARD = 19

/**
 * Visits the number that begins at `start`: digits, perhaps in groups with one separator between them.
 * Returns the offset behind it; -1: what stands there is no number of its own.
 */
export function groupedNumber(text: string, start: number, visit: NumberVisitor): number {
  const date = dateEnd(text, start)
  if (date > 0) {
    visit(start, date, 'number')
    return date
  }
  const first = text.charCodeAt(start)
  let end = start
  let digits = 0
  let groups = 0
  let marks = 0
  for (let index = first === 43 ? start + 1 : start; index < text.length; ) {
    const behind = digitsEnd(text, index)
    if (behind > index) {
      digits += behind - index
      groups++
      end = behind
    }
    const next = separatorEnd(text, behind)
    if (next === behind) break
    for (let at = behind; at < next; at++) marks |= markOf(text.charCodeAt(at))
    index = next
  }
  if (digits < LEAST_NUMBER || isPartOfWord(text, end)) return -1
  visit(start, end, kindOf(first, digits, groups, marks))
  return end
}

function digitsEnd(text: string, start: number): number {
  let index = start
  while (isDigit(text.charCodeAt(index))) index++
  return index
}

/** Offset behind what may stand between two groups of digits; `start` where no group follows. */
function separatorEnd(text: string, start: number): number {
  for (let index = start; index < start + MOST_SEPARATORS; index++) {
    const unit = text.charCodeAt(index)
    if (isDigit(unit)) return index
    if (!isSeparator(unit)) return start
    if (index > start && !isBracketOrSpace(unit)) return start
  }
  return start
}
const MOST_SEPARATORS = 4

/** `2024-05-19`, `2024/05/19`: the offset behind it, -1 for others. @see https://www.iso.org/iso-8601-date-and-time-format.html */
function dateEnd(text: string, start: number): number {
  const mark = text.charCodeAt(start + 4)
  if ((mark !== 45 && mark !== 47) || text.charCodeAt(start + 7) !== mark) return -1
  const isDate =
    digitsEnd(text, start) === start + 4 &&
    digitsEnd(text, start + 5) === start + 7 &&
    digitsEnd(text, start + 8) === start + 10
  return isDate ? start + 10 : -1
}

const MARK_DASH = 2
const MARK_POINT = 4

/** Commas and points group or split a number, the others a telephone or card number. */
function markOf(unit: number): number {
  return unit === 44 || unit === 46 ? MARK_POINT : MARK_DASH
}

function kindOf(first: number, digits: number, groups: number, marks: number): NumberKind {
  if (digits >= LEAST_CARD && digits <= MOST_CARD && (marks & MARK_POINT) === 0) return 'card'
  const isPhone = digits >= LEAST_PHONE && digits <= MOST_PHONE
  if (isPhone && (first === 43 || (groups > 1 && (marks & MARK_DASH) !== 0))) return 'phone'
  return 'number'
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

/** Space, dash, point, comma, slash, apostrophe, bracket. */
function isSeparator(unit: number): boolean {
  return (unit >= 44 && unit <= 47) || unit === 39 || isBracketOrSpace(unit)
}

function isBracketOrSpace(unit: number): boolean {
  return unit === 32 || unit === 40 || unit === 41
}

function isPartOfWord(text: string, end: number): boolean {
  const unit = text.charCodeAt(end)
  if (unit === 95 || unit === 64 || unit > 127) return true
  if ((unit | 32) >= 97 && (unit | 32) <= 122) return true
  return unit === 45 && (text.charCodeAt(end + 1) | 32) >= 97
}
