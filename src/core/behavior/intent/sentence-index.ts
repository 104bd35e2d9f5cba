import type { HeldSentences } from './held-sentences.ts'
import { Postings } from './postings.ts'
import type { Sentence } from './sentence.ts'

/** Newest sentences found of one kind: a call is compared with as many, however many there are. */
const MAX_FOUND = 12

/** Words that are found like values: an action of no class stands among the first. */
const LEADING_WORDS = 3

const CLASSES = 32
/** A verb with each of the object classes, and alone. */
const KINDS = CLASSES + 1

/** What is looked for, as bits. */
export interface Action {
  /** Verb classes that count with an object, and all by themselves. */
  readonly withObject: number
  readonly alone: number
  readonly objects: number
}

/** Finds sentences by what they ask for and by what they name; adds those that are not there. */
export interface SentenceIndex {
  add(sentence: Sentence): void
  hasValue(value: number): boolean
  /** Newest first, until there are `most`. */
  byValue(value: number, into: number[], most: number): void
  /** The same of each verb with each object, then of each verb. */
  byAction(action: Action, into: number[], most: number): void
}

/** Sentences have even numbers where they have no cue, odd ones where they have. */
export function createSentenceIndex(plain: HeldSentences, cued: HeldSentences): SentenceIndex {
  const values = new Postings((id) => ((id & 1) === 0 ? plain : cued).has(id >> 1))
  return {
    add: ({ id, values: named, stems }) => {
      for (const value of named) values.add(value, id)
      for (let word = 0; word < LEADING_WORDS && word < stems.length; word += 1)
        values.add(stems[word] ?? 0, id)
    },
    hasValue: (value) => values.newest(value) !== 0,
    byValue: (value, into, most) => {
      let at = values.newest(value)
      for (let read = 0; at !== 0 && read < MAX_FOUND && into.length < most; read += 1) {
        const id = values.idOf(at)
        if (!into.includes(id)) into.push(id)
        at = values.before(at)
      }
    },
    byAction: (action, into, most) => {
      if ((action.withObject | action.alone) === 0) return
      let left = clear(action)
      // Few acts and few sentences are compared: an index of pairs would cost every sentence more.
      let ofPlain = plain.next - 1
      let ofCued = cued.next - 1
      while (left > 0 && (ofPlain >= plain.first || ofCued >= cued.first)) {
        const isPlain =
          ofCued < cued.first ||
          (ofPlain >= plain.first && plain.orderOf(ofPlain) > cued.orderOf(ofCued))
        left -= isPlain
          ? find(plain, ofPlain, ofPlain << 1, action)
          : find(cued, ofCued, (ofCued << 1) | 1, action)
        if (isPlain) ofPlain -= 1
        else ofCued -= 1
      }
      collect(action, into, most)
    },
  }
}

/** Sentences found of each kind, shared by all sessions: nothing is left of a search. */
const FOUND = new Int32Array(CLASSES * KINDS * MAX_FOUND)
const COUNTS = new Uint8Array(CLASSES * KINDS)

/** Visits the kinds looked for in their order, until one visit gives false. */
function eachKind({ withObject, alone, objects }: Action, visit: (kind: number) => boolean): void {
  for (let verbs = withObject; verbs !== 0; verbs &= verbs - 1)
    for (let left = objects; left !== 0; left &= left - 1)
      if (!visit(bitIndex(verbs) * KINDS + bitIndex(left))) return
  for (let verbs = alone; verbs !== 0; verbs &= verbs - 1)
    if (!visit(bitIndex(verbs) * KINDS + CLASSES)) return
}

/** Gives the number of kinds that are looked for. */
function clear(action: Action): number {
  let kinds = 0
  eachKind(action, (kind) => {
    COUNTS[kind] = 0
    kinds += 1
    return true
  })
  return kinds
}

/** Puts a sentence to the kinds it is of. Gives the number of kinds that are full now. */
function find(held: HeldSentences, number: number, id: number, action: Action): number {
  const verbs = held.verbsOf(number)
  if ((verbs & (action.withObject | action.alone)) === 0) return 0
  let filled = 0
  const objects = held.objectsOf(number) & action.objects
  for (let left = objects === 0 ? 0 : verbs & action.withObject; left !== 0; left &= left - 1)
    for (let others = objects; others !== 0; others &= others - 1)
      filled += put(bitIndex(left) * KINDS + bitIndex(others), id)
  for (let left = verbs & action.alone; left !== 0; left &= left - 1)
    filled += put(bitIndex(left) * KINDS + CLASSES, id)
  return filled
}

/** 1 where it filled the kind. */
function put(kind: number, id: number): number {
  const count = COUNTS[kind] ?? 0
  if (count === MAX_FOUND) return 0
  FOUND[kind * MAX_FOUND + count] = id
  COUNTS[kind] = count + 1
  return count + 1 === MAX_FOUND ? 1 : 0
}

function collect(action: Action, into: number[], most: number): void {
  eachKind(action, (kind) => {
    const count = COUNTS[kind] ?? 0
    for (let index = 0; index < count && into.length < most; index += 1) {
      const id = FOUND[kind * MAX_FOUND + index] ?? 0
      if (!into.includes(id)) into.push(id)
    }
    return into.length < most
  })
}

/** Index of the lowest bit that is set. */
function bitIndex(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}
