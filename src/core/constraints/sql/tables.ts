import { READING_PRAGMAS } from './heads.ts'
import { CALL, COPY, type IntentSet, NO_INTENT } from './intents.ts'
import type { DialectRules } from './statement.ts'
import { isSymbol, pairOf, type Tokens, textAt, wordAt } from './tokens.ts'

const PRAGMA = 'pragma_'
/** So many tokens are looked back at; behind more, the worse is taken to be. */
const LONGEST_LIST = 32
const LONGEST_QUERY = 256

/**
 * What reading the table `name` does. In SQLite functions with a table for a result are read without
 * parentheses too: `SELECT * FROM pragma_optimize` writes, `fsdir` reads files.
 */
export function tableIntent(name: string, rules: DialectRules): IntentSet {
  if (rules.dialect !== 'sqlite') return NO_INTENT
  if (name === 'fsdir' || name === 'zipfile') return CALL
  if (!name.startsWith(PRAGMA)) return NO_INTENT
  return READING_PRAGMAS.has(name.slice(PRAGMA.length)) ? NO_INTENT : CALL
}

const TABLE_HINTS: ReadonlySet<string> = new Set(
  'noexpand nolock nowait paglock readcommitted readpast readuncommitted rowlock'.split(' '),
)

/**
 * True for `FROM t (NOLOCK)`, the old form of `WITH (NOLOCK)`, where `first` begins the table's name
 * and `open` is the parenthesis. In a query within another, the word might be a column of the outer
 * one, and `t` a function.
 */
export function isOldHint(tokens: Tokens, first: number, open: number, head: number): boolean {
  const before = wordAt(tokens, first - 1)
  if (before !== 'from' && before !== 'join') return false
  const close = pairOf(tokens, open)
  for (let at = open + 1; at < close; at++) {
    const wantsHint = (at - open) % 2 === 1
    if (wantsHint ? !TABLE_HINTS.has(wordAt(tokens, at)) : !isSymbol(tokens, at, ',')) return false
  }
  return close > open + 1 && !isNested(tokens, first, head)
}

function isNested(tokens: Tokens, at: number, head: number): boolean {
  let left = LONGEST_QUERY
  for (let back = at - 1; back >= head; back--) {
    if (left-- === 0 || isSymbol(tokens, back, '(')) return true
    if (isSymbol(tokens, back, ')')) back = pairOf(tokens, back)
  }
  return false
}

/** Snowflake reads files where a text that begins with `@` stands for a table. */
export function stageTextIntent(tokens: Tokens, at: number): IntentSet {
  return textAt(tokens, at) === '@' && isTablePlace(tokens, at) ? COPY : NO_INTENT
}

const TABLE_WORDS: ReadonlySet<string> = new Set(['from', 'join', 'using'])
const VALUE_WORDS: ReadonlySet<string> = new Set(
  'select where on having by and or not when then else case in like limit qualify values'.split(
    ' ',
  ),
)

/** True behind `FROM`, `JOIN` or `USING`, and behind a comma or a parenthesis there. */
function isTablePlace(tokens: Tokens, at: number): boolean {
  let left = LONGEST_LIST
  for (let back = at - 1; back >= 0; back--) {
    if (left-- === 0) return true
    const word = wordAt(tokens, back)
    if (TABLE_WORDS.has(word)) return true
    if (VALUE_WORDS.has(word)) return false
    if (isSymbol(tokens, back, ')')) back = pairOf(tokens, back)
    else if (isSymbol(tokens, back, '(') && !isTableParenthesis(tokens, back)) return false
  }
  return false
}

// `FROM (…`, `, (…`, not the parenthesis of a call.
function isTableParenthesis(tokens: Tokens, open: number): boolean {
  const before = textAt(tokens, open - 1)
  return TABLE_WORDS.has(before) || before === 'table' || before === ',' || before === '('
}
