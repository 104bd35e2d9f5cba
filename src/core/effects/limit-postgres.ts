import type { SqlParsers } from '../constraints/constraint.ts'
import { MAX_OPERATOR_RUN, MAX_PARSED_TOKENS } from '../constraints/sql/parser-bounds.ts'
import { isSymbol } from '../constraints/sql/tokens.ts'
import { EffectFault } from './fault.ts'
import {
  type ConstantLimit,
  constantLimit,
  isSameButLimit,
  type Node,
  queryOf,
} from './postgres-query.ts'
import { type PlacedTokens, placeTokens } from './sql-places.ts'

const LONG_OPERATOR = new RegExp(`[-~!@#^&|\`?+*/%<>=]{${MAX_OPERATOR_RUN + 1}}`)

/**
 * The query with at most so many rows. What is changed is confirmed by PostgreSQL's own parser: the
 * new tree is the old one but for its limit.
 * @throws {EffectFault} where that cannot be done
 */
export function limitPostgres(text: string, rows: number, parsers: SqlParsers): string {
  const placed = placeTokens(text, 'postgresql')
  if (placed.starts.length === 0) throw new EffectFault('holds no query: give one SELECT')
  if (placed.starts.length > MAX_PARSED_TOKENS || LONG_OPERATOR.test(text))
    throw new EffectFault('is too long: send a shorter query')
  const query = queryOf(parse(text, parsers))
  // Rows that tie with the last one come on top, however many they are.
  if (query['limitOption'] === 'LIMIT_OPTION_WITH_TIES')
    throw new EffectFault('says WITH TIES, which may give any number of rows: say ONLY')
  if (query['limitCount'] === undefined)
    return confirmed(withLimit(text, placed, rows), query, rows, parsers)
  const limit = constantLimit(query['limitCount'])
  // PostgreSQL rounds: 9.5 rows are 10.
  if (limit.rows !== undefined && Math.ceil(limit.rows) <= rows) return text
  return confirmed([lowered(text, placed, limit, rows)], query, rows, parsers)
}

function parse(text: string, parsers: SqlParsers): unknown {
  try {
    return parsers.parse('postgresql', text)
  } catch {
    throw new EffectFault('is not SQL that PostgreSQL would parse: mend it')
  }
}

// Behind the last word of the query, before what ends it and comments on it. Where OFFSET comes with
// FOR UPDATE that is no place for it, and around parentheses is.
function withLimit(text: string, placed: PlacedTokens, rows: number): readonly string[] {
  const { tokens, starts, ends } = placed
  let first = 0
  let last = starts.length - 1
  while (isSymbol(tokens, last, ';')) last--
  while (first < last && isSymbol(tokens, first, ';')) first++
  const start = starts[first] ?? 0
  const end = ends[last] ?? text.length
  const before = text.slice(0, start)
  const own = text.slice(start, end)
  const behind = text.slice(end)
  return [`${before}${own} LIMIT ${rows}${behind}`, `${before}(${own}) LIMIT ${rows}${behind}`]
}

function lowered(text: string, placed: PlacedTokens, limit: ConstantLimit, rows: number): string {
  const at = placeOfByte(text, limit.location)
  const index = placed.starts.indexOf(at)
  const end = placed.ends[index]
  if (index < 0 || end === undefined)
    throw new EffectFault('has a LIMIT that cannot be found: write `LIMIT` and a number at its end')
  return `${text.slice(0, at)}${rows}${text.slice(end)}`
}

function placeOfByte(text: string, location: number): number {
  return Buffer.from(text, 'utf8').subarray(0, Math.max(0, location)).toString('utf8').length
}

/** The first text that is the old query with that limit. */
function confirmed(
  candidates: readonly string[],
  query: Node,
  rows: number,
  parsers: SqlParsers,
): string {
  for (const candidate of candidates)
    if (isConfirmed(candidate, query, rows, parsers)) return candidate
  throw new EffectFault(`cannot be limited surely: end it with \`LIMIT ${rows}\``)
}

function isConfirmed(text: string, query: Node, rows: number, parsers: SqlParsers): boolean {
  try {
    const next = queryOf(parse(text, parsers))
    if (next['limitOption'] !== 'LIMIT_OPTION_COUNT') return false
    return constantLimit(next['limitCount']).rows === rows && isSameButLimit(query, next)
  } catch (error) {
    if (error instanceof EffectFault) return false
    throw error
  }
}
