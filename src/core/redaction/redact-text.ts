import type { ScanClass, ScanMatch } from '../detection/match.ts'
import { scan } from '../detection/scan.ts'
import { type Keyed, replacementFor, STAND_IN } from './replace.ts'
import { createSegmenter } from './segments.ts'
import type { Redaction } from './settings.ts'

/** Takes a text's pieces as they come, and gives those that nothing can change any more. */
export interface TextRedactor {
  push(chunk: string): string
  /** The rest, at the end of the text. */
  end(): string
}

/**
 * Redacts a text in pieces. Holds back only what may still become part of something that is taken
 * out, and gives the same whatever the pieces. Text that speaks to the model has no such bounds and
 * is not looked for here.
 */
export function createTextRedactor(redaction: Redaction, keyed: Keyed): TextRedactor {
  const segmenter = createSegmenter()
  // What stood before the segment, as it came: names before a value tell what it is.
  let before = ''
  const redacted = (segment: string): string => {
    const result = redactSegment(before, segment, redaction, keyed)
    before = (before + segment).slice(-CONTEXT)
    return result
  }
  return {
    push: (chunk) => segmenter.push(chunk).map(redacted).join(''),
    end: () => redacted(segmenter.end()),
  }
}

const CONTEXT = 96

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
  const redactor = createTextRedactor(redaction, keyed)
  return redactor.push(text) + redactor.end()
}

function redactSegment(
  before: string,
  segment: string,
  redaction: Redaction,
  keyed: Keyed,
): string {
  if (segment === '' || PLAIN_SEGMENT.test(segment)) return segment
  const classes = redaction.classes.filter((one): one is 'secret' | 'pii' => one !== 'instruction')
  if (classes.length === 0) return segment
  const text = before + segment
  const found = matchesIn(text, classes, redaction, keyed)
  let result = ''
  let from = before.length
  for (const { start, end, kind } of found) {
    if (end <= from) continue
    const at = Math.max(start, from)
    result += text.slice(from, at) + replacementFor(text.slice(at, end), kind, redaction, keyed)
    from = end
  }
  return from === before.length ? segment : result + text.slice(from)
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
    const [whole, , mark, body = ''] = found
    const isOwn = mark === '#' ? body.length <= HASH_LENGTH : keyed.open(body) !== undefined
    if (isOwn) own.push([found.index, found.index + whole.length])
  }
  return own
}

// A hash is too short to hold a value of worth.
const HASH_LENGTH = 12

/** Tokens of our own key turned back into what they stand for. */
export function revealText(text: string, keyed: Keyed): string {
  if (!text.includes('~')) return text
  return text.replace(STAND_IN, (whole, _kind, mark, body) =>
    mark === '~' ? (keyed.open(String(body)) ?? whole) : whole,
  )
}
