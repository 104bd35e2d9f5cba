import type { ScanMatch } from '../match.ts'
import { type CueList, type Plan, planFor } from '../plan.ts'
import { walk } from '../walk.ts'
import { type AnchorSearch, type Anchors, anchorFragments, searchAnchors } from './anchors.ts'
import { CIPHER_WORDS, findEncoded } from './encoded.ts'
import type { Weights } from './evidence.ts'
import { cueFold } from './fold.ts'
import { findHiddenCharacters, hiddenInWords, isWide, readable } from './hidden-characters.ts'
import { passageOfSpan, passagesOf } from './passages.ts'
import { regionsOf } from './regions.ts'
import { readSentences, type Sentence } from './sentences.ts'
import { findStructure, type Span } from './structure.ts'
import { type WordTrie, wordTrie } from './word-trie.ts'

/** Shorter texts hold no instruction with evidence for it. */
const SHORTEST = 8

/** Weight that a caller's own reading of a sentence adds. */
export type Extra = (sentence: Sentence, weights: Weights) => void

export interface PassageOptions {
  readonly extra: Extra
  /** Also look at what encoded runs decode to. */
  readonly decodes: boolean
  /** Also read sentences without a cue word. For short texts only. */
  readonly readsAll: boolean
}

const FOR_DATA: PassageOptions = { extra: () => {}, decodes: true, readsAll: false }
const FOR_DECODED: PassageOptions = { ...FOR_DATA, decodes: false }
const NONE: readonly ScanMatch[] = []

/** What a walk over a text has to look for, so that {@link findAfterWalk} need not walk again. */
export function instructionCues(): CueList {
  const letters = anchorFragments().map((fragment) => fragment.letters)
  return { keywords: [...letters, ...CIPHER_WORDS], fold: cueFold() }
}

let cuePlan: Plan | undefined

/** The anchors of a text that is walked over for them alone. */
function walkFor(text: string): AnchorSearch {
  cuePlan ??= planFor([], instructionCues())
  const search = searchAnchors(text)
  walk(cuePlan, text, search.sink, search.units)
  return search
}

/**
 * Passages of a text that speak to a language model rather than to its reader: suspicion, not proof.
 * Each passage has a confidence of 0.5 or more and covers the sentences, or the marked block, that
 * bear the cues. Linear in the length; a text without any cue word is only walked over.
 */
export function findInstructions(text: string): readonly ScanMatch[] {
  return findPassages(text, FOR_DATA)
}

/** The same for a text that was walked over with {@link instructionCues}, which told `search` of them. */
export function findAfterWalk(text: string, search: AnchorSearch): readonly ScanMatch[] {
  return findPassages(text, FOR_DATA, search)
}

/** The same with weights of the caller's. */
export function findPassages(
  text: string,
  options: PassageOptions,
  search?: AnchorSearch,
): readonly ScanMatch[] {
  if (text.length < SHORTEST) return NONE
  const wide = isWide(text)
  const plain = wide ? readable(text) : text
  const walked = search === undefined || plain !== text ? walkFor(plain) : search
  const { units } = walked
  const anchors = addPlaces(walked.finish(wide), hiddenInWords(plain, wide))
  const spans = findStructure(plain)
  const found: ScanMatch[] = []
  if (options.decodes) {
    if (wide) findHiddenCharacters(text, isInstruction, found)
    findEncoded(plain, units, anchors !== undefined && walked.sawCipher, isInstruction, found)
  }
  const isBare = anchors === undefined && spans.length === 0 && !options.readsAll
  if (!isBare) readRegions(wordTrie(), plain, units, anchors, spans, options, found)
  return found.length === 0 ? NONE : merge(found)
}

function readRegions(
  trie: WordTrie,
  text: string,
  units: Uint16Array,
  anchors: Anchors | undefined,
  spans: readonly Span[],
  { extra, readsAll }: PassageOptions,
  found: ScanMatch[],
): void {
  const sentences: Sentence[] = []
  const regions = readsAll ? [[0, text.length] as const] : regionsOf(text.length, anchors, spans)
  for (const [from, to] of regions) readSentences(trie, text, units, from, to, sentences)
  const passages: ScanMatch[] = []
  passagesOf(text, sentences, extra, passages)
  for (const passage of passages) found.push(insideOf(spans, passage))
  let next = 0
  for (const span of spans) {
    while (next < sentences.length && (sentences[next]?.end ?? 0) <= span.start) next++
    const match = passageOfSpan(span, sentences, next, extra)
    if (match !== undefined) found.push(match)
  }
}

/** A passage that begins in a marked block ends with it. */
function insideOf(spans: readonly Span[], passage: ScanMatch): ScanMatch {
  const { start, end } = passage
  const around = spans.find((span) => span.start <= start && start < span.end)
  return around === undefined || around.end >= end ? passage : { ...passage, end: around.end }
}

/** Places without a role: what stands there is not known. */
function addPlaces(anchors: Anchors | undefined, places: readonly number[]): Anchors | undefined {
  if (places.length === 0) return anchors
  return {
    places: [...(anchors?.places ?? []), ...places],
    roles: [...(anchors?.roles ?? []), ...places.map(() => 0)],
  }
}

/** Whether text that was decoded from something is an instruction. What it decodes to in turn is not asked. */
function isInstruction(text: string): boolean {
  return findPassages(text, FOR_DECODED).length > 0
}

/** In order, with overlapping passages joined under the kind of the most confident. */
function merge(matches: ScanMatch[]): readonly ScanMatch[] {
  if (matches.length < 2) return matches
  matches.sort((a, b) => a.start - b.start)
  const merged: ScanMatch[] = []
  for (const match of matches) {
    const last = merged.at(-1)
    if (last === undefined || match.start >= last.end) {
      merged.push(match)
      continue
    }
    const { kind, confidence } = match.confidence > last.confidence ? match : last
    const end = Math.max(last.end, match.end)
    merged[merged.length - 1] = { class: 'instruction', kind, start: last.start, end, confidence }
  }
  return merged
}
