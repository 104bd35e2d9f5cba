import { CALL, type IntentSet, NO_INTENT } from './intents.ts'
import { type DialectRules, OPERAND_WORDS, type Statement } from './statement.ts'
import { isOldHint } from './tables.ts'
import {
  isNamed,
  isSymbol,
  isWord,
  kindAt,
  NAME,
  pairOf,
  STRING,
  SYMBOL,
  symbolAt,
  type Tokens,
  textAt,
  wordAt,
} from './tokens.ts'

/**
 * What the name at `at`, which a parenthesis follows, may do: nothing if it is a keyword, a type,
 * a pure function or no call at all; else it is a call.
 */
export function callIntent(statement: Statement, at: number, rules: DialectRules): IntentSet {
  const { tokens } = statement
  const first = firstOfChain(tokens, at)
  if (rules.hasLooseStatements && isOldHint(tokens, first, at + 1, statement.head)) return NO_INTENT
  if (first < at) return qualifiedIntent(statement, first, at, rules)
  if (isNoCall(statement, at)) return NO_INTENT
  if (isSymbol(tokens, at - 1, '::')) return typeIntent(tokens, at, rules)
  const name = textAt(tokens, at)
  if (kindAt(tokens, at) === NAME) return quotedIntent(name, rules)
  if (rules.parenthesisWords.has(name)) return NO_INTENT
  if (!statement.isQuery && COLUMN_WORDS.has(name)) return NO_INTENT
  if (!rules.isPure(name)) return CALL
  return isTrap(tokens, at, name) ? CALL : NO_INTENT
}

// In Snowflake `"lower"` is not the built-in `LOWER`, and names are kept in lower case here.
function quotedIntent(name: string, rules: DialectRules): IntentSet {
  return rules.isPure(name) && rules.dialect !== 'snowflake' ? NO_INTENT : CALL
}

/** Keywords that lists of columns follow in statements that write. */
const COLUMN_WORDS: ReadonlySet<string> = new Set(
  'check conflict index insert key output primary references returning unique'.split(' '),
)

// `account.database.schema.function`, and a dot between each.
const LONGEST_CHAIN = 8

/** The place of the first part of `a.b.c` that ends at `at`. */
function firstOfChain(tokens: Tokens, at: number): number {
  let first = at
  while (isSymbol(tokens, first - 1, '.') && isNamed(tokens, first - 2)) first -= 2
  return isSymbol(tokens, first - 1, '.') ? first - 1 : first
}

function qualifiedIntent(
  statement: Statement,
  first: number,
  at: number,
  rules: DialectRules,
): IntentSet {
  const { tokens } = statement
  if (isDefined(statement, first)) return NO_INTENT
  if (at - first > LONGEST_CHAIN) return CALL
  const name = textAt(tokens, at)
  const full = tokens.texts.slice(first, at + 1).join('')
  if (rules.isPure(full)) return NO_INTENT
  const qualifier = textAt(tokens, at - 2)
  switch (rules.dialect) {
    case 'postgresql':
      return at - first === 2 && qualifier === 'pg_catalog' && rules.isPure(name) ? NO_INTENT : CALL
    case 'bigquery':
      return isBigQueryPure(tokens, first, full, rules) ? NO_INTENT : CALL
    case 'snowflake':
      return qualifier === 'information_schema' ? NO_INTENT : CALL
    case 'transactsql':
      return isXmlMethod(tokens, at, qualifier) ? NO_INTENT : CALL
    case 'mysql':
    case 'mariadb':
    case 'sqlite':
      return CALL
  }
}

// `SAFE.SUBSTR(a, 1)`, and a chained call: `(a).UPPER()`.
function isBigQueryPure(tokens: Tokens, first: number, full: string, rules: DialectRules): boolean {
  if (isSymbol(tokens, first, '.')) return rules.isPure(full.slice(1))
  return wordAt(tokens, first) === 'safe' && rules.isPure(full.slice('safe.'.length))
}

const XML_METHODS: ReadonlySet<string> = new Set(['value', 'exist', 'nodes', 'query'])

// `column.value('(/a)[1]', 'int')`: a method of a type, where `dbo.value(...)` is a function.
function isXmlMethod(tokens: Tokens, at: number, qualifier: string): boolean {
  return (
    XML_METHODS.has(wordAt(tokens, at)) && qualifier !== 'dbo' && kindAt(tokens, at + 2) === STRING
  )
}

const STATIC_TYPES: ReadonlySet<string> = new Set(['geography', 'geometry', 'hierarchyid'])

// `a::numeric(10, 2)` is a type; in Transact-SQL `geography::Parse('...')` is a method of one.
function typeIntent(tokens: Tokens, at: number, rules: DialectRules): IntentSet {
  const isMethod = rules.hasLooseStatements && !STATIC_TYPES.has(wordAt(tokens, at - 2))
  return isMethod ? CALL : NO_INTENT
}

/** Pure functions with a form that is not. */
function isTrap(tokens: Tokens, at: number, name: string): boolean {
  const close = pairOf(tokens, at + 1)
  // With an argument it sets the value it returns.
  if (name === 'last_insert_id') return close !== at + 2
  // A name in a text: what is called is behind the second parenthesis.
  return name === 'identifier' && isSymbol(tokens, close + 1, '(')
}

const DEFINING_WORDS: ReadonlySet<string> = new Set(
  'into insert replace table overwrite references exists copy merge ignore'.split(' '),
)

/** A table with its columns, in a statement that writes: `INSERT INTO t (a, b)`. */
function isDefined(statement: Statement, first: number): boolean {
  return !statement.isQuery && DEFINING_WORDS.has(wordAt(statement.tokens, first - 1))
}

function isNoCall(statement: Statement, at: number): boolean {
  const { tokens } = statement
  if (isWord(tokens, at - 1, 'as')) return !isDefinition(tokens, at)
  return isDefined(statement, at) || isCommonTable(tokens, at) || isColumnAlias(tokens, at)
}

/**
 * `DEFINE x AS f(a)` and BigQuery's `WITH(x AS f(1), x)` define `x` by an expression: behind any other
 * `AS` stands an alias with its columns, or a type with its size.
 */
function isDefinition(tokens: Tokens, at: number): boolean {
  if (wordAt(tokens, at - 3) === 'define') return true
  const symbol = symbolAt(tokens, at - 3)
  if (symbol === '(') return wordAt(tokens, at - 4) === 'with'
  return symbol === ',' && isLaterDefinition(tokens, at - 4)
}

const NO_DEFINITION: ReadonlySet<string> = new Set(['from', 'select', 'with', 'join'])
const MOST_BACK = 2_000

/** Looks back from a comma to what the list it stands in belongs to, over balanced parentheses. */
function isLaterDefinition(tokens: Tokens, from: number): boolean {
  for (let back = from, steps = 0; back >= 0; back--, steps++) {
    if (steps > MOST_BACK) return true
    const word = wordAt(tokens, back)
    if (word === 'define') return true
    if (NO_DEFINITION.has(word)) return false
    if (isSymbol(tokens, back, ')')) back = pairOf(tokens, back)
    else if (isSymbol(tokens, back, '(')) return wordAt(tokens, back - 1) === 'with'
  }
  return false
}

// All reserved, so that none is a column: `FROM a, f(1) AS (b int)` calls `f`.
const QUERY_WORDS: ReadonlySet<string> = new Set(['select', 'with', 'table', 'from'])
const TABLE_PLACES: ReadonlySet<string> = new Set(['from', 'join', 'lateral', 'apply', ',', '('])

/** `WITH t (a, b) AS [NOT] [MATERIALIZED] (SELECT …`. */
function isCommonTable(tokens: Tokens, at: number): boolean {
  const before = textAt(tokens, at - 1)
  if (before !== 'with' && before !== 'recursive' && before !== ',') return false
  let next = pairOf(tokens, at + 1) + 1
  if (!isWord(tokens, next, 'as')) return false
  next++
  if (isWord(tokens, next, 'not')) next++
  if (isWord(tokens, next, 'materialized')) next++
  return isSymbol(tokens, next, '(') && isQueryStart(tokens, next + 1)
}

/** `(SELECT 1) t (a)`: names of columns behind a table that has a name of its own. */
function isColumnAlias(tokens: Tokens, at: number): boolean {
  if (!isSymbol(tokens, at - 1, ')')) return false
  const open = pairOf(tokens, at - 1)
  // `DISTINCT ON ((SELECT 1)) f(a)` calls `f`.
  const isTable = TABLE_PLACES.has(wordAt(tokens, open - 1) || symbolAt(tokens, open - 1))
  return isTable && isQueryStart(tokens, open + 1) && isNameList(tokens, at + 1)
}

function isQueryStart(tokens: Tokens, at: number): boolean {
  const word = wordAt(tokens, at)
  if (word === 'values') return isSymbol(tokens, at + 1, '(') || isWord(tokens, at + 1, 'row')
  return QUERY_WORDS.has(word) || isSymbol(tokens, at, '(')
}

function isNameList(tokens: Tokens, open: number): boolean {
  const close = pairOf(tokens, open)
  for (let at = open + 1; at < close; at++) {
    const wantsName = (at - open) % 2 === 1
    if (wantsName ? !isNamed(tokens, at) : !isSymbol(tokens, at, ',')) return false
  }
  return close > open + 1
}

/** True where a parenthesis follows what cannot be called, but in some mode of an engine may be. */
export function isStrangeCall(tokens: Tokens, at: number): boolean {
  if (!isSymbol(tokens, at + 1, '(')) return false
  return kindAt(tokens, at) !== SYMBOL || isNameInParentheses(tokens, at)
}

// `(d.f)(1)`; not `TOP (n) (a)`.
function isNameInParentheses(tokens: Tokens, close: number): boolean {
  const open = pairOf(tokens, close)
  if (!isSymbol(tokens, close, ')')) return false
  if (isNamed(tokens, open - 1) && !OPERAND_WORDS.has(wordAt(tokens, open - 1))) return false
  for (let at = open + 1; at < close; at++) {
    const wantsName = (at - open) % 2 === 1
    if (wantsName ? !isNamed(tokens, at) : !isSymbol(tokens, at, '.')) return false
  }
  return close > open + 1
}
