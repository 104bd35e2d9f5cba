import { isCommonMix, isCommonWord } from './common-words.ts'
import { GAP_KIND, HAS_DIGIT, HAS_LETTER, mixOf, type TextScan } from './text-scan.ts'
import { JOINER } from './wide-units.ts'

/** Bits of a word that everybody uses. */
const COMMON = 1.5
/** Bits of an unlisted word that is built like a common one, such as an adverb or a gerund. */
const BUILT = 4
/** Bits a letter of an unlisted word: names, rare words. @see https://doi.org/10.1002/j.1538-7305.1951.tb01366.x */
const LETTER = 2
/** The same in what is written in one with digits: nobody writes that by chance. */
const LETTER_COMPOSED = 3
/** One word without digits is never enough by itself: no list of common words is complete. */
export const SINGLE_WORD = 18
/** Bits a character of what no language writes: keys, tokens, hashes. */
const RANDOM = 5
const RANDOM_HEX = 4
const DIGIT = 3.3
const YEAR = 3
/** Dates and times: anybody may write those. */
const DATE = 10

/** Where confidence is one half. */
const HALF = 18

/** Bits beyond which nothing changes; also bounds the work for long texts. */
export const ENOUGH = 400

/**
 * How sure bits of information make a match: 0.5 at 18 bits, 0.6 at 22 (a phone number), 0.97 at 100
 * (a 28-character key). Chance matches of `b` bits die out as a power of `b`, not as a cliff.
 */
export function confidenceOf(bits: number): number {
  return (bits * bits) / (bits * bits + HALF * HALF)
}

/**
 * How much the words `first..last` say, in bits: what is common says little, however long it is.
 * Read off canonical bytes, so that it is the same for every writing of a value.
 */
export function bitsOf(scan: TextScan, first: number, last: number): number {
  // No common word looks drawn by chance, and most words of a text are common.
  if (first === last && scan.traits[first] === HAS_LETTER && isCommonMix(mixOf(scan, first)))
    return COMMON
  let bits = 0
  const rate = isComposed(scan, first, last) ? LETTER_COMPOSED : LETTER
  for (let word = first; word <= last && bits < ENOUGH; word++) bits += wordBits(scan, word, rate)
  if (first === last) {
    const isPlain = scan.traits[first] === HAS_LETTER && !isRandom(scan, first)
    return isPlain ? Math.min(bits, SINGLE_WORD) : Math.min(bits, timestampBits(scan, first))
  }
  return isDate(scan, first, last) ? Math.min(bits, DATE) : bits
}

/** True for a word that no language writes: letters and digits take turns, or vowels are missing. */
export function isRandom(scan: TextScan, word: number): boolean {
  const start = scan.starts[word] ?? 0
  const end = scan.starts[word + 1] ?? start
  if (end - start < 6) return false
  const turns = turnsOf(scan.bytes, start, end)
  if (turns >= 2) return true
  return turns === 0 && end - start >= 10 && vowelsOf(scan.bytes, start, end) * 7 < end - start
}

/** True for what is written in one, of words and digits: a password, an address, an id. */
function isComposed({ gaps, traits }: TextScan, first: number, last: number): boolean {
  if (first === last) return traits[first] === (HAS_DIGIT | HAS_LETTER)
  let all = traits[first] ?? 0
  for (let word = first + 1; word <= last; word++) {
    if (((gaps[word] ?? 0) & GAP_KIND) !== JOINER) return false
    all |= traits[word] ?? 0
  }
  return all === (HAS_DIGIT | HAS_LETTER)
}

function wordBits(scan: TextScan, word: number, rate: number): number {
  const { bytes, starts, traits } = scan
  const start = starts[word] ?? 0
  const end = starts[word + 1] ?? start
  if (traits[word] === HAS_DIGIT) return digitBits(bytes, start, end)
  if (isRandom(scan, word)) return randomBits(bytes, start, end)
  if (traits[word] === HAS_LETTER) return letterBits(bytes, start, end, rate)
  let bits = 0
  for (let from = start; from < end; ) {
    const isDigit = (bytes[from] ?? 0) < 58
    let to = from + 1
    while (to < end && (bytes[to] ?? 0) < 58 === isDigit) to++
    bits += isDigit ? digitBits(bytes, from, to) : letterBits(bytes, from, to, rate)
    from = to
  }
  return bits
}

const SUFFIX_LIST =
  'ing tion sion ment ally able ible ness ated ized ised fied ious eous ative ility ance ence ship less lly ted ied ned ced ded red sed tions ments ical'
/** By their last letter, so that few are compared. */
const SUFFIXES: readonly (readonly Uint8Array[])[] = Array.from({ length: 128 }, (_, last) =>
  SUFFIX_LIST.split(' ')
    .filter((suffix) => suffix.charCodeAt(suffix.length - 1) === last)
    .map((suffix) => Uint8Array.from(suffix, (letter) => letter.charCodeAt(0))),
)
const PLURAL = 115

function letterBits(bytes: Uint8Array, start: number, end: number, rate: number): number {
  if (isCommonWord(bytes, start, end)) return COMMON
  if (bytes[end - 1] === PLURAL && isCommonWord(bytes, start, end - 1)) return COMMON
  if (end - start >= 6 && isBuilt(bytes, start, end)) return BUILT
  return Math.min((end - start < 5 ? LETTER : rate) * (end - start), varietyBits(bytes, start, end))
}

function isBuilt(bytes: Uint8Array, start: number, end: number): boolean {
  const suffixes = SUFFIXES[bytes[end - 1] ?? 0] ?? []
  for (const suffix of suffixes) if (endsWith(bytes, start, end, suffix)) return true
  return false
}

function endsWith(bytes: Uint8Array, start: number, end: number, suffix: Uint8Array): boolean {
  const from = end - suffix.length
  if (from < start + 3) return false
  for (let at = 0; at < suffix.length; at++) if (bytes[from + at] !== suffix[at]) return false
  return true
}

function digitBits(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 2) return 5
  if (length === 4 && isYear(bytes, start)) return YEAR
  if (length === 8 && isYear(bytes, start) && isMonthDay(bytes, start + 4)) return DATE
  if (isRun(bytes, start, end)) return Math.min(2 * length, 6)
  return Math.min(DIGIT * length, varietyBits(bytes, start, end))
}

function randomBits(bytes: Uint8Array, start: number, end: number): number {
  let isHex = true
  for (let at = start; at < end && isHex; at++) isHex = (bytes[at] ?? 0) <= 102
  const most = isHex ? RANDOM_HEX : RANDOM
  // One bit more than what is seen: few drawings never show all there is to draw from.
  return Math.min(most * (end - start), varietyBits(bytes, start, end) + end - start)
}

/** No text says more than its length times the bits that tell its distinct bytes apart. */
function varietyBits(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + 256)
  let digits = 0
  let letters = 0
  for (let at = start; at < limit; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 58) digits |= 1 << (byte & 15)
    else letters |= 1 << (byte & 31)
  }
  const distinct = ones(digits) + ones(letters)
  return (end - start) * Math.log2(distinct) + 3
}

function ones(word: number): number {
  let rest = word
  let count = 0
  for (; rest !== 0; rest &= rest - 1) count++
  return count
}

function turnsOf(bytes: Uint8Array, start: number, end: number): number {
  let turns = 0
  for (let at = start + 1; at < end; at++)
    if ((bytes[at] ?? 0) < 58 !== (bytes[at - 1] ?? 0) < 58) turns++
  return turns
}

const VOWELS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 127 || 'aeiouy'.includes(String.fromCharCode(byte)) ? 1 : 0,
)

/** Bytes beyond ASCII count as vowels: their words are not judged. */
function vowelsOf(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at++) count += VOWELS[bytes[at] ?? 0] ?? 0
  return count
}

function isYear(bytes: Uint8Array, start: number): boolean {
  const century = (bytes[start] ?? 0) * 256 + (bytes[start + 1] ?? 0)
  return century === 0x3139 || century === 0x3230
}

function isMonthDay(bytes: Uint8Array, start: number): boolean {
  const number = (at: number) => ((bytes[at] ?? 48) - 48) * 10 + (bytes[at + 1] ?? 48) - 48
  return number(start) >= 1 && number(start) <= 12 && number(start + 2) <= 31
}

/** `12345`, `987654`, `00000`. */
function isRun(bytes: Uint8Array, start: number, end: number): boolean {
  const step = (bytes[start + 1] ?? 0) - (bytes[start] ?? 0)
  if (Math.abs(step) > 1) return false
  for (let at = start + 1; at < end; at++)
    if ((bytes[at] ?? 0) - (bytes[at - 1] ?? 0) !== step) return false
  return true
}

/** Seconds or milliseconds since 1970, of this and the last years, in digits. */
function timestampBits(scan: TextScan, word: number): number {
  const start = scan.starts[word] ?? 0
  const length = (scan.starts[word + 1] ?? start) - start
  if (scan.traits[word] !== HAS_DIGIT || (length !== 10 && length !== 13)) return ENOUGH
  return scan.bytes[start] === 49 && (scan.bytes[start + 1] ?? 0) >= 53 ? DATE + 4 : ENOUGH
}

/** Nothing but a date: year, month and day, or day, month and year; a time of day may follow. */
function isDate(scan: TextScan, first: number, last: number): boolean {
  const { bytes, starts, traits } = scan
  if (last - first < 2 || last - first > 7) return false
  if (traits[first] !== HAS_DIGIT || traits[first + 1] !== HAS_DIGIT) return false
  for (let word = first + 2; word <= last; word++)
    if (((traits[word] ?? 0) & HAS_DIGIT) === 0) return false
  const sizes = [0, 1, 2].map(
    (word) => (starts[first + word + 1] ?? 0) - (starts[first + word] ?? 0),
  )
  const [one = 0, two = 0, three = 0] = sizes
  if (one === 4 && two <= 2) return isYear(bytes, starts[first] ?? 0) && three >= 1
  return one <= 2 && two <= 2 && three === 4 && isYear(bytes, starts[first + 2] ?? 0)
}
