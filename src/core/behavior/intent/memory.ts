import { HeldSentences } from './held-sentences.ts'
import { IntSet } from './int-set.ts'
import type { Draft } from './passage.ts'
import type { Sentence, SourceRecord } from './sentence.ts'
import { createSentenceIndex, type SentenceIndex } from './sentence-index.ts'
import { createSightings, type Sightings } from './sightings.ts'

/** Most sentences held; the oldest without a cue go first. */
export const MAX_SENTENCES = 1_024

/** The sentences of a session. */
export interface Memory {
  /** Number that the next record gets. */
  nextRecord: number
  /** Number of the last event whose text could say something, 0 for none. */
  lastEvent: number
  /** The same of running text, and whether all of it came with that one. */
  textEvent: number
  isOnly: boolean
  /** Keeps a sentence, unless it is known. */
  add(draft: Draft, source: SourceRecord): void
  /** Puts a saved sentence back. */
  restore(sentence: Omit<Sentence, 'id'>, signature: number): void
  get(id: number): Sentence | undefined
  signatureOf(id: number): number
  /** Oldest first. */
  all(): Iterable<Sentence>
  readonly size: number
  readonly index: SentenceIndex
  readonly sightings: Sightings
}

/** `added` is told of every new sentence. */
export function createMemory(added: (sentence: Sentence) => void): Memory {
  /** Sentences without a cue and with one: two numbers from 0 on, which the lowest bit tells apart. */
  const plain = new HeldSentences()
  const cued = new HeldSentences()
  const heldOf = (id: number): HeldSentences => ((id & 1) === 0 ? plain : cued)
  const signatures = new IntSet()
  const index = createSentenceIndex(plain, cued)
  let order = 0

  const keep = (features: Omit<Sentence, 'id'>, signature: number): Sentence => {
    if (plain.size + cued.size >= MAX_SENTENCES)
      signatures.delete((plain.size > 0 ? plain : cued).shift())
    // Written out: one shape for all, and no spread.
    const { source, mood, cue, head, verbs, objects, stems, values } = features
    const id = cue === 0 ? plain.next << 1 : (cued.next << 1) | 1
    const sentence = { id, source, mood, cue, head, verbs, objects, stems, values }
    heldOf(id).push(sentence, order, signature)
    order += 1
    signatures.add(signature)
    index.add(sentence)
    return sentence
  }
  return {
    nextRecord: 1,
    lastEvent: 0,
    textEvent: 0,
    isOnly: true,
    add: (draft, source) => {
      // The same mail is read many times; the same words of another author are his own.
      const signature = draft.signature ^ source.resource ^ (source.authors[0] ?? 0)
      if (signatures.has(signature)) return
      const { weight, cue, head, verbs, objects, stems, values } = draft
      added(keep({ source, mood: weight, cue, head, verbs, objects, stems, values }, signature))
    },
    restore: (sentence, signature) => {
      keep(sentence, signature)
    },
    get: (id) => heldOf(id).get(id >> 1),
    signatureOf: (id) => heldOf(id).signatureOf(id >> 1),
    all: () => inOrder(plain, cued),
    get size() {
      return plain.size + cued.size
    },
    index,
    sightings: createSightings(),
  }
}

function* inOrder(plain: HeldSentences, cued: HeldSentences): Generator<Sentence> {
  let ofPlain = plain.first
  let ofCued = cued.first
  while (ofPlain < plain.next || ofCued < cued.next) {
    const isPlain =
      ofCued >= cued.next || (ofPlain < plain.next && plain.orderOf(ofPlain) < cued.orderOf(ofCued))
    const sentence = isPlain ? plain.get(ofPlain) : cued.get(ofCued)
    if (isPlain) ofPlain += 1
    else ofCued += 1
    if (sentence !== undefined) yield sentence
  }
}
