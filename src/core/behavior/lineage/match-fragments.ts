import type { CutValues } from './cut-values.ts'
import { AS_PART, HIDDEN, rarityOf, type Trace } from './evidence.ts'
import { coverage, ones, PLAIN } from './fragments.ts'
import { confidenceOf, SINGLE_WORD } from './information.ts'
import type { Memory } from './memory.ts'
import { ALL, isMuch, isTold, isWorthLooking } from './told-share.ts'
import { kindOf, SECRET, TRUSTED } from './value-table.ts'

/** Share of a value that pieces in several requests must come to. */
const LEAST_TOGETHER = 0.6
/** What is told for its bits alone stands in nothing near as long as the whole. */
const LONGEST_ALONE = 0.75
const LONGEST_SIBLING = 40
const LONGEST_WORD = 12

/** How long the values around the pieces of a value are, as a share of it: 1 where one is as long. */
export type Surroundings = (total: number) => number

/** How much of a value the pieces in a request come to. */
export interface Extent {
  /** Undefined: all of it. */
  readonly kind: 'part' | 'split' | undefined
  readonly share: number
}

/** A quick look: most values share a piece or two with any text, and those sent before are no news. */
export function isNothing(values: CutValues, number: number, mask: number): boolean {
  return (mask & ~values.sent(number)) === 0 && ones(mask) < values.least(number)
}

/** Undefined where the pieces tell too little, `other` where they belong to another value of the same form. */
export function extentOf(
  values: CutValues,
  number: number,
  mask: number,
  surroundings: Surroundings,
): Extent | 'other' | undefined {
  const sent = values.sent(number)
  const isMore = sent !== 0 && isTelling(values, number, mask)
  if (!isMore && ones(mask) < values.least(number)) return undefined
  const length = values.length(number)
  const stride = values.stride(number)
  if (!isWorthLooking(mask | sent, length, stride)) return undefined
  const share = coverage(length, stride, mask)
  if (share >= ALL) return { kind: undefined, share }
  if (isTold(share, length, values.bits(number))) {
    const around = surroundings(values.total(number))
    if (around === 1 && hasSiblings(values, number)) return 'other'
    if (!values.isWhole(number) && (isMuch(share, length) || around < LONGEST_ALONE))
      return { kind: 'part', share }
  }
  return isMore ? splitOf(values, number, coverage(length, stride, mask | sent)) : undefined
}

/** What this request and those before come to together. */
function splitOf(values: CutValues, number: number, share: number): Extent | undefined {
  const least = values.isWhole(number) ? ALL : LEAST_TOGETHER
  return share >= least ? { kind: 'split', share } : undefined
}

/** How sure the pieces are at most, whatever else is known of the value. */
export function mostSure(values: CutValues, number: number, { kind, share }: Extent): number {
  return confidenceOf(bitsOfShare(values, number, share)) * factorOf(kind)
}

export function traceOfPieces(
  { values, fragments }: Memory,
  number: number,
  mask: number,
  { kind, share }: Extent,
): Trace | undefined {
  const value = fragments.values.read(number)
  if (value === undefined) return undefined
  const slot = values.find(value.low, value.high)
  const isKept = slot >= 0
  const flags = isKept ? values.flags(slot) : value.flags
  const rarity = isKept ? rarityOf(values, slot) : 1
  return {
    low: value.low,
    high: value.high,
    event: value.event,
    origin: value.origin,
    path: isKept ? values.path(slot) : value.path,
    kind: kind ?? kindOf(flags),
    bits: bitsOfShare(fragments.values, number, share) * rarity,
    factor: factorOf(kind),
    trusted: (flags & TRUSTED) !== 0,
    length: Math.round(coverage(value.length, value.stride, mask) * value.length),
  }
}

function factorOf(kind: Extent['kind']): number {
  return kind === undefined ? HIDDEN : AS_PART
}

/** A single word of an address or a name is no more than that word. */
function bitsOfShare(values: CutValues, number: number, share: number): number {
  const bits = values.bits(number) * share
  const isWord =
    share * values.length(number) <= LONGEST_WORD && (values.flags(number) & PLAIN) !== 0
  return isWord ? Math.min(bits, SINGLE_WORD) : bits
}

/** Values of one form are as long as each other. A secret is looked for all the same, and so is what is long. */
function hasSiblings(values: CutValues, number: number): boolean {
  if (values.isWhole(number)) return true
  return (values.flags(number) & SECRET) === 0 && values.total(number) <= LONGEST_SIBLING
}

/** Whether pieces are worth remembering that were not sent before: single ones of prose go out with any text. */
export function isTelling(values: CutValues, number: number, mask: number): boolean {
  if ((mask & ~values.sent(number)) === 0) return false
  return values.isDense(number) || hasThree(mask)
}

/** Three pieces in a row. */
function hasThree(mask: number): boolean {
  const twice = mask & (mask >>> 1)
  return (twice & (twice >>> 1)) !== 0
}
