import type { Argument } from '../lineage/lineage.ts'
import type { Leaf } from '../payload/leaf.ts'
import type { OutsideText } from './intent.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { Scan } from './scan.ts'
import type { SourceRecord } from './sentence.ts'
import type { ToolName } from './tool-name.ts'
import { visitValues } from './values.ts'
import { collectStems } from './words.ts'

const MAX_AUTHORS = 12
const MAX_TITLES = 4
const MAX_POINTERS = 12
/** Longest author or title, in UTF-16 units. */
const MAX_NAME = 120
const MAX_TITLE_WORDS = 8

const AUTHOR_KEY =
  /^(?:from|sender|author|owner|owner_?(?:name|username)?|user|user_?name|by|creator|created_?by|posted_?by|sent_?by|reporter|name|title|subject|file_?name|file|path|channel|source|organizer|requester|submitted_?by|login|display_?name)$/i
const TITLE_KEY = /^(?:title|subject|name|file_?name|topic|summary|label)$/i
/** What was searched for points at nothing: anybody can be found with it. */
const QUERY_KEY = /query|search|^q$|term|keyword|text|categor|filter|pattern/i

interface OpenRecord extends SourceRecord {
  readonly authors: number[]
  readonly titles: (readonly number[])[]
}

/** Values and words of a call's arguments: its answer repeats them, which is no news. */
export interface Asked {
  readonly values: ReadonlySet<number>
  readonly pointers: readonly number[]
  readonly titles: readonly (readonly number[])[]
}

export function readAsked(args: readonly Argument[], hash: KeyedHash, scan: Scan): Asked {
  const values = new Set<number>()
  const pointers: number[] = []
  const titles: (readonly number[])[] = []
  for (const argument of args.slice(0, 32)) {
    const text = argument.text.slice(0, 1_024)
    const names = !QUERY_KEY.test(argument.key)
    visitValues(text, 0, text.length, hash, (value) => {
      values.add(value)
      if (names && pointers.length < MAX_POINTERS) pointers.push(value)
    })
    if (names) addFolders(text, hash, pointers)
    const words = stemsOf(text, 32, hash, scan)
    for (const word of words) values.add(word)
    if (names && words.length > 1 && words.length <= MAX_TITLE_WORDS && titles.length < MAX_TITLES)
      titles.push(words)
  }
  return { values, pointers, titles }
}

/** The folders that a path stands in: who points at one points at what is in it. */
function addFolders(text: string, hash: KeyedHash, into: number[]): void {
  const path = text.startsWith('/') ? text.slice(1) : text
  for (
    let at = path.indexOf('/');
    at > 0 && into.length < MAX_POINTERS;
    at = path.indexOf('/', at + 1)
  )
    into.push(hash(path, 0, at))
}

/** An answer to a call. */
export interface Answer {
  readonly text: OutsideText
  readonly leaves: readonly Leaf[]
  readonly tool: ToolName
  readonly asked: Asked
  /** Number of its first record in the session. */
  readonly firstId: number
}

/** The records of an answer by their numbers: who wrote them and what they are called. */
export function readRecords(
  { text, leaves, tool, asked, firstId }: Answer,
  hash: KeyedHash,
  scan: Scan,
): ReadonlyMap<number, SourceRecord> {
  const records = new Map<number, OpenRecord>()
  const resource = hash(text.resource, 0, text.resource.length)
  for (const leaf of leaves) {
    let record = records.get(leaf.record)
    if (record === undefined) {
      record = {
        event: text.event,
        id: firstId + records.size,
        resource,
        objects: tool.objects,
        authors: [],
        titles: [...asked.titles],
        pointers: asked.pointers,
      }
      records.set(leaf.record, record)
    }
    if (leaf.key !== '' && leaf.text.length <= MAX_NAME && AUTHOR_KEY.test(leaf.key))
      readAuthor(leaf, record, hash, scan)
  }
  return records
}

function readAuthor(leaf: Leaf, record: OpenRecord, hash: KeyedHash, scan: Scan): void {
  const text = leaf.text
  const authors = record.authors
  const put = (value: number): void => {
    if (authors.length < MAX_AUTHORS && !authors.includes(value)) authors.push(value)
  }
  visitValues(text, 0, text.length, hash, put)
  scan(text, (view) => {
    for (let index = 0; index < view.words; index += 1)
      put(hash(text, view.wordStarts[index] ?? 0, view.wordEnds[index] ?? 0))
  })
  if (!TITLE_KEY.test(leaf.key) || record.titles.length >= MAX_TITLES) return
  const title = stemsOf(text, MAX_TITLE_WORDS, hash, scan)
  if (title.length > 1) record.titles.push(title)
}

function stemsOf(text: string, limit: number, hash: KeyedHash, scan: Scan): number[] {
  const stems: number[] = []
  scan(text, (view) => collectStems(text, view, hash, stems, limit))
  return stems
}
