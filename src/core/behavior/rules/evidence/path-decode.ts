/** A path as a lenient program may read it. */
export interface DecodedPath {
  readonly text: string
  /** Bytes or characters that no honest writer of paths uses: overlong UTF-8, NUL, escapes that are none. */
  readonly isForged: boolean
}

/** Each layer of encoding takes one round. */
const MOST_ROUNDS = 5

/**
 * Takes all layers of encoding off a path: percent (also `%u`, of overlong UTF-8, and with digits
 * beyond F as some servers take them), `0x2e`, `0x2f` and `0x5c`, full-width and look-alike dots and separators, and
 * characters that are not seen. Never throws; linear.
 * @see https://www.rfc-editor.org/rfc/rfc3629#section-10 overlong sequences
 * @see https://cwe.mitre.org/data/definitions/23.html
 */
export function decodePath(path: string): DecodedPath {
  let text = path
  if (PLAIN.test(text) && !text.includes('0x')) return { text, isForged: false }
  let isForged = text.includes('\0')
  for (let round = 0; round < MOST_ROUNDS && ESCAPE.test(text); round++) {
    const decoded = decodeRound(text)
    isForged ||= decoded.isForged
    if (decoded.text === text) break
    text = decoded.text
  }
  return { text: text.replace(UNSEEN, '').replace(DOTS, '.').replace(SLASHES, '/'), isForged }
}

const PLAIN = /^[A-Za-z0-9_/.\\ ~:@+,()[\]-]{0,1200}$/
const ESCAPE = /%[0-9a-z%]|0x(?:2[ef]|5c)/i
const UNSEEN = /[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu
const DOTS = /[\u2024\u3002\uff0e\uff61\ufe52]/g
const SLASHES = /[\u2044\u2215\u2216\u29f8\u29f5\u29f9\uff0f\uff3c\ufe68]/g

/** Takes one layer off. Escapes in a row are one sequence of bytes. */
function decodeRound(text: string): DecodedPath {
  let out = ''
  let bytes: number[] = []
  let isForged = false
  const flush = (): void => {
    if (bytes.length === 0) return
    const read = readBytes(bytes)
    out += read.text
    isForged ||= read.isForged
    bytes = []
  }
  let literal = 0
  for (let at = 0; at < text.length; ) {
    const length = escapeLength(text, at)
    if (length === 0) {
      at++
      continue
    }
    if (literal < at) {
      flush()
      out += text.slice(literal, at)
    }
    if (length === UNIT_LENGTH) {
      flush()
      out += String.fromCharCode(Number.parseInt(text.slice(at + 2, at + UNIT_LENGTH), 16) || 0x3f)
    } else {
      const [high, low] = [digitAt(text, at + length - 2), digitAt(text, at + length - 1)]
      isForged ||= high > 15 || low > 15
      bytes.push((high * 16 + low) & 255)
    }
    at += length
    literal = at
  }
  flush()
  return { text: out + text.slice(literal), isForged }
}

const UNIT_LENGTH = 6
const PERCENT = 37
const ZERO = 48

/** 6 for `%u0041`, 3 for `%41`, 4 for `0x41`, and 0 where no escape begins. */
function escapeLength(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code === PERCENT) {
    if ((text.charCodeAt(at + 1) | 32) === 117 && areDigits(text, at + 2, 4, 15)) return UNIT_LENGTH
    return areDigits(text, at + 1, 2, 35) ? 3 : 0
  }
  if (code !== ZERO || (text.charCodeAt(at + 1) | 32) !== 120) return 0
  return STEPS.has(text.slice(at + 2, at + 4).toLowerCase()) ? 4 : 0
}

/** `.`, `/` and `\\`. Any other `0x` is a part of a name, as in that of a hash. */
const STEPS: ReadonlySet<string> = new Set(['2e', '2f', '5c'])

function areDigits(text: string, from: number, count: number, highest: number): boolean {
  for (let at = from; at < from + count; at++) {
    const digit = digitAt(text, at)
    if (digit < 0 || digit > highest) return false
  }
  return true
}

// Servers that do not check digits take `p` for 25, and drop what is above a byte.
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 122 ? letter - 87 : -1
}

/** Reads UTF-8 as lenient decoders do: lengths by the first byte, no check of what follows. */
function readBytes(bytes: readonly number[]): DecodedPath {
  let text = ''
  let isForged = false
  for (let at = 0; at < bytes.length; at += lengthOf(bytes[at] ?? 0)) {
    const code = codeAt(bytes, at)
    isForged ||= isForgedAt(bytes[at] ?? 0, code)
    text += code > 0x10ffff ? '?' : String.fromCodePoint(code)
  }
  return { text, isForged }
}

function codeAt(bytes: readonly number[], at: number): number {
  const first = bytes[at] ?? 0
  const length = lengthOf(first)
  let code = length === 1 ? first : first & (0xff >> (length + 1))
  for (let more = 1; more < length; more++) code = (code << 6) | ((bytes[at + more] ?? 0) & 63)
  return code
}

// NUL, what no byte of UTF-8 may be, and more bytes than the character takes.
function isForgedAt(first: number, code: number): boolean {
  if (first === 0 || first >= 0xf8 || (first >= 0x80 && first < 0xc0)) return true
  return code < (SHORTEST_CODE[lengthOf(first)] ?? 0)
}

function lengthOf(first: number): 1 | 2 | 3 | 4 {
  if (first < 0xc0 || first >= 0xf8) return 1
  if (first < 0xe0) return 2
  return first < 0xf0 ? 3 : 4
}

/** The least code point that a sequence of so many bytes may stand for. */
const SHORTEST_CODE: Readonly<Record<number, number>> = { 1: 0, 2: 0x80, 3: 0x800, 4: 0x10000 }
