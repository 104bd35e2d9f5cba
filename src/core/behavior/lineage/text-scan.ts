import { canonical } from '../views/canonical.ts'
import { mix } from './common-words.ts'
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
  /** What `mixOf` gives for each word, if `isMixed`; 0 until it is asked for. */
  mixes: Int32Array
  isMixed: boolean
  /** Letters beyond ASCII are among the bytes. */
  isWide: boolean
  /** Units of the longest text that there is room for. */
  room: number
  /** The traits of all words together. */
  allTraits: number
  /** A bit for every kind of gap before a word, `OUTER` before the first: 2 for `JOINER`, 4 for `INNER`, 8 for `OUTER`. */
  gapKinds: number
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
  const nothing = { length: 0, words: 0, isMixed: false, isWide: false, allTraits: 0, gapKinds: 0 }
  return { ...roomFor(64), ...nothing }
}

/** Bytes that a scan holds between two texts. */
export function scanBytes({ bytes, starts, mixes, gaps }: TextScan): number {
  return bytes.length + starts.byteLength + mixes.byteLength + 2 * gaps.length
}

/** Gives back the room of an unusually long text. */
export function shrinkScan(scan: TextScan): void {
  if (scan.room > KEPT) Object.assign(scan, roomFor(64))
}

/** At least every second unit parts words. */
function roomFor(
  units: number,
): Pick<TextScan, 'bytes' | 'starts' | 'mixes' | 'gaps' | 'traits' | 'room'> {
  const words = (units >> 1) + 2
  return {
    bytes: new Uint8Array(units * 3),
    starts: new Int32Array(words + 1),
    mixes: new Int32Array(words),
    gaps: new Uint8Array(words),
    traits: new Uint8Array(words),
    room: units,
  }
}

/** A word as a number that is not keyed: FNV-1a, 32 bits, never 0. */
export function mixOf(scan: TextScan, word: number): number {
  const { mixes } = scan
  if (!scan.isMixed) {
    mixes.fill(0, 0, scan.words)
    scan.isMixed = true
  }
  const known = mixes[word] ?? 1
  if (known !== 0) return known
  const mixed = mix(scan.bytes, scan.starts[word] ?? 0, scan.starts[word + 1] ?? 0)
  mixes[word] = mixed
  return mixed
}

const INNER_MARKS = '/:?=&#;|'
const JOINER_MARKS = "-._@+~%!$*'\\^`"
const SINGLE_MARKS = " ,.-'/"
/**
 * ASCII: what a letter or digit becomes, as `canonical` does it, with its trait in the upper byte; of the
 * others the gap that they make.
 */
const CODES = Uint16Array.from({ length: 128 }, (_, unit) => {
  if (unit >= 48 && unit <= 57) return unit | (HAS_DIGIT << 8)
  const small = unit | 32
  return unit > 64 && small >= 97 && small <= 122 ? small | (HAS_LETTER << 8) : gapOf(unit)
})
const FIRST_KEPT = 256

function gapOf(unit: number): number {
  const mark = String.fromCharCode(unit)
  const kind = JOINER_MARKS.includes(mark) ? JOINER : INNER_MARKS.includes(mark) ? INNER : OUTER
  if (mark === '@') return kind | AT
  return SINGLE_MARKS.includes(mark) ? kind | SINGLE : kind
}

/** Reads a text into `scan`. Linear. */
export function scanText(scan: TextScan, text: string): void {
  const { length } = text
  if (length > scan.room) Object.assign(scan, roomFor(length + 64))
  scan.isMixed = false
  scan.isWide = false
  if (!(length > LONG ? scanLong(scan, text) : scanShort(scan, text))) scanMixed(scan, text)
}

/** False where a unit is beyond ASCII: the scan is of no use then. */
function scanShort(scan: TextScan, text: string): boolean {
  const { bytes, starts, gaps, traits } = scan
  const { length } = text
  let used = 0
  let words = 0
  let index = 0
  let gap: number = OUTER
  let all = 0
  let kinds = 0
  while (index < length) {
    let unit = text.charCodeAt(index++)
    all |= unit
    let code = CODES[unit & 127] ?? OUTER
    if (code < FIRST_KEPT) {
      gap = widened(gap, code)
      continue
    }
    starts[words] = used
    gaps[words] = gap
    kinds |= 1 << (gap & GAP_KIND)
    let trait = 0
    // A loop of its own for the inside of words, where most units are.
    do {
      bytes[used++] = code
      trait |= code
      unit = index < length ? text.charCodeAt(index++) : 0
      all |= unit
      code = CODES[unit & 127] ?? OUTER
    } while (code >= FIRST_KEPT)
    traits[words++] = trait >> 8
    gap = code
  }
  endScan(scan, used, words, kinds)
  return all < 128
}

const LONG = 256
const ENCODER = new TextEncoder()

/** The same, fast where a call to the encoder is worth it: bytes are read more quickly than units. */
function scanLong(scan: TextScan, text: string): boolean {
  const { bytes, starts, gaps, traits } = scan
  const { length } = text
  if (ENCODER.encodeInto(text, bytes).written !== length) return false
  let used = 0
  let words = 0
  let index = 0
  let gap: number = OUTER
  let kinds = 0
  while (index < length) {
    let code = CODES[bytes[index++] ?? 0] ?? OUTER
    if (code < FIRST_KEPT) {
      gap = widened(gap, code)
      continue
    }
    starts[words] = used
    gaps[words] = gap
    kinds |= 1 << (gap & GAP_KIND)
    let trait = 0
    do {
      // What is kept is never longer than what was read.
      bytes[used++] = code
      trait |= code
      code = index < length ? (CODES[bytes[index++] ?? 0] ?? OUTER) : 0
    } while (code >= FIRST_KEPT)
    traits[words++] = trait >> 8
    gap = code
  }
  endScan(scan, used, words, kinds)
  return true
}

function endScan(scan: TextScan, used: number, words: number, gapKinds: number): void {
  scan.starts[words] = used
  scan.length = used
  scan.words = words
  scan.gapKinds = gapKinds
  let all = 0
  for (let word = 0; word < words; word++) all |= scan.traits[word] ?? 0
  scan.allTraits = all
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
  let kinds = 0
  for (let word = 0; word < writer.words; word++) kinds |= 1 << ((scan.gaps[word] ?? 0) & GAP_KIND)
  endScan(scan, writer.used, writer.words, kinds)
}

interface Writer {
  readonly scan: TextScan
  used: number
  words: number
  gap: number
}

function writeAscii(writer: Writer, unit: number): void {
  const code = CODES[unit] ?? OUTER
  if (code < FIRST_KEPT) writer.gap = widened(writer.gap, code)
  else write(writer, code & 127)
}

function writeWide(writer: Writer, unit: number): void {
  const folded = foldWide(unit)
  if (folded > SEVERAL) write(writer, folded)
  else if (folded === SEVERAL) writeText(writer, severalOf(unit))
  else if (folded !== GLUE) writer.gap = widened(writer.gap, folded)
}

/** To fold a character costs a hundred times as much as to find it here. */
const severals = new Map<number, string>()
const MOST_FOLDED = 1024

function severalOf(unit: number): string {
  const known = severals.get(unit)
  if (known !== undefined) return known
  if (severals.size >= MOST_FOLDED) severals.clear()
  const text = canonical(String.fromCharCode(unit))
  severals.set(unit, text)
  return text
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
    scan.isWide = true
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
