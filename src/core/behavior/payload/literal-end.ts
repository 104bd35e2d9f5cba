import type { Reading } from './reading.ts'

const DOUBLE_QUOTE = 34
const SINGLE_QUOTE = 39
const BACKSLASH = 92

/**
 * Whether a `{` or `[` opens a literal rather than a remark: what follows must be a quote, another
 * bracket, a number, or a name that opens a call or names a field.
 */
export function looksLiteral(text: string, start: number): boolean {
  const opener = text.charCodeAt(start)
  if (opener !== 123 && opener !== 91 && opener !== 40) return false
  LITERAL.lastIndex = start + 1
  return LITERAL.test(text)
}
const LITERAL =
  /\s{0,64}(?:[bru]{0,2}["']|[{}[\]]|\(\s{0,8}["']|-?\d{1,40}(?:\.\d{1,40})?\s{0,8}[,\]}]|(?:true|false|null|True|False|None)\s{0,8}[,\]}]|[A-Za-z_][\w.]{0,80}(?:\(|\s{0,8}[:=]\s{0,8}["'{[\d(]))/y

/**
 * Offset behind the bracket that closes the one at `start`; -1 where there is none. Quotes are heeded.
 * Pays with retries where it finds none, so that many openings cost no more than a few.
 */
export function literalEnd(reading: Reading, text: string, start: number): number {
  if (reading.retries <= 0) return -1
  let depth = 0
  for (let index = start; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === DOUBLE_QUOTE || (unit === SINGLE_QUOTE && !isApostrophe(text, index))) {
      index = stringEnd(text, index)
      continue
    }
    if (isOpening(unit)) depth++
    else if (isClosing(unit) && --depth === 0) return index + 1
  }
  reading.retries -= text.length - start
  return -1
}

/** Offset of the quote that closes the one at `start`; the end of the text where there is none. */
export function stringEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start)
  for (let index = start + 1; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === BACKSLASH) index++
    else if (unit === quote) return index
  }
  return text.length
}

/** A quote behind a letter or digit opens nothing, unless it marks bytes or a raw string. */
function isApostrophe(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1) | 32
  const isLetter = before >= 97 && before <= 122
  if (!isLetter) return false
  const earlier = text.charCodeAt(index - 2) | 32
  return (earlier >= 97 && earlier <= 122) || !'brufBRUF'.includes(text[index - 1] ?? '')
}

function isOpening(unit: number): boolean {
  return unit === 123 || unit === 91 || unit === 40
}

function isClosing(unit: number): boolean {
  return unit === 125 || unit === 93 || unit === 41
}
