import {
  AT,
  CLOSE,
  COLON,
  DASH,
  DIGIT,
  DOT,
  isWord,
  kindAt,
  OTHER,
  PLUS,
  SLASH,
  SPACE,
} from './characters.ts'
import { type LayoutAutomaton, WIDTH } from './layout-automaton.ts'

/** A stretch of text with the layout of at least one kind of number. */
export interface Candidate {
  readonly start: number
  readonly end: number
  /** State of the automaton: which layouts these are. */
  readonly state: number
  /** True where neighbours make it a piece of something else, unless a word names it. */
  readonly isJoined: boolean
}

/** Nothing around it, something that may be a part of the same, and something that is. */
const FREE = 0
const JOINED = 1
const BARRED = 2

/**
 * Follows the automaton from an offset where no word goes on, and adds each stretch that ends a
 * layout and ends well. Looks no further than the longest layout.
 */
export function addCandidates(
  { next, ends }: LayoutAutomaton,
  text: string,
  start: number,
  candidates: Candidate[],
): void {
  const left = leftBond(text, start)
  if (left === BARRED) return
  let state = 1
  let hasSpace = false
  for (let at = start; state !== 0; at++) {
    const kind = kindAt(text, at)
    if (ends[state] !== undefined && !isWord(kind)) {
      const bond = bondOf(text, start, at, left, hasSpace)
      if (bond !== BARRED) candidates.push({ start, end: at, state, isJoined: bond === JOINED })
    }
    state = next[state * WIDTH + kind] ?? 0
    if (kind === SPACE) hasSpace = true
  }
}

/** How firmly a stretch hangs together with what is around it. */
function bondOf(text: string, start: number, end: number, left: number, hasSpace: boolean): number {
  const bond = Math.max(left, rightBond(text, end))
  return bond === FREE && hasSpace && isCrowded(text, start, end) ? JOINED : bond
}

function leftBond(text: string, start: number): number {
  const kind = kindAt(text, start - 1)
  if (kind === SPACE) return FREE
  if (kind === AT || kind === PLUS) return BARRED
  if (isWord(kind)) return JOINED
  if (kind === OTHER) return leftBondOfSign(text, start)
  const before = kindAt(text, start - 2)
  if (before === DIGIT) return BARRED
  return isMark(kind) && kind !== COLON && isWord(before) ? JOINED : FREE
}

function leftBondOfSign(text: string, start: number): number {
  const sign = text.charAt(start - 1)
  if (sign === '#') return JOINED
  if (sign === ',') return isDigit(text, start - 2) && isDigit(text, start) ? BARRED : FREE
  return sign !== '' && '$€£¥₹%'.includes(sign) ? BARRED : FREE
}

function rightBond(text: string, end: number): number {
  const kind = kindAt(text, end)
  const sign = text.charAt(end)
  if (kind === SPACE || kind === CLOSE || sign === '') return FREE
  if (kind === AT || sign === '%') return BARRED
  const behind = kindAt(text, end + 1)
  if (behind === DIGIT) return kind !== OTHER || sign === ',' ? BARRED : FREE
  return (kind === DASH || kind === SLASH || kind === DOT) && isWord(behind) ? JOINED : FREE
}

function isMark(kind: number): boolean {
  return kind === DASH || kind === DOT || kind === SLASH || kind === COLON
}

function isDigit(text: string, index: number): boolean {
  return kindAt(text, index) === DIGIT
}

/** True for groups of digits in a row of more such groups. */
function isCrowded(text: string, start: number, end: number): boolean {
  return (
    (text.charAt(end) === ' ' && isDigit(text, end + 1)) ||
    (text.charAt(start - 1) === ' ' && isDigit(text, start - 2))
  )
}
