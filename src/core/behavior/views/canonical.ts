import { latinTwin } from './look-alikes.ts'

/** Texts up to this long are built unit by unit: below it that beats the decoder. */
const SHORT = 24
/** So many ASCII units in a row end a stretch that is folded the slow way. */
const GAP = 16
const CAPITALS_OF_LATIN = 32

/** What an ASCII unit becomes: small letters and digits stay, capitals are lowered, 0 is left out. */
const ASCII = Uint8Array.from({ length: 128 }, (_, unit) => foldedAscii(unit))

const DECODER = new TextDecoder('latin1')

/**
 * What two writings of the same value share: small Latin letters and digits, without case, accents,
 * separators, marks and invisible characters, with full-width, styled and look-alike letters folded to
 * ASCII. Letters of other scripts stay as they are.
 */
export function canonical(text: string): string {
  for (let index = 0; index < text.length; index++)
    if (text.charCodeAt(index) > 127) return mixedCanonical(text, index)
  return asciiCanonical(text)
}

function asciiCanonical(text: string): string {
  const { length } = text
  if (length <= SHORT) return shortCanonical(text)
  const buffer = new Uint8Array(length)
  let used = 0
  for (let index = 0; index < length; index++) {
    const folded = ASCII[text.charCodeAt(index)] ?? 0
    buffer[used] = folded
    if (folded !== 0) used++
  }
  return DECODER.decode(buffer.subarray(0, used))
}

function shortCanonical(text: string): string {
  let folded = ''
  for (let index = 0; index < text.length; index++) {
    const kept = ASCII[text.charCodeAt(index)] ?? 0
    if (kept !== 0) folded += String.fromCharCode(kept)
  }
  return folded
}

/** Only the stretches around units beyond ASCII are folded the slow way. */
function mixedCanonical(text: string, first: number): string {
  let folded = asciiCanonical(text.slice(0, first))
  let start = first
  while (start < text.length) {
    let end = start
    for (let index = start; index < text.length && index - end <= GAP; index++)
      if (text.charCodeAt(index) > 127) end = index + 1
    folded += wideCanonical(text.slice(start, end))
    start = end
    while (start < text.length && text.charCodeAt(start) < 128) start++
    folded += asciiCanonical(text.slice(end, start))
  }
  return folded
}

function foldedAscii(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit + CAPITALS_OF_LATIN
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) ? unit : 0
}

const MARKS = /[^\p{L}\p{N}]+/gu
const ODD_LETTERS = /[\u{1f130}-\u{1f189}\u{1f1e6}-\u{1f1ff}\u{e0030}-\u{e007a}]/gu

/** Look-alikes are folded before case: a Greek capital may look like another letter than its small one. */
function wideCanonical(text: string): string {
  const composed = text.replace(ODD_LETTERS, plainLetter).normalize('NFKC')
  return foldTwins(foldTwins(composed).toLowerCase().normalize('NFKD')).replace(MARKS, '')
}

function foldTwins(text: string): string {
  let folded = ''
  let copied = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 128) continue
    const twin = latinTwin(unit)
    if (twin === 0) continue
    folded += text.slice(copied, index) + String.fromCharCode(twin)
    copied = index + 1
  }
  return copied === 0 ? text : folded + text.slice(copied)
}

/** Letters in circles and squares, flags and tag characters, which compatibility mapping leaves alone. */
function plainLetter(odd: string): string {
  const point = odd.codePointAt(0) ?? 0
  if (point >= 0xe0000) return String.fromCharCode(point - 0xe0000)
  const first = point >= 0x1f1e6 ? 0x1f1e6 : 0x1f130
  return String.fromCharCode(97 + (((point - first) % 32) % 26))
}
