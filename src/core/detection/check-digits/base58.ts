import { sha256OfShort } from './sha256.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

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
  const bytes = new Uint8Array(LENGTH)
  for (let index = 0; index < text.length; index++) {
    let carry = ALPHABET.indexOf(text.charAt(index))
    if (carry < 0) return undefined
    for (let place = LENGTH - 1; place >= 0; place--) {
      carry += 58 * (bytes[place] ?? 0)
      bytes[place] = carry
      carry >>= 8
    }
    if (carry !== 0) return undefined
  }
  if (!hasSameNoughts(text, bytes)) return undefined
  const digest = sha256OfShort(sha256OfShort(bytes.subarray(0, 21)))
  for (let index = 0; index < 4; index++) if (digest[index] !== bytes[21 + index]) return undefined
  return bytes[0]
}

/** Each leading `1` stands for a whole byte of nought, and nothing else does. */
function hasSameNoughts(text: string, bytes: Uint8Array): boolean {
  const ones = /^1*/.exec(text)?.[0].length ?? 0
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === ones
}
