import type { KeyedHash } from './keyed-hash.ts'

/** How much it means when two texts share a value. */
export const STRENGTH = {
  /** Numbers of few digits. */
  weak: 1,
  /** Longer numbers, days, last parts of paths, short identifiers. */
  medium: 2,
  /** Paths, identifiers, long numbers. */
  strong: 3,
  /** Where something can go: e-mail addresses, URLs, account numbers. */
  address: 4,
} as const

export type EmitValue = (hash: number, strength: number) => void

/** Longest token that is looked at, in UTF-16 units. */
const MAX_TOKEN = 512

const LETTER = 1
const DIGIT = 2
const AT = 4
const DOT = 8
const SLASH = 16
const UNDERSCORE = 32
const COLON = 64
const EQUALS = 128
const UPPER_INSIDE = 256
const HYPHEN = 512
/** A word, perhaps with a hyphen: no value. */
const WORD_ONLY = LETTER | HYPHEN
/** Set in `KINDS` for signs that end a token, and for those that are cut off its ends. */
const DELIMITER = 1024
const TRIMMED = 2048
/** A capital; shifted, it is `UPPER_INSIDE`. */
const UPPER = 4096
const TO_INSIDE = 4
const COMMA = 44
const LABELLED = COLON | EQUALS
/** What a sign is, and no token: `flagsOf` gives none of it. */
const NO_FLAGS = TRIMMED | UPPER | DELIMITER
/** Flags of a token that is no value. */
const PLAIN = WORD_ONLY | TRIMMED | UPPER

const KINDS = new Uint16Array(128)
for (let unit = 0; unit < 128; unit += 1) {
  if (unit >= 65 && unit <= 90) KINDS[unit] = LETTER | UPPER
  else if (unit >= 97 && unit <= 122) KINDS[unit] = LETTER
  else if (unit >= 48 && unit <= 57) KINDS[unit] = DIGIT
  else if (unit <= 32) KINDS[unit] = DELIMITER
}
for (const sign of '"\'`<>()[]{},;|\\*') KINDS[sign.charCodeAt(0)] = DELIMITER
for (const [sign, kind] of [
  ['@', AT],
  ['.', DOT],
  ['/', SLASH],
  ['_', UNDERSCORE],
  [':', COLON],
  ['=', EQUALS],
  ['-', HYPHEN],
] as const)
  KINDS[sign.charCodeAt(0)] = kind
for (const sign of '.:!?$#@-=&%+')
  KINDS[sign.charCodeAt(0)] = (KINDS[sign.charCodeAt(0)] ?? 0) | TRIMMED

/** Visits the tokens of a stretch of text that are more than words, `limit` at most; linear. */
export function visitValues(
  text: string,
  start: number,
  end: number,
  hash: KeyedHash,
  emit: EmitValue,
  limit = Number.POSITIVE_INFINITY,
): void {
  let read = 0
  for (let from = start; from < end && read < limit; ) {
    let at = from
    let flags = 0
    let kind = kindAt(text, at)
    while ((kind & DELIMITER) === 0 || isInNumber(text, at)) {
      flags |= at > from ? kind | ((kind & UPPER) >> TO_INSIDE) : kind
      at += 1
      if (at === end) break
      kind = kindAt(text, at)
    }
    // Most tokens are mere words.
    if ((flags & ~PLAIN) !== 0 && at - from <= MAX_TOKEN) {
      readToken(text, from, at, flags & ~NO_FLAGS, hash, emit)
      read += 1
    }
    from = at + 1
  }
}

function kindAt(text: string, at: number): number {
  const unit = String.prototype.charCodeAt.call(text, at)
  return unit < 128 ? (KINDS[unit] ?? 0) : kindOf(unit)
}

/** A comma between digits belongs to the number. */
function isInNumber(text: string, at: number): boolean {
  if (String.prototype.charCodeAt.call(text, at) !== COMMA) return false
  return at > 0 && at + 1 < text.length && isDigit(text, at - 1) && isDigit(text, at + 1)
}

function kindOf(unit: number): number {
  return unit === 0xa0 || (unit >= 0x2010 && unit <= 0x303f) ? DELIMITER : LETTER
}

function isDigit(text: string, at: number): boolean {
  return KINDS[String.prototype.charCodeAt.call(text, at)] === DIGIT
}

function readToken(
  text: string,
  start: number,
  end: number,
  flags: number,
  hash: KeyedHash,
  emit: EmitValue,
): void {
  let from = start
  let to = end
  while (from < to && isTrimmed(text, from)) from += 1
  while (to > from && isTrimmed(text, to - 1)) to -= 1
  const scheme = (flags & SLASH) === 0 ? -1 : schemeEnd(text, from, to)
  if (scheme >= 0) {
    emitUrl(text, scheme, to, hash, emit)
    return
  }
  if ((flags & LABELLED) !== 0) from = afterLabel(text, from, to)
  const own = from === start && to === end ? flags : flagsOf(text, from, to)
  emitToken(text, from, to, own, hash, emit)
}

function isTrimmed(text: string, at: number): boolean {
  const unit = String.prototype.charCodeAt.call(text, at)
  // Euro and pound signs
  return unit < 128 ? ((KINDS[unit] ?? 0) & TRIMMED) !== 0 : unit === 0x20ac || unit === 0xa3
}

/** `IBAN:DE44` and `id=7` are named values; `12:30` is a time. */
function afterLabel(text: string, from: number, to: number): number {
  const last = Math.min(to, from + 32)
  for (let at = from + 1; at < last; at += 1) {
    const unit = String.prototype.charCodeAt.call(text, at)
    if (unit !== 58 && unit !== 61) continue
    const before = KINDS[String.prototype.charCodeAt.call(text, at - 1)] ?? 0
    if ((before & LETTER) !== 0) return at + 1
    if ((before & DIGIT) !== 0) return from
  }
  return from
}

function emitToken(
  text: string,
  from: number,
  to: number,
  flags: number,
  hash: KeyedHash,
  emit: EmitValue,
): void {
  if (to - from < 2) return
  if ((flags & ~WORD_ONLY) === 0) return
  if ((flags & AT) !== 0) emit(hash(text, from, to), STRENGTH.address)
  else if ((flags & (DOT | SLASH)) !== 0 && (flags & LETTER) !== 0)
    emitPath(text, from, to, hash, emit)
  else {
    const strength = strengthOf(flags, to - from)
    if (strength > 0) emit(hash(text, from, to), strength)
  }
}

function flagsOf(text: string, start: number, end: number): number {
  let flags = 0
  for (let at = start; at < end; at += 1) {
    const kind = kindAt(text, at)
    // A sign within a token ends no word: it is none of its flags.
    flags |= at > start ? kind | ((kind & UPPER) >> TO_INSIDE) : kind
  }
  return flags & ~NO_FLAGS
}

function strengthOf(flags: number, size: number): number {
  if ((flags & DIGIT) !== 0) {
    if ((flags & LETTER) !== 0) return mixedStrength(flags, size)
    if (size >= 8) return STRENGTH.strong
    return size >= 4 ? STRENGTH.medium : STRENGTH.weak
  }
  if ((flags & UNDERSCORE) !== 0) return STRENGTH.strong
  return (flags & UPPER_INSIDE) !== 0 && size >= 6 ? STRENGTH.medium : 0
}

/** Letters and digits: an account number where it is long and has nothing else. */
function mixedStrength(flags: number, size: number): number {
  if (size >= 12 && size <= 34 && (flags & ~(LETTER | DIGIT | UPPER_INSIDE)) === 0)
    return STRENGTH.address
  return size >= 6 ? STRENGTH.strong : STRENGTH.medium
}

/** Index behind the first `://` of a token, or -1. */
function schemeEnd(text: string, from: number, to: number): number {
  const colon = find(text, 58, from, to)
  return colon > from && text.startsWith('://', colon) ? colon + 3 : -1
}

/** Index of a unit within a token, or -1: a search of the whole text would be quadratic. */
function find(text: string, unit: number, from: number, to: number): number {
  for (let at = from; at < to; at += 1)
    if (String.prototype.charCodeAt.call(text, at) === unit) return at
  return -1
}

function findLast(text: string, unit: number, from: number, to: number): number {
  for (let at = to - 1; at >= from; at -= 1)
    if (String.prototype.charCodeAt.call(text, at) === unit) return at
  return -1
}

/** The host, and all of it where there is more than the host. */
function emitUrl(text: string, start: number, end: number, hash: KeyedHash, emit: EmitValue): void {
  const from = text.startsWith('www.', start) ? start + 4 : start
  let host = from
  while (host < end && !'/?#'.includes(text.charAt(host))) host += 1
  const to = String.prototype.charCodeAt.call(text, end - 1) === 47 ? end - 1 : end
  if (host > from) emit(hash(text, from, host), STRENGTH.address)
  if (to > host) emit(hash(text, from, to), STRENGTH.address)
}

/** A path, host or file name: the whole, its last part, and its host if it begins with one. */
function emitPath(
  text: string,
  start: number,
  end: number,
  hash: KeyedHash,
  emit: EmitValue,
): void {
  const isHost = text.startsWith('www.', start)
  let from = isHost ? start + 4 : start
  let to = end
  while (to > from + 1 && String.prototype.charCodeAt.call(text, to - 1) === 47) to -= 1
  // / and ~
  while (from < to - 1 && '/~'.includes(text.charAt(from))) from += 1
  emit(hash(text, from, to), isHost ? STRENGTH.address : STRENGTH.strong)
  const first = find(text, 47, from, to)
  if (first <= from) return
  const slash = findLast(text, 47, from, to)
  if (to - slash > 3) emit(hash(text, slash + 1, to), STRENGTH.medium)
  if (find(text, 46, from, first) > from) emit(hash(text, from, first), STRENGTH.strong)
}
