import { WORD } from './lexicon.ts'
import type { SentenceView } from './scan.ts'
import { verbBit } from './verb-classes.ts'

/** How a sentence is meant, and which of its actions it asks for. */
export interface Mood {
  /** 0 to 1: how much it asks for something; 0 where it names no action and wishes for nothing. */
  weight: number
  /** Verb classes in the place of a command. */
  head: number
  /** Verb classes anywhere, but for those it forbids. */
  verbs: number
  /** It wishes for a thing without naming an action. */
  wish: boolean
}

const COMMAND = 1
const WISH = 0.9
const OFFER = 0.75
/** It says that something is to be done, and to whom it falls who reads it. */
const EXPECTED = 0.8
const FALLS_TO_READER = 0.9
/** It names an action and asks for nothing. */
const STATEMENT = 0.65
/** It only names an address. */
export const MENTION = 0.55
/** Sentences from here on ask for something; the others tell. */
export const ASKING = 0.7

const BUY = verbBit('buy')
const BEFORE_COMMAND = WORD.please | WORD.modal | WORD.you | WORD.lead | WORD.ensure | WORD.want
/** Words that `asksBefore` looks back over. */
const REACH = 7

/** What one verb is said for. */
const NOTHING = 0
const COMMANDS = 1
const REQUESTS = 2
const OFFERS = 4
const EXPECTS = 16
const AGENT_DOES = 32
/** It stands where a command would, and nothing else says that it is one. */
const HEAD = 8

/** Reads the mood of a sentence into `out`; linear in its words. */
export function readMood(text: string, view: SentenceView, out: Mood): void {
  clearMood(out)
  let meant = NOTHING
  let wishes = false
  for (let index = 0; index < view.words; index += 1) {
    const kind = view.kindOf(index)
    if ((kind & WORD.want) !== 0 && hasBefore(view, index, WORD.first, 3)) wishes = true
    if (view.verbsOf(index) !== 0 && !isForbidden(view, index))
      meant |= readVerb(text, view, index, out)
  }
  out.wish = wishes && (meant & (COMMANDS | REQUESTS)) === 0
  if (out.wish) out.head |= BUY
  out.weight = weightOf(view, out, meant, wishes)
}

export function clearMood(mood: Mood): void {
  mood.weight = 0
  mood.head = 0
  mood.verbs = 0
  mood.wish = false
}

function weightOf(view: SentenceView, mood: Mood, meant: number, wishes: boolean): number {
  if ((meant & (COMMANDS | REQUESTS)) !== 0) return COMMAND
  if ((meant & AGENT_DOES) !== 0) return FALLS_TO_READER
  if ((meant & EXPECTS) !== 0) return EXPECTED
  if ((meant & OFFERS) !== 0) return OFFER
  if (wishes) return WISH
  if (mood.head !== 0 && (view.kinds & WORD.you) !== 0) return OFFER
  return mood.verbs !== 0 ? STATEMENT : 0
}

function readVerb(text: string, view: SentenceView, index: number, out: Mood): number {
  const kind = view.kindOf(index)
  const verbs = view.verbsOf(index)
  const told = (kind & WORD.base) === 0 ? passive(view, index) : active(text, view, index, kind)
  const meaning = told === NOTHING || told === HEAD ? told | expected(text, view, index) : told
  out.verbs |= verbs
  if (meaning !== NOTHING) out.head |= verbs
  return meaning & ~HEAD
}

/** `must be deleted`, `needs to be paid` */
function passive(view: SentenceView, index: number): number {
  const isPassive = index > 0 && (view.kindOf(index - 1) & WORD.be) !== 0
  if (!isPassive || !hasBefore(view, index, WORD.modal | WORD.want, 4)) return NOTHING
  return hasBefore(view, index, WORD.may, 3) ? OFFERS : REQUESTS
}

/** `is to be deleted`, `is expected to stop`, `gets removed`, `the assistant pays`. */
function expected(text: string, view: SentenceView, index: number): number {
  if (fallsToReader(text, view, index)) return AGENT_DOES
  const before = view.kindOf(index - 1)
  if ((view.kindOf(index) & WORD.base) === 0) {
    if (isGetting(text, view, index - 1)) return byReader(text, view, index) ? AGENT_DOES : EXPECTS
    if ((before & WORD.be) === 0) return NOTHING
    return isDue(view, index - 2) ? EXPECTS : NOTHING
  }
  return isDue(view, index - 1) && isTo(text, view, index - 1) ? EXPECTS : NOTHING
}

/** A word such as `expected` stands before the one at `at`, which is `to`, and nobody says it of himself. */
function isDue(view: SentenceView, at: number): boolean {
  if (at < 1 || (view.kindOf(at) & WORD.lead) === 0) return false
  return hasBefore(view, at, WORD.expected, 2) && !hasBefore(view, at, WORD.first | WORD.you, 4)
}

function isTo(text: string, view: SentenceView, at: number): boolean {
  return isWord(text, view, at, 'to')
}

function isGetting(text: string, view: SentenceView, at: number): boolean {
  return isWord(text, view, at, 'gets') || isWord(text, view, at, 'get')
}

function isWord(text: string, view: SentenceView, at: number, word: string): boolean {
  const start = view.wordStarts[at] ?? 0
  return at >= 0 && (view.wordEnds[at] ?? 0) - start === word.length && text.startsWith(word, start)
}

/** Furthest that a verb stands from the one who does it. */
const SUBJECT_REACH = 8

/** Who reads this is what the verb is said of: `the agent deletes`, `automation will stop`. */
function fallsToReader(text: string, view: SentenceView, index: number): boolean {
  if ((view.kinds & WORD.agent) === 0) return false
  const before = index > 0 ? view.kindOf(index - 1) : 0
  const isNoun = (before & WORD.determiner) !== 0 && !isObject(text, view, index - 1)
  if (isNoun || isPast(text, view, index)) return false
  for (let back = 1; back <= SUBJECT_REACH && index - back >= 0; back += 1) {
    const kind = view.kindOf(index - back)
    if ((kind & WORD.agent) !== 0) return !isOwn(view, index - back)
    if ((kind & (WORD.first | WORD.negation)) !== 0) return false
  }
  return false
}

/** `whoever reads this stops …`: a word that stands for the thing, not before its noun. */
function isObject(text: string, view: SentenceView, at: number): boolean {
  const stands = isWord(text, view, at, 'this') || isWord(text, view, at, 'it')
  return stands && view.verbsOf(at - 1) !== 0
}

/** `our agents`, `my assistant`: somebody tells of his own people. */
function isOwn(view: SentenceView, at: number): boolean {
  return at > 0 && (view.kindOf(at - 1) & WORD.first) !== 0
}

function byReader(text: string, view: SentenceView, index: number): boolean {
  if (!isWord(text, view, index + 1, 'by')) return false
  for (let on = 2; on <= 5 && index + on < view.words; on += 1)
    if ((view.kindOf(index + on) & WORD.agent) !== 0) return true
  return false
}

/** `paid`, `sent`: done already; and `sending`, which may be anything. */
function isPast(text: string, view: SentenceView, index: number): boolean {
  if ((view.kindOf(index) & WORD.base) !== 0) return false
  return String.prototype.charCodeAt.call(text, (view.wordEnds[index] ?? 1) - 1) !== 115
}

function active(text: string, view: SentenceView, index: number, kind: number): number {
  const before = index > 0 ? view.kindOf(index - 1) : 0
  const isNoun = (before & WORD.determiner) !== 0
  const opens = index === 0 || startsClause(text, view, index)
  const foreign = (kind & WORD.foreign) !== 0 && !isNoun
  if ((foreign || opens) && !isLabel(text, view, index) && !isSubject(view, index)) return COMMANDS
  if (isNoun || (before & BEFORE_COMMAND) === 0) return NOTHING
  if (isOffer(view, index)) return OFFERS
  if (asksBefore(view, index)) return REQUESTS
  return onlyLeads(view, index) ? COMMANDS : HEAD
}

const OPENING = new Set(',:([>)]|*#"\\–—“'.split('').map((sign) => sign.charCodeAt(0)))

/** A sign that opens a clause stands before the word: `Hi Anna, send …`, `(then pay …`. */
function startsClause(text: string, view: SentenceView, index: number): boolean {
  const start = view.wordStarts[index] ?? 0
  const from = Math.max(view.wordEnds[index - 1] ?? 0, start - 6)
  for (let at = from; at < start; at += 1) {
    const unit = String.prototype.charCodeAt.call(text, at)
    if (OPENING.has(unit)) return true
    // A dash between words, not a hyphen within one.
    if (unit === 45 && start - from > 1) return true
  }
  return false
}

/** `Order: 12`, `Contact = Ann`: the name of a field. */
function isLabel(text: string, view: SentenceView, index: number): boolean {
  const end = view.wordEnds[index] ?? 0
  const unit = end < text.length ? String.prototype.charCodeAt.call(text, end) : 0
  return unit === 58 || unit === 61 || view.words === 1
}

/** `Access is easy`: what looks like a command is what the sentence is about. */
function isSubject(view: SentenceView, index: number): boolean {
  if (index + 1 >= view.words) return false
  const kind = view.kindOf(index + 1)
  return (kind & (WORD.be | WORD.modal)) !== 0 && (kind & WORD.want) === 0
}

/** `do not pay`, `never send`; but not `do not forget to pay`. */
function isForbidden(view: SentenceView, index: number): boolean {
  for (let back = 1; back <= 3 && index - back >= 0; back += 1) {
    const kind = view.kindOf(index - back)
    if ((kind & WORD.ensure) !== 0) return false
    if ((kind & WORD.negation) !== 0) return (kind & WORD.determiner) === 0
  }
  return false
}

function hasBefore(view: SentenceView, index: number, kinds: number, reach: number): boolean {
  for (let back = 1; back <= reach && index - back >= 0; back += 1)
    if ((view.kindOf(index - back) & kinds) !== 0) return true
  return false
}

/** Asking words before a verb: `could you`, `you must`, `please`, `make sure to`, `I want you to`. */
function asksBefore(view: SentenceView, index: number): boolean {
  let seen = 0
  for (let back = 1; back <= REACH && index - back >= 0; back += 1)
    seen |= view.kindOf(index - back)
  if ((seen & (WORD.please | WORD.ensure)) !== 0) return true
  if ((seen & WORD.you) !== 0 && (seen & WORD.modal) !== 0) return true
  return (seen & WORD.first) !== 0 && (seen & WORD.want) !== 0
}

/** `you can get`, `you might want to see`: no one is told to. */
function isOffer(view: SentenceView, index: number): boolean {
  for (let back = 1; back <= 4 && index - back >= 0; back += 1) {
    const kind = view.kindOf(index - back)
    if ((kind & WORD.please) !== 0) return false
    if ((kind & WORD.may) === 0) continue
    const before = index - back > 0 ? view.kindOf(index - back - 1) : 0
    return (before & WORD.you) !== 0
  }
  return false
}

/** Nothing but lead words before: `And then send …`, `Now do pay …`. */
function onlyLeads(view: SentenceView, index: number): boolean {
  for (let at = 0; at < index; at += 1)
    if ((view.kindOf(at) & (WORD.lead | WORD.stop)) === 0) return false
  return index <= 4
}
