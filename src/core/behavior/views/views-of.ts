import { canonical } from './canonical.ts'
import { DECODERS, mayBeEncoded, mayBeTurned } from './decoders.ts'
import type { Encoding, Inflate, View, ViewOptions } from './encodings.ts'
import { type Features, featuresOf } from './features.ts'
import { fromRot47, mirrorsOf } from './mirrors.ts'

export { ENCODINGS, type Encoding, type Inflate, type View, type ViewOptions } from './encodings.ts'
export { canonical }

const MAX_VIEWS = 64
const MAX_DEPTH = 2
/** Shorter texts say nothing backwards either. */
const LEAST = 4
/** Decoded text may be so many times the text, and so many units more. */
const GROWTH = 4
const OUTPUT_ALLOWANCE = 65_536
/** The same for the units that decoders look at, which is what time goes into. */
const WORK_ALLOWANCE = 262_144

interface Search {
  readonly views: View[]
  readonly seen: Set<string>
  readonly inflate: Inflate | undefined
  readonly maxViews: number
  readonly mirrors: boolean
  /** Views that may be decoded once more, in the order they were found. */
  readonly open: View[]
  /** Units that may still be given out, and looked at. */
  output: number
  work: number
}

/**
 * What a text says once it is decoded, in any encoding that leaves a trace, backwards and rotated; two
 * deep, so that an encoding of an encoding is found. What is not encoded stays in place around it. At
 * most 64 views and four times the text, in bounded time: of a long text that is encoded in many ways
 * at once, not every pair is tried. Compare views by their `canonical` form: it undoes the rest.
 */
export function viewsOf(text: string, options: ViewOptions = {}): readonly View[] {
  const search: Search = {
    views: [],
    seen: new Set(),
    inflate: options.inflate,
    maxViews: options.maxViews ?? MAX_VIEWS,
    mirrors: options.mirrors ?? true,
    open: [],
    output: GROWTH * text.length + OUTPUT_ALLOWANCE,
    work: GROWTH * text.length + WORK_ALLOWANCE,
  }
  addViews(search, text, [], 1)
  for (const view of search.open) addViews(search, view.text, view.by, view.by.length + 1)
  return search.views
}

function addViews(search: Search, text: string, by: readonly Encoding[], depth: number): void {
  if (text.length < LEAST || text.length > search.work) return
  const found = featuresOf(text)
  search.work -= text.length
  const isMirror = isMirrored(by) || by[by.length - 1] === 'rot47'
  const isOpen = mayBeEncoded(found)
  if (isOpen) addDecoded(search, text, by, depth, found, isMirror)
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
    if (!applies(found) || text.length > search.work || (isMirror && decode === fromRot47)) continue
    search.work -= text.length
    const decoded = decode(text, search.inflate)
    if (decoded !== undefined) addView(search, decoded.text, [...by, ...decoded.by], depth)
  }
}

function addView(search: Search, text: string, by: readonly Encoding[], depth: number): void {
  if (search.seen.has(text)) return
  search.seen.add(text)
  give(search, { text, by }, depth < MAX_DEPTH && by[by.length - 1] !== 'leet')
}

/** Backwards and rotated texts show no trace: they are always given, and decoded where anything could be. */
function addMirrors(
  search: Search,
  text: string,
  by: readonly Encoding[],
  depth: number,
  isOpen: boolean,
): void {
  const { reversed, rotated, both } = mirrorsOf(text)
  give(search, { text: reversed, by: [...by, 'reversed'] }, isOpen)
  give(search, { text: rotated, by: [...by, 'rot13'] }, isOpen)
  if (depth < MAX_DEPTH && search.mirrors)
    give(search, { text: both, by: ['reversed', 'rot13'] }, false)
}

/** Adds a view while there is room for it. An open one is decoded once more. */
function give(search: Search, view: View, isOpen: boolean): void {
  if (search.views.length >= search.maxViews || view.text.length > search.output) return
  search.output -= view.text.length
  if (search.mirrors || !isMirrored(view.by)) search.views.push(view)
  if (isOpen) search.open.push(view)
}

/** What was undone last only turned the text. */
function isMirrored(by: readonly Encoding[]): boolean {
  const last = by[by.length - 1]
  return last === 'reversed' || last === 'rot13'
}
