import { type Budget, createBudget, spend } from './budget.ts'
import { canonical } from './canonical.ts'
import { DECODERS, type Decoder, mayBeEncoded, mayBeTurned } from './decoders.ts'
import type { Encoding, Means, View, ViewOptions } from './encodings.ts'
import { type Features, featuresOf } from './features.ts'
import { mirrorsOf } from './mirrors.ts'
import { fromLeet, fromRot47 } from './substitutions.ts'

export { type Budget, createBudget } from './budget.ts'
export { ENCODINGS, type Encoding, type Inflate, type View, type ViewOptions } from './encodings.ts'
export { canonical }

const MAX_VIEWS = 256
const MAX_DEPTH = 2
/** Shorter texts say nothing backwards either. */
const LEAST = 4
/** What one look at a text costs, as a share of its units, and what it costs besides. */
const LOOK = 1 / 8
const LOOK_WORK = 8
/** The same for a text that is given out, which its reader looks through as well. */
const GIVEN = 1
const GIVEN_WORK = 96

interface Search extends Means {
  readonly views: View[]
  readonly seen: Set<string>
  readonly maxViews: number
  readonly mirrors: boolean
  /** Views that may be decoded once more, in the order they were found. */
  readonly open: View[]
}

/**
 * What a text says once it is decoded, in any encoding that leaves a trace, backwards and rotated; two
 * deep, so that an encoding of an encoding is found. What stands around an encoded stretch stays around
 * it. In bounded time and room: what there is no budget for is not decoded, and the budget says so.
 * Compare views by their `canonical` form: it undoes the rest.
 */
export function viewsOf(text: string, options: ViewOptions = {}): readonly View[] {
  const search: Search = {
    views: [],
    seen: new Set(),
    inflate: options.inflate,
    maxViews: options.maxViews ?? MAX_VIEWS,
    mirrors: options.mirrors ?? true,
    open: [],
    budget: options.budget ?? createBudget(text.length),
  }
  addViews(search, text, [], 1)
  for (const view of search.open) addViews(search, view.text, view.by, view.by.length + 1)
  return search.views
}

function addViews(search: Search, text: string, by: readonly Encoding[], depth: number): void {
  if (text.length < LEAST) return
  // The first look is at what was there anyway, and tells whether there is anything to decode at all.
  if (depth > 1 && !look(search.budget, text, 2)) return
  const found = featuresOf(text)
  const isMirror = isMirrored(by) || by[by.length - 1] === 'rot47'
  if (mayBeEncoded(found)) addDecoded(search, text, by, depth, found, isMirror)
  const mayHide = depth < MAX_DEPTH && mayBeTurned(found)
  if (!isMirror && (search.mirrors || mayHide)) addMirrors(search, text, by, depth, mayHide)
}

function addDecoded(
  search: Search,
  text: string,
  by: readonly Encoding[],
  depth: number,
  found: Features,
  isMirror: boolean,
): void {
  for (const { applies, decode } of DECODERS) {
    if (!applies(found) || (isMirror && UNTURNED.has(decode))) continue
    if (!look(search.budget, text, 1)) return
    const decoded = decode(text, search)
    if (decoded !== undefined) addView(search, decoded.text, [...by, ...decoded.by], depth)
  }
}

/** What only rewrites letters is not looked for in a text that was turned. */
const UNTURNED: ReadonlySet<Decoder> = new Set([fromRot47, fromLeet])

function look(budget: Budget, { length }: string, times: number): boolean {
  return spend(budget, Math.ceil(times * length * LOOK) + LOOK_WORK)
}

function addView(search: Search, text: string, by: readonly Encoding[], depth: number): void {
  if (search.seen.has(text)) return
  search.seen.add(text)
  give(search, { text, by }, true, depth < MAX_DEPTH && by[by.length - 1] !== 'leet')
}

/** Backwards and rotated texts show no trace: they are always given, and decoded where anything could be. */
function addMirrors(
  search: Search,
  text: string,
  by: readonly Encoding[],
  depth: number,
  isOpen: boolean,
): void {
  if (!look(search.budget, text, 4)) return
  const { reversed, rotated, both } = mirrorsOf(text)
  const { mirrors } = search
  give(search, { text: reversed, by: [...by, 'reversed'] }, mirrors, isOpen)
  give(search, { text: rotated, by: [...by, 'rot13'] }, mirrors, isOpen)
  if (depth < MAX_DEPTH) give(search, { text: both, by: ['reversed', 'rot13'] }, mirrors, false)
}

/** Adds a view while there is room for it. An open one is decoded once more. */
function give(search: Search, view: View, isGiven: boolean, isOpen: boolean): void {
  const { budget, views, open } = search
  const { length } = view.text
  if (isGiven) {
    const hasRoom = views.length < search.maxViews && length <= budget.output
    if (!hasRoom) budget.unread = true
    if (!hasRoom || !spend(budget, Math.ceil(length * GIVEN) + GIVEN_WORK)) return
    budget.output -= length
    views.push(view)
  }
  if (isOpen) open.push(view)
}

/** What was undone last only turned the text. */
function isMirrored(by: readonly Encoding[]): boolean {
  const last = by[by.length - 1]
  return last === 'reversed' || last === 'rot13'
}
