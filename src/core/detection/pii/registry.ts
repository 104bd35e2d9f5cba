import { ALL_SCHEMES } from './all-schemes.ts'
import { buildWordFinder, type WordFinder } from './context-words.ts'
import { expandLayout } from './layout.ts'
import { buildLayoutAutomaton, type LayoutAutomaton } from './layout-automaton.ts'
import { IMPERSONAL } from './name-words.ts'
import { REPORTED, type Scheme, type Strength } from './scheme.ts'

/** One layout of one scheme. */
export interface Form {
  readonly scheme: Scheme
  readonly strength: Strength
  /** By index of a word: 1 where it names the scheme. */
  readonly named: Uint8Array
}

/** The schemes made ready: one automaton for their layouts, one for their words. */
export interface Registry {
  readonly automaton: LayoutAutomaton
  readonly words: WordFinder
  /** By state of the automaton, the forms that end there, from the surest on. */
  readonly formsOf: readonly (readonly Form[] | undefined)[]
  /** By index of a word: 1 where it speaks against a number of a person. */
  readonly impersonal: Uint8Array
  /** By state: the words that name one of its forms, as bits by index. */
  readonly namesOf: readonly (Int32Array | undefined)[]
  /** By state: true where some form is reported without a word and in a longer text. */
  readonly standsBare: readonly boolean[]
}

// Built when first asked for, about 20 ms, and never changed afterwards.
let registry: Registry | undefined

export function registryOfSchemes(): Registry {
  registry ??= buildRegistry(ALL_SCHEMES)
  return registry
}

function buildRegistry(schemes: readonly Scheme[]): Registry {
  const words = new Map<string, number>()
  const indicesOf = (names: readonly string[]) =>
    names.flatMap(spellings).map((word) => indexOf(words, word))
  const lists = schemes.map((scheme) => indicesOf(scheme.words))
  const against = indicesOf(IMPERSONAL)
  const layouts: string[] = []
  const forms: Form[] = []
  schemes.forEach((scheme, position) => {
    const named = marks(words.size, lists[position] ?? [])
    for (const [short, strength] of scheme.forms)
      for (const layout of expandLayout(short)) {
        layouts.push(layout)
        forms.push({ scheme, strength, named })
      }
  })
  const automaton = buildLayoutAutomaton(layouts)
  const formsOf = automaton.ends.map((indices) =>
    indices
      ?.flatMap((index) => forms[index] ?? [])
      .sort((one, other) => other.strength.named - one.strength.named),
  )
  return {
    automaton,
    words: buildWordFinder([...words.keys()]),
    formsOf,
    impersonal: marks(words.size, against),
    namesOf: formsOf.map((list) => list && unionOf(words.size, list)),
    standsBare: formsOf.map(
      (list) => list?.some(({ strength }) => strength.bare >= REPORTED) ?? false,
    ),
  }
}

/** `socialSecurity` is written for `social security` as well. */
function spellings(word: string): readonly string[] {
  const joined = word.replaceAll(' ', '')
  return word.includes(' ') && joined.length > 4 ? [word, joined] : [word]
}

function indexOf(words: Map<string, number>, word: string): number {
  const known = words.get(word)
  if (known !== undefined) return known
  words.set(word, words.size)
  return words.size - 1
}

function unionOf(size: number, forms: readonly Form[]): Int32Array {
  const bits = new Int32Array((size >> 5) + 1)
  for (const { named } of forms)
    for (let word = 0; word < size; word++)
      if (named[word] === 1) bits[word >> 5] = (bits[word >> 5] ?? 0) | (1 << (word & 31))
  return bits
}

function marks(size: number, indices: readonly number[]): Uint8Array {
  const table = new Uint8Array(size)
  for (const index of indices) table[index] = 1
  return table
}
