import type { Decoded, Means } from './encodings.ts'
import { replaceMatches } from './patches.ts'

/** Spoken words for characters: digits, the letters of the ICAO alphabet, and marks. */
const SPOKEN = new Map<string, string>()
'zero one two three four five six seven eight nine'.split(' ').forEach((word, digit) => {
  SPOKEN.set(word, String(digit))
})
for (const word of 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu'.split(
  ' ',
))
  SPOKEN.set(word, word.charAt(0))
for (const [word, unit] of [
  ['alfa', 'a'],
  ['juliet', 'j'],
  ['whisky', 'w'],
  ['niner', '9'],
  ['dash', '-'],
  ['hyphen', '-'],
  ['minus', '-'],
  ['point', '.'],
  ['space', ' '],
  ['slash', '/'],
  ['underscore', '_'],
] as const)
  SPOKEN.set(word, unit)
const MARKS = 'dot at oh'

/** For each pair of first letters, the lengths of the words above that begin with it, as bits. */
const STARTS = new Uint16Array(26 * 26)
for (const word of SPOKEN.keys()) {
  const start = startOf(word.charCodeAt(0), word.charCodeAt(1))
  STARTS[start] = (STARTS[start] ?? 0) | (1 << word.length)
}

function startOf(first: number, second: number): number {
  return ((first | 32) - 97) * 26 + (second | 32) - 97
}

/** The word between two offsets begins like a spoken character, and is as long. */
export function mayBeSpoken(text: string, start: number, end: number): boolean {
  if (end - start > 15 || end - start < 3) return false
  const first = startOf(text.charCodeAt(start), text.charCodeAt(start + 1))
  // A negative index would leave the fast path of typed arrays.
  const lengths = first < 0 ? 0 : (STARTS[first] ?? 0)
  return (lengths & (1 << (end - start))) !== 0
}

const WORD = `(?:${[...SPOKEN.keys(), 'x-ray'].join('|')})`
const LINK = `[\\s,.;:/_-]{1,4}(?:(?:${MARKS.replaceAll(' ', '|')}|and)[\\s,.;:/_-]{1,4})?`
const SPELLED = new RegExp(`\\b${WORD}(?:${LINK}${WORD}){2,4000}\\b`, 'gi')

/** `seven three one`, `delta echo four`. @see https://www.icao.int/safety/icao-doc-9432 */
export function fromSpelled(text: string, { budget }: Means): Decoded | undefined {
  const decoded = replaceMatches(text, SPELLED, budget, ([run]) => {
    const words =
      run
        .toLowerCase()
        .replaceAll('x-ray', 'xray')
        .match(/[a-z]+/g) ?? []
    return words.map((word) => SPOKEN.get(word) ?? '').join('')
  })
  return decoded === undefined ? undefined : { text: decoded, by: ['spelled'] }
}

/** Letters A to Z, then digits 0 to 9. @see https://www.itu.int/rec/R-REC-M.1677/en */
const CODES =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.'
const MORSE = new Map(
  CODES.split(' ').map((code, place) => [
    code,
    'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(place),
  ]),
)
for (const [code, unit] of [
  ['.-.-.-', '.'],
  ['--..--', ','],
  ['-....-', '-'],
  ['.--.-.', '@'],
  ['-..-.', '/'],
  ['..--.-', '_'],
] as const)
  MORSE.set(code, unit)
const MORSE_RUN =
  /(?<![^\s"'/|])[.\-·•−–_]{1,6}(?:[ /|\t]{1,7}[.\-·•−–_]{1,6}){3,8192}(?![^\s"'/|])/g

/** Morse code with dots and dashes, spaces between letters and slashes between words. */
export function fromMorse(text: string, { budget }: Means): Decoded | undefined {
  const decoded = replaceMatches(text, MORSE_RUN, budget, ([run]) =>
    run
      .replace(/[·•]/g, '.')
      .replace(/[−–_]/g, '-')
      .split(/[ \t]*[/|][ \t]*| {3,}/)
      .map((word) =>
        word
          .split(/[ \t]+/)
          .map((code) => MORSE.get(code) ?? '')
          .join(''),
      )
      .join(' '),
  )
  return decoded === undefined ? undefined : { text: decoded, by: ['morse'] }
}
