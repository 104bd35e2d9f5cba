/**
 * Hashes a stretch of text, letters without regard to case, to 32 bits. Nobody without the key can
 * tell which text a hash stands for, or make two texts with the same one.
 */
export type KeyedHash = (text: string, start: number, end: number) => number

const made = new WeakMap<
  Uint8Array,
  { readonly k0: number; readonly k1: number; readonly hash: KeyedHash }
>()

/** The hash of a key: one function for all sessions that have the same, so that they share what it gave. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  const k0 = word(key, 0) ^ word(key, 8)
  const k1 = word(key, 4) ^ word(key, 12)
  const known = made.get(key)
  if (known !== undefined && known.k0 === k0 && known.k1 === k1) return known.hash
  const hash = hashWith(k0, k1)
  made.set(key, { k0, k1, hash })
  return hash
}

/*
 * Loops over units write `String.prototype.charCodeAt.call(text, at)`. The method `text.charCodeAt` is
 * looked up by how the engine happens to store the text (flat, sliced, joined, one byte or two): a loop
 * that has met more than four such kinds is two to three times slower for the rest of the process. A
 * constant of a module does not do: bundlers make a variable of it, which the compiler does not trust.
 */

/**
 * HalfSipHash-1-3 over UTF-16 units, two to a word.
 * @see https://github.com/veorq/SipHash (halfsiphash.c)
 * @see https://www.aumasson.jp/siphash/siphash.pdf
 */
function hashWith(k0: number, k1: number): KeyedHash {
  return (text, start, end) => {
    let v0 = k0
    let v1 = k1
    let v2 = 0x6c796765 ^ k0
    let v3 = 0x74656462 ^ k1
    for (let at = start; at < end; at += 2) {
      const low = lowerUnit(String.prototype.charCodeAt.call(text, at))
      // Behind the end: a unit that no text has, and the length, so that no text is another's start.
      const high = at + 1 < end ? lowerUnit(String.prototype.charCodeAt.call(text, at + 1)) : 0xffff
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
  return unit < 128 ? (SMALL[unit] ?? 0) : lowerWide(unit)
}

const SMALL = new Uint8Array(128)
for (let unit = 0; unit < 128; unit += 1) SMALL[unit] = unit >= 65 && unit <= 90 ? unit | 32 : unit

function lowerWide(unit: number): number {
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
