import type { Argument } from '../lineage/lineage.ts'
import type { Leaf } from '../payload/leaf.ts'
import type { OutsideText } from './intent.ts'
import { isId, KEY, type KeyKind } from './key-kind.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { Scan } from './scan.ts'
import type { SourceRecord } from './sentence.ts'
import type { ToolName } from './tool-name.ts'
import { visitValues } from './values.ts'
import { collectStems } from './words.ts'

const MAX_AUTHORS = 12
const MAX_TITLES = 4
const MAX_POINTERS = 12
const MAX_IDS = 4
/** Most of an argument that is read, in UTF-16 units: what it asked for, not what it sent. */
const MAX_ASKED = 1_024
const MAX_CONTENT = 256
/** Longest author or title, in UTF-16 units. */
const MAX_NAME = 120
const MAX_TITLE_WORDS = 8

/** What was searched for points at nothing: anybody can be found with it. */
const QUERY_KEY = /query|search|^q$|term|keyword|text|categor|filter|pattern/i

/** A record that is being read. */
export interface OpenRecord extends SourceRecord {
  /** Its identifiers. */
  readonly ids: number[]
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
    const text = argument.text.slice(0, argument.role === 'content' ? MAX_CONTENT : MAX_ASKED)
    const names = !QUERY_KEY.test(argument.key)
    visitValues(text, 0, text.length, hash, (value) => {
      values.add(value)
      if (names && pointers.length < MAX_POINTERS) pointers.push(value)
    })
    if (names) addFolders(text, hash, pointers)
    addName(text, hash, scan, titles)
    const words = stemsOf(text, 32, hash, scan)
    for (const word of words) values.add(word)
    if (names && words.length > 0 && words.length <= MAX_TITLE_WORDS && titles.length < MAX_TITLES)
      titles.push(words)
  }
  return { values, pointers, titles }
}

/** What a file or page is called, without what all are called: `README`, `fjordline terms`. */
const NAMED = /^(?:[a-z][a-z0-9+.-]{1,12}:\/\/)?(?:www\.)?([^\s?#]{3,160})/i
const ENDING = /\.[a-z]{2,5}(?=\/|$)/gi

function addName(text: string, hash: KeyedHash, scan: Scan, titles: (readonly number[])[]): void {
  if (titles.length >= MAX_TITLES || text.includes(' ') || !/[./]/.test(text)) return
  const name = (NAMED.exec(text)?.[1] ?? '').replace(ENDING, ' ').replace(/[./_-]+/g, ' ')
  const stems = stemsOf(name, MAX_TITLE_WORDS, hash, scan)
  if (stems.length > 0) titles.push(stems)
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

export interface ReadRecordTools {
  readonly hash: KeyedHash
  readonly scan: Scan
  readonly keyKind: KeyKind
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
  tools: ReadRecordTools,
): ReadonlyMap<number, OpenRecord> {
  const { hash, keyKind } = tools
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
        ids: [],
      }
      records.set(leaf.record, record)
    }
    if (leaf.key === '' || leaf.text.length > MAX_NAME) continue
    const kind = keyKind(leaf.key)
    if ((kind & KEY.author) !== 0) readAuthor(leaf, (kind & KEY.title) !== 0, record, tools)
    else if (record.ids.length < MAX_IDS && isId(leaf, keyKind))
      record.ids.push(hash(leaf.text, 0, leaf.text.length))
  }
  return records
}

function readAuthor(
  leaf: Leaf,
  isTitle: boolean,
  record: OpenRecord,
  { hash, scan }: ReadRecordTools,
): void {
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
  if (!isTitle || record.titles.length >= MAX_TITLES) return
  const title = stemsOf(text, MAX_TITLE_WORDS, hash, scan)
  if (title.length > 1) record.titles.push(title)
}

function stemsOf(text: string, limit: number, hash: KeyedHash, scan: Scan): number[] {
  const stems: number[] = []
  scan(text, (view) => collectStems(text, view, hash, stems, limit))
  return stems
}
