import { callIntent } from './calls.ts'
import { COPY, GRANT, type IntentSet, NO_INTENT, SET } from './intents.ts'
import type { DialectRules, Statement } from './statement.ts'
import {
  isSymbol,
  NAME,
  STRING,
  SYMBOL,
  symbolAt,
  type Tokens,
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
        if (sight.calls && isSymbol(tokens, at + 1, '('))
          intents |= callIntent(statement, at, rules)
        break
      case SYMBOL:
        if (tokens.texts[at] === ':=' && rules.dialect !== 'postgresql') intents |= SET
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
  const isGrant = rules.heads.get(headWord) === GRANT && !rules.hasLooseStatements
  if (isGrant || headWord === 'pragma') return undefined
  const defines = headWord === 'create' || headWord === 'alter' || headWord === 'drop'
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
  if (sight.calls && isSymbol(tokens, at + 1, '(')) intents |= callIntent(statement, at, rules)
  return intents
}

const CONDITION_WORDS: ReadonlySet<string> = new Set(
  'where and or on when not having then else like in between is set values return'.split(' '),
)

/** What variables and texts do in dialects where they are more than values. */
function markIntent(statement: Statement, at: number, rules: DialectRules): IntentSet {
  const { tokens } = statement
  const before = wordAt(tokens, at - 1)
  if (rules.dialect === 'snowflake') {
    const isStage = tokens.kinds[at] === VARIABLE
    const isQuotedStage = tokens.texts[at] === '@' && (before === 'from' || before === 'join')
    return isStage || isQuotedStage ? COPY : NO_INTENT
  }
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
