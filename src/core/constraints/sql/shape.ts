import type { DialectRules, Statement } from './statement.ts'
import {
  END,
  isSymbol,
  isWord,
  kindAt,
  NAME,
  NUMBER,
  STRING,
  symbolAt,
  type Tokens,
  WORD,
  wordAt,
} from './tokens.ts'

// An operand must follow these.
const OPERAND_WORDS: ReadonlySet<string> = new Set(
  `and between by else from having in intersect join like minus not on or select then union
using when where`.split(/\s+/),
)
const OPERAND_SYMBOLS: ReadonlySet<string> = new Set([...',.=<+-/|&^', '::'])
// None of these is one.
const CLAUSE_WORDS: ReadonlySet<string> = new Set(
  'and by from group having intersect join limit minus on or order then union when where'.split(
    ' ',
  ),
)
// A statement does not end with these, unless they are names.
const OPEN_WORDS: ReadonlySet<string> = new Set(
  `all as case cross distinct escape except full group inner interval is limit natural offset order outer
over partition recursive top values with`.split(/\s+/),
)
// `UNION ALL` wants a query; `GROUP BY ALL` and `FOR SYSTEM_TIME ALL` are whole.
const SET_WORDS: ReadonlySet<string> = new Set('except intersect minus select union'.split(' '))
// `OPTION (HASH JOIN)`.
const JOIN_HINTS: ReadonlySet<string> = new Set(['hash', 'loop', 'merge', 'remote'])
// What may follow the `*` of a select list.
const AFTER_STAR: ReadonlySet<string> = new Set(
  `cross except exclude fetch for from full group having ilike inner intersect into join left limit
minus natural offset option order qualify rename replace right union where window`.split(/\s+/),
)
const BEFORE_STAR: ReadonlySet<string> = new Set(['select', 'distinct', 'all'])

/**
 * Why a query cannot be whole: it ends where it must go on, or two things stand side by side that
 * cannot. No grammar: what passes may still be refused by the engine, and then does nothing.
 */
export function shapeDoubt(statement: Statement, rules: DialectRules): string | undefined {
  let open = 0
  for (let at = statement.head; at < statement.end; at++) {
    const word = wordAt(statement.tokens, at)
    if (word === 'case') open++
    else if (word === 'end') open--
    if (isBroken(statement, at, word, rules)) return 'the statement is cut short or misspelt'
  }
  return open > 0 ? 'a `CASE` without its `END`' : undefined
}

function isBroken(statement: Statement, at: number, word: string, rules: DialectRules): boolean {
  const { tokens } = statement
  const kind = kindAt(tokens, at)
  if (kind === NUMBER) return isLiteralBeside(tokens, at + 1, statement.end)
  if (kind === WORD) return isBrokenWord(statement, at, word, rules)
  const symbol = symbolAt(tokens, at)
  if (symbol === '!') return isBrokenBang(tokens, at, rules)
  if (symbol === '*') return isBrokenStar(statement, at, rules)
  if (symbol === '|>') return kindAt(tokens, at + 1) !== WORD || at + 1 >= statement.end
  if (!OPERAND_SYMBOLS.has(symbol)) return false
  // A comma may end a list, `+` a pattern: `PATTERN (a b+)`.
  const isLax = rules.dialect === 'bigquery' || rules.dialect === 'snowflake'
  if (symbol === ',' && isLax) return at + 1 === statement.end
  if (symbol === '+' && isLax && isSymbol(tokens, at + 1, ')')) return false
  return lacksOperand(statement, at + 1)
}

function isBrokenWord(
  statement: Statement,
  at: number,
  word: string,
  rules: DialectRules,
): boolean {
  const { tokens, end } = statement
  const isOpen = OPERAND_WORDS.has(word)
  if (!isOpen && !OPEN_WORDS.has(word)) return false
  if (isSymbol(tokens, at - 1, '.') || isWord(tokens, at - 1, 'as')) return false
  if (word === 'join' && rules.hasLooseStatements && JOIN_HINTS.has(wordAt(tokens, at - 1)))
    return at + 1 === end
  // `UNNEST(a) WITH OFFSET`.
  if (word === 'offset' && isWord(tokens, at - 1, 'with')) return false
  if (word === 'all' && !SET_WORDS.has(wordAt(tokens, at - 1))) return false
  if (!isOpen) return at + 1 === end || (word === 'as' && isSymbol(tokens, at + 1, ')'))
  return lacksOperand(statement, at + 1)
}

function lacksOperand(statement: Statement, at: number): boolean {
  if (at === statement.end) return true
  const { tokens } = statement
  const symbol = symbolAt(tokens, at)
  if (symbol === ')' || symbol === ']' || symbol === ',') return true
  // `date.from (` is no clause, and neither is a column of that name behind a dot.
  return CLAUSE_WORDS.has(wordAt(tokens, at)) && !isSymbol(tokens, at + 1, '.')
}

function isBrokenStar(statement: Statement, at: number, rules: DialectRules): boolean {
  const { tokens } = statement
  const before = symbolAt(tokens, at - 1)
  const isColumns = BEFORE_STAR.has(wordAt(tokens, at - 1)) || before === ',' || before === '.'
  if (!isColumns) return false
  const kind = kindAt(tokens, at + 1)
  if (at + 1 >= statement.end || kind === END) return false
  if (kind === NAME || kind === NUMBER || kind === STRING) return true
  const word = wordAt(tokens, at + 1)
  const begins = rules.hasLooseStatements && rules.heads.has(word)
  return kind === WORD && !begins && !AFTER_STAR.has(word)
}

function isLiteralBeside(tokens: Tokens, at: number, end: number): boolean {
  const kind = kindAt(tokens, at)
  return at < end && (kind === NUMBER || kind === STRING)
}

// `!=`; what a shell takes for a command of its own (`!! dir`, `!system`) is no operator.
function isBrokenBang(tokens: Tokens, at: number, rules: DialectRules): boolean {
  if (rules.dialect === 'mysql' || rules.dialect === 'mariadb') return false
  return !'=<>~'.includes(symbolAt(tokens, at + 1) || ' ')
}
