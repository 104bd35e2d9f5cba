import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Means } from './encodings.ts'
import { replaceRuns } from './patches.ts'
import { BASE64, kindsOf } from './unit-kinds.ts'

const SEXTETS = new Uint8Array(128).fill(255)
for (const alphabet of [
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
])
  for (let value = 0; value < 64; value++) SEXTETS[alphabet.charCodeAt(value)] = value

/** Eleven digits are sixteen; four bytes are six units, which many words are as well. */
export const LEAST_BASE64 = 8
const SHIFTS = 4
const LEAST_SHIFTED = 20

/**
 * Texts in base64, standard or for URLs, with or without padding, also wrapped into lines.
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function fromBase64(text: string, means: Means): Decoded | undefined {
  const names = new Set<Encoding>()
  const joined = joinedLines(/data:/i.test(text) ? text.replace(DATA_URL, ' ') : text)
  const decoded = replaceRuns(joined, BASE64, LEAST_BASE64, means.budget, (start, end) =>
    decodedRun(joined, start, end, means, names),
  )
  return decoded === undefined ? undefined : { text: decoded, by: [...names] }
}

/** What stands in front of the data. @see https://www.rfc-editor.org/rfc/rfc2397 */
const DATA_URL = /\bdata:[\w/+.-]{0,64}(?:;[\w=.-]{1,64}){0,4},/gi

/** Lines of one length, as encoders for mail wrap them, are one run. */
function joinedLines(text: string): string {
  let line = text.indexOf('\n')
  if (line < 0) return text
  let joined = ''
  let copied = 0
  for (; line >= 0; line = text.indexOf('\n', line + 1)) {
    const end = text[line - 1] === '\r' ? line - 1 : line
    const next = behindBlanks(text, line + 1)
    if (next >= text.length || !isCoded(text, next, next + 1)) continue
    if (end - copied < LEAST_LINE || !isCoded(text, end - LEAST_LINE, end)) continue
    joined += text.slice(copied, end)
    copied = next
  }
  return copied === 0 ? text : joined + text.slice(copied)
}
const LEAST_LINE = 16
const MOST_BLANKS = 8

function behindBlanks(text: string, start: number): number {
  let index = start
  while (index < start + MOST_BLANKS && (text[index] === ' ' || text[index] === '\t')) index++
  return index
}

function isCoded(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++)
    if ((kindsOf(text.charCodeAt(index)) & BASE64) === 0) return false
  return true
}

function decodedRun(
  text: string,
  start: number,
  end: number,
  means: Means,
  names: Set<Encoding>,
): string | undefined {
  const whole = decodedAt(text, start, end, means, names)
  if (whole !== undefined) return whole
  return piecesOf(text, start, end, means, names) ?? shifted(text, start, end, means, names)
}

/** What stands between slashes, dashes and the like, one by one. */
function piecesOf(
  text: string,
  start: number,
  end: number,
  means: Means,
  names: Set<Encoding>,
): string | undefined {
  let result: string | undefined
  let from = start
  let copied = start
  for (let index = start; index <= end; index++) {
    if (index < end && !isMark(text.charCodeAt(index))) continue
    if (index - from >= LEAST_BASE64 && index - from < end - start) {
      const piece = decodedAt(text, from, index, means, names)
      if (piece !== undefined) {
        result = (result ?? '') + text.slice(copied, from) + piece
        copied = index
      }
    }
    from = index + 1
  }
  return result === undefined ? undefined : result + text.slice(copied, end)
}

/** Units in front that belong to something else shift all that follows. */
function shifted(
  text: string,
  start: number,
  end: number,
  means: Means,
  names: Set<Encoding>,
): string | undefined {
  if (end - start < LEAST_SHIFTED) return undefined
  for (let shift = 1; shift < SHIFTS; shift++) {
    const decoded = decodedAt(text, start + shift, end, means, names)
    if (decoded !== undefined) return text.slice(start, start + shift) + decoded
  }
  return undefined
}

function decodedAt(
  text: string,
  start: number,
  end: number,
  means: Means,
  names: Set<Encoding>,
): string | undefined {
  const length = end - start
  if (length % 4 === 1 || !isPlausible(text, start, end, means.inflate !== undefined))
    return undefined
  const bytes = bytesOf(text, start, end)
  const found = textOfBytes(bytes, 'base64', means)
  if (found === undefined) return undefined
  for (const name of found.by) names.add(name)
  return found.text
}

/** The first byte of each group of three is text: below 128, or part of a longer UTF-8 sequence. */
function isPlausible(text: string, start: number, end: number, packed: boolean): boolean {
  let groups = 0
  let ascii = 0
  const limit = Math.min(end, start + 64)
  for (let index = start; index < limit; index += 4) {
    groups++
    if ((SEXTETS[text.charCodeAt(index)] ?? 255) < 32) ascii++
  }
  if (ascii === groups) return true
  if (packed && end - start >= LEAST_SHIFTED && hasThreeKinds(text, start, limit)) return true
  return groups > 3 && (ascii * 4 > groups || hasThreeKinds(text, start, limit))
}

/** Capitals, small letters and digits together, as packed or foreign bytes give. */
function hasThreeKinds(text: string, start: number, end: number): boolean {
  let seen = 0
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    seen |= unit < 58 ? 1 : unit < 91 ? 2 : 4
  }
  return seen === 7
}

export function bytesOf(text: string, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(((end - start) * 3) >> 2)
  let bits = 0
  let held = 0
  let used = 0
  for (let index = start; index < end; index++) {
    held = ((held << 6) | (SEXTETS[text.charCodeAt(index)] ?? 0)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[used++] = (held >> bits) & 255
  }
  return bytes.subarray(0, used)
}

/** `+`, `-`, `/`, `_`. */
function isMark(unit: number): boolean {
  return unit === 43 || unit === 45 || unit === 47 || unit === 95
}
