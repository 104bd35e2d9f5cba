import type { SqlDialect } from '../../model/call.ts'
import { isStrangeCall } from './calls.ts'
import { headIntent } from './head.ts'
import { headsOf, QUERY_HEADS } from './heads.ts'
import { type IntentSet, NO_INTENT, SET } from './intents.ts'
import { createLexer } from './lexer.ts'
import { middleIntent } from './middle.ts'
import { parenthesisWords } from './parentheses.ts'
import { shapeDoubt } from './shape.ts'
import type { DialectRules, Statement } from './statement.ts'
import {
  isNamed,
  isSymbol,
  isWord,
  PARAMETER,
  STRING,
  SYMBOL,
  symbolAt,
  type Tokens,
  VARIABLE,
  wordAt,
} from './tokens.ts'
import { type WordRule, wordRulesOf } from './words.ts'

/** What the tokens of a text say. The three parts differ in what a parser may settle. */
export interface Reading {
  /** Why there are no tokens to judge: final. */
  readonly fault: string | undefined
  /** What the first words of the statements do: final. */
  readonly heads: IntentSet
  /** What keywords and calls within statements may do; a parser knows which of them are names. */
  readonly middle: IntentSet
  /** Why a statement may be none; a parser knows. */
  readonly doubt: string | undefined
  readonly tokenCount: number
}

/** Reads texts of one dialect. Linear, synchronous; never throws. */
export function createReader(
  dialect: SqlDialect,
  isPure: (name: string) => boolean,
): (text: string) => Reading {
  const lex = createLexer(dialect)
  const rules: DialectRules = {
    dialect,
    hasLooseStatements: dialect === 'transactsql',
    heads: headsOf(dialect),
    parenthesisWords: parenthesisWords(dialect),
    isPure,
  }
  const wordRules = wordRulesOf(rules)
  return (text) => {
    const lexed = lex(text)
    return lexed.fault === undefined
      ? readStatements(lexed.tokens, rules, wordRules)
      : { fault: lexed.fault, heads: 0, middle: 0, doubt: undefined, tokenCount: 0 }
  }
}

function readStatements(
  tokens: Tokens,
  rules: DialectRules,
  wordRules: ReadonlyMap<string, WordRule>,
): Reading {
  let heads: IntentSet = NO_INTENT
  let middle: IntentSet = tokens.setsByHint ? SET : NO_INTENT
  let doubt: string | undefined
  let isEmpty = true
  const tokenCount = tokens.kinds.length
  for (let start = 0; start < tokenCount; start++) {
    const end = endOfStatement(tokens, start, rules)
    if (end > start) {
      isEmpty = false
      const statement = statementOf(tokens, start, end)
      heads |= headIntent(statement, rules)
      middle |= middleIntent(statement, rules, wordRules)
      doubt ??= doubtOf(statement, rules)
    }
    start = end
  }
  if (isEmpty) doubt = 'there is no statement'
  return { fault: undefined, heads, middle, doubt, tokenCount }
}

function endOfStatement(tokens: Tokens, start: number, rules: DialectRules): number {
  let end = start
  while (end < tokens.kinds.length && !isSeparator(tokens, end, rules)) end++
  return end
}

function isSeparator(tokens: Tokens, at: number, rules: DialectRules): boolean {
  const symbol = symbolAt(tokens, at)
  if (symbol === ';') return true
  // Snowflake's flow operator runs one statement after another.
  if (symbol === '->>') return rules.dialect === 'snowflake'
  // Tools of SQL Server split a batch there; what follows may be a bare procedure's name.
  // Where it stands does not matter to them: `SELECT 1 AS`, `GO` and `sp_who` on a line each.
  return rules.hasLooseStatements && isWord(tokens, at, 'go')
}

function statementOf(tokens: Tokens, start: number, end: number): Statement {
  let head = start
  while (head < end && isSymbol(tokens, head, '(')) head++
  const headWord = head < end ? wordAt(tokens, head) : ''
  return { tokens, head, headWord, end, isQuery: QUERY_HEADS.has(headWord) }
}

function doubtOf(statement: Statement, rules: DialectRules): string | undefined {
  const { tokens, head, headWord, end } = statement
  for (let at = head; at < end; at++) {
    const kind = tokens.kinds[at]
    const isValue = kind === STRING || kind === VARIABLE || kind === PARAMETER || kind === SYMBOL
    if (isValue && isStrangeCall(tokens, at)) return 'a parenthesis behind a value'
  }
  const isKnown = rules.heads.has(headWord) || (rules.hasLooseStatements && isNamed(tokens, head))
  if (!isKnown) return 'the statement is of no known kind'
  if (!statement.isQuery) return undefined
  if (headWord === 'with' && !hasMainStatement(statement)) return 'a `WITH` without a statement'
  return shapeDoubt(statement, rules)
}

const MAIN_WORDS: ReadonlySet<string> = new Set(
  'select values table from insert update delete merge replace call'.split(' '),
)

function hasMainStatement(statement: Statement): boolean {
  const { tokens, end } = statement
  for (let at = statement.head + 1; at < end; at++) {
    const close = tokens.pairs[at] ?? -1
    if (close > at) {
      if (isSymbol(tokens, at - 1, ')')) return true
      at = close
    } else if (MAIN_WORDS.has(wordAt(tokens, at))) return true
  }
  return false
}
