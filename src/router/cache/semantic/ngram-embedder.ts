/**
 * Texts to vectors, one each and all of one length, by whatever knows what texts mean.
 * `hints_only`: it knows how they are written and no more, so no answer is ever served by it.
 */
export interface Embedder {
  (texts: readonly string[]): Promise<readonly Float32Array[]>
  readonly hints_only?: boolean
}

const DIMENSIONS = 512

/**
 * Hashed groups of three letters and whole words. It tells which questions are written alike, without a
 * model and within microseconds: enough to measure with, and to say what a real embedder could find.
 */
export const ngramEmbedder: Embedder = Object.assign(
  async (texts: readonly string[]): Promise<readonly Float32Array[]> => texts.map(vectorOf),
  { hints_only: true } as const,
)

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS)
  const plain = ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
  for (let at = 0; at + 3 <= plain.length; at++) add(vector, plain, at, at + 3)
  for (let at = 0, end = plain.indexOf(' ', 1); end > 0; at = end, end = plain.indexOf(' ', at + 1))
    add(vector, plain, at, end)
  return vector
}

/** @see http://www.isthe.com/chongo/tech/comp/fnv/ FNV-1a, 32 bits */
function add(vector: Float32Array, text: string, from: number, to: number): void {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  const place = (hash >>> 1) % DIMENSIONS
  vector[place] = (vector[place] ?? 0) + ((hash & 1) === 1 ? 1 : -1)
}

/** From -1 to 1; 0 where either has no direction, or they are of different lengths. */
export function cosine(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return 0
  let product = 0
  let first = 0
  let second = 0
  for (let at = 0; at < one.length; at++) {
    const [here = 0, there = 0] = [one[at], other[at]]
    product += here * there
    first += here * here
    second += there * there
  }
  const length = Math.sqrt(first * second)
  return length > 0 ? product / length : 0
}
