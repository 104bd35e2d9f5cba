/** What a unit of text is to the automaton of layouts. Each number is a column of its table. */
export const OTHER = 0
export const DIGIT = 1
export const LETTER = 2
/** Part of a word, of no layout: underlines and letters of other alphabets that write words apart. */
export const WORD = 3
export const SPACE = 4
export const DASH = 5
export const DOT = 6
export const SLASH = 7
export const COLON = 8
export const PLUS = 9
export const OPEN = 10
export const CLOSE = 11
export const AT = 12

const UNITS: readonly (readonly [units: string, kind: number])[] = [
  [' \t\u00a0\u202f\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a', SPACE],
  ['-\u2010\u2011\u2012\u2013\u2014', DASH],
  ['.', DOT],
  ['/', SLASH],
  [':', COLON],
  ['+', PLUS],
  ['(', OPEN],
  [')', CLOSE],
  ['_', WORD],
  ['@', AT],
]

/** The kind of every UTF-16 unit: one read for each unit is what the walk costs. */
export const KINDS = kindsOfUnits()

/** The kind of the unit at an offset; in front of a text and behind it, `OTHER`. */
export function kindAt(text: string, index: number): number {
  return index >= 0 && index < text.length ? (KINDS[text.charCodeAt(index)] ?? OTHER) : OTHER
}

/** True for what a word is made of. */
export function isWord(kind: number): boolean {
  return kind !== OTHER && kind <= WORD
}

function kindsOfUnits(): Uint8Array {
  const kinds = new Uint8Array(0x10000)
  kinds.fill(DIGIT, 48, 58)
  kinds.fill(LETTER, 65, 91)
  kinds.fill(LETTER, 97, 123)
  // Latin letters with accents.
  kinds.fill(LETTER, 0xc0, 0x250)
  kinds[0xd7] = kinds[0xf7] = OTHER
  // Greek, Cyrillic, Armenian, Hebrew, Arabic. Scripts further on write no blanks between words, or
  // put endings right behind a number, so they border a number as a blank does.
  kinds.fill(WORD, 0x370, 0x700)
  for (const [units, kind] of UNITS)
    for (let index = 0; index < units.length; index++) kinds[units.charCodeAt(index)] = kind
  return kinds
}

/** Letters and digits of a stretch, in capitals, without what separates them. */
export function compactOf(text: string, start: number, end: number): string {
  let compact = ''
  let from = start
  for (let at = start; at < end; at++) {
    const kind = kindAt(text, at)
    if (kind === DIGIT || kind === LETTER) continue
    compact += text.slice(from, at)
    from = at + 1
  }
  return (compact + text.slice(from, end)).toUpperCase()
}
