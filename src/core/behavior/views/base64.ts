import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Inflate } from './encodings.ts'
import { BASE64, replaceRuns } from './unit-kinds.ts'

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
export function fromBase64(text: string, inflate: Inflate | undefined): Decoded | undefined {
  const names = new Set<Encoding>()
  const joined = joinedLines(text.replace(DATA_URL, ' '))
  const decoded = replaceRuns(joined, BASE64, LEAST_BASE64, (start, end) =>
    decodedRun(joined, start, end, inflate, names),
  )
  return decoded === undefined ? undefined : { text: decoded, by: [...names] }
}

/** What stands in front of the data. @see https://www.rfc-editor.org/rfc/rfc2397 */
const DATA_URL = /\bdata:[\w/+.-]{0,64}(?:;[\w=.-]{1,64}){0,4},/gi

/** Lines of one length, as encoders for mail wrap them, are one run. */
function joinedLines(text: string): string {
  if (!text.includes('\n')) return text
  return text.replace(WRAPPED, (lines) => lines.replace(/\s+/g, ''))
}
const WRAPPED = /(?:[\w+/-]{16,128}\r?\n[ \t]{0,8}){1,2000}[\w+/-]{1,128}={0,2}/g

function decodedRun(
  text: string,
  start: number,
  end: number,
  inflate: Inflate | undefined,
  names: Set<Encoding>,
): string | undefined {
  const whole = decodedAt(text, start, end, inflate, names)
  if (whole !== undefined) return whole
  return piecesOf(text, start, end, inflate, names) ?? shifted(text, start, end, inflate, names)
}

/** What stands between slashes, dashes and the like, one by one. */
function piecesOf(
  text: string,
  start: number,
  end: number,
  inflate: Inflate | undefined,
  names: Set<Encoding>,
): string | undefined {
  let result: string | undefined
  let from = start
  let copied = start
  for (let index = start; index <= end; index++) {
    if (index < end && !isMark(text.charCodeAt(index))) continue
    if (index - from >= LEAST_BASE64 && index - from < end - start) {
      const piece = decodedAt(text, from, index, inflate, names)
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
  inflate: Inflate | undefined,
  names: Set<Encoding>,
): string | undefined {
  if (end - start < LEAST_SHIFTED) return undefined
  for (let shift = 1; shift < SHIFTS; shift++) {
    const decoded = decodedAt(text, start + shift, end, inflate, names)
    if (decoded !== undefined) return text.slice(start, start + shift) + decoded
  }
  return undefined
}

function decodedAt(
  text: string,
  start: number,
  end: number,
  inflate: Inflate | undefined,
  names: Set<Encoding>,
): string | undefined {
  const length = end - start
  if (length % 4 === 1 || !isPlausible(text, start, end, inflate !== undefined)) return undefined
  const bytes = bytesOf(text, start, end)
  const found = textOfBytes(bytes, 'base64', inflate)
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
