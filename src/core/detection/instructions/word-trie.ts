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
  /** Node behind two letters a to z, and a bit for every three that some word begins with. */
  readonly pairs: Uint16Array
  readonly triples: Uint32Array
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
    ...beginnings(first, keys, targets),
    keys,
    targets,
    words: Int32Array.from(words),
    stems: Int32Array.from(stems),
  }
}

const LETTERS = 26
/** Below, letters have gaps between words. */
const LATIN = 128
const SMALL_A = 97

/** The first three letters decide on most words, and a small table stays in the processor's cache. */
function beginnings(
  first: Uint16Array,
  keys: Int32Array,
  targets: Uint16Array,
): { pairs: Uint16Array; triples: Uint32Array } {
  const pairs = new Uint16Array(LETTERS ** 2)
  const triples = new Uint32Array(Math.ceil(LETTERS ** 3 / 32))
  const after = (node: number, letter: number): number =>
    node === 0 ? 0 : (targets[slotOf(keys, node, SMALL_A + letter)] ?? 0)
  for (let pair = 0; pair < pairs.length; pair++) {
    const node = first[SMALL_A + Math.floor(pair / LETTERS)] ?? 0
    pairs[pair] = after(node, pair % LETTERS)
    for (let third = 0; third < LETTERS; third++) {
      const triple = pair * LETTERS + third
      if (after(pairs[pair] ?? 0, third) !== 0)
        triples[triple >> 5] = (triples[triple >> 5] ?? 0) | (1 << (triple & 31))
    }
  }
  return { pairs, triples }
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
export function walk(
  trie: WordTrie,
  units: Uint16Array,
  start: number,
  limit: number,
  step: Step,
): void {
  const { fold, stems } = trie
  step.roles = 0
  step.end = start
  const to = Math.min(limit, start + MAX_WALK)
  const unit = foldedAt(fold, units, start, to)
  let node = trie.first[unit] ?? 0
  if (node === 0) return
  let at = start + 1
  const one = unit - SMALL_A
  const two = foldedAt(fold, units, at, to) - SMALL_A
  if (one >= 0 && one < LETTERS && two >= 0 && two < LETTERS) {
    accept(step, stems[node], at)
    const pair = one * LETTERS + two
    node = trie.pairs[pair] ?? 0
    at++
    const three = foldedAt(fold, units, at, to) - SMALL_A
    if (three >= 0 && three < LETTERS && !hasTriple(trie, pair * LETTERS + three)) {
      if (node !== 0) accept(step, stems[node], at)
      return
    }
  }
  walkOn(trie, units, node, at, to, step)
}

function hasTriple({ triples }: WordTrie, triple: number): boolean {
  return (((triples[triple >> 5] ?? 0) >>> (triple & 31)) & 1) === 1
}

/** From a node whose own roles have not been taken yet. */
function walkOn(
  trie: WordTrie,
  units: Uint16Array,
  from: number,
  start: number,
  to: number,
  step: Step,
): void {
  const { fold, words, stems } = trie
  let node = from
  let at = start
  while (node !== 0) {
    accept(step, stems[node], at)
    let unit = foldedAt(fold, units, at, to)
    // Most are letters, and go on.
    if (unit > GAP && unit < LATIN) {
      node = childOf(trie, node, unit)
      at++
      continue
    }
    at = skipAbsent(fold, units, at, to)
    unit = foldedAt(fold, units, at, to)
    if (endsWord(unit)) accept(step, words[node], at)
    if (unit === BREAK) return
    node = childOf(trie, node, unit)
    at = unit === GAP ? skipGap(fold, units, at, to) : at + 1
  }
}

function foldedAt(fold: Uint16Array, units: Uint16Array, at: number, to: number): number {
  return at < to ? (fold[units[at] ?? 0] ?? BREAK) : BREAK
}

function childOf({ keys, targets }: WordTrie, node: number, unit: number): number {
  return targets[slotOf(keys, node, unit)] ?? 0
}

function skipAbsent(fold: Uint16Array, units: Uint16Array, at: number, to: number): number {
  let next = at
  while (next < to && fold[units[next] ?? 0] === ABSENT) next++
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

function skipGap(fold: Uint16Array, units: Uint16Array, at: number, to: number): number {
  const limit = Math.min(to, at + MAX_GAP)
  let next = at
  while (next < limit) {
    // In JSON and Python literals a line break is written as a backslash and a letter.
    if (units[next] === 92 && next + 1 < limit && units[next + 1] === 110) next++
    else if (fold[units[next] ?? 0] !== GAP) return next
    next++
  }
  return next
}
