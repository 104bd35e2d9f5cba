import { BREAK, GAP, isUnspaced } from './fold.ts'
import { closesString } from './passage.ts'
import { Mark, markTable } from './punctuation.ts'
import { Role } from './roles.ts'
import { Trait } from './traits.ts'
import { isMisspelt, shapeOf, wordEnd } from './word-shape.ts'
import { type Step, type WordTrie, walk } from './word-trie.ts'

/** A sentence that holds something of note. */
export interface Sentence {
  readonly start: number
  readonly end: number
  /** Union of {@link Role}. */
  readonly roles: number
  /** Union of {@link Trait}. */
  readonly traits: number
}

/** Longer sentences are cut: distance is evidence too. */
const MAX_SENTENCE = 420
const NEAR = 48
const PAIR = 100

const ORDERS = Role.send | Role.act | Role.say | Role.ignore | Role.follow
const NOTABLE =
  ORDERS |
  Role.ignoreLast |
  Role.newTask |
  Role.model |
  Role.authority |
  Role.secrecy |
  Role.persona |
  Role.personaWeak |
  Role.done |
  Role.must |
  Role.secret

const NOWHERE = -10_000

/** One pass over a part of a text; the fields are where a role was last seen in this sentence. */
class Reader {
  // A class for measured speed: V8 keeps its fields unboxed, and nothing is allocated per word.
  roles = 0
  traits = 0
  /** Whether an order could begin here. */
  slot = true
  /** First unit of the sentence, -1 before it. */
  start = -1
  ignore = NOWHERE
  rules = NOWHERE
  not = NOWHERE
  /** Whether that was an order not to. */
  forbids = false
  you = NOWHERE
  send = NOWHERE
  secret = NOWHERE
  goods = NOWHERE
  words = 0
  last = 0
  readonly step: Step = { roles: 0, end: 0 }
  readonly marks = markTable()
  readonly text: string
  readonly units: Uint16Array
  readonly out: Sentence[]

  constructor(text: string, units: Uint16Array, out: Sentence[]) {
    this.text = text
    this.units = units
    this.out = out
  }

  finish(end: number): void {
    if ((this.last & (Role.send | Role.act | Role.ignoreLast)) !== 0) this.traits |= Trait.orderLast
    if (this.start >= 0 && (this.traits !== 0 || (this.roles & NOTABLE) !== 0))
      this.out.push({ start: this.start, end, roles: this.roles, traits: this.traits })
    this.roles = 0
    this.traits = 0
    this.slot = true
    this.start = -1
    this.ignore = NOWHERE
    this.rules = NOWHERE
    this.not = NOWHERE
    this.forbids = false
    this.you = NOWHERE
    this.send = NOWHERE
    this.secret = NOWHERE
    this.goods = NOWHERE
    this.words = 0
    this.last = 0
  }

  word(roles: number, start: number, end: number): void {
    if (roles !== 0) {
      this.roles |= roles
      if (this.slot && (roles & ORDERS) !== 0) this.orderHere(roles, start)
      if (
        (roles & (Role.ignore | Role.ignoreLast | Role.rules | Role.everything | Role.prior)) !==
        0
      )
        this.overriding(roles, start)
      if ((roles & (Role.not | Role.tell | Role.follow)) !== 0) this.negating(roles, start)
      if ((roles & (Role.secret | Role.goods | Role.destination)) !== 0) this.moving(roles, start)
      if ((roles & (Role.model | Role.you | Role.label | Role.done)) !== 0)
        this.speaking(roles, start, end)
      if (this.words === 0 && (roles & Role.discuss) !== 0) this.traits |= Trait.talk
    }
    // "please", "then" and "must" may stand before an order.
    this.slot = (roles & (Role.filler | Role.must)) !== 0
    this.last = roles
    this.words++
  }

  orderHere(roles: number, start: number): void {
    this.traits |= Trait.order
    if ((roles & Role.send) !== 0) {
      this.traits |= Trait.sendOrder
      this.send = start
    }
    if ((roles & Role.say) !== 0) this.traits |= Trait.sayOrder
    if ((roles & Role.act) !== 0) this.traits |= Trait.actOrder
    if ((roles & Role.ignore) !== 0) this.traits |= Trait.overrideLeads
  }

  overriding(roles: number, start: number): void {
    if ((roles & Role.ignore) !== 0) this.ignore = start
    if ((roles & Role.rules) !== 0) {
      this.rules = start
      if (start - this.ignore <= PAIR) this.traits |= Trait.override
      if (start - this.ignore <= NEAR) this.traits |= Trait.overrideNear
    }
    if ((roles & Role.ignoreLast) !== 0 && start - this.rules <= PAIR)
      this.traits |= Trait.override | Trait.overrideNear
  }

  negating(roles: number, start: number): void {
    if ((roles & Role.not) !== 0) {
      this.not = start
      // "Do not tell" and "you never tell", but not "it did not tell".
      this.forbids = this.slot || (this.last & (Role.you | Role.must)) !== 0
    }
    if (start - this.not > NEAR) return
    if ((roles & Role.tell) !== 0 && this.forbids) this.traits |= Trait.keepSecret
    if ((roles & Role.follow) !== 0) this.traits |= Trait.notFollow
  }

  moving(roles: number, start: number): void {
    const isSent = start - this.send <= 200
    if ((roles & Role.secret) !== 0 && isSent) this.secret = start
    if ((roles & Role.goods) !== 0 && isSent) this.goods = start
    if ((roles & Role.destination) === 0) return
    if (this.secret >= 0) this.traits |= Trait.sendsSecret
    if (this.goods >= 0) this.traits |= Trait.sendsGoods
  }

  speaking(roles: number, start: number, end: number): void {
    if ((roles & Role.you) !== 0) this.you = start
    const next = this.units[end] ?? 32
    if ((roles & Role.model) !== 0 && this.isSpokenTo(start, end, next)) this.traits |= Trait.spoken
    if ((roles & Role.label) !== 0 && next === 58 && this.words === 0) this.traits |= Trait.label
    if ((roles & Role.done) !== 0 && LABELLED.test(this.text.slice(Math.max(0, start - 12), start)))
      this.traits |= Trait.doneLabel
  }

  /** "you, GPT-4", "Dear assistant,", "AI agents:". */
  isSpokenTo(start: number, end: number, next: number): boolean {
    if (start - this.you <= 14 && /^\w+\s*,/.test(this.text.slice(this.you, start))) return true
    // `agent: false` and `Agent::Start` are code.
    if (next === 58 && KEYS.test(this.text.slice(start, end))) return false
    const isCalled = CALLS.includes(String.fromCharCode(next))
    return isCalled && (this.slot || (start - this.start <= 24 && this.words <= 3))
  }
}

const KEYS = /^(?:agent|bot|model|assistant)s?$/i
const CALLS = ',:!\uff0c\u060c\u3001\uff1a'
const LABELLED = /(?:[:\uff1a]|[-=#*~_<[({]{2}|\[)\s{0,4}(?:the )?$/i

/**
 * Appends the notable sentences between two offsets. A sentence ends at its punctuation, at a blank
 * line, and where a new line begins like a sentence; `\n` as two units counts as a line break. `units`
 * are those of the text.
 */
export function readSentences(
  trie: WordTrie,
  text: string,
  units: Uint16Array,
  from: number,
  to: number,
  out: Sentence[],
): void {
  const { fold } = trie
  const reader = new Reader(text, units, out)
  reader.slot = from === 0
  let at = from
  while (at < to) {
    const unit = fold[units[at] ?? 0] ?? BREAK
    if (unit <= GAP) {
      at = separator(reader, at, to)
      continue
    }
    if (reader.start < 0) reader.start = at
    else if (at - reader.start > MAX_SENTENCE) {
      reader.finish(at)
      reader.start = at
      reader.slot = false
    }
    at = isUnspaced(unit) ? unspaced(reader, trie, at, to) : spaced(reader, trie, at, to)
  }
  reader.finish(to)
}

function unspaced(reader: Reader, trie: WordTrie, at: number, to: number): number {
  walk(trie, reader.units, at, to, reader.step)
  const { roles, end } = reader.step
  if (roles === 0) {
    reader.slot = false
    reader.last = 0
    return at + 1
  }
  reader.word(roles, at, end)
  return end
}

function spaced(reader: Reader, trie: WordTrie, at: number, to: number): number {
  const { units, step } = reader
  walk(trie, units, at, to, step)
  const end = wordEnd(trie, units, Math.max(step.end, at + 1), to)
  let roles = step.roles | shapeOf(units, at, end)
  if (roles === 0 && at - reader.ignore <= NEAR && isMisspelt(reader.text.slice(at, end)))
    roles = Role.rules
  reader.word(roles, at, end)
  return end
}

/** Behind a unit that is no letter; ends the sentence where one ends. */
function separator(reader: Reader, at: number, to: number): number {
  const { units } = reader
  const code = units[at] ?? 0
  const mark = reader.marks[code]
  if (mark === Mark.none) return at + 1
  if (mark === Mark.opener) {
    reader.slot = true
    return at + 1
  }
  if (mark === Mark.quote) {
    if (closesString(reader.text, at)) reader.finish(at)
    return at + 1
  }
  if (mark === Mark.line) return lineBreak(reader, at, at + 1, to)
  const next = unitBefore(units, at + 1, to)
  if (mark === Mark.backslash) return next === 110 ? lineBreak(reader, at, at + 2, to) : at + 1
  if (code < 128 && !isAfterStop(next)) return at + 1
  if (mark === Mark.question) reader.traits |= Trait.question
  reader.finish(at + 1)
  return at + 1
}

/** The end counts as a line break. */
function unitBefore(units: Uint16Array, at: number, to: number): number {
  return at < to ? (units[at] ?? 10) : 10
}

function isAfterStop(next: number): boolean {
  // Blank, quote, bracket, backslash, tag, another stop, or anything that is no ASCII letter or digit.
  return next <= 47 || (next >= 58 && next <= 64) || (next >= 91 && next <= 96) || next >= 123
}

/** `subject:` and the like. */
const KEY = /^[a-z_]{1,20}: /

/** A line that begins like a sentence, or a blank line, ends the one before. */
function lineBreak(reader: Reader, at: number, from: number, to: number): number {
  const { text, units } = reader
  let next = from
  let breaks = 1
  while (next < to) {
    const code = units[next] ?? 0
    if (code === 10) breaks++
    else if (code === 92 && next + 1 < to && units[next + 1] === 110) {
      breaks++
      next++
    } else if (code !== 32 && code !== 9 && code !== 13) break
    next++
  }
  const code = unitBefore(units, next, to)
  // YAML folds long lines: a lower-case letter goes on with the sentence.
  const goesOn =
    ((code >= 97 && code <= 122) || code === 92) && !KEY.test(text.slice(next, next + 24))
  if (breaks > 1 || !goesOn) {
    // A heading or an introduction: its order is on the next line.
    reader.finish(at)
  }
  return next
}
