import type { Leaf } from '../payload/leaf.ts'
import { hasSiblings, type Region, regionOf } from './cut-region.ts'
import { GRAM, PLAIN } from './fragments.ts'
import { bitsOf, isRandom } from './information.ts'
import type { Memory } from './memory.ts'
import { hashShingle, isProse, isSampled, LEAST_WORDS, mixShingle, SHINGLE } from './shingles.ts'
import { findRareWords, findValues, lengthOf, type Spans } from './spans.ts'
import { HAS_LETTER, scanText, type TextScan } from './text-scan.ts'
import {
  ASKED,
  CUT,
  DERIVED,
  KNOWN,
  type Mark,
  RESTRICTED,
  SECRET,
  TEXT,
  TRUSTED,
} from './value-table.ts'

const UNKNOWN: Mark = { event: 0, flags: 0, origin: 0, crowd: 0, path: 0 }

/** How new a response is: what is seen again and again beside new things is boilerplate. */
export interface Novelty {
  fresh: number
  /** Slots of values that were known, as long as the table stays as it is. */
  readonly again: number[]
  readonly epoch: number
  /** Rare words so far. */
  rare: number
  /** Lower hash half of values that the call was given, and the path by which they come back. */
  readonly travelled: ReadonlyMap<number, number>
}

/** Words of a restricted text that are looked at one by one; beyond, by sample. */
const MOST_DENSE = 512
/** A restricted value that says less is not looked for in pieces. */
const LEAST_CUT_BITS = 20
/** Values inside prose must say more. */
const LEAST_INNER_BITS = 40
const LEAST_INNER = 12
/** Bytes of a prefix, and of a host, that pieces may reach into. */
const LENT_BEFORE = 4
const LENT_BEHIND = GRAM - 1
/** One value in so many must be new for a response to hold news. */
const NEWS = 4
/** Slots that are counted per response. */
const MOST_AGAIN = 256

export function newNovelty(
  memory: Memory,
  travelled: ReadonlyMap<number, number> = NOWHERE,
): Novelty {
  return { fresh: 0, again: [], epoch: memory.values.epoch, rare: 0, travelled }
}
const NOWHERE: ReadonlyMap<number, number> = new Map()

/** Only a response with news tells that what is known in it is common: others are the same, read again. */
export function countAgain(memory: Memory, { fresh, again, epoch }: Novelty): void {
  if (fresh * NEWS < again.length || epoch !== memory.values.epoch) return
  for (const slot of again) memory.values.countSeen(slot)
}

/** Takes in the values of one leaf. Linear in its text. */
export function learnLeaf(memory: Memory, leaf: Leaf, mark: Mark, novelty: Novelty): void {
  const { scan, spans } = memory
  scanText(scan, leaf.text)
  if (scan.words === 0) return
  const isHeld = (mark.flags & RESTRICTED) !== 0
  findValues(scan, spans)
  for (let at = 0; at < spans.count; at++) {
    const first = spans.words[2 * at] ?? 0
    const last = spans.words[2 * at + 1] ?? 0
    const low = learnSpan(memory, first, last, mark, novelty)
    if (isHeld && isCuttable(scan, first, last)) cut(memory, { first, last, low }, mark)
  }
  if (isHeld && !coversAll(spans, scan)) cutAll(memory, mark)
  if (scan.words >= LEAST_WORDS) learnShingles(memory, mark, novelty, isHeld)
  if (isHeld && scan.words > 1) learnRareWords(memory, mark, novelty)
}

/** Takes in a stretch of a text that is a secret. */
export function learnSecret(memory: Memory, text: string, mark: Mark, novelty: Novelty): void {
  const { scan } = memory
  scanText(scan, text)
  if (scan.words === 0) return
  const secret = { ...mark, flags: mark.flags | SECRET | RESTRICTED }
  const last = scan.words - 1
  const low = learnSpan(memory, 0, last, secret, novelty)
  cut(memory, { first: 0, last, low }, secret)
}

/** Values of a request that no source had given: an answer that repeats them tells nothing new. */
export function learnAsked(memory: Memory, leaf: Leaf, event: number): void {
  const { scan, values, hash } = memory
  if (leaf.text.length > 128) return
  scanText(scan, leaf.text)
  if (scan.length < 4) return
  const low = hash.hash(scan.bytes, 0, scan.length)
  const slot = values.place(low, hash.high)
  if (values.flags(slot) === 0) values.write(slot, { ...UNKNOWN, event, flags: ASKED })
}

/** Values of somebody who is trusted. */
export function learnTrusted(memory: Memory, leaf: Leaf): void {
  const { scan, spans, values, hash } = memory
  scanText(scan, leaf.text)
  const place = (low: number, high: number) => {
    const slot = values.place(low, high)
    values.setFlags(slot, values.flags(slot) | TRUSTED)
  }
  const placeSpans = () => {
    for (let at = 0; at < spans.count; at++) {
      const start = scan.starts[spans.words[2 * at] ?? 0] ?? 0
      const end = scan.starts[(spans.words[2 * at + 1] ?? 0) + 1] ?? 0
      place(hash.hash(scan.bytes, start, end), hash.high)
    }
  }
  findValues(scan, spans)
  placeSpans()
  findRareWords(scan, spans)
  placeSpans()
  for (let word = 0; word + SHINGLE <= scan.words; word++)
    place(hashShingle(hash, scan, word), hash.high)
}

/** Gives the lower half of the hash; the upper one is that of `memory.hash`. */
function learnSpan(
  memory: Memory,
  first: number,
  last: number,
  mark: Mark,
  novelty: Novelty,
): number {
  const { scan, hash } = memory
  const low = hash.hash(scan.bytes, scan.starts[first] ?? 0, scan.starts[last + 1] ?? 0)
  learn(memory, low, hash.high, mark, novelty)
  return low
}

function learn(memory: Memory, low: number, high: number, mark: Mark, novelty: Novelty): void {
  const { values } = memory
  const slot = values.place(low, high)
  const flags = values.flags(slot)
  if ((flags & KNOWN) !== 0) {
    const path = novelty.travelled.size === 0 ? undefined : novelty.travelled.get(low)
    if (path !== undefined) values.setPath(slot, path)
    learnAgain(memory, slot, flags, mark, novelty)
    return
  }
  novelty.fresh++
  // What the agent asked with is no news, unless it is a secret.
  if ((flags & ASKED) !== 0 && (mark.flags & SECRET) === 0) return
  values.write(slot, mark)
  values.setFlags(slot, flags | mark.flags | KNOWN)
}

function learnAgain(
  memory: Memory,
  slot: number,
  flags: number,
  mark: Mark,
  novelty: Novelty,
): void {
  const { values } = memory
  if (novelty.again.length < MOST_AGAIN) novelty.again.push(slot)
  const isValue = (mark.flags & TEXT) === 0
  if ((mark.flags & SECRET & ~flags) !== 0) {
    values.write(slot, mark)
    values.setFlags(slot, (flags | mark.flags) & ~TEXT)
  } else if (isValue && (flags & TEXT) !== 0) values.setFlags(slot, flags & ~TEXT)
}

/** Words of a value and the lower half of its hash; the upper one is that of `memory.hash`. */
interface Span {
  readonly first: number
  readonly last: number
  readonly low: number
}

/** All of a text, or what in it is written as keys are. */
function isCuttable(scan: TextScan, first: number, last: number): boolean {
  if (first === 0 && last === scan.words - 1) return true
  return lengthOf(scan, first, last) >= LEAST_INNER && hasRandom(scan, first, last)
}

function coversAll(spans: Spans, { words }: TextScan): boolean {
  return spans.count > 0 && spans.words[0] === 0 && spans.words[1] === words - 1
}

/** A text that is too long for a value is cut all the same. */
function cutAll(memory: Memory, mark: Mark): void {
  const { scan, hash } = memory
  const low = hash.hash(scan.bytes, 0, scan.length)
  cut(memory, { first: 0, last: scan.words - 1, low }, mark)
}

/** Remembers the pieces of a value, unless it says too little or is known from elsewhere. */
function cut(memory: Memory, { first, last, low }: Span, mark: Mark): void {
  const { scan, hash, values } = memory
  if (lengthOf(scan, first, last) < GRAM) return
  const { high } = hash
  const known = values.find(low, high)
  const flags = known < 0 ? 0 : values.flags(known)
  // What was known before from elsewhere, or is trusted, is no restricted value.
  if ((flags & (CUT | TRUSTED)) !== 0) return
  if ((flags & KNOWN) === 0 ? (flags & ASKED) !== 0 : (flags & RESTRICTED) === 0) return
  const region = regionOf(scan, first, last)
  const bits = bitsOf(scan, region.first, region.last)
  if (bits < leastBits(scan, first, last, mark)) return
  const slot = values.place(low, high)
  if ((flags & KNOWN) === 0) {
    values.write(slot, mark)
    values.setFlags(slot, flags | mark.flags | KNOWN | TEXT)
  }
  values.setFlags(slot, values.flags(slot) | CUT)
  addFragments(memory, { first, last, low }, region, { high, bits, mark })
}

function leastBits(scan: TextScan, first: number, last: number, { flags }: Mark): number {
  if ((flags & SECRET) !== 0) return 0
  return first === 0 && last === scan.words - 1 ? LEAST_CUT_BITS : LEAST_INNER_BITS
}

function addFragments(
  { scan, fragments }: Memory,
  { first, last, low }: Span,
  region: Region,
  { high, bits, mark }: { high: number; bits: number; mark: Mark },
): void {
  const { event, origin, path } = mark
  // What is not its own lends a few bytes, so that pieces over the border are known.
  const start = Math.max(scan.starts[first] ?? 0, (scan.starts[region.first] ?? 0) - LENT_BEFORE)
  const end = Math.min(
    scan.starts[last + 1] ?? 0,
    (scan.starts[region.last + 1] ?? 0) + LENT_BEHIND,
  )
  const flags = mark.flags | (isPlain(scan, region.first, region.last) ? PLAIN : 0)
  const total = lengthOf(scan, first, last)
  const whole = hasSiblings(scan, first, last)
  const value = { low, high, event, origin, path, flags, total, bits, whole, length: end - start }
  fragments.add(value, scan.bytes, start)
}

function isPlain(scan: TextScan, first: number, last: number): boolean {
  for (let word = first; word <= last; word++)
    if (scan.traits[word] !== HAS_LETTER || isRandom(scan, word)) return false
  return true
}

function hasRandom(scan: TextScan, first: number, last: number): boolean {
  for (let word = first; word <= last; word++) if (isRandom(scan, word)) return true
  return false
}

/** Remembers the pieces of a value, once. */
/** The mark of what is no value of its own. Field by field: a spread costs as much as ten hashes. */
function asText({ event, flags, origin, path }: Mark, crowd: number): Mark {
  return { event, flags: flags | TEXT, origin, crowd, path }
}

function learnShingles(memory: Memory, mark: Mark, novelty: Novelty, isDense: boolean): void {
  const { scan, hash, textFilter } = memory
  const text = asText(mark, 0)
  for (let word = 0; word + SHINGLE <= scan.words; word++) {
    if (!(isDense && word < MOST_DENSE) && !isSampled(scan, word)) continue
    if (!isProse(scan, word)) continue
    if (isDense) textFilter.add(mixShingle(scan, word))
    const low = hashShingle(hash, scan, word)
    learn(memory, low, hash.high, text, novelty)
  }
  if (isDense) memory.hasRestrictedText = true
}

function learnRareWords(memory: Memory, mark: Mark, novelty: Novelty): void {
  const { scan, spans } = memory
  findRareWords(scan, spans)
  memory.hasRestrictedText = true
  if (spans.count === 0) return
  novelty.rare += spans.count
  const text = asText(mark, Math.min(15, 31 - Math.clz32(Math.max(1, novelty.rare))))
  for (let at = 0; at < spans.count && at < MOST_DENSE; at++)
    learnSpan(memory, spans.words[2 * at] ?? 0, spans.words[2 * at + 1] ?? 0, text, novelty)
}

/** True for what an internal tool may have made of restricted values: not a status, not a new id. */
export function isMadeOf(memory: Memory, leaf: Leaf): boolean {
  const { scan } = memory
  if (ID_NAME.test(leaf.key)) return false
  scanText(scan, leaf.text)
  if (scan.length < 16 || hasSiblings(scan, 0, scan.words - 1)) return false
  if (bitsOf(scan, 0, scan.words - 1) < LEAST_INNER_BITS) return false
  return scan.words >= 8 || hasRandom(scan, 0, scan.words - 1)
}

const ID_NAME = /(?:^|[_-])(?:id|uuid|guid|etag|cursor|request|trace|version)s?$|[a-z](?:Id|Uuid)$/i

export const DERIVED_FLAGS = RESTRICTED | DERIVED
