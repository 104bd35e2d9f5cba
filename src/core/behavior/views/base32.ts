import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Means } from './encodings.ts'
import { replaceRuns } from './patches.ts'
import { BASE32 } from './unit-kinds.ts'

export const LEAST_BASE32 = 10

/**
 * The common alphabet, the one with digits first, and the one without I, L, O and U.
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-6 and https://www.crockford.com/base32.html
 */
const ALPHABETS = [
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  '0123456789ABCDEFGHIJKLMNOPQRSTUV',
  '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
].map(valuesOf)

/** Texts in base32, in capitals or small letters, with or without padding. */
export function fromBase32(text: string, means: Means): Decoded | undefined {
  const names = new Set<Encoding>()
  const decoded = replaceRuns(text, BASE32, LEAST_BASE32, means.budget, (start, end) => {
    for (const values of ALPHABETS) {
      const bytes = bytesOf(text, start, end, values)
      const found = bytes === undefined ? undefined : textOfBytes(bytes, 'base32', means)
      for (const name of found?.by ?? []) names.add(name)
      if (found !== undefined) return found.text
    }
    return undefined
  })
  return decoded === undefined ? undefined : { text: decoded, by: [...names] }
}

/** Undefined: a unit is not of the alphabet, or the first byte is no text. */
function bytesOf(
  text: string,
  start: number,
  end: number,
  values: Uint8Array,
): Uint8Array | undefined {
  const bytes = new Uint8Array(((end - start) * 5) >> 3)
  let bits = 0
  let held = 0
  let used = 0
  for (let index = start; index < end; index++) {
    const value = values[text.charCodeAt(index)] ?? 255
    if (value === 255) return undefined
    held = ((held << 5) | value) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    const byte = (held >> bits) & 255
    if (used < 2 && byte < 9) return undefined
    bytes[used++] = byte
  }
  return bytes.subarray(0, used)
}

function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(128).fill(255)
  for (let value = 0; value < alphabet.length; value++) {
    values[alphabet.charCodeAt(value)] = value
    values[alphabet.toLowerCase().charCodeAt(value)] = value
  }
  return values
}
