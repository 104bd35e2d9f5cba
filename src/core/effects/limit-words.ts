import {
  isNamed,
  isSymbol,
  isWord,
  kindAt,
  NUMBER,
  PARAMETER,
  pairOf,
  symbolAt,
  type Tokens,
  VARIABLE,
  WORD,
  wordAt,
} from '../constraints/sql/tokens.ts'
import { EffectFault } from './fault.ts'
import { type PlacedTokens, placeTokens } from './sql-places.ts'

/** Dialects whose `LIMIT` is found by their words alone: it is reserved in each. */
export type WordDialect = 'mysql' | 'mariadb' | 'sqlite'

/** Where a query's limit is, or would be. Indexes of tokens. */
interface Shape {
  /** The number of rows; undefined where there is no limit. */
  readonly count: number | undefined
  /** The token that a limit is put behind. */
  readonly last: number
}

/**
 * The query with at most so many rows. There is no parser of these dialects here, so only plain
 * queries are taken: one SELECT, with or without WITH, its limit written as numbers.
 * @throws {EffectFault} for all others
 */
export function limitByWords(text: string, rows: number, dialect: WordDialect): string {
  // Whether a backslash escapes is a setting of the server: it would move the end of a text.
  if (dialect !== 'sqlite' && text.includes('\\'))
    throw new EffectFault('has a backslash, which servers read differently: write it without')
  const placed = placeTokens(text, dialect)
  // A hint may change for one statement how the server reads it.
  if (placed.tokens.setsByHint) throw unsure()
  const shape = readShape(placed.tokens, dialect)
  const next = limited(text, placed, shape, rows)
  if (next === text) return text
  const again = placeTokens(next, dialect)
  const isAsMeant = limited(next, again, readShape(again.tokens, dialect), rows) === next
  const added = shape.count === undefined ? 2 : 0
  if (!isAsMeant || again.starts.length !== placed.starts.length + added) throw unsure()
  return next
}

function limited(text: string, placed: PlacedTokens, shape: Shape, rows: number): string {
  if (shape.count === undefined) {
    const end = placed.ends[shape.last] ?? text.length
    return `${text.slice(0, end)} LIMIT ${rows}${text.slice(end)}`
  }
  const start = placed.starts[shape.count] ?? 0
  const end = placed.ends[shape.count] ?? 0
  const digits = text.slice(start, end)
  if (!/^\d{1,30}$/.test(digits)) throw notPlain()
  return Number(digits) <= rows ? text : `${text.slice(0, start)}${rows}${text.slice(end)}`
}

function readShape(tokens: Tokens, dialect: WordDialect): Shape {
  const end = endOfStatement(tokens)
  const words = topWords(tokens, bodyOf(tokens, end), end)
  const lock = dialect === 'sqlite' ? -1 : lockOf(tokens, words, end)
  const last = (lock < 0 ? end : lock) - 1
  const limits = words.filter((at) => isWord(tokens, at, 'limit'))
  const [limit] = limits
  if (limits.length > 1) throw unsure()
  if (limit !== undefined) return { count: countOf(tokens, limit, last + 1), last }
  if (words.some((at) => OTHER_LIMITS.has(wordAt(tokens, at)))) throw unsure()
  return { count: undefined, last }
}

// Words by which rows are limited in other ways, or which may only stand behind a limit. They may be
// names as well.
const OTHER_LIMITS: ReadonlySet<string> = new Set(['offset', 'fetch', 'procedure'])

function endOfStatement(tokens: Tokens): number {
  let end = tokens.kinds.length
  while (isSymbol(tokens, end - 1, ';')) end--
  if (end === 0) throw new EffectFault('holds no query: give one SELECT')
  for (let at = 0; at < end; at++) {
    if (isSymbol(tokens, at, ';'))
      throw new EffectFault('holds more than one statement: send them one by one')
    if (isWord(tokens, at, 'into')) throw new EffectFault('writes INTO something: leave that out')
  }
  return end
}

/** Where the SELECT is that gives the rows. */
function bodyOf(tokens: Tokens, end: number): number {
  let at = 0
  if (isWord(tokens, at, 'with')) {
    at = isWord(tokens, 1, 'recursive') ? 2 : 1
    for (at = behindPart(tokens, at); isSymbol(tokens, at, ','); ) at = behindPart(tokens, at + 1)
  }
  if (at < end && isWord(tokens, at, 'select')) return at
  throw new EffectFault('is not one plain SELECT, so its rows cannot be limited surely')
}

/** Behind one `name (columns) AS (query)` of a WITH. */
function behindPart(tokens: Tokens, start: number): number {
  if (!isNamed(tokens, start)) throw unsure()
  let at = isSymbol(tokens, start + 1, '(') ? pairOf(tokens, start + 1) + 1 : start + 1
  if (!isWord(tokens, at, 'as')) throw unsure()
  at++
  if (isWord(tokens, at, 'not')) at++
  if (isWord(tokens, at, 'materialized')) at++
  if (!isSymbol(tokens, at, '(')) throw unsure()
  return pairOf(tokens, at) + 1
}

/** The words that stand in no parentheses, names behind a dot left out. */
function topWords(tokens: Tokens, start: number, end: number): readonly number[] {
  const words: number[] = []
  for (let at = start; at < end; at++) {
    const pair = pairOf(tokens, at)
    if (pair > at) at = pair
    else if (kindAt(tokens, at) === WORD && !isSymbol(tokens, at - 1, '.')) words.push(at)
  }
  return words
}

/** Where `FOR UPDATE` and the like begin, which stand behind a limit; -1 where there is none. */
function lockOf(tokens: Tokens, words: readonly number[], end: number): number {
  const begins = (at: number): boolean => {
    const next = wordAt(tokens, at + 1)
    if (isWord(tokens, at, 'for')) return next === 'update' || next === 'share'
    return isWord(tokens, at, 'lock') && next === 'in'
  }
  const lock = words.find(begins) ?? -1
  for (let at = lock; lock >= 0 && at < end; at++) if (!isOfLock(tokens, at)) throw unsure()
  return lock
}

const NOT_OF_LOCK: ReadonlySet<string> = new Set(
  'select union except intersect limit offset fetch order where from procedure'.split(' '),
)

function isOfLock(tokens: Tokens, at: number): boolean {
  if (isNamed(tokens, at)) return !NOT_OF_LOCK.has(wordAt(tokens, at))
  const symbol = symbolAt(tokens, at)
  return kindAt(tokens, at) === NUMBER || symbol === ',' || symbol === '.'
}

/** The number of rows in `LIMIT n`, `LIMIT n OFFSET m` and `LIMIT m, n`. */
function countOf(tokens: Tokens, limit: number, end: number): number {
  const first = limit + 1
  if (kindAt(tokens, first) !== NUMBER && !isPlaceholder(tokens, first)) throw notPlain()
  if (first + 1 === end) return numberAt(tokens, first)
  if (first + 3 !== end) throw notPlain()
  if (!isPlaceholder(tokens, first + 2) && kindAt(tokens, first + 2) !== NUMBER) throw notPlain()
  if (isSymbol(tokens, first + 1, ',')) return numberAt(tokens, first + 2)
  if (isWord(tokens, first + 1, 'offset')) return numberAt(tokens, first)
  throw notPlain()
}

function isPlaceholder(tokens: Tokens, at: number): boolean {
  const kind = kindAt(tokens, at)
  return kind === PARAMETER || kind === VARIABLE || symbolAt(tokens, at) === '?'
}

function numberAt(tokens: Tokens, at: number): number {
  if (kindAt(tokens, at) !== NUMBER) throw notPlain()
  return at
}

function notPlain(): EffectFault {
  return new EffectFault('has a LIMIT that is not a plain number: write the number itself')
}

function unsure(): EffectFault {
  return new EffectFault('cannot be limited surely: end it with LIMIT and a number')
}
