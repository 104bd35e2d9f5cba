import type { Sentence } from './sentence.ts'

/** Newest sentences kept of one entry: a call is compared with as many, however many there are. */
const MAX_BUCKET = 12

/** Words that are found like values: an action of no class stands among the first. */
const LEADING_WORDS = 3

/** Finds sentences by what they ask for and by what they name. Bits have one bit set. */
export interface SentenceIndex {
  add(sentence: Sentence): void
  remove(sentence: Sentence): void
  byVerb(bit: number): readonly number[]
  byValue(value: number): readonly number[] | undefined
  byObject(verb: number, object: number): readonly number[] | undefined
}

export function createSentenceIndex(): SentenceIndex {
  const verbs = new Map<number, number[]>()
  const values = new Map<number, number[]>()
  const pairs = new Map<number, number[]>()
  /** Calls back for each entry that the sentence belongs to. */
  const each = (
    sentence: Sentence,
    visit: (buckets: Map<number, number[]>, key: number, id: number) => void,
  ): void => {
    for (const value of sentence.values) visit(values, value, sentence.id)
    for (let word = 0; word < LEADING_WORDS && word < sentence.stems.length; word += 1)
      visit(values, sentence.stems[word] ?? 0, sentence.id)
    for (let left = sentence.verbs; left !== 0; left &= left - 1) {
      const verb = bitIndex(left)
      visit(verbs, verb, sentence.id)
      for (let objects = sentence.objects; objects !== 0; objects &= objects - 1)
        visit(pairs, verb * 32 + bitIndex(objects), sentence.id)
    }
  }
  return {
    add: (sentence) => each(sentence, push),
    remove: (sentence) => each(sentence, drop),
    byVerb: (bit) => verbs.get(bitIndex(bit)) ?? [],
    byValue: (value) => values.get(value),
    byObject: (verb, object) => pairs.get(bitIndex(verb) * 32 + bitIndex(object)),
  }
}

/** Index of the lowest bit that is set. */
function bitIndex(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

function push(buckets: Map<number, number[]>, key: number, id: number): void {
  const bucket = buckets.get(key)
  if (bucket === undefined) {
    buckets.set(key, [id])
    return
  }
  if (bucket.length >= MAX_BUCKET) bucket.shift()
  bucket.push(id)
}

function drop(buckets: Map<number, number[]>, key: number, id: number): void {
  const bucket = buckets.get(key)
  const at = bucket?.indexOf(id) ?? -1
  if (bucket === undefined || at < 0) return
  bucket.splice(at, 1)
  if (bucket.length === 0) buckets.delete(key)
}
