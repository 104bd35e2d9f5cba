import { type CutValue, GRAM, ones, PLACES } from './fragments.ts'

/** Share of a value that is all of it. */
export const ALL = 0.999
/** Share of a value that is a part worth telling. */
const LEAST_SHARE = 0.4
/** Or so many bytes of a longer one. */
const LEAST_BYTES = 32
/** A smaller share, if it has so many bits. */
const LEAST_ALONE = 0.2
const MUCH = 40
/** Bits a byte of values whose single pieces tell something; prose says less, and has fewer pieces. */
const DENSE = 1.2

/** Whether a share of a value is worth telling by itself. */
export function isTold(share: number, length: number, bits: number): boolean {
  return share >= ALL || isMuch(share, length) || (share >= LEAST_ALONE && share * bits >= MUCH)
}

export function isMuch(share: number, length: number): boolean {
  return share >= LEAST_SHARE || share * length >= LEAST_BYTES
}

/** Pieces, with those sent before, that cannot come to a share that matters are not looked at more closely. */
export function isWorthLooking(pieces: number, length: number, stride: number): boolean {
  return ones(pieces) * Math.max(stride, GRAM) >= LEAST_ALONE * length
}

export function isDense({ bits, length }: Pick<CutValue, 'bits' | 'length'>): boolean {
  return bits >= DENSE * length
}

/** With fewer pieces, wherever they lie, a value is not told by them alone. */
export function leastPieces({ length, stride, bits }: CutValue): number {
  let pieces = 1
  while (pieces < PLACES && !isTold(mostOf(pieces, length, stride), length, bits)) pieces++
  return pieces
}

/** The largest share that so many pieces can come to: see `coverage`. */
function mostOf(pieces: number, length: number, stride: number): number {
  const covered = pieces * Math.max(stride, GRAM)
  return covered + stride > length ? 1 : covered / length
}
