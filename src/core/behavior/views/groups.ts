import type { Decoded, Means } from './encodings.ts'
import { type AddPatch, windowsOf } from './patches.ts'
import { BASE64, DIGIT, kindsOf, LETTER } from './unit-kinds.ts'

/** Fewer units are no encoded text. */
export const LEAST_GROUPED = 16
const FEWEST = 3
const SHORTEST = 2
const LONGEST = 64
/** Most units between two groups. */
const FARTHEST = 4

/** Groups of one length, the last one maybe shorter. */
interface Row {
  /** Where each group starts and ends, by turns. */
  bounds: number[]
  size: number
}

/** An encoded text that is written in groups of one length: `c2st bGl2 ZS1R`, `c2stb-Gl2ZS-1RN21`. */
export function fromGroups(text: string, { budget }: Means): Decoded | undefined {
  const decoded =
    windowsOf(text, budget, (add) => addRows(text, BASE64, add)) ??
    windowsOf(text, budget, (add) => addRows(text, LETTER | DIGIT, add))
  return decoded === undefined ? undefined : { text: decoded, by: ['spaced'] }
}

function addRows(text: string, kind: number, add: AddPatch): void {
  const row: Row = { bounds: [], size: 0 }
  const { length } = text
  let start = 0
  for (let index = 0; index <= length; index++) {
    if (index < length && (kindsOf(text.charCodeAt(index)) & kind) !== 0) continue
    if (index > start && !take(row, text, start, index, add)) return
    start = index + 1
  }
  endRow(row, text, add)
}

/** One more run: it belongs to the row, or ends it and may begin another. */
function take(row: Row, text: string, start: number, end: number, add: AddPatch): boolean {
  const { bounds, size } = row
  const isNear = start - (bounds[bounds.length - 1] ?? 0) <= FARTHEST
  const length = end - start
  if (isNear && length <= size) bounds.push(start, end)
  if (isNear && length === size) return true
  const goesOn = endRow(row, text, add)
  const begins = length >= SHORTEST && length <= LONGEST
  row.bounds = begins ? [start, end] : []
  row.size = begins ? length : 0
  return goesOn
}

/** Words at the ends are left out: the sentence around may have some of the same length. */
function endRow({ bounds }: Row, text: string, add: AddPatch): boolean {
  let first = 0
  let last = bounds.length - 2
  while (first <= last && isWord(text, bounds[first] ?? 0, bounds[first + 1] ?? 0)) first += 2
  while (last > first && isWord(text, bounds[last] ?? 0, bounds[last + 1] ?? 0)) last -= 2
  if (last - first < 2 * (FEWEST - 1)) return true
  let joined = ''
  for (let at = first; at <= last; at += 2) joined += text.slice(bounds[at], bounds[at + 1])
  if (joined.length < LEAST_GROUPED || !isCoded(joined)) return true
  return add(bounds[first] ?? 0, bounds[last + 1] ?? 0, joined)
}

/** Letters of one case, but for the first. */
function isWord(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    if ((kindsOf(unit) & LETTER) === 0 || (index > start && unit < 97)) return false
  }
  return true
}

/** Letters and digits, or capitals behind small letters. */
function isCoded(joined: string): boolean {
  return /[a-z][A-Z]|\d[a-zA-Z]|[a-zA-Z]\d/.test(joined)
}
