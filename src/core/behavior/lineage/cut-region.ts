import { isRandom } from './information.ts'
import { lengthOf } from './spans.ts'
import { AT, GAP_KIND, HAS_DIGIT, HAS_LETTER, type TextScan } from './text-scan.ts'
import { INNER, JOINER } from './wide-units.ts'

/** Words of a value whose pieces tell where they come from. */
export interface Region {
  readonly first: number
  readonly last: number
}

/** Bytes that must be left behind a prefix. */
const LEAST_REST = 12
/** The longest word of a public prefix, such as `github_pat_`. */
const LONGEST_PREFIX = 8
const UUID = [8, 4, 4, 4, 12]

/**
 * The part of a value that is its own: without the host of an address, the scheme and host of a URL, the
 * public prefix of a key, or the header of a JSON web token, which others have as well.
 */
export function regionOf(scan: TextScan, first: number, last: number): Region {
  for (let word = first + 1; word <= last; word++)
    if (((scan.gaps[word] ?? 0) & AT) !== 0) return { first, last: word - 1 }
  const start = Math.max(afterHost(scan, first, last), afterPrefix(scan, first, last))
  if (start > last || lengthOf(scan, start, last) < LEAST_REST) return { first, last }
  return { first: start, last }
}

function afterHost(scan: TextScan, first: number, last: number): number {
  const { bytes, starts, gaps } = scan
  const isScheme = lengthOf(scan, first, first) <= 5 && bytes[starts[first] ?? 0] === 104
  if (!isScheme || gaps[first + 1] !== INNER) return first
  for (let word = first + 2; word <= last; word++)
    if (((gaps[word] ?? 0) & GAP_KIND) >= INNER) return word
  return last + 1
}

function afterPrefix(scan: TextScan, first: number, last: number): number {
  if (isTokenHeader(scan, first)) return first + 1
  let word = first
  while (
    word < last &&
    scan.traits[word] === HAS_LETTER &&
    lengthOf(scan, word, word) <= LONGEST_PREFIX &&
    ((scan.gaps[word + 1] ?? 0) & GAP_KIND) === JOINER
  )
    word++
  return isRandom(scan, word) ? word : first
}

/** `{"` in base64. @see https://www.rfc-editor.org/rfc/rfc7519#section-3.1 */
function isTokenHeader({ bytes, starts }: TextScan, word: number): boolean {
  const at = starts[word] ?? 0
  return bytes[at] === 101 && bytes[at + 1] === 121 && bytes[at + 2] === 106
}

/** True where values of the same form differ by few characters: numbers and UUIDs. */
export function hasSiblings(scan: TextScan, first: number, last: number): boolean {
  let digits = true
  for (let word = first; word <= last && digits; word++) digits = scan.traits[word] === HAS_DIGIT
  if (digits) return true
  if (last - first !== UUID.length - 1) return false
  return UUID.every((length, place) => lengthOf(scan, first + place, first + place) === length)
}
