import type { ArgumentRole } from '../flow.ts'
import { type Budget, createBudget, viewsOf } from '../views/views-of.ts'
import { base64Pieces } from './base64-pieces.ts'
import { isCommonWord } from './common-words.ts'
import type { Place } from './evidence.ts'
import { type Findings, findingsOf } from './findings.ts'
import { type FoundPieces, searchIn, startPieces } from './found-pieces.ts'
import { GRAM, type Roll } from './fragments.ts'
import { joinedArguments } from './joined-arguments.ts'
import type { Argument, LineageRequest } from './lineage.ts'
import { type Matches, matchText, matchValues, type Search } from './match-values.ts'
import type { Memory } from './memory.ts'
import { reverseScan, rotateScan } from './mirror-scan.ts'
import { scanText } from './text-scan.ts'

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
  const { egress, arguments: args } = request
  // One roll over all arguments: a value cut over neighbours is found as if it stood in one.
  const roll = memory.fragments.roll()
  const pieces = egress && memory.fragments.used > 0 ? startPieces() : undefined
  const budget = createBudget(pieces === undefined ? 0 : sizeOf(args))
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]
    if (argument === undefined || !lookUp(search, argument, index, egress)) continue
    if (pieces !== undefined) searchAll(search, pieces, roll, argument, budget)
  }
  if (pieces !== undefined) searchJoined(search, pieces, args, budget)
  return { ...findingsOf(memory, request, matches, pieces), unread: budget.unread }
}

/** Looks for values and words in an argument as it is; false: it holds neither letters nor digits. */
function lookUp(search: Search, argument: Argument, index: number, egress: boolean): boolean {
  const { scan } = search.memory
  const { words } = search.matches
  scanText(scan, argument.text)
  if (scan.words === 0) return false
  search.place = PLAIN[argument.role]
  search.text = index
  if (words.size > 0) words.clear()
  matchValues(search)
  if (scan.words > 1 || egress) matchText(search, egress)
  return true
}

/** Looks for pieces in an argument as it is, and as what it may hide. */
function searchAll(
  search: Search,
  pieces: FoundPieces,
  roll: Roll,
  argument: Argument,
  budget: Budget,
): void {
  searchPieces(search, pieces, roll)
  if (mayHide(search.memory)) searchViews(search, pieces, argument, budget)
}

/** Looks for pieces in what several arguments say together once they are decoded. */
function searchJoined(
  search: Search,
  pieces: FoundPieces,
  args: readonly Argument[],
  budget: Budget,
): void {
  for (const { first, argument } of joinedArguments(args)) {
    search.text = first
    lookAtViews(search, pieces, argument, budget, false)
  }
}

/** Units of a request, about: its arguments with their names and the marks between them. */
function sizeOf(args: readonly Argument[]): number {
  let size = 0
  for (const { key, text } of args) size += key.length + text.length + MARKS
  return size
}
const MARKS = 6

/** Looks for pieces in the text that `memory.scan` holds. */
function searchPieces({ memory, place, text }: Search, pieces: FoundPieces, roll: Roll): void {
  const { fragments, scan } = memory
  searchIn(pieces, place, text)
  fragments.search(roll, scan.bytes, scan.length, pieces)
}

/** Texts shorter than a piece, and single words that everybody uses, hide nothing. */
function mayHide({ scan }: Memory): boolean {
  if (scan.length < GRAM) return false
  return scan.words > 1 || !isCommonWord(scan.bytes, 0, scan.length)
}

function searchViews(
  search: Search,
  pieces: FoundPieces,
  argument: Argument,
  budget: Budget,
): void {
  const { scan } = search.memory
  // Letters beyond ASCII take several bytes, which must not be turned around.
  const mirrors = scan.isWide
  if (!mirrors) searchMirrors(search, pieces, argument, AS_WRITTEN)
  lookAtViews(search, pieces, argument, budget, mirrors)
}

/** Looks for pieces in what an argument says once it is decoded. */
function lookAtViews(
  search: Search,
  pieces: FoundPieces,
  argument: Argument,
  budget: Budget,
  mirrors: boolean,
): void {
  const { inflate, scan, fragments } = search.memory
  const { role, text } = argument
  const look = (view: string, encoded: readonly string[]) => {
    search.place = { role, encoded }
    scanText(scan, view)
    if (isLookedUp(search, view)) matchValues(search)
    searchPieces(search, pieces, fragments.roll())
    if (!mirrors && !scan.isWide && encoded[encoded.length - 1] !== 'leet')
      searchMirrors(search, pieces, { ...argument, text: view }, encoded)
  }
  const options = { mirrors, budget, ...(inflate === undefined ? {} : { inflate }) }
  for (const view of viewsOf(text, options)) look(view.text, view.by)
  for (const piece of base64Pieces(text, budget)) look(piece, BASE64)
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
  const look = (hits: readonly number[] | undefined, encoded: readonly string[]) => {
    if (hits === undefined && !isLooked) return
    search.place = { role, encoded: [...by, ...encoded] }
    if (isLooked) matchValues(search)
    if (hits === undefined) return
    searchIn(pieces, search.place, search.text)
    fragments.addHits(hits, pieces)
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
