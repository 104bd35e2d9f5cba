/**
 * Hashes a stretch of text, letters without regard to case, to 32 bits. Nobody without the key can
 * tell which text a hash stands for, or make two texts with the same one.
 */
export type KeyedHash = (text: string, start: number, end: number) => number

/**
 * HalfSipHash-1-3 over UTF-16 units, two to a word.
 * @see https://github.com/veorq/SipHash (halfsiphash.c)
 * @see https://www.aumasson.jp/siphash/siphash.pdf
 */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  const k0 = word(key, 0) ^ word(key, 8)
  const k1 = word(key, 4) ^ word(key, 12)
  return (text, start, end) => {
    let v0 = k0
    let v1 = k1
    let v2 = 0x6c796765 ^ k0
    let v3 = 0x74656462 ^ k1
    for (let at = start; at < end; at += 2) {
      const low = lowerUnit(text.charCodeAt(at))
      // Behind the end: a unit that no text has, and the length, so that no text is another's start.
      const high = at + 1 < end ? lowerUnit(text.charCodeAt(at + 1)) : 0xffff
      const m = low | (high << 16)
      v3 ^= m
      v0 = (v0 + v1) | 0
      v1 = (v1 << 5) | (v1 >>> 27)
      v1 ^= v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = (v3 << 8) | (v3 >>> 24)
      v3 ^= v2
      v0 = (v0 + v3) | 0
      v3 = (v3 << 7) | (v3 >>> 25)
      v3 ^= v0
      v2 = (v2 + v1) | 0
      v1 = (v1 << 13) | (v1 >>> 19)
      v1 ^= v2
      v2 = (v2 << 16) | (v2 >>> 16)
      v0 ^= m
    }
    v3 ^= end - start
    v2 ^= 0xff
    for (let round = 0; round < 4; round += 1) {
      v0 = (v0 + v1) | 0
      v1 = (v1 << 5) | (v1 >>> 27)
      v1 ^= v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = (v3 << 8) | (v3 >>> 24)
      v3 ^= v2
      v0 = (v0 + v3) | 0
      v3 = (v3 << 7) | (v3 >>> 25)
      v3 ^= v0
      v2 = (v2 + v1) | 0
      v1 = (v1 << 13) | (v1 >>> 19)
      v1 ^= v2
      v2 = (v2 << 16) | (v2 >>> 16)
    }
    return v1 ^ v3
  }
}

/** Lower case for the alphabets that have it in one place: ASCII, Latin-1, Greek and Cyrillic. */
export function lowerUnit(unit: number): number {
  if (unit < 0x80) return unit >= 65 && unit <= 90 ? unit | 32 : unit
  if (unit >= 0xc0 && unit <= 0xde) return unit === 0xd7 ? unit : unit + 32
  if (unit >= 0x391 && unit <= 0x3a9) return unit + 32
  if (unit >= 0x410 && unit <= 0x42f) return unit + 32
  if (unit >= 0x400 && unit <= 0x40f) return unit + 80
  return unit
}

function word(key: Uint8Array, at: number): number {
  return (
    (key[at] ?? 0) |
    ((key[at + 1] ?? 0) << 8) |
    ((key[at + 2] ?? 0) << 16) |
    ((key[at + 3] ?? 0) << 24)
  )
}
