import type { SqlDialect } from '../../model/call.ts'
import type { IntentSet } from './intents.ts'
import { isSymbol, isWord, symbolAt, type Tokens, wordAt } from './tokens.ts'

/** One statement of a text: the tokens from `start` up to `end`. */
export interface Statement {
  readonly tokens: Tokens
  /** Its first word's place, behind parentheses that open. */
  readonly head: number
  readonly headWord: string
  readonly end: number
  readonly isQuery: boolean
}

/** What is the same for every text of a dialect. */
export interface DialectRules {
  readonly dialect: SqlDialect
  /** Statements need no semicolon between them: a keyword may begin one anywhere. */
  readonly hasLooseStatements: boolean
  readonly heads: ReadonlyMap<string, IntentSet>
  readonly parenthesisWords: ReadonlySet<string>
  readonly isPure: (name: string) => boolean
}

// Behind these stands an operand, so that a keyword there is a name.
const OPERAND_SYMBOLS: ReadonlySet<string> = new Set([...',=<>+-/%^&~!:|', '::'])
/** Words of a query behind which an operand stands. */
export const OPERAND_WORDS: ReadonlySet<string> = new Set(
  'select distinct where and or by not when case having from join'.split(' '),
)

// No operand, unless they are quoted: tools that end a statement at `/` on a line of its own would
// begin another with them.
const RESERVED: ReadonlySet<string> = new Set(
  'alter create delete drop grant insert revoke update'.split(' '),
)

/**
 * True where a keyword can only be a name: behind a dot, behind `AS`, and in dialects that need
 * semicolons also where a query wants an operand.
 */
export function isNamePlace(statement: Statement, at: number, rules: DialectRules): boolean {
  const { tokens } = statement
  if (isSymbol(tokens, at - 1, '.')) return true
  // Elsewhere a statement may follow: `CREATE PROCEDURE p AS DELETE …`.
  if (!statement.isQuery) return false
  if (isWord(tokens, at - 1, 'as')) return true
  if (rules.hasLooseStatements) return false
  // BigQuery reserves none of them, and of PostgreSQL the parser knows.
  if (rules.dialect !== 'bigquery' && RESERVED.has(wordAt(tokens, at))) return false
  return OPERAND_SYMBOLS.has(symbolAt(tokens, at - 1)) || OPERAND_WORDS.has(wordAt(tokens, at - 1))
}
