import { spend } from './budget.ts'
import { mayBeCompressed } from './compressed.ts'
import type { Decoded, Encoding, Inflated, Means } from './encodings.ts'

/** Most bytes that are taken out of a compressed stretch. */
const MAX_INFLATED = 65_536
/** Fewer bytes than this prove nothing. */
const LEAST_BYTES = 4

const UTF8 = new TextDecoder('utf-8')

/** What the bytes say, if they say anything: text, text of two bytes a unit, or either compressed. */
export function textOfBytes(bytes: Uint8Array, by: Encoding, means: Means): Decoded | undefined {
  if (bytes.length < LEAST_BYTES) return undefined
  const text = plainText(bytes) ?? (by === 'base64' ? cutText(bytes) : undefined)
  if (text !== undefined) return { text, by: [by] }
  const wide = wideText(bytes)
  if (wide !== undefined) return { text: wide, by: [by, 'utf16'] }
  const inflated = inflatedBytes(bytes, means)
  const inner = inflated === undefined ? undefined : (plainText(inflated) ?? wideText(inflated))
  return inner === undefined ? undefined : { text: inner, by: [by, 'compressed'] }
}

/** Text in UTF-8 without control characters; undefined: the bytes are something else. */
function plainText(bytes: Uint8Array): string | undefined {
  for (let index = 0; index < bytes.length; index++)
    if (!isTextByte(bytes[index] ?? 0)) return undefined
  const text = UTF8.decode(bytes)
  return text.includes('\ufffd') ? undefined : text
}

/** Text with a few bytes behind it that are none, of a word that stood right behind the encoded stretch. */
function cutText(bytes: Uint8Array): string | undefined {
  if (bytes.length < LEAST_CUT) return undefined
  for (let cut = 1; cut <= CUT; cut++) {
    const text = plainText(bytes.subarray(0, bytes.length - cut))
    if (text !== undefined) return text
  }
  return undefined
}
const CUT = 3
const LEAST_CUT = 12

function isTextByte(byte: number): boolean {
  return (byte >= 32 && byte !== 127) || (byte >= 9 && byte <= 13) || byte === 27
}

/** UTF-16 in either order: every second byte is one of few, as the letters of a script have in common. */
function wideText(bytes: Uint8Array): string | undefined {
  if (bytes.length < 2 * LEAST_BYTES || bytes.length % 2 === 1) return undefined
  const little = commonBytes(bytes, 1)
  const big = commonBytes(bytes, 0)
  const few = Math.min(little, big)
  if (few > MOST_COMMON || few * 4 > bytes.length / 2) return undefined
  const text = unitsOf(bytes, little <= big ? 1 : 0)
  return /[\0-\x08\x0e-\x1a]|[\ud800-\udbff](?![\udc00-\udfff])/.test(text) ? undefined : text
}
const MOST_COMMON = 3

/** How many different bytes there are at every second place. */
function commonBytes(bytes: Uint8Array, offset: number): number {
  const seen = new Set<number>()
  for (let index = offset; index < bytes.length && seen.size <= MOST_COMMON; index += 2) {
    const byte = bytes[index] ?? 0
    if (!isHighByte(byte)) return Number.MAX_SAFE_INTEGER
    seen.add(byte)
  }
  return seen.size
}

/** Of Latin, Greek, Cyrillic and the scripts next to them, of marks, full-width letters and surrogates. */
function isHighByte(byte: number): boolean {
  return (
    byte < 7 || byte === 0x20 || byte === 0x21 || byte === 0xff || (byte >= 0xd8 && byte <= 0xdf)
  )
}

function unitsOf(bytes: Uint8Array, high: 0 | 1): string {
  let text = ''
  for (let index = 0; index + 1 < bytes.length; index += 2)
    text += String.fromCharCode((bytes[index + high] ?? 0) * 256 + (bytes[index + 1 - high] ?? 0))
  return text
}

/** What a try to inflate costs, in units of work, whatever comes out. */
const INFLATE_WORK = 512

/** Bytes behind a header of gzip or zlib, or behind none: the first of them where there are many. */
function inflatedBytes(bytes: Uint8Array, { inflate, budget }: Means): Uint8Array | undefined {
  if (inflate === undefined || !mayBeCompressed(bytes)) return undefined
  if (!spend(budget, INFLATE_WORK + bytes.length)) return undefined
  const inflated = tryInflate(bytes, inflate)
  if (inflated === undefined) return undefined
  budget.work -= Math.min(budget.work, inflated.bytes.length)
  if (inflated.whole) return inflated.bytes
  budget.unread = true
  return withoutCut(inflated.bytes)
}

function tryInflate(
  bytes: Uint8Array,
  inflate: NonNullable<Means['inflate']>,
): Inflated | undefined {
  try {
    return inflate(bytes, MAX_INFLATED)
  } catch {
    // What cannot be inflated is not compressed.
    return undefined
  }
}

/** Without the character at the end that may be cut in two. An even number: it may be UTF-16. */
function withoutCut(bytes: Uint8Array): Uint8Array {
  let end = bytes.length & ~1
  while (end > 0 && bytes.length - end < LONGEST_CHARACTER && (bytes[end - 1] ?? 0) > 127) end -= 2
  return bytes.subarray(0, Math.max(0, end))
}
const LONGEST_CHARACTER = 4
