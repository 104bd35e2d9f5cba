import type { Sentence } from './sentence.ts'

const FIRST_CAPACITY = 16
/** Verb and object classes, side by side. */
const VERBS = 0
const OBJECTS = 1

/** Sentences in the order of their coming; only the oldest leaves. A class for memory and speed. */
export class HeldSentences {
  /** Number of the oldest, and the number that the next one gets. */
  first = 0
  next = 0
  private mask = -1
  private sentences: (Sentence | undefined)[] = []
  private orders = new Int32Array(0)
  private signatures = new Int32Array(0)
  private actions = new Int32Array(0)

  get size(): number {
    return this.next - this.first
  }

  has(number: number): boolean {
    return number >= this.first && number < this.next
  }

  get(number: number): Sentence | undefined {
    return this.has(number) ? this.sentences[number & this.mask] : undefined
  }

  /** These four are only asked for what is held. */
  orderOf(number: number): number {
    return this.orders[number & this.mask] ?? 0
  }

  signatureOf(number: number): number {
    return this.signatures[number & this.mask] ?? 0
  }

  verbsOf(number: number): number {
    return this.actions[((number & this.mask) << 1) + VERBS] ?? 0
  }

  objectsOf(number: number): number {
    return this.actions[((number & this.mask) << 1) + OBJECTS] ?? 0
  }

  /** `order`: its number among all of a session. */
  push(sentence: Sentence, order: number, signature: number): void {
    if (this.size > this.mask) this.grow()
    const place = this.next & this.mask
    this.next += 1
    this.sentences[place] = sentence
    this.orders[place] = order
    this.signatures[place] = signature
    this.actions[(place << 1) + VERBS] = sentence.verbs
    this.actions[(place << 1) + OBJECTS] = sentence.objects
  }

  /** Gives the signature of the oldest, which leaves. */
  shift(): number {
    const place = this.first & this.mask
    this.first += 1
    this.sentences[place] = undefined
    return this.signatures[place] ?? 0
  }

  private grow(): void {
    const size = Math.max(FIRST_CAPACITY, (this.mask + 1) * 2)
    const { first, next } = this
    const held = Array.from({ length: next - first }, (_, index) => this.get(first + index))
    const orders = held.map((_, index) => this.orderOf(first + index))
    const signatures = held.map((_, index) => this.signatureOf(first + index))
    this.mask = size - 1
    this.sentences = new Array<Sentence | undefined>(size).fill(undefined)
    this.orders = new Int32Array(size)
    this.signatures = new Int32Array(size)
    this.actions = new Int32Array(size << 1)
    this.next = first
    held.forEach((sentence, index) => {
      if (sentence !== undefined) this.push(sentence, orders[index] ?? 0, signatures[index] ?? 0)
    })
  }
}
