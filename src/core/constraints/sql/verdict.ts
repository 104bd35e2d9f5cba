import type { SqlDialect } from '../../model/call.ts'
import type { SqlParsers } from '../constraint.ts'
import { type IntentSet, NO_INTENT } from './intents.ts'
import { createReader, type Reading } from './judge.ts'
import { pureFunctions } from './parentheses.ts'
import { MAX_OPERATOR_RUN, MAX_PARSED_TOKENS } from './parser-bounds.ts'
import { isParsed } from './parsers.ts'
import { intentsOfTree } from './postgres-tree.ts'

/**
 * What a text may do. With a `doubt` it may do more than `intents` says, and nothing may be
 * allowed because of it.
 */
export interface Verdict {
  readonly intents: IntentSet
  readonly doubt: string | undefined
}

/** Judges texts of one dialect, or of an unknown one. Needs `parsers` to be ready. */
export type SqlJudge = (text: string, parsers: SqlParsers | undefined) => Verdict

/** Six readings cost six times as much. */
export const MAX_TEXT_OF_ANY_DIALECT = 16_384

/** Dialects that fall into tokens, or into statements, in ways of their own. */
const DISTINCT_DIALECTS: readonly SqlDialect[] = [
  'postgresql',
  'mysql',
  'sqlite',
  'transactsql',
  'bigquery',
  'snowflake',
]

/** Makes the judge of a dialect. `functions` are taken to be pure besides the built-in ones. */
export function createSqlJudge(
  dialect: SqlDialect | undefined,
  functions: readonly string[],
): SqlJudge {
  const pure = pureFunctions(dialect === undefined ? DISTINCT_DIALECTS : [dialect])
  const extra = new Set(functions.map((name) => name.toLowerCase()))
  const isPure = (name: string): boolean => pure.has(name) || extra.has(name)
  if (dialect === undefined) return judgeOfAll(isPure)
  const read = createReader(dialect, isPure)
  if (!isParsed(dialect)) return (text) => verdictOf(read(text))
  return (text, parsers) => confirmed(read(text), dialect, text, parsers, isPure)
}

function verdictOf(reading: Reading): Verdict {
  return { intents: reading.heads | reading.middle, doubt: reading.fault ?? reading.doubt }
}

// INVARIANT: a text of an unknown dialect does what it does in any of them.
function judgeOfAll(isPure: (name: string) => boolean): SqlJudge {
  const readers = DISTINCT_DIALECTS.map((dialect) => createReader(dialect, isPure))
  return (text) => {
    let intents: IntentSet = NO_INTENT
    if (text.length > MAX_TEXT_OF_ANY_DIALECT)
      return {
        intents,
        doubt: `more than ${MAX_TEXT_OF_ANY_DIALECT} characters of no known dialect`,
      }
    for (const read of readers) {
      const verdict = verdictOf(read(text))
      intents |= verdict.intents
      if (verdict.doubt !== undefined)
        return { intents, doubt: `${verdict.doubt}; the dialect is not known` }
    }
    return { intents, doubt: undefined }
  }
}

/**
 * Both judges together. The lexer decides what a text is and how its statements begin; which words
 * within them are keywords and which are names is the parser's to say, since it has the grammar.
 */
function confirmed(
  reading: Reading,
  dialect: SqlDialect,
  text: string,
  parsers: SqlParsers | undefined,
  isPure: (name: string) => boolean,
): Verdict {
  const all = verdictOf(reading)
  if (reading.fault !== undefined) return all
  if (parsers === undefined) return { ...all, doubt: 'there is no parser to confirm it' }
  if (reading.tokenCount > MAX_PARSED_TOKENS)
    return { ...all, doubt: `more than ${MAX_PARSED_TOKENS} words and marks` }
  if (hasLongOperator(text)) return { ...all, doubt: 'too many operators in a row' }
  const tree = parse(parsers, dialect, text)
  const intents = intentsOfTree(tree, isPure)
  return intents === undefined
    ? { ...all, doubt: reading.doubt ?? 'PostgreSQL would not parse it' }
    : { intents: intents | reading.heads, doubt: undefined }
}

// A syntax error, memory exhausted, a stack too deep: whatever it is, nothing is confirmed.
function parse(parsers: SqlParsers, dialect: SqlDialect, text: string): unknown {
  try {
    return parsers.parse(dialect, text)
  } catch {
    return undefined
  }
}

const OPERATORS: ReadonlySet<string> = new Set('~!@#^&|`?+-*/%<>=')

function hasLongOperator(text: string): boolean {
  let run = 0
  for (const character of text) {
    run = OPERATORS.has(character) ? run + 1 : 0
    if (run > MAX_OPERATOR_RUN) return true
  }
  return false
}
