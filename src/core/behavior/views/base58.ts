import { textOfBytes } from './bytes.ts'
import type { Decoded } from './encodings.ts'
import { BASE58, replaceRuns } from './unit-kinds.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const VALUES = new Uint8Array(128).fill(255)
for (let value = 0; value < 58; value++) VALUES[ALPHABET.charCodeAt(value)] = value

export const LEAST_BASE58 = 11
/** The work grows with the square of the length: so much of it is done for one text. */
const MOST_WORK = 200_000

/**
 * Short texts in base58.
 * @see https://datatracker.ietf.org/doc/html/draft-msporny-base58-03
 */
export function fromBase58(text: string): Decoded | undefined {
  let work = MOST_WORK
  const decoded = replaceRuns(text, BASE58, LEAST_BASE58, (start, end) => {
    const needed = (end - start) ** 2
    if (needed > work || !isMixed(text, start, end)) return undefined
    work -= needed
    return textOfBytes(bytesOf(text, start, end), 'base58', undefined)?.text
  })
  return decoded === undefined ? undefined : { text: decoded, by: ['base58'] }
}

/** Capitals and small letters: words are of one kind, but for the first. */
function isMixed(text: string, start: number, end: number): boolean {
  let changes = 0
  for (let index = start + 2; index < end; index++)
    if (isCapital(text.charCodeAt(index)) !== isCapital(text.charCodeAt(index - 1))) changes++
  return changes >= 2
}

function isCapital(unit: number): boolean {
  return unit < 97
}

/** Long division in base 256. */
function bytesOf(text: string, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start)
  let used = 0
  for (let index = start; index < end; index++) {
    let carry = VALUES[text.charCodeAt(index)] ?? 0
    for (let place = 0; place < used; place++) {
      carry += (bytes[place] ?? 0) * 58
      bytes[place] = carry & 255
      carry >>= 8
    }
    while (carry > 0) {
      bytes[used++] = carry & 255
      carry >>= 8
    }
  }
  return bytes.subarray(0, used).reverse()
}
