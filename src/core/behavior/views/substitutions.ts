import type { Decoded, Means } from './encodings.ts'
import { windowsOf } from './patches.ts'
import { kindsOf, LETTER } from './unit-kinds.ts'

const UTF16 = new TextDecoder('utf-16le')

/** Every printable character moved by 47. What is beyond ASCII stays. */
export function fromRot47(text: string): Decoded {
  const { length } = text
  const units = new Uint16Array(length)
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index)
    units[index] = unit > 32 && unit < 127 ? 33 + ((unit + 14) % 94) : unit
  }
  return { text: UTF16.decode(units), by: ['rot47'] }
}

/** The letter that a digit or a mark stands for; 1 for letters, 0 for what ends a word. */
const LEET = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++) if ((kindsOf(unit) & LETTER) !== 0) LEET[unit] = 1
for (const digit of '269') LEET[digit.charCodeAt(0)] = digit.charCodeAt(0)
for (const [units, letter] of [
  ['0', 'o'],
  ['1!', 'i'],
  ['3', 'e'],
  ['4@', 'a'],
  ['5$', 's'],
  ['7', 't'],
  ['8', 'b'],
] as const)
  for (const unit of units) LEET[unit.charCodeAt(0)] = letter.charCodeAt(0)

const SHORTEST = 3
const LONGEST = 64

/** Digits and marks that stand for letters, in words of mostly letters. */
export function fromLeet(text: string, { budget }: Means): Decoded | undefined {
  const { length } = text
  const decoded = windowsOf(text, budget, (add) => {
    for (let start = 0; start < length; ) {
      const end = wordEnd(text, start)
      if (isLeet(text, start, end) && !add(start, end, asLetters(text, start, end))) return
      start = Math.max(end, start + 1)
    }
  })
  return decoded === undefined ? undefined : { text: decoded, by: ['leet'] }
}

function wordEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + LONGEST)
  let index = start
  while (index < limit && (LEET[text.charCodeAt(index)] ?? 0) !== 0) index++
  return index
}

/** Some letters, and something between them that may be one. */
function isLeet(text: string, start: number, end: number): boolean {
  if (end - start < SHORTEST) return false
  let letters = 0
  for (let index = start; index < end; index++) if (LEET[text.charCodeAt(index)] === 1) letters++
  return letters < end - start && letters * 3 >= end - start
}

function asLetters(text: string, start: number, end: number): string {
  let word = ''
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    const meaning = LEET[unit] ?? 1
    word += String.fromCharCode(meaning === 1 ? unit : meaning)
  }
  return word
}
