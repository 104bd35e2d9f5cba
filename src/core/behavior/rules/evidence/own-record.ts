import type { JsonValue } from '../../../model/json.ts'
import type { Flow } from '../../flow.ts'
import { wordsOf } from '../../name-words.ts'
import type { Leaf } from '../../payload/leaf.ts'
import type { RequestEvent, ResponseEvent } from '../../rule.ts'
import { type Row, rowsIn, rowsOf } from './memory.ts'
import { textHash } from './text-hash.ts'
import { hasWord, wordSet } from './words.ts'

/**
 * Whether a customer is told what his own record says: the reply is to a case that the record names,
 * and holds nothing of the other records of the same answer. Rows keep short hashes: event, how many
 * identifiers, those, and words of the fields.
 */
export function tellsOwnRecord(
  flows: readonly Flow[],
  event: RequestEvent,
  memory: JsonValue | undefined,
): boolean {
  const from = flows[0]?.from
  if (from === undefined || flows.some((flow) => flow.from !== from || isRunningText(flow)))
    return false
  const records = rowsIn(memory, 'records').filter((row) => row[0] === from)
  const keys = new Map<string, boolean>()
  const named = event.arguments.filter((argument) => isIdentifier(argument, keys))
  const ids = new Set(named.map(({ text }) => shortHash(text.trim())))
  const own = records.filter((row) => idsOf(row).some((id) => ids.has(id)))
  if (own.length !== 1) return false
  return !holdsOthers(event, own[0] ?? [], records)
}

/** A note is no field: of what it says nothing is known here. */
const LONGEST_TEXT = 80

function isRunningText({ kind, length }: Flow): boolean {
  return kind === 'text' && length > LONGEST_TEXT
}

function holdsOthers(event: RequestEvent, own: Row, records: readonly Row[]): boolean {
  const ours = new Set(wordsIn(own))
  const all = records.filter((row) => row !== own).flatMap(wordsIn)
  const others = new Set(all.filter((word) => !ours.has(word)))
  const told = new Set<number>()
  for (const { text, role } of event.arguments) {
    if (role === 'destination' || PERSONAL.test(text.slice(0, LONGEST))) return true
    addWords(text, told, LONGEST)
  }
  return [...told].some((word) => others.has(word))
}

/** Account, card and telephone numbers, and addresses: more than a customer has to be told. */
const PERSONAL = /\d(?:[ .-]?\d){8,}|[^\s@]{1,64}@[^\s@]{1,64}\.|[A-Z]{2}\d{2}[ ]?[A-Z0-9]{4}/
const LONGEST = 4_096

/** The records of a restricted response, or undefined where none has an identifier. */
export function recordsAfter(
  { leaves, number, traits }: ResponseEvent,
  memory: JsonValue | undefined,
): readonly Row[] | undefined {
  if (!traits.restricted || leaves.length > MOST_LEAVES) return undefined
  const keys = new Map<string, boolean>()
  const records = new Map<number, Leaf[]>()
  let ids = 0
  for (const leaf of leaves) {
    const known = records.get(leaf.record)
    if (known === undefined) records.set(leaf.record, [leaf])
    else known.push(leaf)
    if (isIdentifier(leaf, keys)) ids++
  }
  // Of half of the records nothing can be said.
  if (ids === 0 || records.size > MOST_PER_EVENT) return undefined
  const rows = [...records.values()].map((fields) => rowFor(number, fields, keys))
  return rowsOf([...rowsIn(memory, 'records'), ...rows].slice(-MOST_ROWS))
}

const MOST_LEAVES = 512
const MOST_PER_EVENT = 48
const MOST_ROWS = 48
const MOST_IDS = 3
const MOST_WORDS = 16

function rowFor(event: number, fields: readonly Leaf[], keys: Map<string, boolean>): Row {
  const ids = fields.filter((field) => isIdentifier(field, keys)).slice(0, MOST_IDS)
  const words = new Set<number>()
  for (const { text, kind } of fields) if (kind === 'field') addWords(text, words, MOST_WORDS)
  return [event, ids.length, ...ids.map(({ text }) => shortHash(text.trim())), ...words]
}

function idsOf([, count = 0, ...rest]: Row): readonly number[] {
  return rest.slice(0, count)
}

function wordsIn([, count = 0, ...rest]: Row): readonly number[] {
  return rest.slice(count)
}

const WHOSE = wordSet(
  'case ticket order booking reservation claim conversation thread request incident',
)
const LONGEST_ID = 40

/** `keys` remembers which names of fields say so: rows repeat theirs. */
function isIdentifier({ key, text }: Leaf, keys: Map<string, boolean>): boolean {
  if (text.length > LONGEST_ID || !/\d/.test(text)) return false
  let says = keys.get(key)
  if (says === undefined) {
    says = hasWord(wordsOf(key), WHOSE)
    keys.set(key, says)
  }
  return says
}

/** Adds the hashes of words of three characters or more, up to `most`. */
function addWords(text: string, words: Set<number>, most: number): void {
  const lower = text.slice(0, LONGEST).toLowerCase()
  let start = 0
  for (let at = 0; at <= lower.length && words.size < most; at++) {
    if (at < lower.length && isWordUnit(lower.charCodeAt(at))) continue
    if (at - start >= SHORTEST_WORD) words.add(shortHash(lower.slice(start, at)))
    start = at + 1
  }
}

const SHORTEST_WORD = 3

function isWordUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || unit >= 0xaa
}

// Half of a hash tells words apart within a session, and gives none of them back.
function shortHash(text: string): number {
  return textHash(text) & 0xff_ffff
}
