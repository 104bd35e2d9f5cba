import type { ScanClass, ScanMatch } from '../detection/match.ts'
import { scan, scanKinds } from '../detection/scan.ts'
import { type Keyed, replacementFor, STAND_IN } from './replace.ts'
import { createSegmenter, isLowSurrogate } from './segments.ts'
import type { Redaction } from './settings.ts'

/** Takes a text's pieces as they come, and gives those that nothing can change any more. */
export interface TextRedactor {
  push(chunk: string): string
  /** The rest, at the end of the text. */
  end(): string
}

/**
 * Redacts a text in pieces. Holds back only what may still become part of something that is taken
 * out, and gives the same whatever the pieces; a value of more than 16,384 characters is cut. Text
 * that speaks to the model has no such bounds and is not looked for here.
 */
export function createTextRedactor(redaction: Redaction, keyed: Keyed): TextRedactor {
  const segmenter = createSegmenter()
  // What stood before the segment, as it came: names before a value tell what it is.
  let before = ''
  let done = ''
  const take = (segment: string, isForced: boolean): number => {
    const text = before + segment
    const found = findIn(before, segment, redaction, keyed)
    const end = isForced ? placeToCut(text, before.length, found) : text.length
    done += replaced(text, before.length, end, found, redaction, keyed)
    const taken = end - before.length
    before = text.slice(Math.max(0, end - CONTEXT), end)
    return taken
  }
  const given = (): string => {
    const result = done
    done = ''
    return result
  }
  return {
    push(chunk) {
      segmenter.push(chunk, take)
      return given()
    },
    end() {
      segmenter.end(take)
      before = ''
      return given()
    },
  }
}

const CONTEXT = 96
// What is cut where nothing calm came is seen with so much of what follows it.
const AHEAD = 4_096

/** Before the tail, and within nothing that was found. */
function placeToCut(text: string, from: number, found: readonly ScanMatch[]): number {
  let cut = text.length - AHEAD
  if (isLowSurrogate(text.charCodeAt(cut))) cut++
  const over = found.find(({ start, end }) => start < cut && end > cut)
  if (over === undefined) return cut
  return over.start > from ? over.start : over.end
}

/** The text without what is to be taken out; the same string where there is nothing. Idempotent. */
export function redactText(text: string, redaction: Redaction, keyed: Keyed): string {
  const once = redactOnce(text, redaction, keyed)
  if (once === text) return text
  // What stands together now may read as something new; the second look finds it, or nothing.
  let now = once
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = redactOnce(now, redaction, keyed)
    if (next === now) return now
    now = next
  }
  return redactOnce(now, { ...redaction, action: 'mask' }, keyed)
}

const MAX_ROUNDS = 4

function redactOnce(text: string, redaction: Redaction, keyed: Keyed): string {
  const found = findIn('', text, redaction, keyed)
  return found.length === 0 ? text : replaced(text, 0, text.length, found, redaction, keyed)
}

/** What is to be taken out of a segment, with what stands before it; places are in both together. */
function findIn(
  before: string,
  segment: string,
  redaction: Redaction,
  keyed: Keyed,
): readonly ScanMatch[] {
  if (segment === '' || PLAIN_SEGMENT.test(segment)) return []
  const classes = redaction.classes.filter((one): one is 'secret' | 'pii' => one !== 'instruction')
  return classes.length === 0 ? [] : matchesIn(before + segment, classes, redaction, keyed)
}

/** The text between two places without what was found there. */
function replaced(
  text: string,
  start: number,
  end: number,
  found: readonly ScanMatch[],
  redaction: Redaction,
  keyed: Keyed,
): string {
  let result = ''
  let from = start
  for (const match of found) {
    if (match.end <= from) continue
    if (match.start >= end) break
    const at = Math.max(match.start, from)
    const value = text.slice(at, match.end)
    result += text.slice(from, at) + replacementFor(value, match.kind, redaction, keyed)
    from = match.end
  }
  return result + text.slice(from, end)
}

// One word of letters and the blank after it: most of prose, and nothing that is looked for.
const PLAIN_SEGMENT = /^\s*(?:\p{L}{1,24}[.,;!?]?\s+)?$/u

/** What is to be taken out, in order and without overlaps; our own stand-ins are left alone. */
function matchesIn(
  text: string,
  classes: readonly ScanClass[],
  { kinds }: Redaction,
  keyed: Keyed,
): readonly ScanMatch[] {
  const found = scan(text, { classes }).filter(({ kind }) => kinds === undefined || kinds.has(kind))
  if (found.length === 0 || !text.includes('[')) return found
  const own = standInsIn(text, keyed)
  return found.filter(({ start, end }) => !own.some(([from, to]) => start < to && end > from))
}

/** Only what our key has made: anything else in that form may hide what it should show. */
function standInsIn(text: string, keyed: Keyed): readonly (readonly [number, number])[] {
  const own: [number, number][] = []
  for (const found of text.matchAll(STAND_IN)) {
    const [whole, kind = '', mark, body = ''] = found
    if (!isKind(kind)) continue
    const isOwn = mark === '#' ? HASH.test(body) : keyed.open(body) !== undefined
    if (isOwn) own.push([found.index, found.index + whole.length])
  }
  return own
}

/** A made-up kind could be the value itself. */
function isKind(kind: string): boolean {
  knownKinds ??= new Set(['field', ...scanKinds('secret'), ...scanKinds('pii')])
  return knownKinds.has(kind)
}

// Built when first asked for.
let knownKinds: ReadonlySet<string> | undefined

// Anybody can write one down: so it has no digits, and is too short to hold a value of worth.
const HASH = /^[a-p]{12}$/

/** Tokens of our own key turned back into what they stand for. */
export function revealText(text: string, keyed: Keyed): string {
  if (!text.includes('~')) return text
  return text.replace(STAND_IN, (whole, _kind, mark, body) =>
    mark === '~' ? (keyed.open(String(body)) ?? whole) : whole,
  )
}
