import type { ByteHash } from './half-sip-hash.ts'
import { GAP_KIND, HAS_LETTER, mixOf, type TextScan } from './text-scan.ts'
import { OUTER } from './wide-units.ts'

/** Words of a shingle. */
export const SHINGLE = 4
/** Texts of so many words have shingles. */
export const LEAST_WORDS = 5
/** Of texts that are not restricted one shingle in so many is kept, chosen by its own words. */
const ONE_IN = 8
/** Sets the hash of a shingle apart from that of a value of the same words. */
const AS_SHINGLE = 0x5bd1e995
const SPREAD = 0x9e3779b1

/** True for the shingles that every text keeps: the choice depends on the words alone. */
export function isSampled(scan: TextScan, word: number): boolean {
  const start = scan.starts[word] ?? 0
  const { bytes } = scan
  const head =
    (bytes[start] ?? 0) | ((bytes[start + 1] ?? 0) << 8) | ((bytes[start + 2] ?? 0) << 16)
  const next = scan.starts[word + 1] ?? 0
  const mixed = Math.imul(head ^ (next - start) ^ ((bytes[next] ?? 0) << 24), SPREAD)
  return mixed >>> 29 < 8 / ONE_IN
}

/** True for four words of running text: not the groups of a number or the parts of an id. */
export function isProse({ gaps, traits, allTraits, gapKinds }: TextScan, word: number): boolean {
  if (allTraits === HAS_LETTER && gapKinds === 1 << OUTER) return true
  let apart = 0
  let letters = 0
  for (let next = word; next < word + SHINGLE; next++) {
    if (next > word && ((gaps[next] ?? 0) & GAP_KIND) === OUTER) apart++
    if (traits[next] === HAS_LETTER) letters++
  }
  return apart >= 2 && letters >= 2
}

/** Lower half of the hash of the shingle that starts at a word; the upper one is `hash.high`. */
export function hashShingle(hash: ByteHash, scan: TextScan, word: number): number {
  const { bytes, starts } = scan
  return hash.hash(bytes, starts[word] ?? 0, starts[word + SHINGLE] ?? 0) ^ AS_SHINGLE
}

/** A shingle as a number that is not keyed, for a first look. */
export function mixShingle(scan: TextScan, word: number): number {
  let mixed = 0
  for (let next = word; next < word + SHINGLE; next++)
    mixed = Math.imul(mixed ^ mixOf(scan, next), SPREAD)
  return mixed ^ (mixed >>> 15)
}
