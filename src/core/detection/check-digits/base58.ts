import { sha256OfShort } from './sha256.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** By ASCII code: the value of a letter plus one; 0 for what is none. */
const VALUES = new Uint8Array(128)
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value + 1

/** A version byte, a hash of 20 bytes and a check sum of four. */
const LENGTH = 25

/**
 * The version byte of an address in Base58Check, or undefined where the text is none: a wrong
 * letter, another length or a wrong check sum. Bitcoin uses 0 and 5, Litecoin 48 and 50,
 * Dogecoin 30, Tron 65.
 * @see https://en.bitcoin.it/wiki/Base58Check_encoding
 */
export function base58CheckVersion(text: string): number | undefined {
  if (text.length < 26 || text.length > 35) return undefined
  const bytes = bytesOf(text)
  if (bytes === undefined || !hasSameNoughts(text, bytes)) return undefined
  const digest = sha256OfShort(sha256OfShort(bytes.subarray(0, 21)))
  for (let index = 0; index < 4; index++) if (digest[index] !== bytes[21 + index]) return undefined
  return bytes[0]
}

function bytesOf(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(LENGTH)
  // From here on the bytes may differ from 0.
  let first = LENGTH
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const value = code < 128 ? (VALUES[code] ?? 0) - 1 : -1
    if (value < 0) return undefined
    first = addDigit(bytes, first, value)
    if (first < 0) return undefined
  }
  return bytes
}

/** Times 58, plus a digit. Answers where the number begins, -1 where it does not fit. */
function addDigit(bytes: Uint8Array, first: number, digit: number): number {
  let carry = digit
  let place = LENGTH - 1
  for (; place >= first || carry !== 0; place--) {
    if (place < 0) return -1
    carry += 58 * (bytes[place] ?? 0)
    bytes[place] = carry
    carry >>= 8
  }
  return place + 1
}

/** Each leading `1` stands for a whole byte of nought, and nothing else does. */
function hasSameNoughts(text: string, bytes: Uint8Array): boolean {
  const ones = /^1*/.exec(text)?.[0].length ?? 0
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === ones
}
