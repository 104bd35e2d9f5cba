import { type AnchorFilter, buildAnchorFilter, LATIN, WINDOW } from './anchor-filter.ts'
import { BREAK, GAP, isUnspaced } from './fold.ts'
import { Role } from './roles.ts'
import { type Step, type WordTrie, walk } from './word-trie.ts'

/**
 * Roles rare enough that a text without any word of them holds no instruction that the sentence
 * rules could find. `send` counts only where an order could begin, `tell` only behind a negation.
 */
const ALWAYS =
  Role.ignore |
  Role.ignoreLast |
  Role.newTask |
  Role.model |
  Role.authority |
  Role.secrecy |
  Role.persona |
  Role.personaWeak |
  Role.done |
  Role.cipher
const ANCHORS = ALWAYS | Role.send | Role.tell | Role.label

/** A text is looked at in cells of this many units; a few anchors of one kind tell enough about one. */
const CELL_BITS = 8
const PER_CELL = 2

/** Places where a cue word stands, ascending, and the roles of each word. */
export interface Anchors {
  readonly places: number[]
  readonly roles: number[]
}

let built: AnchorFilter | undefined

/**
 * The words that make a closer look worth its cost: undefined when there are none. Of those
 * that repeat a kind of cue, at most {@link PER_CELL} for each cell. Reads about every
 * third unit of a clean Latin text.
 *
 * @see Wu, Manber, A Fast Algorithm for Multi-Pattern Searching, 1994
 */
export function findAnchors(trie: WordTrie, text: string, isWide: boolean): Anchors | undefined {
  built ??= buildAnchorFilter(ANCHORS)
  const finder: Finder = {
    trie,
    text,
    filter: built,
    step: { roles: 0, end: 0 },
    found: undefined,
    cell: -1,
    cellRoles: 0,
    repeated: 0,
    last: -1,
    block: -1,
    blockBefore: -1,
  }
  findLatin(finder)
  findShortNames(finder)
  if (isWide) findWide(finder)
  return finder.found
}

interface Finder {
  readonly trie: WordTrie
  readonly text: string
  readonly filter: AnchorFilter
  readonly step: Step
  found: Anchors | undefined
  /** The cell of the last anchor, its roles, and how many of its anchors brought no new one. */
  cell: number
  cellRoles: number
  repeated: number
  /** Where the last anchor began, and the last two blocks that led to one. */
  last: number
  block: number
  blockBefore: number
}

function keep(finder: Finder, place: number, roles: number): void {
  finder.found ??= { places: [], roles: [] }
  finder.found.places.push(place)
  finder.found.roles.push(roles)
}

function findLatin(finder: Finder): void {
  const { text, filter } = finder
  const { letters, jumps, lasts } = filter
  const length = text.length
  let at = WINDOW - 2
  while (at < length) {
    const block = innerBlock(letters, text, at)
    const jump = jumps[block] ?? 0
    if (jump !== 0) at += jump
    else if (!mayStand(lasts, block, letters[text.charCodeAt(at - 3)])) at++
    else {
      if (!isFlood(finder, at, block)) anchorBefore(finder, at, block)
      at++
    }
  }
  // A window may end behind the text: the end reads as a gap.
  for (at = Math.max(at, length); at < length + 2; at++)
    anchorBefore(finder, at, blockAt(letters, text, at))
}

/** Keeps an anchor unless its cell has enough of the kind; says whether it has. */
function note(finder: Finder, place: number): boolean {
  const { roles } = finder.step
  const cell = place >> CELL_BITS
  if (cell !== finder.cell) {
    finder.cell = cell
    finder.repeated = 0
    finder.cellRoles = 0
  }
  const isNew = (roles & ~finder.cellRoles) !== 0
  finder.cellRoles |= roles
  if (!isNew) finder.repeated++
  if (isNew || finder.repeated <= PER_CELL) keep(finder, place, roles)
  return finder.repeated > PER_CELL
}

/** A flood of one or two words is stepped over: the block was an anchor just before, too often. */
function isFlood(finder: Finder, at: number, block: number): boolean {
  if (finder.repeated <= PER_CELL || at >> CELL_BITS !== finder.cell) return false
  return block === finder.block || block === finder.blockBefore
}

/** Notes the anchor whose rarest letters end at `at`, if there is one. */
function anchorBefore(finder: Finder, at: number, block: number): void {
  const { filter, text } = finder
  let bits = filter.starts[block] ?? 0
  while (bits !== 0) {
    const back = 31 - Math.clz32(bits)
    bits ^= 1 << back
    // "Don't" has an apostrophe more than the phrase in the lexicon.
    const start = isHead(filter, text, at - back) ? at - back : at - back - 1
    if (start <= finder.last || !isHead(filter, text, start) || !isAnchor(finder, start)) continue
    finder.last = start
    finder.blockBefore = finder.block
    finder.block = block
    note(finder, start)
    return
  }
}

/** Whether a word that could be one of ours begins here. */
function isHead({ letters, heads }: AnchorFilter, text: string, start: number): boolean {
  if (start < 0 || letterAt(letters, text, start) === 0) return false
  // `\nIgnore` in a JSON string: the n belongs to the escape.
  if (letterAt(letters, text, start - 1) !== 0 && unitAt(text, start - 2) !== 92) return false
  const code = text.charCodeAt(start)
  // A word of leading digits only, such as `14`, is a number.
  if (code < 58 && unitAt(text, start + 1) < 58) return false
  const head = blockAt(letters, text, start + 2)
  const isShortened = unitAt(text, start + 3) === 39 || unitAt(text, start + 3) === 0x2019
  const fourth = letterAt(letters, text, isShortened ? start + 4 : start + 3)
  return (((heads[head] ?? 0) >> fourth) & 1) === 1
}

/** The three letters that end at `at`, which is inside the text. */
function innerBlock(letters: Uint8Array, text: string, at: number): number {
  return (
    ((letters[text.charCodeAt(at - 2)] ?? 0) << 10) |
    ((letters[text.charCodeAt(at - 1)] ?? 0) << 5) |
    (letters[text.charCodeAt(at)] ?? 0)
  )
}

function mayStand(lasts: Int32Array, block: number, letter: number | undefined): boolean {
  return (((lasts[block] ?? 0) >> (letter ?? 0)) & 1) === 1
}

function blockAt(letters: Uint8Array, text: string, at: number): number {
  return (
    (letterAt(letters, text, at - 2) << 10) |
    (letterAt(letters, text, at - 1) << 5) |
    letterAt(letters, text, at)
  )
}

// Reading outside the text would make V8 treat every unit as a float.
function letterAt(letters: Uint8Array, text: string, at: number): number {
  if (at < 0 || at >= text.length) return 0
  return letters[text.charCodeAt(at)] ?? 0
}

function unitAt(text: string, at: number): number {
  return at < 0 || at >= text.length ? 32 : text.charCodeAt(at)
}

function isAnchor({ trie, text, step }: Finder, start: number): boolean {
  walk(trie, text, start, text.length, step)
  if ((step.roles & ANCHORS) === 0) return false
  if ((step.roles & ALWAYS) !== 0) return true
  if ((step.roles & Role.label) !== 0 && unitAt(text, step.end) === 58) return true
  if ((step.roles & Role.send) !== 0 && mayBeginOrder(text, start, step.end)) return true
  return (step.roles & Role.tell) !== 0 && NEGATION.test(text.slice(Math.max(0, start - 16), start))
}

const NEGATION =
  /n[o']?t\b|\bne\w?er\b|\bn[eoi]\w?\b|\bavoid|\bwithout|\bkein|\bn[iu][en][ct]?\w*|\bmai\b|не/i
const LEAD = /(?:please|kindly|then|and|also|now|just|to|first|must|bitte|por favor)\s+$/i

/** An order begins a clause: nothing stands before it but punctuation or a word such as "please". */
function mayBeginOrder(text: string, start: number, end: number): boolean {
  if (unitAt(text, end) > 32) return unitAt(text, end) >= LATIN
  let at = start - 1
  while (unitAt(text, at) === 32 && at >= 0) at--
  const code = at < 0 ? 10 : text.charCodeAt(at)
  const isWordBefore = (code | 32) >= 97 && (code | 32) <= 122
  if (!isWordBefore || unitAt(text, at - 1) === 92) return true
  return LEAD.test(text.slice(Math.max(0, start - 12), start))
}

const SHORT_NAMES = ['AI', 'KI', 'IA'] as const

/** `AI` and its translations are too short for the skip loop; in capitals they are rare. */
function findShortNames(finder: Finder): void {
  const { text } = finder
  for (const name of SHORT_NAMES) {
    let at = text.indexOf(name)
    while (at >= 0) {
      const isWord = !isAlphanumeric(unitAt(text, at - 1)) && !isAlphanumeric(unitAt(text, at + 2))
      if (isWord) keep(finder, at, Role.model)
      at = text.indexOf(name, isWord ? at + (1 << CELL_BITS) : at + 2)
    }
  }
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122)
}

/** Anchors that begin with a unit of another script. Looks at every unit, and at every word. */
function findWide(finder: Finder): void {
  const { trie, text, step } = finder
  let before = BREAK
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const unit = trie.fold[code] ?? BREAK
    const isInWord = before > GAP && !isUnspaced(unit)
    before = unit
    if (code < 0x370 || isInWord || trie.first[unit] === 0) continue
    walk(trie, text, at, text.length, step)
    if ((step.roles & (ALWAYS | Role.send)) !== 0 && note(finder, at)) at |= (1 << CELL_BITS) - 1
  }
}
