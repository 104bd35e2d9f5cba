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
  const code = String.prototype.charCodeAt.call(text, at - 1)
  return code > 127 || WORDLIKE[code] === 0 || isEscapeEnd(text, at, code)
}

function isEscapeEnd(text: string, at: number, code: number): boolean {
  if (unitAt(text, at - 2) === BACKSLASH) return ESCAPES.has(code)
  if (unitAt(text, at - 3) === PERCENT) return ALPHABETS.anyhex[code] === 1
  return unitAt(text, at - 6) === BACKSLASH && unitAt(text, at - 5) === SMALL_U
}

/** 0 before the text. */
function unitAt(text: string, at: number): number {
  return at < 0 ? 0 : String.prototype.charCodeAt.call(text, at)
}

/** Whether a token may end before `at`. */
export function endsToken(text: string, at: number): boolean {
  return !isMember(ALPHABETS.word, text, at)
}
