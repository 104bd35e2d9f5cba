/** Hashes bytes in place. `high` holds the upper half of the hash that was made last. */
export interface ByteHash {
  /** Lower half of the hash of `bytes[start..end)`. */
  hash(bytes: Uint8Array, start: number, end: number): number
  high: number
}

/**
 * HalfSipHash-1-3 with 64 bits out: 32-bit operations only. Takes the first eight bytes of the key,
 * mixed with the next eight.
 * @see https://github.com/veorq/SipHash (halfsiphash.c)
 */
export function createByteHash(key: Uint8Array): ByteHash {
  // Multiplied, so that the halves of a key that repeats itself do not cancel out.
  const k0 = wordAt(key, 0) ^ Math.imul(wordAt(key, 8), 0x9e3779b1)
  const k1 = wordAt(key, 4) ^ Math.imul(wordAt(key, 12), 0x85ebca6b)
  return new HalfSip(k0, k1)
}

/** Little-endian word; bytes behind the end are 0. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}

function lastBytes(bytes: Uint8Array, start: number, end: number): number {
  let word = 0
  for (let at = end - 1; at >= start; at--) word = (word << 8) | (bytes[at] ?? 0)
  return word
}

/** A class for speed: fields of one shape, read by every call. */
class HalfSip implements ByteHash {
  high = 0
  readonly #k0: number
  readonly #k1: number

  constructor(k0: number, k1: number) {
    this.#k0 = k0
    this.#k1 = k1
  }

  hash(bytes: Uint8Array, start: number, end: number): number {
    let v0 = this.#k0
    let v1 = this.#k1 ^ 0xee
    let v2 = 0x6c796765 ^ this.#k0
    let v3 = 0x74656462 ^ this.#k1
    const whole = start + ((end - start) & ~3)
    let word = (end - start) << 24
    // The rounds are written out: a call per round costs as much as the round.
    for (let at = start; at <= whole; at += 4) {
      // The last block carries the length and what is left of the bytes.
      const block = at < whole ? wordAt(bytes, at) : word | lastBytes(bytes, whole, end)
      v3 ^= block
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
      v0 ^= block
    }
    v2 ^= 0xee
    for (let round = 0; round < 6; round++) {
      if (round === 3) {
        word = v1 ^ v3
        v1 ^= 0xdd
      }
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
    }
    this.high = v1 ^ v3
    return word
  }
}
