import { isOneDigitRepeated, isSequential } from '../check-digits/weighted.ts'
import type { Report } from '../detector.ts'
import type { Candidate } from './candidates.ts'
import { CLOSE, COLON, compactOf, DIGIT, DOT, isWord, kindAt, OPEN, OTHER } from './characters.ts'
import type { WordHit } from './context-words.ts'
import type { Form, Registry } from './registry.ts'
import { LABELLED, REPORTED } from './scheme.ts'

/** How far in front of a number and behind it a word may stand, in UTF-16 units. */
const BEFORE = 48
const BEHIND = 32
/** The same where nothing but the word speaks for the number. */
const NEAR_BEFORE = 26
const NEAR_BEHIND = 20
/** What is left of a confidence where a word says that the number is an order's or a version's. */
const IMPERSONAL_FACTOR = 0.6

const NO_HITS: readonly WordHit[] = []

/** The words around one candidate. */
interface Surroundings {
  readonly hits: readonly WordHit[]
  /** Words count from here, and up to here. */
  readonly from: number
  readonly to: number
}

/**
 * Reports the best reading of each candidate, by its check digits and by the words around it.
 * `candidates` are ordered by start. Linear: words are looked for once in each stretch of text.
 */
export function judge(
  registry: Registry,
  text: string,
  candidates: readonly Candidate[],
  report: Report,
): void {
  const hits = findWords(registry, text, candidates)
  const whole = boundsOfWhole(text)
  let first = 0
  for (const candidate of candidates) {
    const { start, end, state, isJoined } = candidate
    while (first < hits.length && (hits[first]?.end ?? 0) < start - BEFORE) first++
    const isAlone = start === whole.start && end === whole.end
    const mayStand = !isJoined && (isAlone || registry.standsBare[state] === true)
    if (!mayStand && !isNamedNear(hits, first, end, registry.namesOf[state])) continue
    const near = first < hits.length ? hitsAround(hits, first, start, end) : NO_HITS
    const best = bestReading(
      registry,
      text,
      candidate,
      isAlone,
      surroundingsOf(text, near, start, end),
    )
    if (best !== undefined) report(start, end, best.confidence, best.form.scheme.kind)
  }
}

function findWords(registry: Registry, text: string, candidates: readonly Candidate[]): WordHit[] {
  const hits: WordHit[] = []
  let from = 0
  let to = 0
  for (const { start, end } of candidates) {
    const wanted = Math.max(0, start - BEFORE)
    if (wanted > to) {
      registry.words.find(text, from, to, hits)
      from = wanted
    }
    to = Math.max(to, Math.min(text.length, end + BEHIND))
  }
  registry.words.find(text, from, to, hits)
  return hits
}

/** Whether one of these words is near: quicker than to look at each form. */
function isNamedNear(
  hits: readonly WordHit[],
  first: number,
  end: number,
  names: Int32Array | undefined,
): boolean {
  if (names === undefined) return false
  for (let index = first; index < hits.length; index++) {
    const hit = hits[index]
    if (hit === undefined || hit.end > end + BEHIND) return false
    if ((((names[hit.word >> 5] ?? 0) >> (hit.word & 31)) & 1) === 1) return true
  }
  return false
}

function hitsAround(
  hits: readonly WordHit[],
  first: number,
  start: number,
  end: number,
): WordHit[] {
  const near: WordHit[] = []
  for (let index = first; index < hits.length; index++) {
    const hit = hits[index]
    if (hit === undefined || hit.end > end + BEHIND) break
    if (hit.end <= start || hit.start >= end) near.push(hit)
  }
  return near
}

interface Reading {
  readonly form: Form
  readonly confidence: number
}

function bestReading(
  registry: Registry,
  text: string,
  candidate: Candidate,
  isAlone: boolean,
  surroundings: Surroundings,
): Reading | undefined {
  const compact = compactOf(text, candidate.start, candidate.end)
  if (isOneDigitRepeated(compact)) return undefined
  const factor = trustOf(registry, candidate, compact, surroundings)
  let best: Reading | undefined
  for (const form of registry.formsOf[candidate.state] ?? []) {
    const { strength, scheme } = form
    if (!isBetter(strength.named, best)) continue
    const isNamed = isNamedBy(form.named, surroundings, candidate, strength === LABELLED)
    const confidence = isNamed
      ? strength.named
      : (isAlone ? strength.alone : strength.bare) * factor
    if (isBetter(confidence, best) && scheme.check?.(compact) !== false) best = { form, confidence }
  }
  return best
}

/** What is left of a confidence that no word backs. */
function trustOf(
  registry: Registry,
  candidate: Candidate,
  compact: string,
  surroundings: Surroundings,
): number {
  // A number that counts up is what forms are tried with.
  if (candidate.isJoined || isSequential(compact)) return 0
  return isNamedBy(registry.impersonal, surroundings, candidate, true) ? IMPERSONAL_FACTOR : 1
}

function isBetter(confidence: number, best: Reading | undefined): boolean {
  return best === undefined ? confidence >= REPORTED : confidence > best.confidence
}

function isNamedBy(
  named: Uint8Array,
  { hits, from, to }: Surroundings,
  { start, end }: Candidate,
  isNear: boolean,
): boolean {
  for (const hit of hits) {
    if (named[hit.word] !== 1) continue
    const isBefore = hit.end <= start
    if (isBefore && hit.end > from && (!isNear || start - hit.end <= NEAR_BEFORE)) return true
    if (!isBefore && hit.start < to && (!isNear || hit.start - end <= NEAR_BEHIND)) return true
  }
  return false
}

const NO_SURROUNDINGS: Surroundings = { hits: NO_HITS, from: 0, to: 0 }

/** The words that are the candidate's own: those beyond the values beside it belong to them. */
function surroundingsOf(
  text: string,
  hits: readonly WordHit[],
  start: number,
  end: number,
): Surroundings {
  if (hits.length === 0) return NO_SURROUNDINGS
  return { hits, from: reachBefore(text, start), to: reachBehind(text, end) }
}

/**
 * Goes back to where the label of this value must have begun: over one key and its colon, not over
 * what separates it from the value before.
 */
function reachBefore(text: string, start: number): number {
  const last = Math.max(0, start - BEFORE)
  let hasKey = false
  let hasLetter = false
  for (let at = start - 1; at >= last; at--) {
    const kind = kindAt(text, at)
    const unit = text.charCodeAt(at)
    if (kind === COLON || unit === EQUALS) hasKey = true
    else if (isWord(kind)) hasLetter ||= kind !== DIGIT
    else if (kind === OTHER && endsValue(unit, hasKey, hasLetter)) return at + 1
  }
  return last
}

/** A line ends a value where a label was seen behind it, other marks where a whole key was. */
function endsValue(unit: number, hasKey: boolean, hasLetter: boolean): boolean {
  return unit === LINE_FEED ? hasKey || hasLetter : hasKey && SEPARATORS.has(unit)
}

/** A word behind counts only in the same breath: no mark stands between. */
function reachBehind(text: string, end: number): number {
  const last = Math.min(text.length, end + BEHIND)
  let at = end
  while (
    at < last &&
    (kindAt(text, at) !== OTHER || text.charCodeAt(at) > 127) &&
    !isStop(text, at)
  )
    at++
  return at
}

function isStop(text: string, at: number): boolean {
  const kind = kindAt(text, at)
  return kind === DOT || kind === COLON || kind === OPEN || kind === CLOSE
}

const EQUALS = 61
const LINE_FEED = 10
/** `,` `;` `|` `{` `}` `?` `&` */
const SEPARATORS: ReadonlySet<number> = new Set([44, 59, 124, 123, 125, 63, 38])

/** The first and last unit of a text that are not blanks or quotes. */
function boundsOfWhole(text: string): { start: number; end: number } {
  let start = 0
  let end = text.length
  while (start < end && ' \t\r\n"\''.includes(text.charAt(start))) start++
  while (end > start && ' \t\r\n"\''.includes(text.charAt(end - 1))) end--
  return { start, end }
}
