import { type Budget, spend } from './budget.ts'
import { BASE64, kindsOf } from './unit-kinds.ts'

/** Units around what was decoded that are shown with it: a value may be encoded in part. */
const CONTEXT = 64
/** Beyond them, the word goes on: so many units of any kind, or all of the base64 alphabet. */
const MOST_OF_WORD = 256

/** What was decoded of a text, stretch by stretch. */
interface Patches {
  readonly text: string
  readonly parts: string[]
  /** Offset behind what `parts` tell of, and behind the last stretch. */
  shown: number
  end: number
}

/** Takes a decoded stretch, in the order of the text; false: there is no room for more. */
export type AddPatch = (start: number, end: number, decoded: string) => boolean

/** What a stretch costs besides its units. */
const PATCH_WORK = 8

/**
 * The decoded stretches of a text with what stands around them, as lines; undefined where there are
 * none. What is far from all of them says no more than it did before, and is left out.
 */
export function windowsOf(
  text: string,
  budget: Budget,
  visit: (add: AddPatch) => void,
): string | undefined {
  const patches: Patches = { text, parts: [], shown: 0, end: -1 }
  visit((start, end, decoded) => {
    if (!spend(budget, PATCH_WORK + decoded.length)) return false
    addPatch(patches, start, end, decoded)
    return true
  })
  if (patches.end < 0) return undefined
  patches.parts.push(text.slice(patches.shown, behindContext(text, patches.end)))
  return patches.parts.join('')
}

function addPatch(patches: Patches, start: number, end: number, decoded: string): void {
  const { text, parts } = patches
  let from = patches.shown
  if (patches.end < 0) from = beforeContext(text, start)
  else if (start - patches.end > 2 * CONTEXT) {
    const behind = behindContext(text, patches.end)
    const before = beforeContext(text, start)
    if (behind < before) {
      parts.push(text.slice(from, behind), '\n')
      from = before
    }
  }
  parts.push(text.slice(from, start), decoded)
  patches.shown = end
  patches.end = end
}

function beforeContext(text: string, start: number): number {
  let index = Math.max(0, start - CONTEXT)
  const limit = index - MOST_OF_WORD
  while (index > 0 && goesOn(text.charCodeAt(index - 1), index > limit)) index--
  return index
}

function behindContext(text: string, end: number): number {
  let index = Math.min(text.length, end + CONTEXT)
  const limit = index + MOST_OF_WORD
  while (index < text.length && goesOn(text.charCodeAt(index), index < limit)) index++
  return index
}

function goesOn(unit: number, isNear: boolean): boolean {
  return (isNear && unit > 32) || (kindsOf(unit) & BASE64) !== 0
}

/** The windows around all matches of a pattern that `decode` makes something else of. */
export function replaceMatches(
  text: string,
  pattern: RegExp,
  budget: Budget,
  decode: (match: RegExpExecArray) => string | undefined,
): string | undefined {
  return windowsOf(text, budget, (add) => {
    for (const match of text.matchAll(pattern)) {
      const [stretch] = match
      if (!spend(budget, PATCH_WORK + stretch.length)) return
      const decoded = decode(match)
      if (decoded === undefined || decoded === stretch) continue
      if (!add(match.index, match.index + stretch.length, decoded)) return
    }
  })
}

/** Offset behind the `=` that fill the last group of an encoded run. */
function behindPadding(text: string, start: number): number {
  let index = start
  while (index < start + MOST_PADDING && index < text.length && text.charCodeAt(index) === 61)
    index++
  return index
}
const MOST_PADDING = 6

/**
 * The windows around every run of units of a kind that `decode` makes something of. Runs shorter than
 * `least` are left alone.
 */
export function replaceRuns(
  text: string,
  kind: number,
  least: number,
  budget: Budget,
  decode: (start: number, end: number) => string | undefined,
): string | undefined {
  const decodeRun = (start: number, end: number, add: AddPatch): boolean => {
    if (!spend(budget, end - start)) return false
    const decoded = decode(start, end)
    return decoded === undefined || add(start, behindPadding(text, end), decoded)
  }
  const { length } = text
  return windowsOf(text, budget, (add) => {
    let start = 0
    for (let index = 0; index <= length; index++) {
      if (index < length && (kindsOf(text.charCodeAt(index)) & kind) !== 0) continue
      if (index - start >= least && !decodeRun(start, index, add)) return
      start = index + 1
    }
  })
}
