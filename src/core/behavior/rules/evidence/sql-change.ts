import {
  ALTER,
  COPY,
  CREATE,
  DELETE,
  DROP,
  GRANT,
  INSERT,
  MERGE,
  TRUNCATE,
} from '../../../constraints/sql/intents.ts'
import { createLexer, MAX_TEXT } from '../../../constraints/sql/lexer.ts'
import {
  isSymbol,
  kindAt,
  NUMBER,
  STRING,
  type Tokens,
  wordAt,
} from '../../../constraints/sql/tokens.ts'
import { createSqlJudge, type SqlJudge } from '../../../constraints/sql/verdict.ts'
import type { SqlDialect } from '../../../model/call.ts'

/**
 * What a SQL text changes. `adds`: rows or tables. `changes`: some rows. `destroys`: tables, rights,
 * or rows without a condition that holds any of them back.
 */
export type SqlChange = 'adds' | 'changes' | 'destroys'

/** What a text changes; undefined: nothing. What cannot be read but has the words is taken to change. */
export function sqlChange(text: string, dialect: SqlDialect | undefined): SqlChange | undefined {
  const cut = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text
  if (!CHANGING_WORD.test(cut)) return undefined
  const { intents, doubt } = judgeOf(dialect)(cut, undefined)
  if ((intents & DESTROYING) !== 0) return 'destroys'
  const rows = rowChange(cut, dialect)
  if (rows !== undefined) return rows
  if ((intents & (MERGE | COPY | DELETE)) !== 0) return 'changes'
  // The bit of `UPDATE` alone may be a lock, which `rowChange` tells from a change.
  if ((intents & (INSERT | CREATE)) !== 0) return 'adds'
  return intents === 0 && doubt !== undefined ? 'changes' : undefined
}

const CHANGING_WORD =
  /\b(?:insert|update|delete|merge|replace|create|alter|drop|truncate|grant|revoke|copy|upsert|into)\b/i
const DESTROYING = DROP | TRUNCATE | GRANT | ALTER

// Made when first needed, one a dialect: they hold tables, no state.
const JUDGES = new Map<SqlDialect | undefined, SqlJudge>()

function judgeOf(dialect: SqlDialect | undefined): SqlJudge {
  let judge = JUDGES.get(dialect)
  if (judge === undefined) {
    judge = createSqlJudge(dialect, [])
    JUDGES.set(dialect, judge)
  }
  return judge
}

/** Dialects whose quotes and comments differ most: one of them reads a text of any. */
const READERS: readonly SqlDialect[] = ['postgresql', 'mysql', 'transactsql']

/** What `UPDATE` and `DELETE` statements do to rows, those within a `WITH` included. */
function rowChange(text: string, dialect: SqlDialect | undefined): SqlChange | undefined {
  for (const reader of dialect === undefined ? READERS : [dialect]) {
    const lexed = createLexer(reader)(text)
    if (lexed.fault === undefined) return rowChangeIn(lexed.tokens)
  }
  return undefined
}

function rowChangeIn(tokens: Tokens): SqlChange | undefined {
  let found: SqlChange | undefined
  for (let at = 0; at < tokens.kinds.length; at++) {
    const word = wordAt(tokens, at)
    if ((word !== 'update' && word !== 'delete') || !beginsStatement(tokens, at)) continue
    if (!isHeldBack(tokens, at)) return 'destroys'
    found = 'changes'
  }
  return found
}

// First, behind another statement or a parenthesis; not in `FOR UPDATE` and `ON DELETE CASCADE`.
function beginsStatement(tokens: Tokens, at: number): boolean {
  if (at === 0) return true
  if (isSymbol(tokens, at - 1, ';') || isSymbol(tokens, at - 1, '(')) return true
  const before = wordAt(tokens, at - 1)
  return (
    isSymbol(tokens, at - 1, ')') ||
    before === 'explain' ||
    before === 'analyze' ||
    before === 'begin'
  )
}

/** True where a `WHERE` follows that can be false for a row. */
function isHeldBack(tokens: Tokens, from: number): boolean {
  let hasCondition = false
  for (let at = from + 1; at < tokens.kinds.length && !isSymbol(tokens, at, ';'); at++) {
    const word = wordAt(tokens, at)
    if (word === 'where') hasCondition = true
    if ((word === 'where' || word === 'or') && isAlwaysTrue(tokens, at + 1)) return false
  }
  return hasCondition
}

function isAlwaysTrue(tokens: Tokens, at: number): boolean {
  if (wordAt(tokens, at) === 'true') return !isNarrowed(tokens, at + 1)
  if (!isLiteral(tokens, at)) return false
  if (!isSymbol(tokens, at + 1, '='))
    return kindAt(tokens, at) === NUMBER && !isOperator(tokens, at + 1)
  return isLiteral(tokens, at + 2) && !isNarrowed(tokens, at + 3)
}

function isLiteral(tokens: Tokens, at: number): boolean {
  const kind = kindAt(tokens, at)
  return kind === NUMBER || kind === STRING
}

function isNarrowed(tokens: Tokens, at: number): boolean {
  return wordAt(tokens, at) === 'and'
}

function isOperator(tokens: Tokens, at: number): boolean {
  return at < tokens.kinds.length && !isSymbol(tokens, at, ';')
}
