import { canonical } from '../views/canonical.ts'

/** Kinds of units that are no letter or digit. Above them: the one unit that a letter folds to. */
export const GLUE = 0
/** Parts words of one name or number, such as a hyphen. */
export const JOINER = 1
/** Parts the pieces of an address, such as a slash. */
export const INNER = 2
/** Parts values, such as a blank. */
export const OUTER = 3
/** Folds to more than one unit. */
export const SEVERAL = 4

const UNKNOWN = 0xffff

/** What has been folded so far; the same for everybody, so that a memo does no harm. */
let memo: Uint16Array | undefined

/** What a unit beyond ASCII is to a canonical text: see the kinds above. Not for surrogates. */
export function foldWide(unit: number): number {
  memo ??= new Uint16Array(0x10000).fill(UNKNOWN)
  const known = memo[unit] ?? UNKNOWN
  if (known !== UNKNOWN) return known
  const found = kindOf(String.fromCharCode(unit))
  memo[unit] = found
  return found
}

const DASH = /[\p{Pd}\u2018\u2019\u00b7]/u
const PARTING = /[\p{P}\p{S}\p{Z}\p{Cc}]/u

function kindOf(character: string): number {
  const folded = canonical(character)
  if (folded.length > 1) return SEVERAL
  if (folded.length === 1) return folded.charCodeAt(0)
  if (!PARTING.test(character)) return GLUE
  return DASH.test(character) ? JOINER : OUTER
}
