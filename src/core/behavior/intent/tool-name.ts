import type { KeyedHash } from './keyed-hash.ts'
import { CELL, hashWord, lexicon, objectBit, WORD } from './lexicon.ts'
import { RELATED, VERB_CLASSES, verbBit } from './verb-classes.ts'
import { stemEnd } from './words.ts'

/** What a tool's name says it does. */
export interface ToolName {
  readonly verbs: number
  /** Classes that the same may be asked for with. */
  readonly related: number
  readonly objects: number
  /** Nouns of no class. */
  readonly stems: readonly number[]
  /** Number of classes and stems together. */
  readonly nouns: number
  /** The name without its server, as a sentence would write it. */
  readonly whole: number
  /** Stem of the word that is its action, unless many tools have it; else 0. */
  readonly action: number
  /** Its words, in their order. */
  readonly words: readonly number[]
  /** It begins as tools do that only look: `get_`, `list_`, `is`. */
  readonly reads: boolean
  /** Its server is one of files or notes. */
  readonly ofFiles: boolean
  /** It gives or keeps an answer: a reply, a note, a draft. */
  readonly answers: boolean
}

export type ReadToolName = (resource: string, server?: string) => ToolName

const MAX_NAMES = 512
/** Longest name that is read, in UTF-16 units. */
const MAX_NAME = 256

const READ = verbBit('read')
const LOOKING = READ | verbBit('visit') | verbBit('download')
const FILLING = verbBit('add') | verbBit('enter') | verbBit('create')

/** First words of tools that change nothing. */
const PASSIVE = new Set(
  (
    'is has count describe find get list read search fetch query lookup show view check cat ls grep ' +
    'compute calculate display estimate cd pwd diff sort tail head wc analyze analyse validate ' +
    'summarize retrieve inspect think scroll explain translate compare monitor stat status'
  ).split(' '),
)
const FILE_SERVER = /^(?:files?|fs|filesystem|disk|notes?|docs?|editor)/
/** Words of tools that answers are given or kept with. */
const ANSWERS = new Set(
  (
    'note notes memo memos draft drafts answer answers reply respond response report reports summary ' +
    'memory remember scratchpad think thought todo log finish done final output present say speak'
  ).split(' '),
)
/** Nouns of what is looked at: `order_history` orders nothing. */
const LOOKED_AT = new Set(
  (
    'history status info information details list log logs lookup reader viewer checker tracker tracking ' +
    'provider data feed statistics stats overview analyzer analyser analysis search finder monitor ' +
    'catalog catalogue directory calculator estimator'
  ).split(' '),
)
/** Actions that say little without what they are done to. */
const COMMON = new Set(
  (
    'send create add update change set make post delete remove edit modify get put use open write do ' +
    'run execute'
  ).split(' '),
)

/** Reads names of resources, each once. */
export function createReadToolName(hash: KeyedHash): ReadToolName {
  const names = new Map<string, ToolName>()
  return (resource, server = '') => {
    const id = `${server}\n${resource}`
    const known = names.get(id)
    if (known !== undefined) return known
    const read = readToolName(resource, server.toLowerCase(), hash)
    if (names.size >= MAX_NAMES) names.clear()
    names.set(id, read)
    return read
  }
}

function readToolName(resource: string, server: string, hash: KeyedHash): ToolName {
  const start = nameStart(resource)
  const name = resource.slice(start, start + MAX_NAME)
  const parts = segments(name).map(([from, to]) => partOf(name, from, to, hash))
  const rank = Math.max(0, ...parts.map((part) => part.rank))
  const first = parts.find((part) => part.rank > 0 || PASSIVE.has(part.word))?.word ?? ''
  // Of `order` in `cancel_order` and `email` in `email_send` the plainer verb is the action.
  const actions = parts.filter((part) => part.rank === rank && rank > 0)
  if (rank < PLAIN) actions.length = Math.min(1, actions.length)
  const things = parts.filter((part) => !actions.includes(part))
  const objects = things.reduce((bits, part) => bits | part.objects, 0)
  const verbs = withMeaning(
    actions.reduce((bits, part) => bits | part.verbs, 0),
    objects,
  )
  const stems = things
    .filter((part) => part.objects === 0 && part.keeps && !server.startsWith(part.word))
    .map((part) => part.stem)
  return {
    verbs,
    related: relatedOf(verbs),
    objects,
    stems,
    nouns:
      new Set(things.map((part) => part.objects).filter((bits) => bits !== 0)).size + stems.length,
    whole: hash(name, 0, name.length),
    action: actionOf(actions),
    words: parts.map((part) => part.stem),
    ofFiles: FILE_SERVER.test(server),
    answers: parts.some((part) => ANSWERS.has(part.word)),
    reads:
      PASSIVE.has(first) ||
      (rank < PLAIN && parts.some((part) => LOOKED_AT.has(part.word))) ||
      (verbs !== 0 && (verbs & ~LOOKING) === 0),
  }
}

/** To send money is to pay, and to add to a cart is to buy. */
function withMeaning(verbs: number, objects: number): number {
  let all = verbs
  if ((objects & objectBit('money')) !== 0 && (verbs & READ) === 0) all |= verbBit('pay')
  if ((objects & objectBit('cart')) !== 0 && (verbs & FILLING) !== 0) all |= verbBit('buy')
  return all
}

/** A verb and nothing else. */
const PLAIN = 3

interface Part {
  readonly word: string
  readonly verbs: number
  readonly objects: number
  readonly stem: number
  /** `PLAIN`; 2: a verb or a noun; 1: another form of a verb; 0: no verb. */
  readonly rank: number
  /** Long and rare enough to be compared. */
  readonly keeps: boolean
}

function partOf(name: string, start: number, end: number, hash: KeyedHash): Part {
  const { cells, find } = lexicon()
  const entry = find(hashWord(name, start, end))
  const kind = cells[entry + CELL.kinds] ?? 0
  const verbs = cells[entry + CELL.verbs] ?? 0
  const objects = cells[entry + CELL.objects] ?? 0
  const isBase = verbs !== 0 && (kind & WORD.base) !== 0
  const otherRank = verbs === 0 ? 0 : 1
  return {
    word: name.slice(start, end).toLowerCase(),
    verbs,
    objects,
    stem: hash(name, start, stemEnd(name, start, end)),
    rank: isBase ? (objects === 0 ? PLAIN : 2) : otherRank,
    keeps: (kind & WORD.stop) === 0 && end - start > 2,
  }
}

function actionOf(actions: readonly Part[]): number {
  const action = actions[0]
  return action === undefined || action.rank < 2 || COMMON.has(action.word) ? 0 : action.stem
}

function relatedOf(verbs: number): number {
  let related = 0
  for (const name of VERB_CLASSES) {
    if ((verbs & verbBit(name)) === 0) continue
    for (const other of RELATED[name] ?? []) related |= verbBit(other)
  }
  return related & ~verbs
}

/** `server.tool`, `server/tool` and `mcp__server__tool`: where the tool's own name begins. */
function nameStart(resource: string): number {
  const end = resource.length
  const dot = resource.lastIndexOf('.', end - 2)
  const slash = resource.lastIndexOf('/', end - 2)
  const colon = resource.lastIndexOf(':', end - 2)
  const double = resource.lastIndexOf('__', end - 3)
  return Math.max(dot + 1, slash + 1, colon + 1, double < 0 ? 0 : double + 2)
}

/** Words of `snake_case`, `kebab-case` and `camelCase`; in `HTTPServer` the S belongs to the second. */
function segments(name: string): (readonly [start: number, end: number])[] {
  const found: (readonly [number, number])[] = []
  let start = -1
  for (let at = 0; at <= name.length; at += 1) {
    const isWord = at < name.length && isLetter(name.charCodeAt(at))
    if (start >= 0 && (!isWord || beginsWord(name, at))) {
      found.push([start, at])
      start = -1
    }
    if (start < 0 && isWord) start = at
  }
  return found
}

/** A capital behind a small letter, or the last of several capitals before one. */
function beginsWord(name: string, at: number): boolean {
  if (!isUpper(name.charCodeAt(at))) return false
  return !isUpper(name.charCodeAt(at - 1)) || isLower(name.charCodeAt(at + 1))
}

function isUpper(unit: number): boolean {
  return unit >= 65 && unit <= 90
}

function isLower(unit: number): boolean {
  return unit >= 97 && unit <= 122
}

function isLetter(unit: number): boolean {
  return isUpper(unit) || isLower(unit) || unit > 127
}
