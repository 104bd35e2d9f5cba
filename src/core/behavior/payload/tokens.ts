import { groupedNumber, type NumberKind } from './number-token.ts'
import {
  unitShape,
  W_AT,
  W_CAPITAL,
  W_COLON,
  W_DASH,
  W_DIGIT,
  W_DOT,
  W_HEX,
  W_OTHER,
  W_SLASH,
  W_SMALL,
  W_WIDE,
} from './word-shape.ts'
import { groupEnd, isDotted, isEmail, isHex, isIban, isUuid, MAX_IBAN } from './word-tests.ts'

/** What a stretch of a longer text is. `name`: two to five words with capitals. */
export type TokenKind =
  | NumberKind
  | 'email'
  | 'url'
  | 'host'
  | 'iban'
  | 'uuid'
  | 'hex'
  | 'base64'
  | 'id'
  | 'path'
  | 'quoted'
  | 'name'
export const TOKEN_KINDS = [
  'number',
  'card',
  'phone',
  'email',
  'url',
  'host',
  'iban',
  'uuid',
  'hex',
  'base64',
  'id',
  'path',
  'quoted',
  'name',
] as const satisfies readonly TokenKind[]

/** Told the UTF-16 offsets of a token: its first unit, and the one behind its last. */
export type TokenVisitor = (start: number, end: number, kind: TokenKind) => void

interface Scan {
  readonly text: string
  readonly visit: TokenVisitor
  /** Offset of the first word of a run with capitals; -1: none is open. */
  nameStart: number
  nameEnd: number
  nameWords: number
  /** Offset behind the last address: there is none inside another. */
  urlEnd: number
}

const MAX_QUOTED = 200
const MAX_NAME_WORDS = 5
const LETTERS = W_SMALL | W_CAPITAL | W_WIDE
const LEAST_ID = 4
const LEAST_HEX = 8
const LEAST_BASE64 = 16
/** Fifteen units and the spaces between groups of four. */
const LEAST_SPACED_IBAN = 18

/**
 * Visits the values that stand in a longer text, in the order they begin, in one pass and without making
 * strings. Tokens may lie in each other: a host in an address, a number in quotes.
 */
export function tokensOf(text: string, visit: TokenVisitor): void {
  const scan: Scan = { text, visit, nameStart: -1, nameEnd: -1, nameWords: 0, urlEnd: 0 }
  let index = 0
  while (index < text.length) {
    const unit = text.charCodeAt(index)
    if (unit === 32) index++
    else if (unitShape(unit) !== 0) index = visitWord(scan, index)
    else {
      endName(scan)
      if (isQuote(unit)) visitQuoted(scan, index)
      index = visitOpenedNumber(scan, index, unit)
    }
  }
  endName(scan)
}

/** `(0)` and `(555)` begin telephone numbers. */
function visitOpenedNumber(scan: Scan, index: number, unit: number): number {
  if (unit !== 40) return index + 1
  const end = groupedNumber(scan.text, index, scan.visit)
  return end > 0 ? end : index + 1
}

function isQuote(unit: number): boolean {
  return (
    unit === 34 || unit === 39 || unit === 96 || unit === 0x201c || unit === 0x2018 || unit === 0xab
  )
}

function visitQuoted({ text, visit }: Scan, start: number): void {
  const quote = text.charCodeAt(start)
  if (quote === 39 && (unitShape(text.charCodeAt(start - 1)) & LETTERS) !== 0) return
  const closing = quote < 128 ? quote : quote === 0xab ? 0xbb : quote + 1
  const limit = Math.min(text.length, start + MAX_QUOTED)
  for (let index = start + 1; index < limit; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 10) return
    if (unit !== closing) continue
    const next = text.charCodeAt(index + 1)
    if (quote === 39 && (unitShape(next) & (LETTERS | W_DIGIT)) !== 0) continue
    if (index > start + 2) visit(start + 1, index, 'quoted')
    return
  }
}

/** Visits what the word at `start` is. Returns the offset behind it. */
function visitWord(scan: Scan, start: number): number {
  const { text, visit } = scan
  let shape = 0
  let index = start
  for (; index < text.length; index++) {
    const unit = unitShape(text.charCodeAt(index))
    if (unit === 0) break
    shape |= unit
    const url = unit === W_COLON && start >= scan.urlEnd ? visitUrl(scan, start, index) : -1
    if (url > 0) return url
  }
  const grouped = (shape & (W_DIGIT | W_OTHER)) === 0 ? -1 : visitGrouped(text, start, index, visit)
  if (grouped > 0) {
    endName(scan)
    return grouped
  }
  const end = trimmedEnd(text, start, index)
  if (isWord(text, start, end)) visitPlain(scan, start, end)
  else endName(scan)
  if ((shape & ~(LETTERS | W_HEX)) !== 0) visitMixed(scan, start, end, shape)
  if (end < index) endName(scan)
  return index
}

/** A number or an IBAN that may be written in groups. Returns the offset behind it; -1: it is neither. */
function visitGrouped(text: string, start: number, end: number, visit: TokenVisitor): number {
  const number = groupedNumber(text, start, visit)
  if (number > 0 || end - start !== 4 || !isIban(text, start, end, 4)) return number
  let behind = end
  while (text.charCodeAt(behind) === 32 && behind - start < MAX_IBAN) {
    const next = groupEnd(text, behind + 1)
    if (next === behind + 1 || next > behind + 5) break
    behind = next
  }
  if (behind - start < LEAST_SPACED_IBAN) return -1
  visit(start, behind, 'iban')
  return behind
}

/** A scheme behind which `//` follows, then anything that is no space. Also visits the host. */
function visitUrl(scan: Scan, start: number, colon: number): number {
  const { text, visit } = scan
  if (text.charCodeAt(colon + 1) !== 47 || text.charCodeAt(colon + 2) !== 47) return -1
  if (colon - start < 2) return -1
  let index = colon + 3
  while (index < text.length && !endsUrl(text.charCodeAt(index))) index++
  const end = trimmedEnd(text, colon + 3, index)
  if (end <= colon + 3) return -1
  endName(scan)
  visit(start, end, 'url')
  let host = colon + 3
  for (let at = host; at < end && !isHostEnd(text.charCodeAt(at)); at++)
    if (text.charCodeAt(at) === 64) host = at + 1
  let stop = host
  while (stop < end && !isHostEnd(text.charCodeAt(stop))) stop++
  if (stop > host) visit(host, stop, 'host')
  scan.urlEnd = end
  // What a query or path carries is visited like any other text, word by word.
  return Math.max(stop, colon + 4)
}

function isHostEnd(unit: number): boolean {
  return unit === 47 || unit === 63 || unit === 35
}

function endsUrl(unit: number): boolean {
  return (
    unit <= 32 ||
    unit === 34 ||
    unit === 39 ||
    unit === 60 ||
    unit === 62 ||
    unit === 96 ||
    unit === 41 ||
    unit === 93 ||
    unit === 125
  )
}

/** Without the punctuation that ends a sentence. */
function trimmedEnd(text: string, start: number, end: number): number {
  let index = end
  while (index > start) {
    const unit = text.charCodeAt(index - 1)
    if (
      unit !== 46 &&
      unit !== 58 &&
      unit !== 33 &&
      unit !== 44 &&
      unit !== 42 &&
      unit !== 63 &&
      unit !== 59
    )
      break
    index--
  }
  return index
}

/** Letters alone, with dashes between them. */
function isWord(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const shape = unitShape(text.charCodeAt(index))
    if ((shape & LETTERS) === 0 && text.charCodeAt(index) !== 45) return false
  }
  return end > start
}

/** A word: with a capital it may be part of a name. */
function visitPlain(scan: Scan, start: number, end: number): void {
  const isCapital = (unitShape(scan.text.charCodeAt(start)) & W_CAPITAL) !== 0
  const follows = scan.nameStart >= 0 && start === scan.nameEnd + 1
  if (!isCapital || !follows || scan.nameWords >= MAX_NAME_WORDS) endName(scan)
  if (!isCapital) return
  if (scan.nameStart < 0) scan.nameStart = start
  scan.nameEnd = end
  scan.nameWords++
}

function endName(scan: Scan): void {
  if (scan.nameWords >= 2) scan.visit(scan.nameStart, scan.nameEnd, 'name')
  scan.nameStart = -1
  scan.nameWords = 0
}

function visitMixed({ text, visit }: Scan, start: number, end: number, shape: number): void {
  if ((shape & W_AT) !== 0 && isEmail(text, start, end)) visit(start, end, 'email')
  else if ((shape & W_SLASH) !== 0) visit(start, end, 'path')
  else if ((shape & W_DIGIT) !== 0) visitCoded(text, start, end, shape, visit)
  else if ((shape & W_DOT) !== 0 && isDotted(text, start, end)) visit(start, end, 'host')
  else if ((shape & W_CAPITAL) !== 0 && (shape & W_SMALL) !== 0 && end - start >= LEAST_BASE64 * 2)
    visit(start, end, 'base64')
}

/** A word with digits. */
function visitCoded(
  text: string,
  start: number,
  end: number,
  shape: number,
  visit: TokenVisitor,
): void {
  const length = end - start
  if (length < LEAST_ID) return
  if (length === 36 && isUuid(text, start)) visit(start, end, 'uuid')
  else if (isIban(text, start, end)) visit(start, end, 'iban')
  else if (length >= LEAST_HEX && isHex(text, start, end)) visit(start, end, 'hex')
  else if ((shape & W_DOT) !== 0 && isDotted(text, start, end)) visit(start, end, 'host')
  else if (length >= LEAST_BASE64 && (shape & W_CAPITAL) !== 0 && (shape & W_SMALL) !== 0)
    visit(start, end, 'base64')
  else if ((shape & (LETTERS | W_DASH)) !== 0) visit(start, end, 'id')
}
