import { unitsOf } from '../units.ts'
import type { CueSink } from '../walk.ts'
import {
  isAsciiLetter,
  isNegated,
  mayBeginOrder,
  mayFollow,
  mayNegate,
  unitAt,
} from './anchor-context.ts'
import { type CueFragment, cueFragments, letterOf, type Origin } from './cue-fragments.ts'
import { ABSENT, BREAK, GAP, isUnspaced } from './fold.ts'
import { Role } from './roles.ts'
import { type Step, type WordTrie, walk, wordTrie } from './word-trie.ts'

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
/** The longest gap in front of a word of a phrase, and the longest such word. */
const LONGEST_GAP = 12
const LONGEST_WORD = 24
/** Places where a cue word stands, and the roles of each word. */
export interface Anchors {
  readonly places: number[]
  readonly roles: number[]
}

let built: readonly CueFragment[] | undefined

/** Letters of which every cue word in Latin letters holds some; `findAnchors` wants their indices. */
export function anchorFragments(): readonly CueFragment[] {
  built ??= cueFragments(ANCHORS)
  return built
}

/** The words of one text that make a closer look worth its cost. */
export interface AnchorSearch {
  /** To be told of each fragment of a cue word, as the text is walked over; the words in cipher follow those. */
  readonly sink: CueSink
  /** Of the text. */
  readonly units: Uint16Array
  /**
   * Behind the walk: undefined where there are no cue words. Of those that repeat a kind of cue,
   * at most {@link PER_CELL} for each cell.
   */
  finish(isWide: boolean): Anchors | undefined
  /** Whether one of the words in cipher stands there, at least within a word. */
  readonly sawCipher: boolean
}

export function searchAnchors(text: string, units: Uint16Array = unitsOf(text)): AnchorSearch {
  const { length } = anchorFragments()
  let finder: Finder | undefined
  let sawCipher = false
  return {
    units,
    get sawCipher() {
      return sawCipher
    },
    sink(start, cue) {
      if (cue >= length) {
        sawCipher = true
        return
      }
      finder ??= finderOf(text, units)
      fragmentAt(finder, start, cue)
    },
    finish(isWide) {
      if (isWide) {
        finder ??= finderOf(text, units)
        findWide(finder)
      }
      return withShortNames(text, finder?.found)
    },
  }
}

interface Finder {
  readonly trie: WordTrie
  readonly text: string
  readonly units: Uint16Array
  readonly fragments: readonly CueFragment[]
  readonly step: Step
  found: Anchors | undefined
  /** The cell of the last anchor, its roles, and how many of its anchors brought no new one. */
  cell: number
  cellRoles: number
  repeated: number
  /** Where the last anchor began, and the last two fragments that led to one. */
  last: number
  cue: number
  cueBefore: number
}

function finderOf(text: string, units: Uint16Array): Finder {
  return {
    trie: wordTrie(),
    text,
    units,
    fragments: anchorFragments(),
    step: { roles: 0, end: 0 },
    found: undefined,
    cell: -1,
    cellRoles: 0,
    repeated: 0,
    last: -1,
    cue: -1,
    cueBefore: -1,
  }
}

/** Notes the anchor that holds this fragment, if there is one. */
function fragmentAt(finder: Finder, place: number, cue: number): void {
  const fragment = finder.fragments[cue]
  if (fragment === undefined || isFlood(finder, place, cue)) return
  const { letters, origins } = fragment
  const behind = place + letters.length
  for (let index = 0; index < origins.length; index++) {
    const origin = origins[index]
    if (origin === undefined || !mayGoOn(finder, behind, origin)) continue
    const start = startOf(finder, place, origin)
    if (start < 0 || start === finder.last) continue
    if (!mayCount(finder.text, start, origin.roles) || !isAnchor(finder, start)) continue
    finder.last = start
    finder.cueBefore = finder.cue
    finder.cue = cue
    note(finder, start)
    return
  }
}

/** Whether one of the origin's phrases may be what stands there, by the units behind the fragment. */
function mayGoOn({ units, trie }: Finder, from: number, { nexts }: Origin): boolean {
  for (let unit = 0; unit < nexts.length; unit++) {
    const at = from + unit
    const folded = at < units.length ? (trie.fold[units[at] ?? 0] ?? BREAK) : BREAK
    // An apostrophe may stand anywhere.
    if (folded === ABSENT) return true
    if ((((nexts[unit] ?? 0) >> letterOf(folded)) & 1) === 0) return false
  }
  return true
}

/** Whether words of these roles count where they stand, as far as the text in front of them tells. */
function mayCount(text: string, start: number, roles: number): boolean {
  if ((roles & (ALWAYS | Role.label)) !== 0) return true
  if ((roles & Role.send) !== 0 && mayFollow(text, start)) return true
  return (roles & Role.tell) !== 0 && mayNegate(text, start)
}

/** The same by the first two letters. */
function mayBegin({ units, trie }: Finder, at: number, { firsts, seconds }: Origin): boolean {
  const first = trie.fold[units[at] ?? 0] ?? BREAK
  if (((firsts >> letterOf(first)) & 1) === 0) return false
  const second = at + 1 < units.length ? (trie.fold[units[at + 1] ?? 0] ?? BREAK) : BREAK
  return second === ABSENT || ((seconds >> letterOf(second)) & 1) === 1
}

/** A flood of one or two words is stepped over: the fragment was an anchor just before, too often. */
function isFlood(finder: Finder, place: number, cue: number): boolean {
  if (finder.repeated <= PER_CELL || place >> CELL_BITS !== finder.cell) return false
  return cue === finder.cue || cue === finder.cueBefore
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
  if (isNew || finder.repeated <= PER_CELL) {
    finder.found ??= { places: [], roles: [] }
    finder.found.places.push(place)
    finder.found.roles.push(roles)
  }
  return finder.repeated > PER_CELL
}

/** Where the phrase of a fragment at `place` begins, or -1. */
function startOf(finder: Finder, place: number, origin: Origin): number {
  const { words } = origin
  const { trie, units } = finder
  const { fold } = trie
  let at = place - origin.units
  if (!beginsWord(fold, units, at)) return -1
  for (let word = 0; word < words; word++) {
    at = wordBefore(fold, units, at)
    if (at < 0) return -1
  }
  return mayBegin(finder, at, origin) && !isNumber(units, at) ? at : -1
}

function beginsWord(fold: Uint16Array, units: Uint16Array, at: number): boolean {
  if (at <= 0) return at === 0
  if (!isLetter(fold, units[at - 1] ?? 0)) return true
  // `\nIgnore` in a JSON string: the n belongs to the escape.
  return at > 1 && units[at - 2] === 92
}

/** A word that begins with two digits, such as `14`, is a number, whatever letters they stand for. */
function isNumber(units: Uint16Array, at: number): boolean {
  return (units[at] ?? 0) < 58 && at + 1 < units.length && (units[at + 1] ?? 0) < 58
}

/** Where the word in front of the gap in front of `at` begins, or -1. */
function wordBefore(fold: Uint16Array, units: Uint16Array, at: number): number {
  let end = at
  while (end > 0 && at - end < LONGEST_GAP && fold[units[end - 1] ?? 0] === GAP) end--
  if (isEscape(units, end)) end -= 2
  if (end === at) return -1
  let start = end
  while (start > 0 && end - start < LONGEST_WORD && isInWord(fold, units[start - 1] ?? 0)) start--
  while (start < end && fold[units[start] ?? 0] === ABSENT) start++
  if (start === end) return -1
  return isEscape(units, start + 1) ? start + 1 : start
}

/** Whether a written line break, `\n`, stands in front. */
function isEscape(units: Uint16Array, at: number): boolean {
  return at > 1 && units[at - 1] === 110 && units[at - 2] === 92
}

function isLetter(fold: Uint16Array, code: number): boolean {
  const unit = fold[code] ?? BREAK
  return unit >= 97 && unit <= 122
}

/** "Don't" has an apostrophe more than the phrase in the lexicon. */
function isInWord(fold: Uint16Array, code: number): boolean {
  return fold[code] === ABSENT || isLetter(fold, code)
}

function isAnchor({ trie, text, units, step }: Finder, start: number): boolean {
  walk(trie, units, start, units.length, step)
  if ((step.roles & ANCHORS) === 0) return false
  if ((step.roles & ALWAYS) !== 0) return true
  if ((step.roles & Role.label) !== 0 && unitAt(text, step.end) === 58) return true
  if ((step.roles & Role.send) !== 0 && mayBeginOrder(text, start, step.end)) return true
  return (step.roles & Role.tell) !== 0 && isNegated(text, start)
}

const SHORT_NAMES = ['AI', 'KI', 'IA'] as const

/** `AI` and its translations are too short for a fragment; in capitals they are rare. */
function withShortNames(text: string, found: Anchors | undefined): Anchors | undefined {
  let all = found
  for (const name of SHORT_NAMES) {
    let at = text.indexOf(name)
    while (at >= 0) {
      const isWord = !isAlphanumeric(unitAt(text, at - 1)) && !isAlphanumeric(unitAt(text, at + 2))
      if (isWord) {
        all ??= { places: [], roles: [] }
        all.places.push(at)
        all.roles.push(Role.model)
      }
      at = text.indexOf(name, isWord ? at + (1 << CELL_BITS) : at + 2)
    }
  }
  return all
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || isAsciiLetter(code)
}

/** Anchors that begin with a unit of another script. Looks at every unit, and at every word. */
function findWide(finder: Finder): void {
  const { trie, units, step } = finder
  let before = BREAK
  for (let at = 0; at < units.length; at++) {
    const code = units[at] ?? 0
    const unit = trie.fold[code] ?? BREAK
    const isInsideWord = before > GAP && !isUnspaced(unit)
    before = unit
    if (code < 0x370 || isInsideWord || trie.first[unit] === 0) continue
    walk(trie, units, at, units.length, step)
    if ((step.roles & (ALWAYS | Role.send)) !== 0 && note(finder, at)) at |= (1 << CELL_BITS) - 1
  }
}
