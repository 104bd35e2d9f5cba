import { spend } from './budget.ts'
import { textOfBytes } from './bytes.ts'
import type { Decoded, Means } from './encodings.ts'
import { replaceRuns } from './patches.ts'
import { BASE58 } from './unit-kinds.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const VALUES = new Uint8Array(128).fill(255)
for (let value = 0; value < 58; value++) VALUES[ALPHABET.charCodeAt(value)] = value

export const LEAST_BASE58 = 11
/** The work grows with the square of the length: so many squared units cost as much as one unit elsewhere. */
const SQUARE = 512

/**
 * Short texts in base58.
 * @see https://datatracker.ietf.org/doc/html/draft-msporny-base58-03
 */
export function fromBase58(text: string, { budget }: Means): Decoded | undefined {
  const decoded = replaceRuns(text, BASE58, LEAST_BASE58, budget, (start, end) => {
    if (!isMixed(text, start, end)) return undefined
    if (!spend(budget, Math.ceil((end - start) ** 2 / SQUARE))) return undefined
    return textOfBytes(bytesOf(text, start, end), 'base58', { inflate: undefined, budget })?.text
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

/** Digits that are taken in at once, and the bits of a place: their product stays exact. */
const AT_ONCE = 4
const PLACE = 2 ** 24

/** Long division, four digits and three bytes at a time. */
function bytesOf(text: string, start: number, end: number): Uint8Array {
  const places = new Float64Array(Math.ceil((end - start) / AT_ONCE))
  let used = 0
  for (let index = start; index < end; ) {
    let carry = 0
    let factor = 1
    for (const stop = Math.min(end, index + AT_ONCE); index < stop; index++) {
      carry = carry * 58 + (VALUES[text.charCodeAt(index)] ?? 0)
      factor *= 58
    }
    for (let place = 0; place < used; place++) {
      const sum = (places[place] ?? 0) * factor + carry
      carry = Math.floor(sum / PLACE)
      places[place] = sum - carry * PLACE
    }
    if (carry > 0) places[used++] = carry
  }
  return bytesOfPlaces(places.subarray(0, used))
}

/** The lowest place comes first; zeros in front are left out. */
function bytesOfPlaces(places: Float64Array): Uint8Array {
  const bytes = new Uint8Array(3 * places.length)
  for (let place = 0; place < places.length; place++) {
    const value = places[place] ?? 0
    const at = bytes.length - 3 * place
    bytes[at - 1] = value & 255
    bytes[at - 2] = (value >> 8) & 255
    bytes[at - 3] = value >> 16
  }
  let first = 0
  while (first < bytes.length && bytes[first] === 0) first++
  return bytes.subarray(first)
}
