import { AS_FIELD, IN_TEXT, LEAST_CONFIDENCE, type Place, type Trace, traceOf } from './evidence.ts'
import { bitsOf, confidenceOf } from './information.ts'
import type { Memory } from './memory.ts'
import { hashShingle, isProse, isSampled, LEAST_WORDS, mixShingle, SHINGLE } from './shingles.ts'
import { findRareWords, findValues, lengthOf } from './spans.ts'
import { KNOWN, RESTRICTED, TEXT, TRUSTED } from './value-table.ts'

/** Values found by their slot, each at its best place. */
export type Found = Map<number, { readonly trace: Trace; readonly place: Place }>

/** What one source's words, shingles and weak values in a request come to together. */
export interface TextEvidence {
  /** What was found first of it: the slot and hash of a value. */
  readonly slot: number
  readonly low: number
  readonly high: number
  readonly event: number
  readonly place: Place
  /** Number of the source among those found. */
  readonly order: number
  /** The argument whose words were counted last, and a stretch of it where all are. */
  text: number
  from: number
  to: number
  /** Others of its words are among `Matches.words`. */
  isScattered: boolean
  /** How many different words and values were found. */
  distinct: number
  /** Bits of running text. */
  shingles: number
  /** Bits of single words, less what is owed to there being many in the source. */
  rare: number
  length: number
}

export interface Matches {
  readonly values: Found
  /** By the number of the source's event. */
  readonly texts: Map<number, TextEvidence>
  /** Words and values that are counted, each with its source: one set for all, as there are many sources. */
  readonly counted: Set<number>
  /** Words of the present argument that are counted beside such stretches, each with its source. */
  readonly words: Set<number>
  /** Rare words of the request. */
  rare: number
}

/** What is looked for where: one of these goes through a request's texts. */
export interface Search {
  readonly memory: Memory
  readonly matches: Matches
  place: Place
  /** Number of the argument. */
  text: number
}

/** A value that is this sure needs no other beside it. */
const SURE = 0.6
/** A value that says less is no sign of anything. */
const LEAST_BITS = 11
/** Bits of a rare word: writers choose among some thousands, however long the word is. */
const MOST_OF_WORD = 13
/** Texts that so many responses share are boilerplate. */
const BOILERPLATE = 4
/** Different weak signs of one source that are no accident together. */
const LEAST_SIGNS = 3
/** Spreads the numbers of events: 2^32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1

/** Looks up the values in the text that `memory.scan` holds. */
export function matchValues(search: Search): void {
  const { scan, spans, values, hash } = search.memory
  findValues(scan, spans)
  let passed = -1
  for (let at = 0; at < spans.count; at++) {
    const first = spans.words[2 * at] ?? 0
    const last = spans.words[2 * at + 1] ?? 0
    if (last <= passed) continue
    const low = hash.hash(scan.bytes, scan.starts[first] ?? 0, scan.starts[last + 1] ?? 0)
    const slot = values.find(low, hash.high)
    if (slot < 0) continue
    const confidence = matchSlot(search, { slot, low, high: hash.high, first, last })
    if (confidence >= SURE) passed = last
  }
}

interface Hit {
  readonly slot: number
  readonly low: number
  readonly high: number
  readonly first: number
  readonly last: number
}

function matchSlot(search: Search, hit: Hit): number {
  const { memory, matches, place } = search
  const { scan, values } = memory
  const { slot, low, high, first, last } = hit
  const flags = values.flags(slot)
  if ((flags & KNOWN) === 0) return 0
  const bits = bitsOf(scan, first, last)
  if (bits < LEAST_BITS) return 0
  const length = lengthOf(scan, first, last)
  const isWhole = first === 0 && last === scan.words - 1
  const found = { low, high, bits, length }
  const trace = traceOf(memory, slot, { ...found, factor: isWhole ? AS_FIELD : IN_TEXT })
  if (trace === undefined) return 0
  const confidence = confidenceOf(trace.bits) * trace.factor
  if (confidence < SURE && (flags & RESTRICTED) !== 0) addText(search, hit)
  if ((flags & TEXT) !== 0) return 0
  if (confidence >= LEAST_CONFIDENCE) keepBest(matches.values, slot, trace, place)
  return confidence
}

function keepBest(found: Found, slot: number, trace: Trace, place: Place): void {
  const known = found.get(slot)
  const isBetter =
    known === undefined ||
    (known.place.role !== 'content' && place.role === 'content') ||
    (known.place.role === place.role && known.trace.factor < trace.factor)
  if (isBetter) found.set(slot, { trace, place })
}

/** Looks up words and shingles: all of them where `isDense`, else those that every text keeps. */
export function matchText(search: Search, isDense: boolean): void {
  const { hasRestrictedText, scan } = search.memory
  if (scan.words >= LEAST_WORDS) matchShingles(search, isDense && hasRestrictedText)
  if (isDense && hasRestrictedText) matchRareWords(search)
}

function matchShingles(search: Search, isDense: boolean): void {
  const { scan, values, hash, textFilter } = search.memory
  for (let word = 0; word + SHINGLE <= scan.words; word++) {
    const mayBeKnown =
      isSampled(scan, word) || (isDense && textFilter.mayHave(mixShingle(scan, word)))
    if (!mayBeKnown || !isProse(scan, word)) continue
    const low = hashShingle(hash, scan, word)
    const { high } = hash
    const slot = values.find(low, high)
    const last = word + SHINGLE - 1
    if (slot >= 0) matchWords(search, { slot, low, high, first: word, last })
  }
}

function matchRareWords(search: Search): void {
  const { scan, spans, values, hash } = search.memory
  findRareWords(scan, spans)
  search.matches.rare += spans.count
  for (let at = 0; at < spans.count; at++) {
    const first = spans.words[2 * at] ?? 0
    const last = spans.words[2 * at + 1] ?? 0
    const low = hash.hash(scan.bytes, scan.starts[first] ?? 0, scan.starts[last + 1] ?? 0)
    const { high } = hash
    const slot = values.find(low, high)
    if (slot < 0) continue
    if ((values.flags(slot) & TEXT) !== 0) matchWords(search, { slot, low, high, first, last })
    else matchSlot(search, { slot, low, high, first, last })
  }
}

function matchWords(search: Search, hit: Hit): void {
  const { values } = search.memory
  const flags = values.flags(hit.slot)
  if ((flags & (KNOWN | TRUSTED)) !== KNOWN || values.seen(hit.slot) >= BOILERPLATE) return
  countWords(search, hit, evidenceOf(search, hit))
}

function addText(search: Search, hit: Hit): void {
  if ((search.memory.values.flags(hit.slot) & TRUSTED) !== 0) return
  countWords(search, hit, evidenceOf(search, hit))
}

function countWords(search: Search, hit: Hit, evidence: TextEvidence): void {
  const { slot, low, first, last } = hit
  const { scan, values } = search.memory
  const isText = (values.flags(slot) & TEXT) !== 0
  const isShingle = isText && last - first === SHINGLE - 1
  const key = low ^ Math.imul(evidence.event, SPREAD)
  if (!isShingle && search.matches.counted.has(key)) return
  const most = isText && !isShingle ? MOST_OF_WORD : Number.POSITIVE_INFINITY
  let bits = 0
  for (let word = first; word <= last; word++) {
    if (!countFirst(evidence, search, word)) continue
    bits += Math.min(bitsOf(scan, word, word), most)
    evidence.length += lengthOf(scan, word, word)
  }
  if (isShingle) evidence.shingles += bits
  else {
    search.matches.counted.add(key)
    evidence.distinct++
    evidence.rare += Math.max(0, bits - values.crowd(slot))
  }
}

/** True where the word was not counted before. Mostly the words of one source stand side by side. */
function countFirst(evidence: TextEvidence, { text, matches }: Search, word: number): boolean {
  if (evidence.text !== text) {
    evidence.text = text
    evidence.from = word
    evidence.to = word
    evidence.isScattered = false
  }
  if (word >= evidence.from && word < evidence.to) return false
  if (word === evidence.to && !evidence.isScattered) {
    evidence.to++
    return true
  }
  const key = word ^ Math.imul(evidence.order, SPREAD)
  if (matches.words.has(key)) return false
  if (word === evidence.to) evidence.to++
  else {
    matches.words.add(key)
    evidence.isScattered = true
  }
  return true
}

function evidenceOf({ matches, memory, place }: Search, { slot, low, high }: Hit): TextEvidence {
  const event = memory.values.event(slot)
  const known = matches.texts.get(event)
  if (known !== undefined) return known
  const evidence: TextEvidence = {
    slot,
    low,
    high,
    event,
    place,
    order: matches.texts.size,
    text: -1,
    from: 0,
    to: 0,
    isScattered: false,
    distinct: 0,
    shingles: 0,
    rare: 0,
    length: 0,
  }
  matches.texts.set(event, evidence)
  return evidence
}

/**
 * Bits that words and shingles come to. Any of a source's many words may meet any of a request's by
 * chance: each counts for less by the logarithms of both numbers.
 */
export function textBits(evidence: TextEvidence, request: number): number {
  const { distinct: count, shingles, rare } = evidence
  if (count < LEAST_SIGNS) return shingles
  return shingles + Math.max(0, rare - count * Math.log2(Math.max(1, request / count)))
}
