import type { Argument } from '../lineage/lineage.ts'
import type { Leaf } from '../payload/leaf.ts'
import { IntSet } from './int-set.ts'
import { canBeId, KEY, type KeyKind } from './key-kind.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { Scan } from './scan.ts'
import type { SourceRecord } from './sentence.ts'
import { visitValues } from './values.ts'
import { collectStems } from './words.ts'

const MAX_AUTHORS = 12
const MAX_TITLES = 4
const MAX_POINTERS = 12
const MAX_IDS = 4
const MAX_ASKED_ARGUMENTS = 32
/** Most of an argument that is read, in UTF-16 units: what it asked for, not what it sent. */
const MAX_ASKED = 1_024
const MAX_CONTENT = 256
const MAX_ASKED_WORDS = 32
/** Longest author or title, in UTF-16 units. */
const MAX_NAME = 120
const MAX_TITLE_WORDS = 8

/** A record that is being read. Most have no author, title or identifier of their own. */
export interface OpenRecord extends SourceRecord {
  /** Its identifiers. */
  ids: readonly number[]
  authors: readonly number[]
  titles: readonly (readonly number[])[]
}

/** Values and words of a call's arguments: its answer repeats them, which is no news. */
export interface Asked {
  /** Valid until the next arguments are read. */
  readonly values: IntSet
  readonly pointers: readonly number[]
  readonly titles: readonly (readonly number[])[]
}

export interface RecordTools {
  readonly hash: KeyedHash
  readonly scan: Scan
  readonly keyKind: KeyKind
}

export type ReadAsked = (args: readonly Argument[]) => Asked

export function createReadAsked({ hash, scan, keyKind }: RecordTools): ReadAsked {
  const values = new IntSet()
  let pointers: number[] = []
  let pointsAt = false
  const put = (value: number): void => {
    values.add(value)
    if (pointsAt && pointers.length < MAX_POINTERS) pointers.push(value)
  }
  const read = createReadStems(hash, scan)
  const addName = (text: string, titles: (readonly number[])[]): void => {
    const name = titles.length < MAX_TITLES ? nameOf(text) : ''
    const stems = name === '' ? NONE : read(name, MAX_TITLE_WORDS)
    if (stems.length > 0) titles.push(stems)
  }
  const readArgument = (argument: Argument, titles: (readonly number[])[]): void => {
    const most = argument.role === 'content' ? MAX_CONTENT : MAX_ASKED
    const text = argument.text.length > most ? argument.text.slice(0, most) : argument.text
    pointsAt = (keyKind(argument.key) & KEY.query) === 0
    visitValues(text, 0, text.length, hash, put)
    if (pointsAt) addFolders(text, hash, pointers)
    addName(text, titles)
    const words = read(text, MAX_ASKED_WORDS)
    for (const word of words) values.add(word)
    const isTitle = pointsAt && words.length > 0 && words.length <= MAX_TITLE_WORDS
    if (isTitle && titles.length < MAX_TITLES) titles.push(words)
  }
  return (args) => {
    values.clear()
    pointers = []
    const titles: (readonly number[])[] = []
    const count = Math.min(args.length, MAX_ASKED_ARGUMENTS)
    for (let index = 0; index < count; index += 1) {
      const argument = args[index]
      if (argument !== undefined) readArgument(argument, titles)
    }
    return { values, pointers, titles }
  }
}

/** What a file or page is called, without what all are called: `README`, `fjordline terms`. */
const NAMED = /^(?:[a-z][a-z0-9+.-]{1,12}:\/\/)?(?:www\.)?([^\s?#]{3,160})/i
const ENDING = /\.[a-z]{2,5}(?=\/|$)/gi

function nameOf(text: string): string {
  if (text.includes(' ') || !(text.includes('.') || text.includes('/'))) return ''
  return (NAMED.exec(text)?.[1] ?? '').replace(ENDING, ' ').replace(/[./_-]+/g, ' ')
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
  readonly event: number
  readonly resource: number
  /** Object classes in the name of the tool. */
  readonly objects: number
  readonly leaves: readonly Leaf[]
  readonly asked: Asked
  /** Number of its first record in the session. */
  readonly firstId: number
}

/** The records of an answer. */
export interface Records {
  /** In the order of their first leaves. */
  readonly list: readonly OpenRecord[]
  /** The record of a leaf. */
  of(leaf: Leaf): OpenRecord
}

export type ReadRecords = (answer: Answer) => Records

/** Reads who wrote the records of an answer and what they are called. */
export function createReadRecords(tools: RecordTools): ReadRecords {
  const { hash, keyKind } = tools
  const readAuthor = createReadAuthor(tools)
  return (answer) => {
    const records = recordsOf(answer)
    for (const leaf of answer.leaves) {
      const record = records.of(leaf)
      if (leaf.key === '' || leaf.text.length > MAX_NAME) continue
      const kind = keyKind(leaf.key)
      if ((kind & KEY.author) !== 0) readAuthor(leaf, (kind & KEY.title) !== 0, record)
      else if ((kind & KEY.id) !== 0 && record.ids.length < MAX_IDS && canBeId(leaf.text))
        record.ids = [...record.ids, hash(leaf.text, 0, leaf.text.length)]
    }
    return records
  }
}

const NONE: readonly number[] = Object.freeze([])

function recordsOf({ event, resource, objects, asked, firstId }: Answer): Records {
  const { pointers, titles } = asked
  const list: OpenRecord[] = []
  const byNumber = new Map<number, OpenRecord>()
  let last: OpenRecord | undefined
  let number = Number.NaN
  const make = (): OpenRecord => {
    const id = firstId + list.length
    const record = { event, id, resource, objects, authors: NONE, titles, pointers, ids: NONE }
    list.push(record)
    return record
  }
  return {
    list,
    of: (leaf) => {
      // Leaves of one record mostly follow each other.
      if (last !== undefined && leaf.record === number) return last
      number = leaf.record
      last = byNumber.get(number)
      if (last !== undefined) return last
      last = make()
      byNumber.set(number, last)
      return last
    },
  }
}

type ReadAuthor = (leaf: Leaf, isTitle: boolean, record: OpenRecord) => void

function createReadAuthor({ hash, scan }: RecordTools): ReadAuthor {
  const readStems = createReadStems(hash, scan)
  let authors: number[] = []
  const put = (value: number): void => {
    if (authors.length < MAX_AUTHORS && !authors.includes(value)) authors.push(value)
  }
  return ({ text }, isTitle, record) => {
    authors = record.authors.slice()
    visitValues(text, 0, text.length, hash, put)
    scan(text, (view) => {
      for (let index = 0; index < view.words; index += 1)
        put(hash(text, view.wordStarts[index] ?? 0, view.wordEnds[index] ?? 0))
    })
    record.authors = authors
    if (!isTitle || record.titles.length >= MAX_TITLES) return
    const title = readStems(text, MAX_TITLE_WORDS)
    if (title.length > 1) record.titles = [...record.titles, title]
  }
}

function createReadStems(
  hash: KeyedHash,
  scan: Scan,
): (text: string, limit: number) => readonly number[] {
  return (text, limit) => {
    const stems: number[] = []
    scan(text, (view) => collectStems(text, view, hash, stems, limit))
    return stems
  }
}
