import type { Lexicon } from './lexicon.ts'

/** A text while it is read. `fault` ends the reading. */
export interface Scan {
  readonly text: string
  readonly lexicon: Lexicon
  readonly kinds: number[]
  readonly texts: string[]
  readonly pairs: number[]
  readonly opened: number[]
  at: number
  setsByHint: boolean
  fault: string | undefined
}

/** Adds a token and goes on at `end`. */
export function push(scan: Scan, kind: number, text: string, end: number): void {
  scan.kinds.push(kind)
  scan.texts.push(text)
  scan.pairs.push(-1)
  scan.at = end
}

/** As `push`, for what a quote has to close: without one (`end` < 0) there is a fault. */
export function pushQuoted(scan: Scan, kind: number, text: string, end: number): void {
  if (end < 0) scan.fault = 'an open quote'
  else push(scan, kind, text, end)
}

/** As `push`, for a parameter or a variable. Where more belongs to it than the name, there is a fault. */
export function pushParameter(scan: Scan, kind: number, mark: string, end: number): void {
  push(scan, kind, mark, end)
  const isLong = scan.text[end] === '(' || scan.text.startsWith('::', end)
  if (scan.lexicon.longParameters && isLong) scan.fault = 'a parameter that goes on'
}
