/** The first 32 bits of the fractional parts of the square roots of the first eight primes. */
const INITIAL = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
)

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = cubeRootsOfPrimes()

/**
 * SHA-256 of at most 55 bytes, which is one block. Written here because address check sums need the
 * bytes at once and without a platform module.
 * @see FIPS 180-4 section 6.2
 */
export function sha256OfShort(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 55) throw new RangeError('`sha256OfShort` takes at most 55 bytes')
  const state = compress(expand(bytes))
  const digest = new Uint8Array(32)
  for (let index = 0; index < 32; index++)
    digest[index] = (at(state, index >> 2) + at(INITIAL, index >> 2)) >>> (24 - 8 * (index & 3))
  return digest
}

function expand(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(64)
  for (let index = 0; index <= bytes.length; index++) {
    const byte = index === bytes.length ? 0x80 : at(bytes, index)
    words[index >> 2] = at(words, index >> 2) | (byte << (24 - 8 * (index & 3)))
  }
  words[15] = bytes.length * 8
  for (let index = 16; index < 64; index++) {
    const early = at(words, index - 15)
    const late = at(words, index - 2)
    words[index] =
      at(words, index - 16) +
      at(words, index - 7) +
      (rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)) +
      (rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10))
  }
  return words
}

/** The eight words of the state are variables, as a round only renames six of them. */
function compress(words: Int32Array): Int32Array {
  let [a, b, c, d] = [at(INITIAL, 0), at(INITIAL, 1), at(INITIAL, 2), at(INITIAL, 3)]
  let [e, f, g, h] = [at(INITIAL, 4), at(INITIAL, 5), at(INITIAL, 6), at(INITIAL, 7)]
  for (let round = 0; round < 64; round++) {
    const choice = (e & f) ^ (~e & g)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const sum = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const first = (h + sum + choice + at(ROUND_CONSTANTS, round) + at(words, round)) | 0
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  return Int32Array.of(a, b, c, d, e, f, g, h)
}

function cubeRootsOfPrimes(): Int32Array {
  const constants = new Int32Array(64)
  let found = 0
  for (let candidate = 2; found < 64; candidate++) {
    if (!isPrime(candidate)) continue
    const root = Math.cbrt(candidate)
    constants[found++] = Math.floor((root - Math.floor(root)) * 2 ** 32)
  }
  return constants
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++)
    if (candidate % divisor === 0) return false
  return true
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function at(list: Int32Array | Uint8Array, index: number): number {
  return list[index] ?? 0
}
