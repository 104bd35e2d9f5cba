import type { ArgumentRole, Flow, FlowKind } from '../flow.ts'
import type { CutValues } from './cut-values.ts'
import {
  AS_TEXT,
  type Candidate,
  candidateOf,
  flowOf,
  LEAST_CONFIDENCE,
  type Place,
  type Trace,
  traceOf,
} from './evidence.ts'
import type { FoundPieces, PieceText } from './found-pieces.ts'
import type { LineageRequest } from './lineage.ts'
import {
  type Extent,
  extentOf,
  isNothing,
  isTelling,
  mostSure,
  type Surroundings,
  traceOfPieces,
} from './match-fragments.ts'
import { type Matches, type TextEvidence, textBits } from './match-values.ts'
import type { Memory } from './memory.ts'
import { findValues, lengthOf } from './spans.ts'
import { scanText } from './text-scan.ts'
import { kindOf } from './value-table.ts'

/** What a request carries. */
export interface Findings {
  readonly flows: readonly Flow[]
  /** Pieces of values to be remembered once it is sent: numbers of the values, each with a mask. */
  readonly pieces: readonly number[]
  /** Not all that is encoded in it was looked at. */
  readonly unread: boolean
}

/** Most flows of restricted data in one request, and most of other data: neither displaces the other. */
const MOST_RESTRICTED = 256
const MOST_OTHER = 64
const NOTHING: Findings = { flows: [], pieces: [], unread: false }

/** Candidates by the value they are about, in the order in which they came. */
interface Candidates {
  readonly byValue: Map<number, Candidate>
  /** How many of restricted data there are of each rank. */
  readonly counts: number[]
  /** What ranks no higher than this has no room any more beside those that came before. */
  full: number
}

/** Ranks above that of all confidences, for what is worse to lose. */
const STEP = 101
const HIGHEST = 4 * STEP

/** Secrets before other restricted data, content before identifiers; else what nobody trusts; then the surest. */
function rankOf(candidate: Candidate, isRestricted: boolean): number {
  const { trace, place, confidence } = candidate
  if (isRestricted) return gravityOf(trace.kind, place.role) * STEP + confidence
  return trace.trusted ? confidence : STEP + confidence
}

function gravityOf(kind: FlowKind, role: ArgumentRole): number {
  if (kind === 'secret') return 3
  if (kind === 'derived') return 2
  return role === 'identifier' ? 0 : 1
}

/** Restricted data that the user has not named. */
function isRestricted({ origins }: Memory, { trace }: Candidate): boolean {
  return !trace.trusted && (trace.kind === 'secret' || origins.isRestricted(trace.origin))
}

export function findingsOf(
  memory: Memory,
  request: LineageRequest,
  { values, texts, rare }: Matches,
  found: FoundPieces | undefined,
): Omit<Findings, 'unread'> {
  const hasPieces = found !== undefined && found.count > 0
  if (values.size === 0 && texts.size === 0 && !hasPieces) return NOTHING
  const candidates: Candidates = { byValue: new Map(), counts: [], full: 0 }
  const add = (place: Place, trace: Trace) => {
    const candidate = candidateOf(memory, place, trace)
    if (candidate !== undefined)
      setCandidate(memory, candidates, keyOf(trace.low, trace.high), candidate)
  }
  for (const { trace, place } of values.values()) add(place, trace)
  for (const evidence of texts.values()) {
    const trace = traceOfText(memory, evidence, rare)
    if (trace !== undefined) add(evidence.place, trace)
  }
  const pieces = hasPieces ? addPieces(memory, request, found, candidates) : NOTHING.pieces
  return { flows: keptFlows(memory, request.event, candidates.byValue), pieces }
}

function setCandidate(
  memory: Memory,
  candidates: Candidates,
  key: number,
  candidate: Candidate,
): void {
  const { byValue } = candidates
  const before = byValue.get(key)
  byValue.set(key, candidate)
  if (before !== undefined) count(memory, candidates, before, -1)
  count(memory, candidates, candidate, 1)
}

function count(memory: Memory, candidates: Candidates, candidate: Candidate, by: 1 | -1): void {
  if (!isRestricted(memory, candidate)) return
  const { byValue, counts } = candidates
  const rank = rankOf(candidate, true)
  counts[rank] = (counts[rank] ?? 0) + by
  if (byValue.size < MOST_RESTRICTED || rank <= candidates.full) return
  let higher = 0
  let level = HIGHEST
  for (; level > 0 && higher < MOST_RESTRICTED; level--) higher += counts[level] ?? 0
  candidates.full = higher < MOST_RESTRICTED ? 0 : level + 1
}

/** The same for one value: as much of the hash as the table of values keeps. */
function keyOf(low: number, high: number): number {
  return low * 0x100000 + (high >>> 12)
}

/** A text that says less than this is not sure enough, whatever it is. */
const LEAST_TEXT_BITS = 12

function traceOfText(memory: Memory, evidence: TextEvidence, rare: number): Trace | undefined {
  const bits = textBits(evidence, rare)
  if (bits < LEAST_TEXT_BITS) return undefined
  const { slot, low, high, length } = evidence
  const first = traceOf(memory, slot, { low, high, bits, factor: AS_TEXT, length })
  return first === undefined ? undefined : { ...first, kind: 'text', bits }
}

/** Adds what the pieces come to. Gives those to be remembered. */
function addPieces(
  memory: Memory,
  request: LineageRequest,
  found: FoundPieces,
  candidates: Candidates,
): readonly number[] {
  const { numbers, count, masks, texts } = found
  const { values } = memory.fragments
  const around = surroundingsIn(memory, request)
  const telling: number[] = []
  let text = 0
  for (let at = 0; at < count; at++) {
    text = textOf(texts, text, at)
    const number = numbers[at] ?? 0
    const mask = masks[number] ?? 0
    if (isNothing(values, number, mask)) continue
    around.argument = texts[text]?.argument ?? 0
    const extent = extentOf(values, number, mask, around.share)
    if (extent === 'other') continue
    if (isTelling(values, number, mask)) telling.push(number, mask)
    if (extent === undefined || hasNoRoom(candidates, values, number, extent)) continue
    const place = texts[found.shown.get(number) ?? text]?.place
    addSurer(memory, candidates, place, traceOfPieces(memory, number, mask, extent))
  }
  return telling
}

/** The text in which a value was found, by its place among all: the one before was found in `text`. */
function textOf(texts: readonly PieceText[], text: number, at: number): number {
  let found = text
  while (found + 1 < texts.length && (texts[found + 1]?.from ?? 0) <= at) found++
  return found
}

/** How long the values in the argument at hand are. */
function surroundingsIn(
  memory: Memory,
  request: LineageRequest,
): { argument: number; readonly share: Surroundings } {
  const sizes: Sizes[] = []
  const around = {
    argument: 0,
    share(total: number): number {
      const { argument } = around
      const known = sizes[argument] ?? sizesOf(memory, request.arguments[argument]?.text ?? '')
      sizes[argument] = known
      return known.all.has(total) ? 1 : known.longest / total
    },
  }
  return around
}

/** True for what is not sure enough, or ranks no higher than enough others that came before. */
function hasNoRoom(
  { byValue, full }: Candidates,
  values: CutValues,
  number: number,
  extent: Extent,
): boolean {
  const most = mostSure(values, number, extent)
  if (most < LEAST_CONFIDENCE) return true
  if (full === 0) return false
  const kind = extent.kind ?? kindOf(values.flags(number))
  const rank = gravityOf(kind, 'content') * STEP + Math.round(most * 100)
  if (rank < full) return true
  return rank === full && !byValue.has(keyOf(values.low(number), values.high(number)))
}

function addSurer(
  memory: Memory,
  candidates: Candidates,
  place: Place | undefined,
  trace: Trace | undefined,
): void {
  if (place === undefined || trace === undefined) return
  const candidate = candidateOf(memory, place, trace)
  if (candidate === undefined) return
  const key = keyOf(trace.low, trace.high)
  const known = candidates.byValue.get(key)
  if (known === undefined || known.confidence < candidate.confidence)
    setCandidate(memory, candidates, key, candidate)
}

/** Lengths of the values in a text. */
interface Sizes {
  readonly all: ReadonlySet<number>
  readonly longest: number
}

function sizesOf({ scan, spans }: Memory, text: string): Sizes {
  const all = new Set<number>()
  let longest = 0
  scanText(scan, text)
  findValues(scan, spans)
  for (let at = 0; at < spans.count; at++) {
    const size = lengthOf(scan, spans.words[2 * at] ?? 0, spans.words[2 * at + 1] ?? 0)
    all.add(size)
    longest = Math.max(longest, size)
  }
  return { all, longest }
}

/** The flows of the highest candidates of either kind, the surest first; of those that are as sure the first. */
function keptFlows(
  memory: Memory,
  to: number,
  candidates: ReadonlyMap<number, Candidate>,
): readonly Flow[] {
  if (candidates.size === 0) return NOTHING.flows
  const restricted: Candidate[] = []
  const others: Candidate[] = []
  for (const candidate of candidates.values())
    (isRestricted(memory, candidate) ? restricted : others).push(candidate)
  const kept = [
    ...highest(restricted, MOST_RESTRICTED, true),
    ...highest(others, MOST_OTHER, false),
  ]
  const order = new Map([...candidates.values()].map((candidate, place) => [candidate, place]))
  const placeOf = (candidate: Candidate) => order.get(candidate) ?? 0
  kept.sort((one, two) => two.confidence - one.confidence || placeOf(one) - placeOf(two))
  return kept.map((candidate) => flowOf(memory, to, candidate))
}

function highest(candidates: Candidate[], most: number, restricted: boolean): readonly Candidate[] {
  if (candidates.length <= most) return candidates
  return candidates
    .sort((one, two) => rankOf(two, restricted) - rankOf(one, restricted))
    .slice(0, most)
}
