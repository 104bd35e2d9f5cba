/** Sets of ASCII units: index by code, 1 is a member. Units above 127 belong to none. */
export type Alphabet = Uint8Array

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()
const DIGITS = '0123456789'

/** The names that templates of secret formats use. */
export const ALPHABETS = {
  digits: of(DIGITS),
  hex: of(`${DIGITS}abcdef`),
  anyhex: of(`${DIGITS}abcdefABCDEF`),
  lower: of(DIGITS + LOWER),
  upper: of(DIGITS + UPPER),
  base32: of(`${UPPER}234567`),
  letters: of(UPPER + LOWER),
  alnum: of(DIGITS + UPPER + LOWER),
  word: of(`${DIGITS + UPPER + LOWER}_`),
  dashed: of(`${DIGITS + UPPER + LOWER}-`),
  base64url: of(`${DIGITS + UPPER + LOWER}_-`),
  base64: of(`${DIGITS + UPPER + LOWER}+/`),
  padded: of(`${DIGITS + UPPER + LOWER}+/=`),
  /** The vendors' own test values mix in `=`. */
  loose: of(`${DIGITS + UPPER + LOWER}_-=`),
  dotted: of(`${DIGITS + UPPER + LOWER}_-.`),
  tilde: of(`${DIGITS + UPPER + LOWER}_-.~`),
} as const

export type AlphabetName = keyof typeof ALPHABETS

export function of(units: string): Alphabet {
  const members = new Uint8Array(128)
  for (let at = 0; at < units.length; at++) members[units.charCodeAt(at)] = 1
  return members
}

// Called so, `charCodeAt` is not looked up by how the text is stored, which is slow for mixed texts.

/** How many units from `start` on belong to the set; counts no further than `most`. */
export function runOf(alphabet: Alphabet, text: string, start: number, most: number): number {
  const stop = Math.min(text.length, start + most)
  let at = start
  while (at < stop) {
    const code = String.prototype.charCodeAt.call(text, at)
    if (code > 127 || alphabet[code] !== 1) break
    at++
  }
  return at - start
}

/** The same, leftwards from the unit in front of `end`. */
export function runBefore(alphabet: Alphabet, text: string, end: number, most: number): number {
  const stop = Math.max(0, end - most)
  let at = end
  while (at > stop) {
    const code = String.prototype.charCodeAt.call(text, at - 1)
    if (code > 127 || alphabet[code] !== 1) break
    at--
  }
  return end - at
}

/** False past either end of the text. */
export function isMember(alphabet: Alphabet, text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false
  const code = String.prototype.charCodeAt.call(text, at)
  return code < 128 && alphabet[code] === 1
}
