/** Shorter ones hold nothing. */
const LEAST = 8

/**
 * Whether bytes may be gzip, zlib or raw deflate, by what stands first: to inflate what is none costs a
 * hundred times as much as to see it. Of raw deflate, only what begins with text passes.
 * @see https://www.rfc-editor.org/rfc/rfc1952, 1950 and 1951
 */
export function mayBeCompressed(bytes: Uint8Array): boolean {
  if (bytes.length < LEAST) return false
  const [first = 0, second = 0, third = 0] = bytes
  if (first === 0x1f && second === 0x8b) return third === 8
  if ((first & 15) === 8 && first >> 4 < 8 && (first * 256 + second) % 31 === 0) return true
  const type = (first >> 1) & 3
  if (type === 0) return isStored(bytes)
  return type === 1 ? isFixed(bytes) : type === 2 && isDynamic(bytes)
}

/** The length, and the same with its bits turned. */
function isStored(bytes: Uint8Array): boolean {
  const [, a = 0, b = 0, c = 0, d = 0] = bytes
  return (a ^ c) === 255 && (b ^ d) === 255 && a + b > 0
}

/** Numbers of codes that are in range, and code lengths that leave no code unused. */
function isDynamic(bytes: Uint8Array): boolean {
  if (bitsAt(bytes, 3, 5) > 29 || bitsAt(bytes, 8, 5) > 29) return false
  const lengths = 4 + bitsAt(bytes, 13, 4)
  let used = 0
  for (let at = 0; at < lengths; at++) {
    const length = bitsAt(bytes, 17 + 3 * at, 3)
    if (length > 0) used += 128 >> length
  }
  return used === 128
}

/** Symbols of a fixed block that are looked at. */
const SYMBOLS = 16
const END = 256
/** The bits behind each code of a length, from 257 on, and the shortest that it stands for. */
const LENGTH_BITS = Array.from('00000000111122223333444455550', Number)
const LENGTHS = LENGTH_BITS.map((_, code) =>
  LENGTH_BITS.slice(0, code).reduce((length, bits) => length + 2 ** bits, 3),
)
const DISTANCES = 30

/** The first symbols are text, and repeat no more than there is. */
function isFixed(bytes: Uint8Array): boolean {
  let at = 3
  let written = 0
  for (let count = 0; count < SYMBOLS && at + 24 < 8 * bytes.length; count++) {
    const { symbol, size } = fixedSymbol(bytes, at)
    at += size
    if (symbol === END) return written > 0
    if (symbol < END) {
      if (!isTextByte(symbol)) return false
      written++
      continue
    }
    const extra = LENGTH_BITS[symbol - END - 1]
    if (extra === undefined) return false
    const code = reversedBits(bytes, at + extra, 5)
    if (code >= DISTANCES || nearestOf(code) > written) return false
    written += (LENGTHS[symbol - END - 1] ?? 0) + bitsAt(bytes, at, extra)
    at += extra + 5 + bitsBehind(code)
  }
  return true
}

/** @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6 */
function fixedSymbol(bytes: Uint8Array, at: number): { symbol: number; size: number } {
  const seven = reversedBits(bytes, at, 7)
  if (seven < 24) return { symbol: END + seven, size: 7 }
  const eight = reversedBits(bytes, at, 8)
  if (eight < 0xc0) return { symbol: eight - 0x30, size: 8 }
  if (eight < 0xc8) return { symbol: 280 + eight - 0xc0, size: 8 }
  return { symbol: 144 + reversedBits(bytes, at, 9) - 0x190, size: 9 }
}

function bitsBehind(code: number): number {
  return code < 4 ? 0 : (code >> 1) - 1
}

/** The shortest distance that a code stands for. */
function nearestOf(code: number): number {
  return code < 4 ? code + 1 : ((2 + (code & 1)) << bitsBehind(code)) + 1
}

/** Also a zero, as UTF-16 has them. */
function isTextByte(byte: number): boolean {
  return byte > 31 ? byte !== 127 : byte === 0 || (byte > 8 && byte < 14)
}

/** Lowest bit first. */
function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const word = (bytes[at >> 3] ?? 0) | ((bytes[(at >> 3) + 1] ?? 0) << 8)
  return (word >> (at & 7)) & ((1 << count) - 1)
}

/** Codes stand with their highest bit first. */
function reversedBits(bytes: Uint8Array, at: number, count: number): number {
  let code = 0
  for (let bit = 0; bit < count; bit++)
    code = (code << 1) | (((bytes[(at + bit) >> 3] ?? 0) >> ((at + bit) & 7)) & 1)
  return code
}
