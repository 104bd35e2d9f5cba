import { ABSENT, BREAK, foldTable, isUnspaced } from '../fold.ts'
import { Role, type RoleName } from '../roles.ts'
import { LEXICONS } from './languages.ts'

/** A word or phrase as folded units; the gap between two words is `GAP`. */
export interface Entry {
  readonly units: readonly number[]
  /** The word may go on behind the last unit. */
  readonly isStem: boolean
  readonly role: number
}

/** All words and phrases of all lexicons. */
export function lexiconEntries(): readonly Entry[] {
  const fold = foldTable()
  const entries: Entry[] = []
  for (const lexicon of LEXICONS)
    for (const [name, words] of Object.entries(lexicon))
      for (const word of words.split(' ')) entries.push(entryOf(fold, word, Role[name as RoleName])) // a Lexicon has no other keys
  return entries
}

function entryOf(fold: Uint16Array, word: string, role: number): Entry {
  const isMarked = word.endsWith('*')
  const units: number[] = []
  for (const letter of isMarked ? word.slice(0, -1) : word) {
    const unit = fold[letter.charCodeAt(0)] ?? BREAK
    if (unit !== ABSENT) units.push(unit)
  }
  return { units, isStem: isMarked || isUnspaced(units.at(-1) ?? 0), role }
}
