import type { ArgumentRole, Flow } from '../flow.ts'
import { viewsOf } from '../views/views-of.ts'
import { base64Pieces } from './base64-pieces.ts'
import { isCommonWord } from './common-words.ts'
import { AS_TEXT, flowOf, type Place } from './evidence.ts'
import { type CutValue, GRAM, type Roll } from './fragments.ts'
import type { Argument, LineageRequest } from './lineage.ts'
import { addPieces, type FoundPieces, flowOfPieces } from './match-fragments.ts'
import {
  type Matches,
  matchText,
  matchValues,
  type Search,
  type TextEvidence,
  textBits,
} from './match-values.ts'
import type { Memory } from './memory.ts'
import { reverseScan, rotateScan } from './mirror-scan.ts'
import { findValues, lengthOf } from './spans.ts'
import { scanText } from './text-scan.ts'

/** What a request carries, and which pieces of values, to be remembered once it is sent. */
export interface Findings {
  readonly flows: readonly Flow[]
  readonly pieces: FoundPieces
}

/** Most flows of one request; the surest are kept. */
const MOST_FLOWS = 64
const AS_WRITTEN: readonly string[] = []
const PLAIN: Readonly<Record<ArgumentRole, Place>> = {
  destination: { role: 'destination', encoded: AS_WRITTEN },
  content: { role: 'content', encoded: AS_WRITTEN },
  identifier: { role: 'identifier', encoded: AS_WRITTEN },
}
/** Values are looked up one by one in decoded texts up to this long; longer ones are searched for pieces. */
const SHORT_VIEW = 256

/** Looks a request up. Changes nothing but the room that texts are read in. */
export function findFlows(memory: Memory, request: LineageRequest): Findings {
  const matches: Matches = {
    values: new Map(),
    texts: new Map(),
    counted: new Set(),
    words: new Set(),
    rare: 0,
  }
  const search: Search = { memory, matches, place: PLAIN.content, text: 0 }
  const pieces: FoundPieces = new Map()
  const { egress, arguments: args } = request
  // One roll over all arguments: a value cut over neighbours is found as if it stood in one.
  const roll = egress && memory.fragments.used > 0 ? memory.fragments.roll() : undefined
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]
    if (argument === undefined) continue
    scanText(memory.scan, argument.text)
    if (memory.scan.words === 0) continue
    search.place = PLAIN[argument.role]
    search.text = index
    matches.words.clear()
    matchValues(search)
    if (memory.scan.words > 1 || egress) matchText(search, egress)
    if (roll === undefined) continue
    searchPieces(search, pieces, roll)
    if (mayHide(memory)) searchViews(search, pieces, argument)
  }
  return { flows: flowsOf(memory, request, matches, pieces), pieces }
}

/** Looks for pieces in the text that `memory.scan` holds. */
function searchPieces({ memory, place, text }: Search, pieces: FoundPieces, roll: Roll): void {
  const { fragments, scan } = memory
  const found = fragments.search(roll, scan.bytes, scan.length)
  if (found !== undefined) addPieces(pieces, found, place, text)
}

/** Texts shorter than a piece, and single words that everybody uses, hide nothing. */
function mayHide({ scan }: Memory): boolean {
  if (scan.length < GRAM) return false
  return scan.words > 1 || !isCommonWord(scan.bytes, 0, scan.length)
}

function searchViews(search: Search, pieces: FoundPieces, argument: Argument): void {
  const { inflate, scan, fragments } = search.memory
  const { role, text } = argument
  // Letters beyond ASCII take several bytes, which must not be turned around.
  const mirrors = scan.isWide
  if (!mirrors) searchMirrors(search, pieces, argument, AS_WRITTEN)
  const look = (view: string, encoded: readonly string[]) => {
    search.place = { role, encoded }
    scanText(scan, view)
    if (isLookedUp(search, view)) matchValues(search)
    searchPieces(search, pieces, fragments.roll())
    if (!mirrors && !scan.isWide && encoded[encoded.length - 1] !== 'leet')
      searchMirrors(search, pieces, { ...argument, text: view }, encoded)
  }
  const options = inflate === undefined ? { mirrors } : { inflate, mirrors }
  for (const view of viewsOf(text, options)) look(view.text, view.by)
  for (const piece of base64Pieces(text)) look(piece, BASE64)
}

const BASE64: readonly string[] = ['base64']

function isLookedUp({ memory: { scan, fragments } }: Search, { length }: string): boolean {
  return scan.words > 0 && (length <= SHORT_VIEW || fragments.dropped)
}

/** Looks for what the text in `memory.scan` says backwards and rotated. Leaves the scan turned around. */
function searchMirrors(
  search: Search,
  pieces: FoundPieces,
  { role, text }: Argument,
  by: readonly string[],
): void {
  const { scan, fragments } = search.memory
  const isLooked = isLookedUp(search, text)
  const { reversed, rotated, both } = fragments.searchMirrors(scan.bytes, scan.length)
  const look = (found: ReadonlyMap<number, number> | undefined, encoded: readonly string[]) => {
    if (found === undefined && !isLooked) return
    search.place = { role, encoded: [...by, ...encoded] }
    if (isLooked) matchValues(search)
    if (found !== undefined) addPieces(pieces, found, search.place, search.text)
  }
  if (isLooked) reverseScan(scan)
  look(reversed, REVERSED)
  if (isLooked) rotateScan(scan)
  look(both, REVERSED_ROTATED)
  if (isLooked) reverseScan(scan)
  look(rotated, ROTATED)
}

const REVERSED: readonly string[] = ['reversed']
const ROTATED: readonly string[] = ['rot13']
const REVERSED_ROTATED: readonly string[] = ['reversed', 'rot13']

const NO_FLOWS: readonly Flow[] = []

function flowsOf(
  memory: Memory,
  request: LineageRequest,
  matches: Matches,
  pieces: FoundPieces,
): readonly Flow[] {
  if (matches.values.size === 0 && matches.texts.size === 0 && pieces.size === 0) return NO_FLOWS
  const flows: Flow[] = []
  const add = (flow: Flow | undefined) => {
    if (flow !== undefined) flows.push(flow)
  }
  for (const { trace, place } of matches.values.values())
    add(flowOf(memory, request.event, place, trace))
  for (const evidence of matches.texts.values())
    add(flowOfText(memory, request.event, evidence, matches.rare))
  const known = new Map(flows.map((flow) => [flow.value, flow]))
  const sizes = new Map<number, ReadonlySet<number>>()
  for (const [number, found] of pieces) {
    const surroundings = (value: CutValue) => {
      const known = sizes.get(found.argument)
      const all = known ?? sizesOf(memory, request.arguments[found.argument]?.text ?? '')
      if (known === undefined) sizes.set(found.argument, all)
      return longestLike(value, all)
    }
    const flow = flowOfPieces(memory, request.event, number, found, surroundings)
    if (flow === undefined || (known.get(flow.value)?.confidence ?? 0) >= flow.confidence) continue
    known.set(flow.value, flow)
  }
  return settled(flows, [...known.values()])
}

/** One flow a value, the surest first. */
function settled(flows: readonly Flow[], best: readonly Flow[]): readonly Flow[] {
  const values = new Set(best.map(({ value }) => value))
  return [...best, ...flows.filter(({ value }) => !values.has(value))]
    .sort((one, other) => other.confidence - one.confidence)
    .slice(0, MOST_FLOWS)
}

function flowOfText(
  memory: Memory,
  to: number,
  evidence: TextEvidence,
  rare: number,
): Flow | undefined {
  const { first, place, length } = evidence
  const bits = textBits(evidence, rare)
  return flowOf(memory, to, place, { ...first, kind: 'text', bits, factor: AS_TEXT, length })
}

/** Lengths of the values in a text. */
function sizesOf({ scan, spans }: Memory, text: string): ReadonlySet<number> {
  const sizes = new Set<number>()
  scanText(scan, text)
  findValues(scan, spans)
  for (let at = 0; at < spans.count; at++)
    sizes.add(lengthOf(scan, spans.words[2 * at] ?? 0, spans.words[2 * at + 1] ?? 0))
  return sizes
}

/** The longest of some lengths as a share of a value's: 1 where one is as long as the value. */
function longestLike({ total }: CutValue, sizes: ReadonlySet<number>): number {
  return sizes.has(total) ? 1 : Math.max(0, ...sizes) / total
}
