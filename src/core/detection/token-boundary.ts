import { ALPHABETS, isMember } from './alphabet.ts'

const WORDLIKE = ALPHABETS.base64url
const BACKSLASH = 92
const PERCENT = 37
const SMALL_U = 117
/** `\b \f \n \r \t` */
const ESCAPES = new Set([98, 102, 110, 114, 116])

/**
 * Whether a token may begin at `at`: behind the start of the text, a unit that is no part of words,
 * or an escape that ends in a letter or a digit (`\n`, `\u003d`, `%3D`).
 */
export function beginsToken(text: string, at: number): boolean {
  if (at === 0) return true
  const code = text.charCodeAt(at - 1)
  return code > 127 || WORDLIKE[code] === 0 || isEscapeEnd(text, at, code)
}

function isEscapeEnd(text: string, at: number, code: number): boolean {
  if (text.charCodeAt(at - 2) === BACKSLASH) return ESCAPES.has(code)
  if (text.charCodeAt(at - 3) === PERCENT) return ALPHABETS.anyhex[code] === 1
  return text.charCodeAt(at - 6) === BACKSLASH && text.charCodeAt(at - 5) === SMALL_U
}

/** Whether a token may end before `at`. */
export function endsToken(text: string, at: number): boolean {
  return !isMember(ALPHABETS.word, text, at)
}
