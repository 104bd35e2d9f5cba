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
