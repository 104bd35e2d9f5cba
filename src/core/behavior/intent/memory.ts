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
  const sentences = new Map<number, Sentence>()
  /** Those without a cue. */
  const plain = new Set<number>()
  const bySignature = new Map<number, number>()
  const signatures = new Map<number, number>()
  const index = createSentenceIndex()
  let next = 1

  const evict = (): void => {
    const oldest = plain.values().next().value ?? sentences.keys().next().value
    const sentence = oldest === undefined ? undefined : sentences.get(oldest)
    if (sentence === undefined) return
    sentences.delete(sentence.id)
    plain.delete(sentence.id)
    bySignature.delete(signatures.get(sentence.id) ?? 0)
    signatures.delete(sentence.id)
    index.remove(sentence)
  }
  const keep = (features: Omit<Sentence, 'id'>, signature: number): Sentence => {
    if (sentences.size >= MAX_SENTENCES) evict()
    // Written out: one shape for all, and no spread.
    const { source, mood, cue, head, verbs, objects, stems, values } = features
    const sentence = { id: next, source, mood, cue, head, verbs, objects, stems, values }
    next += 1
    sentences.set(sentence.id, sentence)
    if (cue === 0) plain.add(sentence.id)
    bySignature.set(signature, sentence.id)
    signatures.set(sentence.id, signature)
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
      if (bySignature.has(signature)) return
      const { weight, cue, head, verbs, objects, stems, values } = draft
      added(keep({ source, mood: weight, cue, head, verbs, objects, stems, values }, signature))
    },
    restore: (sentence, signature) => {
      keep(sentence, signature)
    },
    get: (id) => sentences.get(id),
    signatureOf: (id) => signatures.get(id) ?? 0,
    all: () => sentences.values(),
    get size() {
      return sentences.size
    },
    index,
    sightings: createSightings(),
  }
}
