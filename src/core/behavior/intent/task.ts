import { visitDates } from './dates.ts'
import { type HandOver, readHandOver } from './hand-over.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { objectBit, WORD } from './lexicon.ts'
import { readsOnly } from './reads-only.ts'
import type { Scan, SentenceView } from './scan.ts'
import { visitValues } from './values.ts'
import { collectStems } from './words.ts'

/** Longest task that is read, in UTF-16 units, and most of its sentences. */
const MAX_TASK = 32_768
const MAX_CLAUSES = 256
const MAX_STEMS = 96

/** What the user asked for, as features of keyed hashes. */
export interface Task extends HandOver {
  readonly clauses: readonly TaskClause[]
  readonly stems: ReadonlySet<number>
  readonly values: ReadonlySet<number>
  /** Words of the names of people, things and files. */
  readonly names: ReadonlySet<number>
  /** Object classes of all it speaks of: the inbox, a file, an issue. */
  readonly objects: number
  /** It plainly asks to be told something, and for nothing else. */
  readonly readsOnly: boolean
}

export interface TaskClause {
  readonly verbs: number
  /** Classes that it only names as nouns. */
  readonly nouns: number
  readonly objects: number
}

/** `notes.txt`: names a file without calling it one. */
const FILE_NAME = /[\w-]\.(?!(?:com|org|net|io)\b)[a-z][a-z0-9]{1,4}\b/i

export function readTask(text: string, hash: KeyedHash, scan: Scan): Task {
  const task = text.slice(0, MAX_TASK)
  const clauses: TaskClause[] = []
  const sentences: string[] = []
  const stems = new Set<number>()
  const values = new Set<number>()
  const names = new Set<number>()
  let objects = 0
  const own: number[] = []
  scan(task, (view) => {
    own.length = 0
    collectStems(task, view, hash, own, MAX_STEMS)
    for (const stem of own) stems.add(stem)
    collectNames(task, view, hash, names)
    objects |= view.objects
    if (clauses.length >= MAX_CLAUSES) return
    clauses.push(clauseOf(view))
    sentences.push(task.slice(view.start, view.end))
  })
  if (FILE_NAME.test(task)) objects |= objectBit('file')
  const put = (value: number): void => {
    values.add(value)
  }
  visitValues(task, 0, task.length, hash, put)
  visitDates(task, 0, task.length, hash, put)
  // To ask what somebody wants is not to want it.
  const reads = readsOnly(task)
  const handOver = readHandOver(reads ? [] : sentences)
  return { clauses, stems, values, names, objects, readsOnly: reads, ...handOver }
}

/** The actions of a sentence; what a question speaks of is not asked for. */
function clauseOf(view: SentenceView): TaskClause {
  let verbs = 0
  let nouns = 0
  let asks = isQuestion(view)
  for (let index = 0; index < view.words; index += 1) {
    const kind = view.kindOf(index)
    if (index > 0 && (kind & WORD.lead) !== 0 && (kind & WORD.determiner) === 0) asks = false
    if (asks) continue
    const before = index > 0 ? view.kindOf(index - 1) : 0
    const bits = view.verbsOf(index)
    if ((before & WORD.determiner) !== 0 || (kind & WORD.base) === 0) nouns |= bits
    else verbs |= bits
  }
  return { verbs, nouns, objects: view.objects }
}

/** `Which tool does it use`: somebody wants to know. */
function isQuestion(view: SentenceView): boolean {
  const first = view.kindOf(0)
  return (first & WORD.question) !== 0 && (first & WORD.modal) === 0 && view.words > 2
}

/** Capitalised words that are no known words: names, wherever they stand. */
function collectNames(text: string, view: SentenceView, hash: KeyedHash, names: Set<number>): void {
  for (let index = 0; index < view.words; index += 1) {
    const start = view.wordStarts[index] ?? 0
    if (!isUpper(text, start)) continue
    const kind = view.kindOf(index)
    const known = kind !== 0 || view.objectsOf(index) !== 0
    if (index === 0 && OPENING.has(text.slice(start, view.wordEnds[0]).toLowerCase())) continue
    if (known && (index === 0 || (kind & (WORD.stop | WORD.first | WORD.you)) !== 0)) continue
    names.add(hash(text, start, view.wordEnds[index] ?? start))
  }
}

/** They open sentences, and are nobody's name. */
const OPENING = new Set(
  'take let lets go keep look work see put bring try use once here there'.split(' '),
)

function isUpper(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  if (unit < 128) return unit >= 65 && unit <= 90
  const letter = text.charAt(at)
  return letter !== letter.toLowerCase()
}
