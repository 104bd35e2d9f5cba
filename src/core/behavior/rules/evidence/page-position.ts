import { byName } from '../../by-name.ts'
import type { RequestEvent } from '../../rule.ts'
import { byEvent } from './by-event.ts'
import { textHash } from './text-hash.ts'

/** Where in a list a call reads. */
export interface PagePosition {
  /** Stands for the position, whatever its form: `2` and `"2"` are the same. */
  readonly position: number
  /** How many rows it asks for; 0 where it does not say. */
  readonly size: number
}

/**
 * The position a request reads a list at: a number, a number as text, or a token that the last page
 * gave; in a field, in the query of a URL, or as `OFFSET` in SQL. Undefined where it has none.
 */
export const pagePosition = byEvent((event: RequestEvent): PagePosition | undefined => {
  let position: number | undefined
  let size = 0
  for (const { key, text } of event.arguments) {
    if (text.length > LONGEST_TEXT) continue
    const kind = key === '' ? 'none' : kindOfKey(key)
    if (kind === 'size') size = Math.max(size, numberOf(text) ?? 0)
    else if (kind !== 'none') position ??= positionIn(kind, text)
    else position ??= positionInText(text)
  }
  return position === undefined ? undefined : { position, size: Math.min(size, MOST_ROWS) }
})

const LONGEST_TEXT = 4096
const MOST_ROWS = 100_000

type KeyKind = 'number' | 'token' | 'size' | 'none'

// This is asked of every argument of every read: most names are told from these at once.
const MAY_BE_PAGING =
  /page|offset|skip|start|from|begin|index|cursor|token|contin|marker|after|scroll|limit|size|count|result|top|take|rows|^p$/i
const POSITION =
  /^(?:.*(?:page|offset|skip)|page(?:no|num|number|index)|pages|start(?:at|index)?|from|firstresult|begin|index|p)$/
const TOKEN =
  /^(?:.*cursor|(?:.*page|next|.*continuation)token|nextpage|continuation|marker|after|scrollid)$/
const SIZE = /^(?:limit|size|count|.*pagesize|.*perpage|maxresults|top|take|rows)$/
const LONGEST_KEY = 40

const kindOfKey = byName((key): KeyKind => {
  if (key.length > LONGEST_KEY || !MAY_BE_PAGING.test(key)) return 'none'
  const name = key.toLowerCase().replace(/[^a-z]/g, '')
  if (SIZE.test(name)) return 'size'
  if (TOKEN.test(name)) return 'token'
  return POSITION.test(name) && name !== 'homepage' ? 'number' : 'none'
})

function positionIn(kind: KeyKind, text: string): number | undefined {
  const number = numberOf(text)
  if (number !== undefined) return textHash(String(number))
  if (kind !== 'token' || text === '' || text.length > LONGEST_TOKEN) return undefined
  return DATE.test(text) ? undefined : textHash(text, TOKEN_SEED)
}

const LONGEST_TOKEN = 2048
const TOKEN_SEED = 1
const DATE = /^\d{4}-\d{2}-\d{2}/

function numberOf(text: string): number | undefined {
  return /^\s{0,8}\d{1,9}\s{0,8}$/.test(text) ? Number(text) : undefined
}

function positionInText(text: string): number | undefined {
  const found = text.includes('://')
    ? /[?&](?:page|offset|skip|start|cursor|page_?token|p)=([\w%.~+-]{1,256})/i.exec(text)
    : /\boffset\s{1,8}(\d{1,12})/i.exec(text)
  const value = found?.[1]
  return value === undefined ? undefined : textHash(String(numberOf(value) ?? value))
}
