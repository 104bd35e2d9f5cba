import { AS_FIELD, IN_TEXT, LEAST_CONFIDENCE, type Place, type Trace, traceOf } from './evidence.ts'
import { bitsOf, confidenceOf } from './information.ts'
import type { Memory } from './memory.ts'
import { isProse, isSampled, LEAST_WORDS, SHINGLE } from './shingles.ts'
import { findRareWords, findValues, lengthOf } from './spans.ts'
import { KNOWN, RESTRICTED, TEXT, TRUSTED } from './value-table.ts'

/** Values found, each at its best place. */
export type Found = Map<string, { readonly trace: Trace; readonly place: Place }>

/** What one source's words, shingles and weak values in a request come to together. */
export interface TextEvidence {
  readonly first: Trace
  readonly place: Place
  /** Words of the request that are counted: the argument's number and the word's. */
  readonly words: Set<number>
  /** Different words and values found. */
  readonly distinct: Set<number>
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
const MOST_WORDS = 1 << 20
/** Different weak signs of one source that are no accident together. */
const LEAST_SIGNS = 3

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
  if (confidence < SURE && (flags & RESTRICTED) !== 0) addText(search, hit, trace)
  if ((flags & TEXT) !== 0) return 0
  if (confidence >= LEAST_CONFIDENCE) keepBest(matches.values, trace, place)
  return confidence
}

function keepBest(found: Found, trace: Trace, place: Place): void {
  const key = `${trace.low} ${trace.high}`
  const known = found.get(key)
  const isBetter =
    known === undefined ||
    (known.place.role !== 'content' && place.role === 'content') ||
    (known.place.role === place.role && known.trace.factor < trace.factor)
  if (isBetter) found.set(key, { trace, place })
}

/** Looks up words and shingles: all of them where `isDense`, else those that every text keeps. */
export function matchText(search: Search, isDense: boolean): void {
  const { scan, values, hash, shingles, hasRestrictedText } = search.memory
  if (scan.words >= LEAST_WORDS) {
    shingles.clear()
    for (let word = 0; word + SHINGLE <= scan.words; word++) {
      if (!(isDense || isSampled(scan, word)) || !isProse(scan, word)) continue
      shingles.make(hash, scan, word)
      const { low, high } = shingles
      const slot = values.find(low, high)
      const last = word + SHINGLE - 1
      if (slot >= 0) matchWords(search, { slot, low, high, first: word, last })
    }
  }
  if (isDense && hasRestrictedText) matchRareWords(search)
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
  if (search.memory.values.seen(hit.slot) >= BOILERPLATE) return
  const found = { low: hit.low, high: hit.high, bits: 0, length: 0, factor: 0 }
  const trace = traceOf(search.memory, hit.slot, found)
  if (trace !== undefined) addText(search, hit, trace)
}

function addText(search: Search, { slot, low, first, last }: Hit, trace: Trace): void {
  const { scan, values } = search.memory
  if ((values.flags(slot) & TRUSTED) !== 0) return
  const evidence = evidenceOf(search, trace)
  const isShingle = last - first === SHINGLE - 1 && (values.flags(slot) & TEXT) !== 0
  if (!isShingle && evidence.distinct.has(low)) return
  const isWord = !isShingle && (values.flags(slot) & TEXT) !== 0
  let bits = 0
  for (let word = first; word <= last; word++) {
    const key = search.text * MOST_WORDS + word
    if (evidence.words.has(key)) continue
    evidence.words.add(key)
    bits += Math.min(bitsOf(scan, word, word), isWord ? MOST_OF_WORD : Number.POSITIVE_INFINITY)
    evidence.length += lengthOf(scan, word, word)
  }
  if (isShingle) evidence.shingles += bits
  else {
    evidence.distinct.add(low)
    evidence.rare += Math.max(0, bits - values.crowd(slot))
  }
}

function evidenceOf({ matches, place }: Search, trace: Trace): TextEvidence {
  const known = matches.texts.get(trace.event)
  if (known !== undefined) return known
  const sets = { words: new Set<number>(), distinct: new Set<number>() }
  const evidence: TextEvidence = { first: trace, place, ...sets, shingles: 0, rare: 0, length: 0 }
  matches.texts.set(trace.event, evidence)
  return evidence
}

/**
 * Bits that words and shingles come to. Any of a source's many words may meet any of a request's by
 * chance: each counts for less by the logarithms of both numbers.
 */
export function textBits({ distinct, shingles, rare }: TextEvidence, request: number): number {
  const count = distinct.size
  if (count < LEAST_SIGNS) return shingles
  return shingles + Math.max(0, rare - count * Math.log2(Math.max(1, request / count)))
}
