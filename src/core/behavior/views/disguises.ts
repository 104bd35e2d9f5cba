import type { Decoded } from './encodings.ts'
import { latinTwin } from './look-alikes.ts'

const IGNORABLE = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Mn}/gu
const TAG = /[\u{e0020}-\u{e007e}]/gu

/**
 * The text as plain letters with their case, where it is written with styled or full-width letters,
 * look-alikes, invisible characters or tags: what is encoded below can then be decoded.
 */
export function fromCompatibility(text: string): Decoded | undefined {
  const tagged = text.replace(TAG, (tag) =>
    String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000),
  )
  const plain = withoutTwins(tagged.normalize('NFKD').replace(IGNORABLE, ''))
  return plain === text ? undefined : { text: plain, by: ['compatibility'] }
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
export function fromSelectors(text: string): Decoded | undefined {
  const decoded = text.replace(SELECTORS, (run) => {
    const bytes = Uint8Array.from(run.match(/./gu) ?? [], selectorByte)
    return UTF8.decode(bytes)
  })
  return decoded === text ? undefined : { text: decoded, by: ['selectors'] }
}

function selectorByte(selector: string): number {
  const point = selector.codePointAt(0) ?? 0
  return point >= FIRST_WIDE ? point - FIRST_WIDE + 16 : point - 0xfe00
}
