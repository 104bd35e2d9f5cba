import { isCode } from './code-text.ts'
import { cueOf } from './cue.ts'
import { visitDates } from './dates.ts'
import { IntSet } from './int-set.ts'
import type { IntentOptions } from './intent.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { WORD } from './lexicon.ts'
import type { Memory } from './memory.ts'
import { ASKING, clearMood, MENTION, type Mood, readMood } from './mood.ts'
import type { Draft, Passage } from './passage.ts'
import type { SentenceView } from './scan.ts'
import type { Sightings } from './sightings.ts'
import { type EmitValue, STRENGTH, visitValues } from './values.ts'
import { collectStems } from './words.ts'

/** Most sentences of one answer that are kept; and from where on only new kinds of requests are. */
const MAX_KEPT = 512
const MANY_KEPT = 160
const MAX_VALUES = 24
/** Tokens of one sentence that are looked at. */
const MAX_TOKENS = 48
/** Most of a sentence that tells it from others. */
const MAX_SIGNATURE = 700

/** Signs of other languages are not listed: every request in one is looked at. */
const SIGN_WORDS = WORD.sign | WORD.foreign
const ASKING_WORDS = WORD.want | WORD.please

export interface SentenceTools {
  readonly hash: KeyedHash
  readonly memory: Memory
  readonly passage: Passage
  readonly without: NonNullable<IntentOptions['without']>
}

/**
 * Reads sentences and fields into the passage that they stand in. A class for speed: what is the same
 * for all sentences of a text is set once.
 */
export class SentenceReader {
  /** Values and words that the call itself brought. */
  asked = new IntSet()
  /** The answer tells of what the tool did: only its requests count. */
  isStatus = false
  /** Number of the record, and whether the text is a field of it. */
  record = 0
  isField = false
  /** Hash of the whole text that is read, where `hasWhole`. */
  whole = 0
  hasWhole = false
  #text = ''
  readonly #passage: Passage
  readonly #sightings: Sightings
  readonly #keyed: KeyedHash
  readonly #isImperativeOff: boolean
  readonly #hasCues: boolean
  readonly #mood: Mood = { weight: 0, head: 0, verbs: 0, wish: false }
  readonly #values = new Int32Array(MAX_VALUES)
  #count = 0
  #hasAddress = false
  readonly #kinds = new IntSet()
  #kept = 0
  readonly #put: EmitValue
  readonly #hash: KeyedHash

  constructor(tools: SentenceTools) {
    const { hash, without, passage, memory } = tools
    this.#passage = passage
    this.#sightings = memory.sightings
    this.#keyed = hash
    this.#isImperativeOff = without.has('imperative')
    this.#hasCues = !without.has('cue')
    this.#put = (value, strength) => {
      if (strength === STRENGTH.address) this.#hasAddress = true
      if (this.#count >= MAX_VALUES) return
      this.#values[this.#count] = value
      this.#count += 1
    }
    // Many fields are one value or one sentence: no text is hashed twice.
    this.#hash = (text, start, end) =>
      this.hasWhole && start === 0 && end === text.length ? this.whole : hash(text, start, end)
  }

  begin(asked: IntSet, isStatus: boolean): void {
    this.asked = asked
    this.isStatus = isStatus
    this.#kept = 0
    this.#kinds.clear()
  }

  /** The text that the sentences to come stand in; without `whole` its hash is not known. */
  enter(text: string, record: number, isField: boolean): void {
    this.#text = text
    this.record = record
    this.isField = isField
    this.hasWhole = false
  }

  /** No text is held longer than it is read. */
  leave(): void {
    this.#text = ''
  }

  /** A field that is one value, whatever words it is made of: asks for nothing. */
  token(text: string): void {
    const passage = this.#passage
    this.#count = 0
    passage.next()
    visitValues(text, 0, text.length, this.#hash, this.#putSeen, MAX_TOKENS)
    if (this.#count > 0) passage.tell(this.#values, this.#count)
  }

  readonly #putSeen: EmitValue = (value) => {
    this.#sightings.see(value, this.record, true)
    if (this.#count >= MAX_VALUES) return
    this.#values[this.#count] = value
    this.#count += 1
  }

  sentence(view: SentenceView): void {
    this.#passage.next()
    const isHot = view.verbs !== 0 || (view.kinds & ASKING_WORDS) !== 0
    const isSigned = this.#hasCues && (view.kinds & SIGN_WORDS) !== 0
    if (isHot || isSigned || view.hasTokens) this.#read(view, isHot, isSigned)
  }

  #read(view: SentenceView, isHot: boolean, isSigned: boolean): void {
    const passage = this.#passage
    const text = this.#text
    this.#count = 0
    this.#hasAddress = false
    // Without digits, signs and capitals inside all tokens are mere words.
    if (view.hasTokens || view.hasCapitals)
      visitValues(text, view.start, view.end, this.#hash, this.#put, MAX_TOKENS)
    const cue = isSigned && passage.wantsCue() ? cueOf(text, view.start, view.end) : 0
    if (cue > 0) passage.cue(cue)
    this.#readMeaning(view, isHot)
    const mood = this.#mood
    const asks = mood.weight >= ASKING
    if (!asks) this.#see()
    if (mood.weight === 0) passage.tell(this.#values, this.#count)
    else if ((asks || !this.isStatus) && this.#hasRoom(view))
      passage.add(this.#draftOf(view, cue), asks)
  }

  #see(): void {
    for (let index = 0; index < this.#count; index += 1)
      this.#sightings.see(this.#values[index] ?? 0, this.record, this.isField)
  }

  #readMeaning(view: SentenceView, isHot: boolean): void {
    const mood = this.#mood
    if (isHot) readMood(this.#text, view, mood)
    else clearMood(mood)
    // Prose that names an address and no action may still be why something goes there.
    if (mood.weight === 0 && this.#hasAddress && !this.isField) mood.weight = MENTION
    if (mood.weight > 0 && isCode(this.#text, view.start, view.end, view.signs)) mood.weight = 0
  }

  #draftOf(view: SentenceView, cue: number): Draft {
    const text = this.#text
    const mood = this.#mood
    const hash = this.#keyed
    if (view.hasTokens) visitDates(text, view.start, view.end, hash, this.#put)
    const stems: number[] = []
    collectStems(text, view, hash, stems)
    return {
      at: 0,
      weight: this.#isImperativeOff ? Math.min(mood.weight, ASKING - 0.05) : mood.weight,
      wish: mood.wish,
      head: mood.head,
      verbs: mood.verbs | mood.head,
      objects: view.objects,
      stems: this.#unaskedStems(stems),
      values: this.#unaskedValues(),
      cue,
      signature: this.#hash(text, view.start, Math.min(view.end, view.start + MAX_SIGNATURE)),
    }
  }

  /** In arrays that are no longer than what they hold: they are kept for as long as the session. */
  #unaskedStems(stems: number[]): number[] {
    let kept = 0
    for (let index = 0; index < stems.length; index += 1) {
      const stem = stems[index] ?? 0
      if (this.asked.has(stem)) continue
      stems[kept] = stem
      kept += 1
    }
    return stems.slice(0, kept)
  }

  #unaskedValues(): number[] {
    const values: number[] = []
    for (let index = 0; index < this.#count; index += 1) {
      const value = this.#values[index] ?? 0
      if (!this.asked.has(value)) values.push(value)
    }
    return values
  }

  /** Whether there is room for one more sentence like this: a flood of one kind is kept once. */
  #hasRoom(view: SentenceView): boolean {
    if (this.#kept >= MAX_KEPT) return false
    const mood = this.#mood
    const kind = Math.imul(mood.head, 31) ^ Math.imul(view.objects, 17) ^ mood.verbs
    const isNew = !this.#kinds.has(kind)
    if (this.#kept >= MANY_KEPT && !isNew && !view.hasTokens) return false
    this.#kinds.add(kind)
    this.#kept += 1
    return true
  }
}
