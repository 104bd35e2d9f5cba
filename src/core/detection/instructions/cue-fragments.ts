import { GAP } from './fold.ts'
import { lexiconEntries } from './lexicon/entries.ts'

/** A few letters by which words and phrases are found. */
export interface CueFragment {
  /** Folded: letters a to z, and a blank for the gap between words. */
  readonly letters: string
  /** Where the phrases that hold it begin, seen from it: pairs of words and of units. */
  readonly origins: readonly Origin[]
}

/** The fragment is `units` behind the beginning of its word, which is `words` behind the first. */
export interface Origin {
  readonly words: number
  readonly units: number
  /** Letters that those phrases begin with, as bits: 1 is a. */
  readonly firsts: number
  /** The letters behind those. */
  readonly seconds: number
  /** What may follow the fragment, by unit, as bits: 0 is what is no letter. Three units. */
  readonly nexts: readonly number[]
  /** Union of the roles of those phrases. */
  readonly roles: number
}

const LONGEST = 5
/** Shorter words, such as AI, would be found in too many others. */
const SHORTEST = 3
/** How much more common than the rarest a fragment may be that other phrases share; a logarithm. */
const SHARED = 2
/** Gaps are written in many ways, of which a fragment knows one. */
const GAP_COST = 1.4
/** As many gaps are more than any letters can make good. */
const BARRED = 100

// How often English has a letter, in thousandths, from the gap and a to z; enough to tell rare from common.
const CHANCES = [
  180, 65, 12, 22, 34, 102, 18, 16, 49, 56, 1, 6, 32, 19, 56, 61, 15, 1, 49, 51, 73, 22, 8, 19, 1,
  16, 1,
].map((often) => Math.log(often / 1000))
// Letters that stand together far more often than each alone tells.
const COMMON =
  ' th|the|he | an|and|nd |ing|ng | in|in | of|of | to|to |ion|on |ent|er | re|es |ed |re |ati|tio|for| fo|or |' +
  'ter|ate|all|ers| co|con|com| pr|pro| st|est|st | is|is |are|ver|his|her|hat|ere|you|our|ou | be|be |nce|' +
  'men|res|not|per|int|rea|sta|ons|one|ve |ess|al |ly |ted|use|ail|ile|ine|ost|eve|rev|por|ow |ows|how|ay |' +
  'day|ect|cti|ist|ear|cre|ll |ven|che|ous|mod|des|le |me |se |te |ne |ce |ge |ke |us | wi|wit|ith|th | ha|' +
  'hav|ave| no| we| wa|was|as | on| so| do| se| de| di| su| ma| me| mo|an |en |el | la| le| un|nt |ts |rs |ns |' +
  'ld |uld|oul|ght|igh|lig|qua|tem|ble|ure|der|ame|nam|dat|tat|sti|tic|ica|ide|ell|tra|art|par|ort|ore|ove|' +
  'out|han|ang|nge|end|ase|pri|ric|rat|tin|sin|pla|lan|ake|mar|war|oun|und|ard|ree|wor|rks|ork'
const COMMON_CHANCE = Math.log(0.004)
const BLOCK = 0x7fff
const COMMON_BLOCKS = new Uint8Array(BLOCK + 1)
for (let at = 0; at < COMMON.length; at += 4) COMMON_BLOCKS[blockOf(COMMON, at)] = 1

/** Three letters in 15 bits. */
function blockOf(letters: string, at: number): number {
  const [first, second, third] = [0, 1, 2].map((unit) => letterOf(letters.charCodeAt(at + unit)))
  return ((first ?? 0) << 10) | ((second ?? 0) << 5) | (third ?? 0)
}

/** Fragments that between them stand in every word and phrase with one of these roles in Latin letters. */
export function cueFragments(roles: number): readonly CueFragment[] {
  const phrases = new Map<string, Phrase>()
  for (const { units, role, isStem } of lexiconEntries()) {
    if ((role & roles) === 0 || units.length < SHORTEST || !isLatin(units[0] ?? 0)) continue
    const letters = String.fromCharCode(...units)
    const known = phrases.get(letters)
    phrases.set(letters, {
      letters,
      isStem: isStem || known?.isStem === true,
      roles: role | (known?.roles ?? 0),
    })
  }
  const chosen = new Map<string, Mutable[]>()
  // The shortest have the least choice.
  for (const phrase of [...phrases.values()].sort(byLength)) {
    const at = bestPlace(phrase.letters, chosen)
    const letters = phrase.letters.slice(at, at + LONGEST)
    const origins = chosen.get(letters) ?? []
    chosen.set(letters, origins)
    addOrigin(origins, phrase, at)
  }
  // The longest phrase first.
  for (const origins of chosen.values()) origins.sort((one, other) => other.words - one.words)
  return [...chosen].map(([letters, origins]) => ({ letters, origins }))
}

interface Phrase {
  readonly letters: string
  readonly isStem: boolean
  readonly roles: number
}

function byLength(one: Phrase, other: Phrase): number {
  return one.letters.length - other.letters.length
}

function isLatin(unit: number): boolean {
  return unit >= 97 && unit <= 122
}

interface Mutable extends Origin {
  firsts: number
  seconds: number
  roles: number
  readonly nexts: number[]
}

function addOrigin(origins: Mutable[], { letters, isStem, roles }: Phrase, at: number): void {
  const before = letters.slice(0, at).split(' ')
  const words = before.length - 1
  const units = before.at(-1)?.length ?? 0
  let origin = origins.find((one) => one.words === words && one.units === units)
  if (origin === undefined) {
    origin = { words, units, firsts: 0, seconds: 0, nexts: [0, 0, 0], roles: 0 }
    origins.push(origin)
  }
  origin.firsts |= bitOf(letters, 0)
  origin.seconds |= bitOf(letters, 1)
  origin.roles |= roles
  const end = Math.min(letters.length, at + LONGEST)
  for (let unit = 0; unit < NEXTS; unit++)
    origin.nexts[unit] = (origin.nexts[unit] ?? 0) | nextBits(letters, isStem, end + unit)
}

/** Behind a gap anything may stand, as gaps are of any length; so it may behind a stem. */
function nextBits(letters: string, isStem: boolean, at: number): number {
  if (letters.slice(0, at).lastIndexOf(' ') >= at - NEXTS) return ANY
  if (at < letters.length) return bitOf(letters, at)
  return isStem || at > letters.length ? ANY : 1
}

const NEXTS = 3
const ANY = -1

function bitOf(phrase: string, at: number): number {
  return 1 << letterOf(phrase.charCodeAt(at))
}

/** 1 to 26, or 0 for what is no letter. */
export function letterOf(unit: number): number {
  return unit >= 97 && unit <= 122 ? unit - 96 : 0
}

/** Where the letters stand by which the phrase is found best. */
function bestPlace(letters: string, chosen: ReadonlyMap<string, unknown>): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  let shared = -1
  let leastShared = Number.POSITIVE_INFINITY
  for (let at = 0; at === 0 || at + SHORTEST <= letters.length; at++) {
    // Fewer letters only where they are a word.
    if (at + LONGEST > letters.length && at > 0 && letters.charCodeAt(at - 1) !== GAP) continue
    const end = Math.min(letters.length, at + LONGEST)
    const chance = chanceOf(letters, at, end)
    if (chance < least) [best, least] = [at, chance]
    if (chance < leastShared && chosen.has(letters.slice(at, end)))
      [shared, leastShared] = [at, chance]
  }
  return shared >= 0 && leastShared <= least + SHARED ? shared : best
}

/** How likely these letters begin at some unit of a text: a logarithm, and a rough guess. */
function chanceOf(letters: string, start: number, end: number): number {
  let sum = 0
  let gaps = 0
  for (let at = start; at < end; at++) {
    const letter = letterOf(letters.charCodeAt(at))
    sum += CHANCES[letter] ?? 0
    if (letter === 0)
      gaps += at === start || at === end - 1 || isShortened(letters, at) ? BARRED : 1
  }
  let least = 0
  let block = 0
  for (let at = start; at < end; at++) {
    block = ((block << 5) | letterOf(letters.charCodeAt(at))) & BLOCK
    if (at - start >= 2) least = Math.min(least, chanceAround(block, sum))
  }
  return least + gaps * GAP_COST
}

/** By three letters as a block of 15 bits, and the logarithm of the chance of all. */
function chanceAround(block: number, sum: number): number {
  const own =
    (CHANCES[block >> 10] ?? 0) + (CHANCES[(block >> 5) & 31] ?? 0) + (CHANCES[block & 31] ?? 0)
  return (COMMON_BLOCKS[block] === 1 ? COMMON_CHANCE : own) + 0.7 * (sum - own)
}

/** Whether an apostrophe may stand in front of the letter before this gap: "don't". */
function isShortened(letters: string, gap: number): boolean {
  return letters.charCodeAt(gap - 1) === 116 && letters.charCodeAt(gap - 2) === 110
}
