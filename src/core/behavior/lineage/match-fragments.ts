import type { Flow } from '../flow.ts'
import { AS_PART, flowOf, HIDDEN, type Place, rarityOf } from './evidence.ts'
import { type CutValue, coverage, GRAM, PLAIN } from './fragments.ts'
import { SINGLE_WORD } from './information.ts'
import type { Memory } from './memory.ts'
import { kindOf, SECRET, TRUSTED } from './value-table.ts'

/** Pieces of a value in a request. */
export interface Pieces {
  mask: number
  place: Place
  /** The argument that they were found in first. */
  readonly argument: number
  /** They belong to another value of the same form, as it turned out. */
  isOther: boolean
}

/** Pieces found, by the number of their value. */
export type FoundPieces = Map<number, Pieces>

/** Share of a value that is a part worth telling. */
const LEAST_SHARE = 0.4
/** Or so many bytes of a longer one. */
const LEAST_BYTES = 32
/** Share of a value that pieces in several requests must come to. */
const LEAST_TOGETHER = 0.6
const ALL = 0.999
/** A smaller share, if it has so many bits and stands in nothing near as long as the whole. */
const LEAST_ALONE = 0.2
const MUCH = 40
const LONGEST_ALONE = 0.75
const LONGEST_SIBLING = 40
const LONGEST_WORD = 12
/** Bits a byte of values whose single pieces tell something: common words say less. */
const DENSE = 1.2

/** Adds what was found in one text. */
export function addPieces(
  pieces: FoundPieces,
  found: ReadonlyMap<number, number>,
  place: Place,
  argument: number,
): void {
  for (const [number, mask] of found) {
    const known = pieces.get(number)
    if (known === undefined) pieces.set(number, { mask, place, argument, isOther: false })
    else if ((mask & ~known.mask) !== 0) {
      known.mask |= mask
      // Where a view shows more than the text as it was, it is by the view that it is known.
      if (known.place.encoded.length > place.encoded.length || place.role === 'content')
        known.place =
          known.place.encoded.length === 0 && place.encoded.length > 0 ? place : known.place
    }
  }
}

/** The flow that the pieces of one value make, or undefined where they tell too little. */
export function flowOfPieces(
  memory: Memory,
  to: number,
  number: number,
  pieces: Pieces,
  surroundings: (value: CutValue) => number,
): Flow | undefined {
  const { values, fragments } = memory
  const value = fragments.value(number)
  if (value === undefined) return undefined
  const { mask, place } = pieces
  if (!isEnough(value, mask)) return undefined
  const extent = extentOf(value, pieces, surroundings)
  if (extent === undefined) return undefined
  const slot = values.find(value.low, value.high)
  const isKept = slot >= 0
  const flags = isKept ? values.flags(slot) : value.flags
  return flowOf(memory, to, place, {
    low: value.low,
    high: value.high,
    event: value.event,
    origin: value.origin,
    path: isKept ? values.path(slot) : value.path,
    kind: extent.kind ?? kindOf(flags),
    bits: bitsOfShare(value, extent.share) * (isKept ? rarityOf(memory, slot) : 1),
    factor: extent.kind === undefined ? HIDDEN : AS_PART,
    trusted: (flags & TRUSTED) !== 0,
    length: Math.round(coverage(value, mask) * value.length),
  })
}

/** A single word of an address or a name is no more than that word. */
function bitsOfShare({ bits, length, flags }: CutValue, share: number): number {
  const isWord = share * length <= LONGEST_WORD && (flags & PLAIN) !== 0
  return isWord ? Math.min(bits * share, SINGLE_WORD) : bits * share
}

/** A quick look at how much the pieces could come to: most values share a piece or two with any text. */
function isEnough({ stride, length, sent }: CutValue, mask: number): boolean {
  let pieces = 0
  for (let rest = mask | sent; rest !== 0; rest &= rest - 1) pieces++
  return pieces * Math.max(stride, GRAM) >= LEAST_ALONE * length
}

interface Extent {
  /** Undefined: all of it. */
  readonly kind: 'part' | 'split' | undefined
  readonly share: number
}

function extentOf(
  value: CutValue,
  pieces: Pieces,
  surroundings: (value: CutValue) => number,
): Extent | undefined {
  const share = coverage(value, pieces.mask)
  if (share >= ALL) return { kind: undefined, share }
  const isMuch = share >= LEAST_SHARE || share * value.length >= LEAST_BYTES
  const isTold = isMuch || (share >= LEAST_ALONE && share * value.bits >= MUCH)
  if (isTold) {
    const around = surroundings(value)
    pieces.isOther = around === 1 && hasSiblings(value)
    if (pieces.isOther) return undefined
    if (!value.whole && (isMuch || around < LONGEST_ALONE)) return { kind: 'part', share }
  }
  return splitOf(value, pieces.mask)
}

/** Values of one form are as long as each other. A secret is looked for all the same, and so is what is long. */
function hasSiblings({ whole, flags, total }: CutValue): boolean {
  return whole || ((flags & SECRET) === 0 && total <= LONGEST_SIBLING)
}

/** What this request and those before come to, if it adds to them. */
function splitOf(value: CutValue, mask: number): Extent | undefined {
  if (value.sent === 0 || (mask & ~value.sent) === 0 || !isTelling(value, mask)) return undefined
  const share = coverage(value, mask | value.sent)
  return share >= (value.whole ? ALL : LEAST_TOGETHER) ? { kind: 'split', share } : undefined
}

/** Whether pieces are worth remembering: single ones of prose go out with any text. */
export function isTelling(value: CutValue, mask: number): boolean {
  if (value.bits >= DENSE * value.length) return true
  const twice = mask & (mask >>> 1)
  return (twice & (twice >>> 1)) !== 0
}
