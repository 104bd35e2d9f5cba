import { DESCRIBING_PRAGMAS, READING_PRAGMAS } from './heads.ts'
import { CALL, type IntentSet, NO_INTENT, OTHER, SET, SHOW, TRANSACTION } from './intents.ts'
import type { DialectRules, Statement } from './statement.ts'
import { isNamed, isSymbol, wordAt } from './tokens.ts'

/** What a statement does by its first words. */
export function headIntent(statement: Statement, rules: DialectRules): IntentSet {
  const { tokens, head, headWord } = statement
  const known = rules.heads.get(headWord)
  if (known === undefined) {
    const isProcedure = rules.hasLooseStatements && isNamed(tokens, head)
    return isProcedure ? CALL : NO_INTENT
  }
  const next = wordAt(tokens, head + 1)
  if (headWord === 'pragma' && rules.dialect === 'sqlite') return pragmaIntent(statement)
  if (headWord === 'analyze' && (next === 'table' || next === 'local')) return OTHER
  if (headWord === 'start') return next === 'transaction' ? TRANSACTION : OTHER
  if (headWord === 'prepare') return next === 'transaction' ? TRANSACTION : known
  return known
}

function pragmaIntent(statement: Statement): IntentSet {
  const { tokens, end } = statement
  const isInSchema = isSymbol(tokens, statement.head + 2, '.')
  const at = isInSchema ? statement.head + 3 : statement.head + 1
  const name = wordAt(tokens, at)
  if (at + 1 >= end) return READING_PRAGMAS.has(name) ? SHOW : SET
  return isSymbol(tokens, at + 1, '(') && DESCRIBING_PRAGMAS.has(name) ? SHOW : SET
}
