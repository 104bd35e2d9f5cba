import { foldTable } from './fold.ts'
import { lexiconEntries } from './lexicon/entries.ts'

/** Units of a word that the skip loop looks for, in blocks of three. */
export const WINDOW = 6
const FAR = WINDOW - 2
/** Where the Latin letters end that fold to a to z. */
export const LATIN = 0x250
/** Shorter words, such as AI, would stop the loop too often. */
const SHORTEST = 3
/** How far inside a word its rarest letters are looked for. */
const REACH = 16

/** Tables of the skip loop. A letter is 1 to 26, everything else 0. */
export interface AnchorFilter {
  /** By UTF-16 unit. */
  readonly letters: Uint8Array
  /** How far the loop may jump when these three letters end at its place; 0: look closer. */
  readonly jumps: Uint8Array
  /** For blocks with jump 0: the letters that may stand before them, as bits. */
  readonly lasts: Int32Array
  /** For blocks with jump 0: how far back words may begin, as bits. */
  readonly starts: Int32Array
  /** For the first three letters of a word the set of fourth ones, as bits. */
  readonly heads: Int32Array
}

// Frequencies of English letters and of the word gap, in thousandths; enough to tell rare from common.
const FREQUENCY = [
  180, 65, 12, 22, 34, 102, 18, 16, 49, 56, 1, 6, 32, 19, 56, 61, 15, 1, 49, 51, 73, 22, 8, 19, 1,
  16, 1,
] as const
// Blocks far more common than their letters tell.
const COMMON =
  ' th|the|he | an|and|nd |ing|ng | in|in | of|of | to|to |ion|on |ent|er | re|es |ed |re |ati|tio|for| fo|or |' +
  'ter|ate|all|ers| co|con|com| pr|pro| st|est|st | is|is |are|ver|his|her|hat|ere|you|our|ou | be|be |nce|' +
  'men|res|not|per|int|rea|sta|ons|one|ve |ess|al |ly |ted|use|ail|ile|ine|ost|eve|rev|por|ow |ows|how|ay |' +
  'day|ect|cti|ist|ear|cre|ll |ven|che|ous|mod|des|le |me |se |te |ne |ce |ge |ke |us | wi|wit|ith|th | ha|' +
  'hav|ave| no| we| wa|was|as | on| so| do| se| de| di| su| ma| me| mo|an |en |el | la| le| un|nt |ts |rs |ns |' +
  'ld |uld|oul|ght|igh|lig|qua|tem|ble|ure|der|ame|nam|dat|tat|sti|tic|ica|ide|ell|tra|art|par|ort|ore|ove|' +
  'our|out|han|ang|nge|end|end|ase|pri|ric|rat|tin|sin|pla|lan|ake|mar|war|che|oun|und|ard|ree|wor|rks|ork'

/** Tables that find every word and phrase with one of these roles, if it is written in Latin letters. */
export function buildAnchorFilter(roles: number): AnchorFilter {
  const fold = foldTable()
  const letters = new Uint8Array(0x10000)
  for (let code = 0; code < 0x10000; code++) letters[code] = symbolOf(fold[code] ?? 0)
  const filter: AnchorFilter = {
    letters,
    jumps: new Uint8Array(1 << 15).fill(FAR),
    lasts: new Int32Array(1 << 15),
    starts: new Int32Array(1 << 15),
    heads: new Int32Array(1 << 15),
  }
  const common = commonBlocks()
  for (const { units, isStem, role } of lexiconEntries())
    if ((role & roles) !== 0 && units.length >= SHORTEST && symbolOf(units[0] ?? 0) !== 0)
      addWord(filter, common, units.map(symbolOf), isStem)
  return filter
}

function symbolOf(unit: number): number {
  return unit >= 97 && unit <= 122 ? unit - 96 : 0
}

function commonBlocks(): ReadonlySet<number> {
  const blocks = new Set<number>()
  for (const word of COMMON.split('|')) {
    let block = 0
    for (let at = 0; at < 3; at++) block = (block << 5) | symbolOf(word.charCodeAt(at))
    blocks.add(block)
  }
  return blocks
}

type Pattern = readonly (number | undefined)[]

function addWord(
  filter: AnchorFilter,
  common: ReadonlySet<number>,
  word: readonly number[],
  isStem: boolean,
): void {
  const padded: (number | undefined)[] = [0, ...word.slice(0, REACH)]
  if (!isStem && word.length <= REACH) padded.push(0)
  // `undefined` stands for any letter.
  while (padded.length < WINDOW) padded.push(undefined)
  const from = rarestWindow(padded, common)
  addWindow(filter, padded.slice(from, from + WINDOW), from + WINDOW - 2)
  const fourth = padded[4]
  for (const head of blocksOf(padded.slice(1, 4)))
    filter.heads[head] = (filter.heads[head] ?? 0) | (fourth === undefined ? -1 : 1 << fourth)
}

/** `back`: from the window's last unit to the word's first. */
function addWindow({ jumps, lasts, starts }: AnchorFilter, window: Pattern, back: number): void {
  for (let offset = 0; offset + 3 <= WINDOW; offset++) {
    const jump = FAR - 1 - offset
    for (const block of blocksOf(window.slice(offset, offset + 3)))
      jumps[block] = Math.min(jumps[block] ?? FAR, jump)
  }
  const before = window[WINDOW - 4]
  for (const block of blocksOf(window.slice(WINDOW - 3))) {
    lasts[block] = (lasts[block] ?? 0) | (before === undefined ? -1 : 1 << before)
    starts[block] = (starts[block] ?? 0) | (1 << back)
  }
}

function rarestWindow(padded: Pattern, common: ReadonlySet<number>): number {
  let best = 0
  let bestCost = Number.POSITIVE_INFINITY
  for (let from = 0; from + WINDOW <= padded.length; from++) {
    let cost = 0
    // The last block decides how often the loop stops, the others how far it jumps.
    for (let offset = 0; offset + 3 <= WINDOW; offset++)
      cost +=
        blockCost(padded.slice(from + offset, from + offset + 3), common) *
        (offset === FAR - 1 ? 6 : 1)
    if (cost < bestCost) {
      best = from
      bestCost = cost
    }
  }
  return best
}

function blockCost(symbols: Pattern, common: ReadonlySet<number>): number {
  let cost = 1
  let block = 0
  for (const symbol of symbols) {
    cost *= symbol === undefined ? 1000 : (FREQUENCY[symbol] ?? 1)
    block = (block << 5) | (symbol ?? 31)
  }
  return common.has(block) ? cost + 5_000_000 : cost
}

function blocksOf(symbols: Pattern): readonly number[] {
  let blocks = [0]
  for (const symbol of symbols) {
    const choices =
      symbol === undefined ? Array.from({ length: 27 }, (_, letter) => letter) : [symbol]
    blocks = blocks.flatMap((block) => choices.map((choice) => (block << 5) | choice))
  }
  return blocks
}
