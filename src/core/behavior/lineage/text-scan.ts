import { canonical } from '../views/canonical.ts'
import { foldWide, GLUE, INNER, JOINER, OUTER, SEVERAL } from './wide-units.ts'

/**
 * A text as its canonical form, cut into words. Words lie side by side in `bytes`: what stood between
 * them is only told by its kind. Reused from text to text, so that nothing is allocated for a word.
 */
export interface TextScan {
  /** ASCII as it is, other units in the three bytes of UTF-8. */
  bytes: Uint8Array
  length: number
  /** Where each word starts in `bytes`; one more entry for the end. */
  starts: Int32Array
  /** What stood before each word: `JOINER`, `INNER` or `OUTER`, with `SINGLE` or `AT` where they apply. */
  gaps: Uint8Array
  /** `HAS_DIGIT`, `HAS_LETTER` or both. */
  traits: Uint8Array
  words: number
}

export const HAS_DIGIT = 1
export const HAS_LETTER = 2
/** One blank, comma, full stop, hyphen, apostrophe or slash: digits on both sides may be one number. */
export const SINGLE = 4
/** One `@`: what follows is the host of an address. */
export const AT = 8
export const GAP_KIND = 3

/** Units of the longest text that a scan keeps its room for. */
const KEPT = 4096

export function createTextScan(): TextScan {
  return { ...roomFor(64), length: 0, words: 0 }
}

/** Bytes that a scan holds between two texts. */
export function scanBytes(scan: TextScan): number {
  return scan.bytes.length + scan.starts.byteLength + 2 * scan.gaps.length
}

/** Gives back the room of an unusually long text. */
export function shrinkScan(scan: TextScan): void {
  if (scan.gaps.length > KEPT) Object.assign(scan, roomFor(64))
}

function roomFor(units: number): Pick<TextScan, 'bytes' | 'starts' | 'gaps' | 'traits'> {
  return {
    bytes: new Uint8Array(units * 3),
    starts: new Int32Array(units + 1),
    gaps: new Uint8Array(units),
    traits: new Uint8Array(units),
  }
}

/** ASCII: what a unit becomes, 0 where it parts words. The same as `canonical` does. */
const FOLDED = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (unit >= 65 && unit <= 90) return unit + 32
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) ? unit : 0
})
const INNER_MARKS = '/:?=&#;|'
const JOINER_MARKS = "-._@+~%!$*'\\^`"
const SINGLE_MARKS = " ,.-'/"
const GAPS = Uint8Array.from({ length: 128 }, (_, unit) => {
  const mark = String.fromCharCode(unit)
  const kind = JOINER_MARKS.includes(mark) ? JOINER : INNER_MARKS.includes(mark) ? INNER : OUTER
  if (mark === '@') return kind | AT
  return SINGLE_MARKS.includes(mark) ? kind | SINGLE : kind
})

/** Reads a text into `scan`. Linear. */
export function scanText(scan: TextScan, text: string): void {
  if (text.length > scan.gaps.length) Object.assign(scan, roomFor(text.length + 64))
  if (!scanAscii(scan, text)) scanMixed(scan, text)
}

/** False where a unit is beyond ASCII: the scan is of no use then. */
function scanAscii(scan: TextScan, text: string): boolean {
  const { bytes, starts, gaps, traits } = scan
  const { length } = text
  let used = 0
  let words = 0
  let index = 0
  let gap: number = OUTER
  let all = 0
  while (index < length) {
    let unit = text.charCodeAt(index)
    all |= unit
    let folded = FOLDED[unit & 127] ?? 0
    if (folded === 0) {
      gap = widened(gap, GAPS[unit & 127] ?? OUTER)
      index++
      continue
    }
    starts[words] = used
    gaps[words] = gap
    gap = 0
    let trait = 0
    // A loop of its own for the inside of words, where most units are.
    while (folded !== 0) {
      bytes[used++] = folded
      trait |= folded < 97 ? HAS_DIGIT : HAS_LETTER
      unit = ++index < length ? text.charCodeAt(index) : 0
      all |= unit
      folded = FOLDED[unit & 127] ?? 0
    }
    traits[words++] = trait
  }
  starts[words] = used
  scan.length = used
  scan.words = words
  return all < 128
}

/** A gap after one more mark: the strongest kind counts, and two marks are not a single one. */
function widened(gap: number, kind: number): number {
  if (gap === 0) return kind
  return Math.max(gap & GAP_KIND, kind & GAP_KIND)
}

/** The same for texts with units beyond ASCII, unit by unit through one writer. */
function scanMixed(scan: TextScan, text: string): void {
  const writer: Writer = { scan, used: 0, words: 0, gap: OUTER }
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 128) writeAscii(writer, unit)
    else if (unit >= 0xd800 && unit < 0xe000) index += writePair(writer, text, index)
    else writeWide(writer, unit)
  }
  scan.starts[writer.words] = writer.used
  scan.length = writer.used
  scan.words = writer.words
}

interface Writer {
  readonly scan: TextScan
  used: number
  words: number
  gap: number
}

function writeAscii(writer: Writer, unit: number): void {
  const folded = FOLDED[unit] ?? 0
  if (folded === 0) writer.gap = widened(writer.gap, GAPS[unit] ?? OUTER)
  else write(writer, folded)
}

function writeWide(writer: Writer, unit: number): void {
  const folded = foldWide(unit)
  if (folded > SEVERAL) write(writer, folded)
  else if (folded === SEVERAL) writeText(writer, canonical(String.fromCharCode(unit)))
  else if (folded !== GLUE) writer.gap = widened(writer.gap, folded)
}

/** Gives how many units it took beyond the first. Emoji part words; lone halves are left out. */
function writePair(writer: Writer, text: string, index: number): 0 | 1 {
  const unit = text.charCodeAt(index)
  const second = text.charCodeAt(index + 1)
  if (unit >= 0xdc00 || !(second >= 0xdc00 && second < 0xe000)) return 0
  const isPicture = unit === 0xd83d || unit === 0xd83e
  if (isPicture) writer.gap = widened(writer.gap, OUTER)
  else writeText(writer, canonical(text.slice(index, index + 2)))
  return 1
}

function writeText(writer: Writer, text: string): void {
  for (let index = 0; index < text.length; index++) write(writer, text.charCodeAt(index))
}

function write(writer: Writer, unit: number): void {
  const { scan } = writer
  if (writer.used + 3 > scan.bytes.length) grow(scan)
  if (writer.gap !== 0) {
    scan.starts[writer.words] = writer.used
    scan.gaps[writer.words] = writer.gap
    scan.traits[writer.words] = 0
    writer.words++
    writer.gap = 0
  }
  const word = writer.words - 1
  const trait = unit < 58 ? HAS_DIGIT : HAS_LETTER
  scan.traits[word] = (scan.traits[word] ?? 0) | trait
  if (unit < 128) scan.bytes[writer.used++] = unit
  else {
    scan.bytes[writer.used++] = 0xe0 | (unit >> 12)
    scan.bytes[writer.used++] = 0x80 | ((unit >> 6) & 63)
    scan.bytes[writer.used++] = 0x80 | (unit & 63)
  }
}

/** Only for characters that fold to several units. */
function grow(scan: TextScan): void {
  const bytes = new Uint8Array(2 * scan.bytes.length)
  bytes.set(scan.bytes)
  scan.bytes = bytes
}
