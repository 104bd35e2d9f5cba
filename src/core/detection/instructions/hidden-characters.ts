import type { ScanMatch } from '../match.ts'
import { ABSENT, foldTable } from './fold.ts'
import { inReadableLetters } from './look-alikes.ts'

/** Whether text that was decoded from something is an instruction. */
export type IsInstruction = (text: string) => boolean

/** V8 answers this at once for texts stored as Latin-1. */
const WIDE = /[^\u0000-\u00ff]/
/** Places closer than this are read together anyway. */
const APART = 256

export function isWide(text: string): boolean {
  return WIDE.test(text)
}

/** The text as a person reads it, of the same length. */
export function readable(text: string): string {
  return inReadableLetters(text)
}

/** Offsets of words with something invisible inside, so that the sentence around them is read. */
export function hiddenInWords(text: string, wide: boolean): readonly number[] {
  const found: number[] = []
  // The soft hyphen alone is Latin-1.
  for (let at = text.indexOf('\u00ad'); at >= 0; at = text.indexOf('\u00ad', at + APART))
    found.push(at)
  if (!wide) return found
  const fold = foldTable()
  for (let at = 1; at < text.length; at++) {
    const code = String.prototype.charCodeAt.call(text, at)
    if (code < 0x300 || fold[code] !== ABSENT || !isLetter(text, at - 1)) continue
    found.push(at)
    at += APART
  }
  return found
}

function isLetter(text: string, at: number): boolean {
  const code = String.prototype.charCodeAt.call(text, at)
  return ((code | 32) >= 97 && (code | 32) <= 122) || (code >= 0x400 && code <= 0x4ff)
}

/** Tag characters spell ASCII that no font shows. @see https://www.unicode.org/charts/PDF/UE0000.pdf */
const TAGS = /(?:\udb40[\udc20-\udc7f]){4,}/g
/** One selector follows a letter or an emoji; a run of them carries bytes. */
const SELECTORS = /(?:\ufe00|\ufe01|[\ufe02-\ufe0f]|\udb40[\udd00-\uddef]){4,}/g
const ZERO_WIDTH_RUN = /(?:[\u200b\u200c\u2060-\u2064\ufeff]|\u200d){8,}/g
const OVERRIDE = /[\u202d\u202e][^\u202c\n]{8,400}/g
const MAX_FOUND = 16
const MAX_TURNED = 4

/** Runs of characters that no honest text needs, and text turned round by a bidi override. */
export function findHiddenCharacters(
  text: string,
  decoded: IsInstruction,
  found: ScanMatch[],
): void {
  each(text, TAGS, MAX_FOUND, (start, run) => {
    // A flag such as Scotland's: black flag, tags, cancel tag.
    if (text.slice(Math.max(0, start - 2), start) !== '\ud83c\udff4')
      found.push(hidden(start, run, 0.9))
  })
  each(text, SELECTORS, MAX_FOUND, (start, run) => found.push(hidden(start, run, 0.7)))
  each(text, ZERO_WIDTH_RUN, MAX_FOUND, (start, run) => found.push(hidden(start, run, 0.6)))
  each(text, OVERRIDE, MAX_TURNED, (start, run) => {
    if (decoded([...run.slice(1)].reverse().join(''))) found.push(hidden(start, run, 0.8))
  })
}

function each(
  text: string,
  pattern: RegExp,
  most: number,
  take: (start: number, run: string) => void,
): void {
  let count = 0
  for (const match of text.matchAll(pattern)) {
    take(match.index, match[0])
    if (++count >= most) return
  }
}

function hidden(start: number, run: string, confidence: number): ScanMatch {
  return {
    class: 'instruction',
    kind: 'hidden_characters',
    start,
    end: start + run.length,
    confidence,
  }
}
