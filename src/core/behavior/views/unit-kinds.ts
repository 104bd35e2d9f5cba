/** Alphabets a unit belongs to, as flags. */
export const BASE64 = 1
export const HEX = 2
export const BASE32 = 4
export const BASE58 = 8
export const LETTER = 16
export const DIGIT = 32
/** Printable, and neither a space nor a backslash or a quote. */
export const GRAPHIC = 64
export const SMALL = 128
export const CAPITAL = 256
export const PLUS_SIGN = 512

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const SMALL_LETTERS = LETTERS.toLowerCase()

const KINDS = new Uint16Array(128)
for (const [units, kind] of [
  [`${DIGITS}${LETTERS}${SMALL_LETTERS}+/-_`, BASE64],
  [`${DIGITS}abcdefABCDEF`, HEX],
  [`${DIGITS}${LETTERS}${SMALL_LETTERS}`, BASE32],
  ['123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', BASE58],
  [`${LETTERS}${SMALL_LETTERS}`, LETTER],
  [DIGITS, DIGIT],
  [SMALL_LETTERS, SMALL],
  [LETTERS, CAPITAL],
  ['+', PLUS_SIGN],
] as const)
  for (const unit of units) KINDS[unit.charCodeAt(0)] = (KINDS[unit.charCodeAt(0)] ?? 0) | kind
for (let unit = 33; unit < 127; unit++) KINDS[unit] = (KINDS[unit] ?? 0) | GRAPHIC

/** The alphabets that a UTF-16 unit belongs to. */
export function kindsOf(unit: number): number {
  // Beyond the end of the table a read would be slow.
  return unit < 128 ? (KINDS[unit] ?? 0) : 0
}
