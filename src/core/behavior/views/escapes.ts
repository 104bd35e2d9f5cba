import type { Decoded, Encoding, Means } from './encodings.ts'
import { nameOfEntity } from './entities.ts'
import { replaceMatches } from './patches.ts'

const UTF8 = new TextDecoder('utf-8')
const LATIN1 = new TextDecoder('latin1')

function named(text: string | undefined, by: Encoding): Decoded | undefined {
  return text === undefined ? undefined : { text, by: [by] }
}

const PERCENT = /%u([\da-f]{4})|(?:%[\da-f]{2}){1,8192}/gi

/** `%41`, `%u0041`. @see https://www.rfc-editor.org/rfc/rfc3986#section-2.1 */
export function fromPercent(text: string, { budget }: Means): Decoded | undefined {
  const decode = ([run, unit]: RegExpExecArray) =>
    unit === undefined ? bytesBehind(run) : unitOf(unit)
  return named(replaceMatches(text, PERCENT, budget, decode), 'percent')
}

/** Also where a line ends in the middle of a character. */
const QUOTED = /(?:=[\da-f]{2}(?:=[ \t]{0,8}\r?\n)?){1,8192}|=[ \t]{0,8}\r?\n/gi
const SOFT_BREAK = /=[ \t]{0,8}\r?\n/g

/** `=41`, `=` at the end of a line. @see https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
export function fromQuotedPrintable(text: string, { budget }: Means): Decoded | undefined {
  const decode = ([run]: RegExpExecArray) => bytesBehind(run.replace(SOFT_BREAK, ''))
  return named(replaceMatches(text, QUOTED, budget, decode), 'quoted_printable')
}

/** The bytes of a run of marks and two digits each. */
function bytesBehind(run: string): string {
  const bytes = new Uint8Array(run.length / 3)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(run.slice(3 * index + 1, 3 * index + 3), 16)
  const text = UTF8.decode(bytes)
  return text.includes('\ufffd') ? LATIN1.decode(bytes) : text
}

const ENTITY = /&(?:#0{0,8}(\d{1,7});?|#x0{0,8}([\da-f]{1,6});?|([a-z]{2,16});)/gi

/** `&#65;`, `&#x41;`, `&amp;`. @see https://html.spec.whatwg.org/multipage/named-characters.html */
export function fromEntities(text: string, { budget }: Means): Decoded | undefined {
  const decode = ([, decimal, digits = '', name]: RegExpExecArray) => {
    if (name !== undefined) return nameOfEntity(name)
    return pointOf(decimal === undefined ? Number.parseInt(digits, 16) : Number(decimal))
  }
  return named(replaceMatches(text, ENTITY, budget, decode), 'entities')
}

const ESCAPE =
  /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|U([\da-f]{8})|x\{?([\da-f]{2})\}?|([0-3]?[0-7]{2})|N\{U\+([\da-f]{4,6})\}|([nrtbfv0"'\\/ ]))|\bU\+([\da-f]{4,6})\b ?/gi
const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '', f: '', v: '' }

/** `\u0041`, `\u{41}`, `\x41`, `\101`, `\n` and `U+0041`. @see https://tc39.es/ecma262/#sec-literals-string-literals */
export function fromEscapes(text: string, { budget }: Means): Decoded | undefined {
  let bytes = false
  const decode = (match: RegExpExecArray) => {
    const [, braced, four, eight, two, octal, point, letter, named = ''] = match
    if (letter !== undefined) return LETTERS[letter] ?? letter
    if (octal !== undefined || two !== undefined) bytes = true
    if (octal !== undefined) return pointOf(Number.parseInt(octal, 8))
    return pointOf(Number.parseInt(braced ?? four ?? eight ?? two ?? point ?? named, 16))
  }
  const decoded = replaceMatches(text, ESCAPE, budget, decode)
  return named(bytes && decoded !== undefined ? fromLatinBytes(decoded) : decoded, 'escapes')
}

/** Bytes of UTF-8 that were escaped one by one. */
function fromLatinBytes(text: string): string {
  return text.replace(/[\xc2-\xf4][\x80-\xbf]{1,3}/g, (run) => {
    const decoded = UTF8.decode(Uint8Array.from(run, (unit) => unit.charCodeAt(0)))
    return decoded.includes('\ufffd') ? run : decoded
  })
}

function unitOf(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16))
}

function pointOf(point: number): string | undefined {
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined
}
