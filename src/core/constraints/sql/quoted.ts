import type { Lexicon } from './lexicon.ts'

const BACKSLASH = 92
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const SLASH = 47
const STAR = 42
const NONE = -1

/**
 * The place behind the quote that closes the one at `start`; -1 where none does. A doubled quote
 * is one quote within. Linear.
 */
export function endOfQuote(text: string, start: number, quote: string, isEscaped: boolean): number {
  if (!isEscaped) return endOfPlainQuote(text, start, quote)
  const wanted = quote.charCodeAt(0)
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === wanted) {
      if (text.charCodeAt(at + 1) !== wanted) return at + 1
      at++
    }
  }
  return NONE
}

/**
 * As `endOfQuote`, within a line and with escapes. -1 also where it is unclear what ends there: with
 * three quotes, and in a raw text with a quote behind a backslash.
 */
export function endOfLineQuote(text: string, start: number, quote: string, isRaw: boolean): number {
  for (let at = start + 1; at < text.length; at++) {
    switch (text[at]) {
      case '\\':
        if (isRaw && text[at + 1] === quote) return NONE
        at++
        break
      case quote:
        if (text[at + 1] !== quote) return at + 1
        if (text[at + 2] === quote) return NONE
        at++
        break
      case '\n':
      case '\r':
        return NONE
    }
  }
  return NONE
}

/** The place behind the three quotes that close the three at `start`; -1 where none do. */
export function endOfTripleQuote(
  text: string,
  start: number,
  quote: string,
  isRaw: boolean,
): number {
  for (let at = start + 3; at < text.length; at++) {
    if (text.charCodeAt(at) === BACKSLASH) {
      if (isRaw && text[at + 1] === quote) return NONE
      at++
    } else if (text.startsWith(quote, at)) {
      const end = at + 3
      if (text.startsWith(quote.repeat(3), at)) return end
    }
  }
  return NONE
}

/** The place behind a line comment; -1 where engines differ about where the line ends. */
export function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === LINE_FEED) return at + 1
    if (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED) return NONE
    if (code === 0x2028 || code === 0x2029 || code === 0x85) return NONE
  }
  return text.length
}

/** The place behind the block comment at `start`; -1 where it is open or unclear. */
export function endOfComment(text: string, start: number, lexicon: Lexicon): number {
  let depth = 1
  for (let at = start + 2; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === STAR && text.charCodeAt(at + 1) === SLASH) {
      at++
      depth--
      if (depth === 0) return at + 1
    } else if (
      code === SLASH &&
      text.charCodeAt(at + 1) === STAR &&
      lexicon.nestedComments !== 'no'
    ) {
      if (lexicon.nestedComments === 'unclear') return NONE
      at++
      depth++
    }
  }
  return lexicon.openComments ? text.length : NONE
}

function endOfPlainQuote(text: string, start: number, quote: string): number {
  let at = text.indexOf(quote, start + 1)
  while (at !== NONE && text[at + 1] === quote) at = text.indexOf(quote, at + 2)
  return at === NONE ? NONE : at + 1
}
