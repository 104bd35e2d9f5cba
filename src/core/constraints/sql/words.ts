import {
  ALTER,
  CALL,
  COPY,
  CREATE,
  DELETE,
  DROP,
  GRANT,
  INSERT,
  type IntentSet,
  MERGE,
  NO_INTENT,
  OTHER,
  SELECT,
  SET,
  TRANSACTION,
  TRUNCATE,
  UPDATE,
} from './intents.ts'
import { type DialectRules, isNamePlace, type Statement } from './statement.ts'
import {
  isSymbol,
  isWord,
  kindAt,
  NUMBER,
  PARAMETER,
  pairOf,
  symbolAt,
  type Tokens,
  VARIABLE,
  wordAt,
} from './tokens.ts'

/** What a word within a statement adds. */
export type WordRule = (statement: Statement, at: number, rules: DialectRules) => IntentSet

/** Words within a statement that add an intent wherever they cannot be a name. */
const KEYWORDS: readonly (readonly [IntentSet, string])[] = [
  [INSERT, 'insert'],
  [UPDATE, 'update'],
  [DELETE, 'delete'],
  [MERGE, 'merge'],
  [CREATE, 'create'],
  [ALTER, 'alter'],
  [DROP, 'drop'],
  [TRUNCATE, 'truncate'],
  [GRANT, 'grant revoke'],
  [CALL, 'call exec execute'],
  [COPY, 'copy'],
]

/** Where statements need no semicolon, every word that may begin one. All of them are reserved. */
const LOOSE_KEYWORDS: readonly (readonly [IntentSet, string])[] = [
  [ALTER, 'add'],
  [GRANT, 'deny'],
  [COPY, 'backup restore dump bulk'],
  [SET, 'declare setuser'],
  [TRANSACTION, 'begin commit rollback save'],
  [
    OTHER,
    `break checkpoint close continue dbcc deallocate goto if kill load open print raiserror
readtext reconfigure return revert shutdown throw updatetext waitfor while writetext`,
  ],
  // Table hints that keep locks.
  [UPDATE, 'updlock xlock tablockx holdlock tablock serializable repeatableread'],
]

const SPECIAL: readonly (readonly [string, WordRule])[] = [
  ['select', selectRule],
  ['replace', replaceRule],
  ['overwrite', overwriteRule],
  ['values', valuesRule],
  ['table', valuesRule],
  ['into', intoRule],
  ['for', forRule],
  ['lock', lockRule],
  ['next', nextRule],
]

const LOOSE_SPECIAL: readonly (readonly [string, WordRule])[] = [
  ['set', looseSetRule],
  ['use', looseUseRule],
  ['fetch', looseFetchRule],
  ['enable', looseTriggerRule],
  ['disable', looseTriggerRule],
  ['end', looseEndRule],
]

/** The rules of a dialect by word. */
export function wordRulesOf(rules: DialectRules): ReadonlyMap<string, WordRule> {
  const byWord = new Map<string, WordRule>(SPECIAL)
  const put = ([intents, words]: readonly [IntentSet, string]): void => {
    for (const word of words.split(/\s+/)) byWord.set(word, keywordRule(intents))
  }
  KEYWORDS.forEach(put)
  if (rules.hasLooseStatements) {
    LOOSE_KEYWORDS.forEach(put)
    for (const [word, rule] of LOOSE_SPECIAL) byWord.set(word, rule)
  }
  if (rules.dialect === 'mysql' || rules.dialect === 'mariadb')
    byWord.set('procedure', procedureRule)
  if (rules.dialect === 'bigquery') byWord.set('export', pipedExportRule)
  return byWord
}

function keywordRule(intents: IntentSet): WordRule {
  return (statement, at, rules) =>
    isNamePlace(statement, at, rules) || isPartOfClause(statement, at, rules) ? NO_INTENT : intents
}

function isPartOfClause(statement: Statement, at: number, rules: DialectRules): boolean {
  const { tokens, headWord } = statement
  const word = wordAt(tokens, at)
  // `REPLACE(a, 'b', 'c')`, and in BigQuery and Snowflake `* REPLACE (a AS b)`.
  if (isSymbol(tokens, at + 1, '(') && rules.isPure(word)) return true
  // In a pipe `DROP` leaves columns out of the result.
  if (word === 'drop' && symbolAt(tokens, at - 1) === '|>') return true
  // How to join, in Transact-SQL. Both words are reserved.
  const next = wordAt(tokens, at + 1)
  if (word === 'merge' && (next === 'join' || next === 'union')) return true
  switch (wordAt(tokens, at - 1)) {
    case 'on':
      return headWord === 'create' || headWord === 'alter'
    case 'or':
      return headWord === 'create'
    case 'then':
      return headWord === 'merge'
    default:
      return false
  }
}

const inserts = keywordRule(INSERT | DELETE)

// `REPLACE INTO t`; in `UPDATE OR REPLACE t` it deletes what is in the way.
function replaceRule(statement: Statement, at: number, rules: DialectRules): IntentSet {
  const { tokens } = statement
  if (isWord(tokens, at - 1, 'conflict')) return NO_INTENT
  if (statement.headWord === 'create' && isWord(tokens, at - 1, 'or'))
    return replacesRows(tokens, at) ? DROP : NO_INTENT
  const owner = isWord(tokens, at - 1, 'or') ? wordAt(tokens, at - 2) : ''
  return owner === 'insert' || owner === 'update' ? DELETE : inserts(statement, at, rules)
}

const HOLDERS: ReadonlySet<string> = new Set(['table', 'schema', 'database', 'sequence', 'stage'])

// `CREATE OR REPLACE TEMPORARY TABLE`; a view or a function holds nothing that would be lost.
function replacesRows(tokens: Tokens, at: number): boolean {
  return [at + 1, at + 2, at + 3].some((next) => HOLDERS.has(wordAt(tokens, next)))
}

// `INSERT OVERWRITE`, `LOAD DATA OVERWRITE`: what was there is gone.
function overwriteRule(statement: Statement, at: number): IntentSet {
  const before = wordAt(statement.tokens, at - 1)
  return before === 'insert' || before === 'data' ? DELETE : NO_INTENT
}

// Reserved everywhere, so that only a dot makes it a name.
function selectRule(statement: Statement, at: number): IntentSet {
  return isSymbol(statement.tokens, at - 1, '.') ? NO_INTENT : SELECT
}

// `VALUES` of an insert is no query; of a query, and of a common table, it is.
function valuesRule(statement: Statement): IntentSet {
  return statement.isQuery ? SELECT : NO_INTENT
}

const OWNERS_OF_INTO: ReadonlySet<string> = new Set(['insert', 'merge', 'replace'])
const BETWEEN_OWNER_AND_INTO: ReadonlySet<string> = new Set(
  'or abort fail ignore replace rollback overwrite low_priority delayed high_priority'.split(' '),
)
const HEADS_OF_INTO: ReadonlySet<string> = new Set(
  'insert merge replace load copy vacuum import fetch'.split(' '),
)

function intoRule(statement: Statement, at: number, rules: DialectRules): IntentSet {
  const { tokens, headWord } = statement
  if (isSymbol(tokens, at - 1, '.') || isWord(tokens, at - 1, 'as')) return NO_INTENT
  const next = wordAt(tokens, at + 1)
  if (next === 'outfile' || next === 'dumpfile') return COPY
  if (!rules.hasLooseStatements && HEADS_OF_INTO.has(headWord)) return NO_INTENT
  if (isOwned(statement, at, rules)) return NO_INTENT
  const kind = kindAt(tokens, at + 1)
  return kind === VARIABLE || kind === PARAMETER ? SET : CREATE
}

// `INSERT INTO`, `INSERT OR REPLACE INTO`; in `SELECT 1 AS merge INTO t` the word before is a name.
function isOwned(statement: Statement, at: number, rules: DialectRules): boolean {
  const { tokens } = statement
  // `INSERT TOP (5) INTO`.
  const open = isSymbol(tokens, at - 1, ')') ? pairOf(tokens, at - 1) : at
  const start = isWord(tokens, open - 1, 'top') ? open - 1 : at
  for (let back = start - 1; back >= statement.head && back > start - 4; back--) {
    const word = wordAt(tokens, back)
    if (OWNERS_OF_INTO.has(word) && !isNamePlace(statement, back, rules)) return true
    if (!BETWEEN_OWNER_AND_INTO.has(word)) return false
  }
  return false
}

const LOCKS: ReadonlySet<string> = new Set(['update', 'share', 'no key', 'key share'])

function forRule(statement: Statement, at: number): IntentSet {
  const { tokens } = statement
  const next = wordAt(tokens, at + 1)
  const two = `${next} ${wordAt(tokens, at + 2)}`
  return LOCKS.has(next) || LOCKS.has(two) ? UPDATE : NO_INTENT
}

function lockRule(statement: Statement, at: number): IntentSet {
  return isWord(statement.tokens, at + 1, 'in') ? UPDATE : NO_INTENT
}

// `NEXT VALUE FOR sequence` moves the sequence.
function nextRule(statement: Statement, at: number): IntentSet {
  return isWord(statement.tokens, at + 1, 'value') ? CALL : NO_INTENT
}

function procedureRule(statement: Statement, at: number, rules: DialectRules): IntentSet {
  return statement.isQuery && !isNamePlace(statement, at, rules) ? CALL : NO_INTENT
}

function pipedExportRule(statement: Statement, at: number): IntentSet {
  return isSymbol(statement.tokens, at - 1, '|>') ? COPY : NO_INTENT
}

// The `SET` of an `UPDATE` follows its table; any other is a statement.
function looseSetRule(statement: Statement, at: number, rules: DialectRules): IntentSet {
  if (isNamePlace(statement, at, rules)) return NO_INTENT
  const { tokens } = statement
  for (let back = at - 1; back >= statement.head && back > at - 24; back--) {
    const word = wordAt(tokens, back)
    if (word === 'update' && !isNamePlace(statement, back, rules)) return NO_INTENT
    if (word === 'set') break
  }
  return SET
}

function looseUseRule(statement: Statement, at: number, rules: DialectRules): IntentSet {
  const { tokens } = statement
  const next = wordAt(tokens, at + 1)
  const isOption = isSymbol(tokens, at - 1, '(') || isSymbol(tokens, at - 1, ',')
  // `OPTION (USE HINT (…))`; elsewhere a database may have that name.
  if (isOption && (next === 'hint' || next === 'plan')) return NO_INTENT
  return isNamePlace(statement, at, rules) ? NO_INTENT : SET
}

// `FETCH NEXT 10 ROWS ONLY` counts, `FETCH NEXT FROM cursor` reads on.
function looseFetchRule(statement: Statement, at: number): IntentSet {
  const { tokens } = statement
  const next = wordAt(tokens, at + 1)
  const kind = kindAt(tokens, at + 2)
  const isCount = kind === NUMBER || kind === VARIABLE || isSymbol(tokens, at + 2, '(')
  return (next === 'next' || next === 'first') && isCount ? NO_INTENT : TRANSACTION
}

function looseEndRule(statement: Statement, at: number): IntentSet {
  return isWord(statement.tokens, at + 1, 'conversation') ? OTHER : NO_INTENT
}

function looseTriggerRule(statement: Statement, at: number): IntentSet {
  return isWord(statement.tokens, at + 1, 'trigger') ? ALTER : NO_INTENT
}
