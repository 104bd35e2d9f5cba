import { callIntent } from './calls.ts'
import { CALL, COPY, GRANT, type IntentSet, NO_INTENT, SET } from './intents.ts'
import type { DialectRules, Statement } from './statement.ts'
import { stageTextIntent, tableIntent } from './tables.ts'
import {
  isSymbol,
  NAME,
  STRING,
  SYMBOL,
  symbolAt,
  type Tokens,
  textAt,
  VARIABLE,
  WORD,
  wordAt,
} from './tokens.ts'
import type { WordRule } from './words.ts'

/** What may be looked at in a statement: not everything means something everywhere. */
interface Sight {
  readonly words: boolean
  calls: boolean
}

/** What keywords, calls and variables behind a statement's first word may do. */
export function middleIntent(
  statement: Statement,
  rules: DialectRules,
  wordRules: ReadonlyMap<string, WordRule>,
): IntentSet {
  const sight = sightOf(statement, rules)
  if (sight === undefined) return NO_INTENT
  const { tokens, end } = statement
  let intents: IntentSet = NO_INTENT
  for (let at = statement.head + 1; at < end; at++) {
    switch (tokens.kinds[at]) {
      case WORD:
        intents |= wordIntent(statement, at, rules, wordRules, sight)
        break
      case NAME:
        intents |= nameIntent(statement, at, rules, sight)
        break
      case SYMBOL:
        intents |= symbolIntent(tokens, at, rules)
        break
      case VARIABLE:
      case STRING:
        intents |= markIntent(statement, at, rules)
        break
    }
  }
  return intents
}

// A list of privileges names statements, `SHOW CREATE TABLE` too; tables are defined with columns
// in parentheses, until a query begins.
function sightOf(statement: Statement, rules: DialectRules): Sight | undefined {
  const { headWord } = statement
  const defines = headWord === 'create' || headWord === 'alter' || headWord === 'drop'
  if (rules.hasLooseStatements) return { words: true, calls: !defines }
  if (rules.heads.get(headWord) === GRANT || headWord === 'pragma') return undefined
  return { words: headWord !== 'show', calls: !defines }
}

function wordIntent(
  statement: Statement,
  at: number,
  rules: DialectRules,
  wordRules: ReadonlyMap<string, WordRule>,
  sight: Sight,
): IntentSet {
  const { tokens } = statement
  const word = tokens.texts[at] ?? ''
  if (word === 'select') sight.calls = true
  let intents: IntentSet = NO_INTENT
  if (sight.words) intents |= wordRules.get(word)?.(statement, at, rules) ?? NO_INTENT
  return intents | nameIntent(statement, at, rules, sight)
}

function nameIntent(
  statement: Statement,
  at: number,
  rules: DialectRules,
  sight: Sight,
): IntentSet {
  const { tokens } = statement
  if (!sight.calls) return NO_INTENT
  if (isSymbol(tokens, at + 1, '(')) return callIntent(statement, at, rules)
  // `sequence."NEXTVAL"`, without parentheses.
  if (isSymbol(tokens, at - 1, '.') && textAt(tokens, at).toLowerCase() === 'nextval') return CALL
  return tableIntent(textAt(tokens, at), rules)
}

function symbolIntent(tokens: Tokens, at: number, rules: DialectRules): IntentSet {
  const symbol = tokens.texts[at]
  if (symbol === ':=') return rules.dialect === 'postgresql' ? NO_INTENT : SET
  // A chained call of a function in a dataset: `(a).(d.f)()`.
  const isChained = symbol === '.' && rules.dialect === 'bigquery' && isSymbol(tokens, at + 1, '(')
  return isChained ? CALL : NO_INTENT
}

const CONDITION_WORDS: ReadonlySet<string> = new Set(
  'where and or on when not having then else like in between is set values return'.split(' '),
)

/** What variables and texts do in dialects where they are more than values. */
function markIntent(statement: Statement, at: number, rules: DialectRules): IntentSet {
  const { tokens } = statement
  const before = wordAt(tokens, at - 1)
  if (rules.dialect === 'snowflake')
    return tokens.kinds[at] === VARIABLE ? COPY : stageTextIntent(tokens, at)
  if (rules.dialect === 'sqlite') return tableIntent(textAt(tokens, at), rules)
  // `SELECT @a = 1` assigns; `WHERE @a = 1` compares.
  const isAssigned =
    rules.hasLooseStatements && tokens.kinds[at] === VARIABLE && isAssignment(tokens, at + 1)
  const isCompared = CONDITION_WORDS.has(before) || isSymbol(tokens, at - 1, '(')
  return isAssigned && !isCompared ? SET : NO_INTENT
}

function isAssignment(tokens: Tokens, at: number): boolean {
  if (isSymbol(tokens, at, '=')) return true
  return '+-*/%&^|'.includes(symbolAt(tokens, at) || ' ') && isSymbol(tokens, at + 1, '=')
}
