import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Means } from './encodings.ts'
import { replaceMatches } from './patches.ts'

/** Fewer bytes than this in a row are numbers. */
const LEAST = 4
/** What may stand between two bytes: marks and spaces, and the call that makes a character of them. */
const BETWEEN = '[\\s,;:.+_|/&#()[\\]"\'-]{1,6}(?:(?:chr|char|0x|\\\\x|x|b|u)[(\\s]{0,2})?'

const DECIMAL = new RegExp(`(?<!\\d)\\d{1,3}(?:${BETWEEN}\\d{1,3}(?!\\d)){${LEAST - 1},4000}`, 'gi')
const HEXADECIMAL = new RegExp(
  `(?<![\\da-z])(?:0x|\\\\x|x)?[\\da-f]{2}(?:(?:${BETWEEN}|0x|\\\\x|x)[\\da-f]{2}(?![\\da-wyz])){${LEAST - 1},4000}`,
  'gi',
)
/** Two digits behind a mark, or between two marks or spaces. */
const MARKED = /(?:^|0x|\\x|[^\da-z])[\da-f]{2}(?![\da-z])/i
/** Eight digits a byte, also many bytes without a space, or seven: where it ends is never in doubt. */
const OCTETS = '(?:(?:[01]{8}){1,131072}|[01]{7})(?![01])'
const BINARY = new RegExp(`(?<![01])${OCTETS}(?:[\\s,;:._|/-]{1,3}${OCTETS}){0,4000}`, 'g')

/** Bytes written as numbers one by one: `115, 107, 45` or, where that says nothing, octal `163 153 055`. */
export function fromDecimals(text: string, means: Means): Decoded | undefined {
  return replaced(text, DECIMAL, 'byte_list', means, (list) => {
    const numbers = list.match(/\d{1,3}/g) ?? []
    const isOctal = numbers.every((number) => OCTAL.test(number))
    const octal = isOctal ? [numbers.map((number) => Number.parseInt(number, 8))] : []
    return [...octal, numbers.map(Number)]
  })
}
const OCTAL = /^[0-3][0-7]{2}$/

/** Bytes written as two hexadecimal digits each: `73 6b 2d`, `0x73,0x6b`, `73:6b`. */
export function fromHexBytes(text: string, means: Means): Decoded | undefined {
  if (!MARKED.test(text)) return undefined
  return replaced(text, HEXADECIMAL, 'hex', means, (list) => [
    (list.replace(/0x|\\x|chr|char/gi, ' ').match(/[\da-f]{2}/gi) ?? []).map((digits) =>
      Number.parseInt(digits, 16),
    ),
  ])
}

/** Bytes of seven or eight binary digits each. */
export function fromBinary(text: string, means: Means): Decoded | undefined {
  return replaced(text, BINARY, 'binary', means, (list) => {
    const bytes = list.match(/[01]{7,8}/g) ?? []
    return [bytes.map((digits) => Number.parseInt(digits, 2))]
  })
}

function replaced(
  text: string,
  pattern: RegExp,
  by: Encoding,
  means: Means,
  readingsOf: (list: string) => readonly (readonly number[])[],
): Decoded | undefined {
  const names = new Set<Encoding>()
  const result = replaceMatches(text, pattern, means.budget, ([list]) => {
    for (const bytes of readingsOf(list)) {
      const found =
        textOf(bytes, by, means) ??
        textOf(bytes.slice(1), by, means) ??
        textOf(bytes.slice(0, -1), by, means)
      if (found === undefined) continue
      for (const name of found.by) names.add(name)
      return found.text
    }
    return undefined
  })
  return result === undefined ? undefined : { text: result, by: [...names] }
}

/** Undefined: one of the numbers is no byte, or together they are no text. */
function textOf(numbers: readonly number[], by: Encoding, means: Means): Decoded | undefined {
  if (numbers.length < LEAST || numbers.some((number) => number > 255)) return undefined
  return textOfBytes(Uint8Array.from(numbers), by, means)
}
