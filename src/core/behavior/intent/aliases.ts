import type { Leaf } from '../payload/leaf.ts'
import { canBeId, isId, KEY, type KeyKind } from './key-kind.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { Scan } from './scan.ts'
import { collectStems } from './words.ts'

/** Most identifiers whose names are known; the oldest go first. */
const MAX_ALIASES = 2_048
/** Most identifiers of one record, and longest identifier and name in UTF-16 units. */
const MAX_IDS = 4
const MAX_NAME = 80
const MAX_STEMS = 8

/** What the things are called that identifiers stand for: `P007` is the pencil set. */
export interface Aliases {
  /** Reads records that have an identifier and a name. */
  read(leaves: readonly Leaf[]): void
  /** Stems of the name of the thing that an argument names by its identifier. */
  find(argument: Leaf): readonly number[] | undefined
  put(id: number, stems: readonly number[]): void
  entries(): readonly (readonly [id: number, stems: readonly number[]])[]
  readonly size: number
}

interface OpenRecord {
  record: number
  ids: readonly string[]
  name: string
  /** Text without a key: what follows may be listed under it. */
  heading: string
}

const NO_IDS: readonly string[] = Object.freeze([])

export function createAliases(hash: KeyedHash, scan: Scan, keyKind: KeyKind): Aliases {
  const names = new Map<number, readonly number[]>()
  const put = (id: number, stems: readonly number[]): void => {
    if (names.size >= MAX_ALIASES) {
      const oldest = names.keys().next().value
      if (oldest !== undefined) names.delete(oldest)
    }
    names.set(id, stems)
  }
  const close = (open: OpenRecord): void => {
    if (open.ids.length > 0 && open.name !== '') {
      const stems: number[] = []
      const name = open.name
      scan(name, (view) => collectStems(name, view, hash, stems, MAX_STEMS))
      if (stems.length > 0) for (const id of open.ids) put(hash(id, 0, id.length), stems)
    }
    if (open.ids.length > 0) open.ids = NO_IDS
  }
  const readLeaf = (leaf: Leaf, open: OpenRecord): void => {
    const { key, text, record } = leaf
    if (text.length > MAX_NAME || text.length === 0) return
    if (key === '') {
      open.heading = text
      return
    }
    if (record !== open.record) {
      close(open)
      open.record = record
      // `'Pencil set': {'id': 7}`: what the record is listed under.
      open.name = open.heading
      open.heading = ''
    }
    const kind = keyKind(key)
    if ((kind & KEY.id) === 0 || !canBeId(text)) {
      if ((kind & KEY.name) !== 0) open.name = text
    } else if (open.ids.length < MAX_IDS) open.ids = [...open.ids, text]
  }
  return {
    read: (leaves) => {
      const open: OpenRecord = { record: -1, ids: NO_IDS, name: '', heading: '' }
      for (const leaf of leaves) readLeaf(leaf, open)
      close(open)
    },
    find: (argument) =>
      isId(argument, keyKind) ? names.get(hash(argument.text, 0, argument.text.length)) : undefined,
    put,
    entries: () => [...names],
    get size() {
      return names.size
    },
  }
}
