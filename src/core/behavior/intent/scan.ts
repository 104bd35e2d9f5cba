import { isCodeSign } from './code-text.ts'
import { lowerUnit } from './keyed-hash.ts'
import { CELL, type Lexicon, lexicon, stepWord, WORD_PRIME, WORD_SEED } from './lexicon.ts'

/** Most words of one sentence that are looked at. */
const MAX_WORDS = 96
/** A sentence without an end is cut here, in UTF-16 units. */
const MAX_SENTENCE = 600
/** Below, a line break ends a sentence; above, the line was probably wrapped. */
const WRAP_WIDTH = 56
/** Kana, Han and Hangul: no spaces between words. */
const FIRST_CJK = 0x3040

const LETTER = 1
const DIGIT = 2
const SPACE = 4
const STOP = 8
const BREAK = 16
/** Signs that make more than words of a token. */
const SIGN = 32
/** Signs that source text is full of; some are of another class too. */
const CODE = 64
const CLASSES = new Uint8Array(128)
for (let unit = 0; unit < 128; unit += 1) {
  if ((unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)) CLASSES[unit] = LETTER
  else if (unit >= 48 && unit <= 57) CLASSES[unit] = DIGIT
  else if (unit === 10 || unit === 13) CLASSES[unit] = BREAK
  else if (unit <= 32) CLASSES[unit] = SPACE
}
for (const sign of '.!?;') CLASSES[sign.charCodeAt(0)] = STOP
for (const sign of '@_/') CLASSES[sign.charCodeAt(0)] = SIGN
for (let unit = 0; unit < 128; unit += 1)
  if (isCodeSign(unit)) CLASSES[unit] = (CLASSES[unit] ?? 0) | CODE

/** Letters in lower case and digits; 0 for all else. */
const FOLDED = new Uint8Array(128)
for (let unit = 0; unit < 128; unit += 1)
  if (((CLASSES[unit] ?? 0) & (LETTER | DIGIT)) !== 0) FOLDED[unit] = lowerUnit(unit)

/** The sentence that a scan is at. One object is used again and again: copy what is kept. */
export interface SentenceView {
  start: number
  end: number
  words: number
  /** Union of the words' verb classes, objects and kinds. */
  verbs: number
  objects: number
  kinds: number
  /** It has tokens that may be more than words: digits, addresses, paths. */
  hasTokens: boolean
  /** A capital stands within a token, or behind a sign that may belong to it. */
  hasCapitals: boolean
  /** Signs that source text is full of. */
  signs: number
  readonly wordStarts: Int32Array
  readonly wordEnds: Int32Array
  /** `WORD` bits of a word, its verb classes and its object classes. */
  kindOf(index: number): number
  verbsOf(index: number): number
  objectsOf(index: number): number
  /** Entry of a word in the lexicon, 0 where it has none. */
  entryOf(index: number): number
}

/** Walks over the sentences of a text; linear, and without allocation. */
export type Scan = (text: string, visit: (sentence: SentenceView) => void) => void

/** A class for speed: its fields stay in one place, and a word costs three writes. */
class Walk implements SentenceView {
  start = 0
  end = 0
  words = 0
  verbs = 0
  objects = 0
  kinds = 0
  hasTokens = false
  hasCapitals = false
  signs = 0
  readonly wordStarts = new Int32Array(MAX_WORDS)
  readonly wordEnds = new Int32Array(MAX_WORDS)
  private readonly entries = new Int32Array(MAX_WORDS)
  private readonly table: Lexicon = lexicon()
  private readonly cells: Int32Array = lexicon().cells
  private text = ''
  private length = 0
  private lineStart = 0

  kindOf(index: number): number {
    return this.cells[(this.entries[index] ?? 0) + CELL.kinds] ?? 0
  }

  verbsOf(index: number): number {
    return this.cells[(this.entries[index] ?? 0) + CELL.verbs] ?? 0
  }

  objectsOf(index: number): number {
    return this.cells[(this.entries[index] ?? 0) + CELL.objects] ?? 0
  }

  entryOf(index: number): number {
    return this.entries[index] ?? 0
  }

  run(text: string, visit: (sentence: SentenceView) => void): void {
    const length = text.length
    this.text = text
    this.length = length
    this.lineStart = 0
    this.begin(0)
    let at = 0
    while (at < length) {
      const unit = String.prototype.charCodeAt.call(text, at)
      const kind = unit < 128 ? (CLASSES[unit] ?? 0) : classOf(unit)
      if ((kind & (LETTER | DIGIT)) !== 0) {
        at = unit >= FIRST_CJK ? this.readPair(at) : this.readWord(at)
        continue
      }
      if (kind === SPACE ? at - this.start > MAX_SENTENCE : kind !== 0 && this.endsAt(at, kind))
        this.finish(at, visit)
      at += 1
    }
    this.finish(length, visit)
  }

  private begin(at: number): void {
    this.start = at
    this.words = 0
    this.verbs = 0
    this.objects = 0
    this.kinds = 0
    this.hasTokens = false
    this.hasCapitals = false
    this.signs = 0
  }

  private finish(at: number, visit: (sentence: SentenceView) => void): void {
    if (this.words > 0) {
      this.end = at
      visit(this)
    }
    this.begin(at + 1)
  }

  /** Reads letters and digits. Gives the index behind them. */
  private readWord(start: number): number {
    const text = this.text
    const length = this.length
    let hash = WORD_SEED
    let at = start
    /** Bits in which units differ from small letters, but for the first. */
    let capitals = 0
    for (; at < length; at += 1) {
      const unit = String.prototype.charCodeAt.call(text, at)
      const folded = unit < 128 ? (FOLDED[unit] ?? 0) : foldWide(unit)
      if (folded === 0) break
      // Letters are above the digits.
      if (folded < 58) this.hasTokens = true
      if (at > start) capitals |= unit ^ folded
      hash = Math.imul(hash ^ folded, WORD_PRIME)
    }
    if (capitals !== 0 || this.isCapitalInside(start)) this.hasCapitals = true
    this.add(hash, start, at)
    return at
  }

  private isCapitalInside(at: number): boolean {
    if (at === this.start || String.prototype.charCodeAt.call(this.text, at - 1) <= 32) return false
    const unit = String.prototype.charCodeAt.call(this.text, at)
    return unit >= 65 && unit <= 90
  }

  /** Every pair of characters may be a word. */
  private readPair(at: number): number {
    if (at + 1 < this.length) {
      const first = stepWord(WORD_SEED, String.prototype.charCodeAt.call(this.text, at))
      this.add(stepWord(first, String.prototype.charCodeAt.call(this.text, at + 1)), at, at + 2)
    }
    return at + 1
  }

  private add(hash: number, start: number, end: number): void {
    const index = this.words
    if (index >= MAX_WORDS) return
    let entry = this.table.find(hash)
    if (entry !== 0) {
      if (this.isGlued(start - 1, -1) || this.isGlued(end, 1)) entry = 0
      this.kinds |= this.cells[entry + CELL.kinds] ?? 0
      this.verbs |= this.cells[entry + CELL.verbs] ?? 0
      this.objects |= this.cells[entry + CELL.objects] ?? 0
    }
    this.entries[index] = entry
    this.wordStarts[index] = start
    this.wordEnds[index] = end
    this.words = index + 1
  }

  /** The word is part of an address, a path or a file name: `order.pdf`, `cancel@example.com`. */
  private isGlued(at: number, step: number): boolean {
    const { text, length } = this
    if (at < 1 || at + 1 >= length) return false
    const unit = String.prototype.charCodeAt.call(text, at)
    if (unit !== 46 && unit !== 47 && unit !== 64 && unit !== 95) return false
    const beyond = String.prototype.charCodeAt.call(text, at + step)
    return beyond < 128 && ((CLASSES[beyond] ?? 0) & (LETTER | DIGIT)) !== 0
  }

  /** True where a sign ends the sentence. */
  private endsAt(at: number, signed: number): boolean {
    const text = this.text
    const kind = signed & ~CODE
    if (kind === STOP) {
      const next = at + 1 < this.length ? String.prototype.charCodeAt.call(text, at + 1) : 32
      if (next <= 32 || next === 34 || next === 39 || next === 41 || next >= 0x3000) return true
    }
    if (kind !== signed) this.signs += 1
    // A dot inside an address, a number or a file name.
    if (kind === SIGN || kind === STOP) this.hasTokens = true
    if (kind !== BREAK) return false
    const ends = isRealBreak(text, at, this.lineStart)
    this.lineStart = at + 1
    return ends
  }
}

export function createScan(): Scan {
  const walk = new Walk()
  return (text, visit) => walk.run(text, visit)
}

/** Whether a line break ends a sentence or was put there by an editor that wraps lines. */
function isRealBreak(text: string, at: number, lineStart: number): boolean {
  if (at - lineStart < WRAP_WIDTH) return true
  const { length } = text
  let next = at + 1
  while (next < length && next < at + 12 && String.prototype.charCodeAt.call(text, next) === 32)
    next += 1
  if (next >= length) return true
  const unit = String.prototype.charCodeAt.call(text, next)
  return !(unit >= 97 && unit <= 122)
}

/** A letter beyond ASCII in lower case; 0 for what ends a word, as do letters that are words. */
function foldWide(unit: number): number {
  return unit < FIRST_CJK && classOf(unit) === LETTER ? lowerUnit(unit) : 0
}

function classOf(unit: number): number {
  if (unit === 0x3002 || unit === 0xff01 || unit === 0xff1f) return BREAK
  if (unit === 0x2028 || unit === 0x2029) return BREAK
  if (unit === 0xa0 || (unit >= 0x2000 && unit <= 0x206f) || (unit >= 0x3000 && unit <= 0x303f))
    return SPACE
  return unit === 0xd7 || unit === 0xf7 ? 0 : LETTER
}
