import { BREAK, GAP, isUnspaced } from './fold.ts'
import { Role } from './roles.ts'
import type { WordTrie } from './word-trie.ts'

/** Behind the last unit of the word that goes on at `from`. */
export function wordEnd({ fold }: WordTrie, units: Uint16Array, from: number, to: number): number {
  let at = from
  while (at < to) {
    const unit = fold[units[at] ?? 0] ?? BREAK
    if (unit === BREAK || unit === GAP || isUnspaced(unit)) break
    at++
  }
  // A quote behind the word may close a string.
  while (at > from && units[at - 1] === 39) at--
  return at
}

/** An address is told by its at sign, an account by its digits, a sum by its currency. */
export function shapeOf(units: Uint16Array, start: number, end: number): number {
  let digits = 0
  let isAddress = false
  for (let at = start; at < end; at++) {
    const code = units[at] ?? 0
    if (code >= 48 && code <= 57) digits++
    else if (code === 64 && at > start) isAddress = true
  }
  if (isAddress || (digits >= 8 && end - start >= 10)) return Role.destination
  return digits > 0 && units[start] === 36 ? Role.goods : 0
}

/** "Instructions" and "prompt" with a letter too many, too few or exchanged. */
const MISSPELT = /^(?:i\w{0,3}s?\w?t\w?[ru]\w{0,2}[ct]\w{0,2}i?o\w{0,3}|p\w?r?o?m\w?p\w?t?s?)$/i

export function isMisspelt(word: string): boolean {
  return MISSPELT.test(word)
}
