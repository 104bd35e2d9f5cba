import { GRAM } from './fragments.ts'
import type { ByteHash } from './half-sip-hash.ts'
import { ROTATED } from './mirror-scan.ts'

/**
 * Random words for bytes: of their entry into a piece, then of their leaving it after as many turns.
 * @see https://doi.org/10.1145/256163.256168 (hashing by cyclic polynomials)
 */
export function keyedWords(hash: ByteHash): Int32Array {
  const table = new Int32Array(512)
  const seed = new Uint8Array(9).fill(0xa5)
  for (let byte = 1; byte < 256; byte++) {
    seed[0] = byte
    const word = hash.hash(seed, 0, seed.length)
    table[byte] = word
    table[256 + byte] = (word << GRAM) | (word >>> (32 - GRAM))
  }
  return table
}

/** The same words for bytes whose letters are moved by thirteen. */
export function rotatedWords(table: Int32Array): Int32Array {
  return table.map((_, at) => table[(at & 256) + (ROTATED[at & 255] ?? 0)] ?? 0)
}

/** The hash of a piece after one byte came in and another went out; 0 for none. */
export function rolled(hash: number, table: Int32Array, byte: number, out: number): number {
  return ((hash << 1) | (hash >>> 31)) ^ (table[byte] ?? 0) ^ (table[256 + out] ?? 0)
}
