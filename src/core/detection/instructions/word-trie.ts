import { ABSENT, BREAK, foldTable, GAP, isUnspaced } from './fold.ts'
import { lexiconEntries } from './lexicon/entries.ts'

// Of 16 bits: the edges of all lexicons fill it to less than a half.
const SLOT_BITS = 16
const SLOTS = 1 << SLOT_BITS
/** The longest phrase, in units of the text. */
const MAX_WALK = 64
/** The longest gap inside a phrase: a line break with its indentation. */
const MAX_GAP = 12

/** All words and phrases of the lexicons, as typed arrays: node by node, an edge per folded unit. */
export interface WordTrie {
  readonly fold: Uint16Array
  /** Node behind the first unit, 0 when no word begins so. */
  readonly first: Uint16Array
  /** Open addressing: `node << 16 | unit`, 0 when free. */
  readonly keys: Int32Array
  readonly targets: Uint16Array
  /** Roles of the word that ends at the node, and of the stem that may go on. */
  readonly words: Int32Array
  readonly stems: Int32Array
}

/** What {@link walk} found. One object per text, so that walking allocates nothing. */
export interface Step {
  roles: number
  /** Behind the last unit of the word or phrase. */
  end: number
}

let built: WordTrie | undefined

/** Built at the first use, about a millisecond. */
export function wordTrie(): WordTrie {
  built ??= buildTrie()
  return built
}

function buildTrie(): WordTrie {
  const first = new Uint16Array(0x10000)
  const keys = new Int32Array(SLOTS)
  const targets = new Uint16Array(SLOTS)
  const words: number[] = [0]
  const stems: number[] = [0]
  for (const { units, isStem, role } of lexiconEntries()) {
    let node = 0
    for (const unit of units) {
      const slot = slotOf(keys, node, unit)
      if (keys[slot] === 0) {
        keys[slot] = (node << 16) | unit
        targets[slot] = words.push(0) - 1
        stems.push(0)
      }
      node = targets[slot] ?? 0
    }
    first[units[0] ?? 0] = targets[slotOf(keys, 0, units[0] ?? 0)] ?? 0
    const roles = isStem ? stems : words
    roles[node] = (roles[node] ?? 0) | role
  }
  return {
    fold: foldTable(),
    first,
    keys,
    targets,
    words: Int32Array.from(words),
    stems: Int32Array.from(stems),
  }
}

function slotOf(keys: Int32Array, node: number, unit: number): number {
  const key = (node << 16) | unit
  let slot = Math.imul(key, 0x9e3779b1) >>> (32 - SLOT_BITS)
  for (;;) {
    const held = keys[slot]
    if (held === key || held === 0) return slot
    slot = (slot + 1) & (SLOTS - 1)
  }
}

/**
 * The longest word or phrase that begins at `start`; `step.roles` is 0 when there is none. Reads at
 * most {@link MAX_WALK} units.
 */
export function walk(trie: WordTrie, text: string, start: number, limit: number, step: Step): void {
  const { fold, words, stems } = trie
  step.roles = 0
  step.end = start
  const to = Math.min(limit, start + MAX_WALK)
  let node = trie.first[foldedAt(fold, text, start, to)] ?? 0
  let at = start + 1
  while (node !== 0) {
    accept(step, stems[node], at)
    at = skipAbsent(fold, text, at, to)
    const unit = foldedAt(fold, text, at, to)
    if (endsWord(unit)) accept(step, words[node], at)
    if (unit === BREAK) return
    node = childOf(trie, node, unit)
    at = unit === GAP ? skipGap(fold, text, at, to) : at + 1
  }
}

function foldedAt(fold: Uint16Array, text: string, at: number, to: number): number {
  return at < to ? (fold[text.charCodeAt(at)] ?? BREAK) : BREAK
}

function childOf({ keys, targets }: WordTrie, node: number, unit: number): number {
  return targets[slotOf(keys, node, unit)] ?? 0
}

function skipAbsent(fold: Uint16Array, text: string, at: number, to: number): number {
  let next = at
  while (next < to && fold[text.charCodeAt(next)] === ABSENT) next++
  return next
}

function endsWord(unit: number): boolean {
  return unit <= GAP || isUnspaced(unit)
}

/** A word that is both, such as `prompt` and `prompt*`, has the roles of both. */
function accept(step: Step, roles: number | undefined, end: number): void {
  if (roles === undefined || roles === 0) return
  step.roles = step.end === end ? step.roles | roles : roles
  step.end = end
}

function skipGap(fold: Uint16Array, text: string, at: number, to: number): number {
  const limit = Math.min(to, at + MAX_GAP)
  let next = at
  while (next < limit) {
    // In JSON and Python literals a line break is written as a backslash and a letter.
    if (text.charCodeAt(next) === 92 && next + 1 < limit && text.charCodeAt(next + 1) === 110)
      next++
    else if (fold[text.charCodeAt(next)] !== GAP) return next
    next++
  }
  return next
}
