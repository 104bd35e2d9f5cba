import type { Lexicon } from './lexicon.ts'

/** What a character may begin. */
export const FAULTY = 0
export const BLANK = 1
export const LETTER = 2
export const DIGIT = 3
export const STRING_QUOTE = 4
export const NAME_QUOTE = 5
export const BRACKET = 6
export const OPENING = 7
export const CLOSING = 8
export const OPERATOR = 9
export const DASH = 10
export const SLASH = 11
export const HASH = 12
export const DOLLAR = 13
export const AT = 14
export const COLON = 15
export const DOT = 16
export const SEMICOLON = 17
export const BACKSLASH = 18
export const CLASS_COUNT = 19

const ASCII_COUNT = 128
const UNICODE_WORD = /[\p{L}\p{N}\p{M}]/u
const NO_WORD = /[\uff00-\uffef]/

/** The class of each ASCII character in a dialect. */
export function classTable(lexicon: Lexicon): Uint8Array {
  const table = new Uint8Array(ASCII_COUNT)
  const put = (characters: string, kind: number): void => {
    for (const character of characters) table[character.charCodeAt(0)] = kind
  }
  put(lexicon.formFeed ? ' \t\n\r\f' : ' \t\n\r', BLANK)
  put('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', LETTER)
  put('0123456789', DIGIT)
  put("'", STRING_QUOTE)
  put('"', lexicon.doubleQuote === 'string' ? STRING_QUOTE : NAME_QUOTE)
  if (lexicon.backquote !== 'fault') put('`', NAME_QUOTE)
  put('(', OPENING)
  put(')', CLOSING)
  if (lexicon.bracket === 'name' || lexicon.bracket === 'plain name') put('[', BRACKET)
  if (lexicon.bracket === 'index') {
    put('[', OPENING)
    put(']', CLOSING)
  }
  if (lexicon.braces) {
    put('{', OPENING)
    put('}', CLOSING)
  }
  put('+*=<>~!%^&|,?', OPERATOR)
  put('-', DASH)
  put('/', SLASH)
  if (lexicon.hash !== 'fault') put('#', lexicon.hash === 'word' ? LETTER : HASH)
  if (lexicon.dollar !== 'fault') put('$', lexicon.dollar === 'word' ? LETTER : DOLLAR)
  if (lexicon.backslashNull) put('\\', BACKSLASH)
  put('@', AT)
  put(':', COLON)
  put('.', DOT)
  put(';', SEMICOLON)
  return table
}

/** True for what may stand within an unquoted name. `$` may in every dialect but BigQuery. */
export function isWordPart(code: number, lexicon: Lexicon): boolean {
  if (code < ASCII_COUNT) {
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return true
    if ((code >= 48 && code <= 57) || code === 95) return true
    if (code === 36) return lexicon.dialect !== 'bigquery'
    return lexicon.hash === 'word' && (code === 35 || code === 64)
  }
  return isForeignLetter(code)
}

/**
 * Letters, digits and marks beyond ASCII. Full-width forms are none: they look like the ASCII they
 * are not. Characters beyond the first plane come as two halves and are none either.
 */
export function isForeignLetter(code: number): boolean {
  const character = String.fromCharCode(code)
  return UNICODE_WORD.test(character) && !NO_WORD.test(character)
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
