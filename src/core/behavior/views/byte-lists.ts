import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Inflate } from './encodings.ts'

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
const BINARY = /(?<![01])[01]{7,8}(?:[\s,;:._|/-]{0,3}[01]{7,8}){3,4000}(?![01])/g

/** Bytes written as numbers one by one: `115, 107, 45` or, where that says nothing, octal `163 153 055`. */
export function fromDecimals(text: string, inflate: Inflate | undefined): Decoded | undefined {
  return replaced(text, DECIMAL, 'byte_list', inflate, (list) => {
    const numbers = list.match(/\d{1,3}/g) ?? []
    const isOctal = numbers.every((number) => OCTAL.test(number))
    const octal = isOctal ? [numbers.map((number) => Number.parseInt(number, 8))] : []
    return [...octal, numbers.map(Number)]
  })
}
const OCTAL = /^[0-3][0-7]{2}$/

/** Bytes written as two hexadecimal digits each: `73 6b 2d`, `0x73,0x6b`, `73:6b`. */
export function fromHexBytes(text: string, inflate: Inflate | undefined): Decoded | undefined {
  if (!MARKED.test(text)) return undefined
  return replaced(text, HEXADECIMAL, 'hex', inflate, (list) => [
    (list.replace(/0x|\\x|chr|char/gi, ' ').match(/[\da-f]{2}/gi) ?? []).map((digits) =>
      Number.parseInt(digits, 16),
    ),
  ])
}

/** Bytes of seven or eight binary digits each. */
export function fromBinary(text: string, inflate: Inflate | undefined): Decoded | undefined {
  return replaced(text, BINARY, 'binary', inflate, (list) => {
    const groups = list.match(/[01]+/g) ?? []
    const bytes = groups.length > 1 ? groups : (list.match(/[01]{8}/g) ?? [])
    return [bytes.map((digits) => Number.parseInt(digits, 2))]
  })
}

function replaced(
  text: string,
  pattern: RegExp,
  by: Encoding,
  inflate: Inflate | undefined,
  readingsOf: (list: string) => readonly (readonly number[])[],
): Decoded | undefined {
  const names = new Set<Encoding>()
  const result = text.replace(pattern, (list) => {
    for (const bytes of readingsOf(list)) {
      const found =
        textOf(bytes, by, inflate) ??
        textOf(bytes.slice(1), by, inflate) ??
        textOf(bytes.slice(0, -1), by, inflate)
      if (found === undefined) continue
      for (const name of found.by) names.add(name)
      return found.text
    }
    return list
  })
  return result === text ? undefined : { text: result, by: [...names] }
}

/** Undefined: one of the numbers is no byte, or together they are no text. */
function textOf(
  numbers: readonly number[],
  by: Encoding,
  inflate: Inflate | undefined,
): Decoded | undefined {
  if (numbers.length < LEAST || numbers.some((number) => number > 255)) return undefined
  return textOfBytes(Uint8Array.from(numbers), by, inflate)
}
