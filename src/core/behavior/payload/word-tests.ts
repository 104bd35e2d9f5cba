import { unitShape, W_CAPITAL, W_DIGIT, W_HEX, W_SMALL, W_WIDE } from './word-shape.ts'

const LETTERS = W_SMALL | W_CAPITAL | W_WIDE
/** @see https://www.iso13616.org/ */
export const MAX_IBAN = 34

const LEAST_IBAN = 15

export function isEmail(text: string, start: number, end: number): boolean {
  let at = -1
  let dot = -1
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 64) {
      if (at >= 0) return false
      at = index
    } else if (unit === 46) dot = index
  }
  return at > start && dot > at + 1 && dot < end - 1
}

/** Labels of two units or more behind each dot, letters at the end: a host or the name of a file. */
export function isDotted(text: string, start: number, end: number): boolean {
  let label = start
  for (let index = start; index < end; index++) {
    if (text.charCodeAt(index) !== 46) continue
    if (index === label) return false
    label = index + 1
  }
  if (label === start || end - label < 2) return false
  for (let index = label; index < end; index++)
    if ((unitShape(text.charCodeAt(index)) & (LETTERS | W_DIGIT)) === 0) return false
  return (unitShape(text.charCodeAt(label)) & LETTERS) !== 0
}

export function isHex(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++)
    if ((unitShape(text.charCodeAt(index)) & W_HEX) === 0) return false
  return true
}

/** @see https://www.rfc-editor.org/rfc/rfc9562#section-4 */
export function isUuid(text: string, start: number): boolean {
  for (let place = 0; place < 36; place++) {
    const isDash = place === 8 || place === 13 || place === 18 || place === 23
    const unit = text.charCodeAt(start + place)
    if (isDash ? unit !== 45 : (unitShape(unit) & W_HEX) === 0) return false
  }
  return true
}

/** Two capitals, two digits, then capitals and digits. @see https://www.iso13616.org/ */
export function isIban(text: string, start: number, end: number, least = LEAST_IBAN): boolean {
  if (end - start < least || end - start > MAX_IBAN) return false
  for (let place = 0; place < end - start; place++) {
    const shape = unitShape(text.charCodeAt(start + place))
    const wanted = place < 2 ? W_CAPITAL : place < 4 ? W_DIGIT : W_CAPITAL | W_DIGIT
    if ((shape & wanted) === 0) return false
  }
  return true
}

/** Offset behind the capitals and digits that begin at `start`. */
export function groupEnd(text: string, start: number): number {
  let index = start
  while ((unitShape(text.charCodeAt(index)) & (W_CAPITAL | W_DIGIT)) !== 0) index++
  return index
}
