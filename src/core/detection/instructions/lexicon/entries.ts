import { ABSENT, BREAK, foldTable, isUnspaced } from '../fold.ts'
import { type Lexicon, Role, type RoleName } from '../roles.ts'
import { LEXICONS } from './languages.ts'

/** A word or phrase as folded units; the gap between two words is `GAP`. */
export interface Entry {
  readonly units: readonly number[]
  /** The word may go on behind the last unit. */
  readonly isStem: boolean
  readonly role: number
}

let built: readonly Entry[] | undefined

/** All words and phrases of all lexicons. */
export function lexiconEntries(): readonly Entry[] {
  built ??= LEXICONS.flatMap(entriesOf)
  return built
}

function entriesOf(lexicon: Lexicon): Entry[] {
  const fold = foldTable()
  const entries: Entry[] = []
  for (const [name, words] of Object.entries(lexicon))
    for (const word of words.split(' ')) entries.push(entryOf(fold, word, Role[name as RoleName])) // a Lexicon has no other keys
  return entries
}

function entryOf(fold: Uint16Array, word: string, role: number): Entry {
  const isMarked = word.endsWith('*')
  const length = isMarked ? word.length - 1 : word.length
  const units: number[] = []
  for (let at = 0; at < length; at++) {
    const unit = fold[word.charCodeAt(at)] ?? BREAK
    if (unit !== ABSENT) units.push(unit)
  }
  return { units, isStem: isMarked || isUnspaced(units.at(-1) ?? 0), role }
}
