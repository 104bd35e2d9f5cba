import { spend } from './budget.ts'
import type { Decoded, Means } from './encodings.ts'
import { latinTwin } from './look-alikes.ts'
import { replaceMatches } from './patches.ts'

const IGNORABLE = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Mn}/gu
const TAG = /[\u{e0020}-\u{e007e}]/gu

/**
 * The text as plain letters with their case, where it is written with styled or full-width letters,
 * look-alikes, invisible characters or tags: what is encoded below can then be decoded.
 */
export function fromCompatibility(text: string, { budget }: Means): Decoded | undefined {
  let plain = ''
  for (let start = 0; start < text.length; ) {
    const end = endOfSlice(text, start)
    const decomposed = decomposedOf(text.slice(start, end))
    // A single character may stand for eighteen.
    if (!spend(budget, end - start + 2 * decomposed.length)) return undefined
    plain += withoutTwins(decomposed)
    start = end
  }
  return plain === text ? undefined : { text: plain, by: ['compatibility'] }
}
const SLICE = 4_096

/** Characters of two units stay whole. */
function endOfSlice(text: string, start: number): number {
  const end = start + SLICE
  if (end >= text.length) return text.length
  const unit = text.charCodeAt(end)
  return unit >= 0xdc00 && unit < 0xe000 ? end + 1 : end
}

function decomposedOf(text: string): string {
  const tagged = text.replace(TAG, (tag) =>
    String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000),
  )
  return tagged.normalize('NFKD').replace(IGNORABLE, '')
}

const UTF16 = new TextDecoder('utf-16le')

/** Each look-alike as the Latin letter it looks like, in the case it is written in. */
function withoutTwins(text: string): string {
  const units = new Uint16Array(text.length)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const twin = unit < 128 ? 0 : latinTwin(unit)
    if (twin === 0) units[index] = unit
    else units[index] = isSmall(text.charAt(index)) ? twin : twin - 32
  }
  return UTF16.decode(units)
}

function isSmall(letter: string): boolean {
  return letter === letter.toLowerCase()
}

const SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{4,65536}/gu
const FIRST_WIDE = 0xe0100
const UTF8 = new TextDecoder('utf-8')

/** Bytes as variation selectors, which nothing shows. @see https://www.unicode.org/charts/PDF/UE0100.pdf */
export function fromSelectors(text: string, { budget }: Means): Decoded | undefined {
  const decoded = replaceMatches(text, SELECTORS, budget, ([run]) => {
    const bytes = Uint8Array.from(run.match(/./gu) ?? [], selectorByte)
    return UTF8.decode(bytes)
  })
  return decoded === undefined ? undefined : { text: decoded, by: ['selectors'] }
}

function selectorByte(selector: string): number {
  const point = selector.codePointAt(0) ?? 0
  return point >= FIRST_WIDE ? point - FIRST_WIDE + 16 : point - 0xfe00
}
