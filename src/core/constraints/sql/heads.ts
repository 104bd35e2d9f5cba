import type { SqlDialect } from '../../model/call.ts'
import {
  ALTER,
  CALL,
  COPY,
  CREATE,
  DELETE,
  DROP,
  EXPLAIN,
  GRANT,
  INSERT,
  type IntentSet,
  MERGE,
  NO_INTENT,
  OTHER,
  SELECT,
  SET,
  SHOW,
  TRANSACTION,
  TRUNCATE,
  UPDATE,
} from './intents.ts'

/** What a statement does by its first word, in any dialect. */
const COMMON: readonly (readonly [IntentSet, string])[] = [
  // What `WITH` does is said by what follows.
  [NO_INTENT, 'with'],
  [SELECT, 'select values'],
  [INSERT, 'insert'],
  [INSERT | DELETE, 'replace'],
  [UPDATE, 'update'],
  [DELETE, 'delete'],
  [MERGE, 'merge'],
  [CREATE, 'create undrop'],
  [ALTER, 'alter rename'],
  [DROP, 'drop'],
  [TRUNCATE, 'truncate'],
  [GRANT, 'grant revoke'],
  [CALL, 'call exec execute do prepare deallocate'],
  [COPY, 'copy'],
  [SET, 'set reset use discard unset pragma let'],
  [
    TRANSACTION,
    'begin start commit rollback savepoint release end abort xa fetch move close open declare',
  ],
  [EXPLAIN, 'explain'],
  [SHOW, 'show describe desc help'],
  [
    OTHER,
    `analyze analyse assert attach backup binlog break cache change check checkpoint checksum cluster
comment continue dbcc detach disable dump elseif else enable exit flush for goto handler if import
install iterate kill leave listen load lock loop notify optimize print purge raise raiserror reassign
receive reconfigure refresh reindex repair repeat resignal restore return revert save security send
shutdown signal stop throw uninstall unlisten unlock vacuum waitfor while`,
  ],
]

const OWN: Readonly<Record<SqlDialect, readonly (readonly [IntentSet, string])[]>> = {
  postgresql: [
    [SELECT, 'table'],
    [CREATE, 'import'],
  ],
  mysql: [
    [SELECT, 'table'],
    [COPY | INSERT, 'load'],
    [EXPLAIN, 'analyze'],
    [GRANT, 'deny'],
  ],
  mariadb: [
    [COPY | INSERT, 'load'],
    [EXPLAIN, 'analyze'],
    [COPY, 'backup'],
  ],
  sqlite: [],
  transactsql: [
    // No statements there, so that they name procedures.
    [CALL, 'desc describe help pragma show'],
    [SET, 'declare'],
    [GRANT, 'deny'],
    [COPY | INSERT, 'bulk'],
    [COPY, 'backup restore dump'],
  ],
  bigquery: [
    [SELECT, 'from'],
    [SET, 'declare'],
    [COPY, 'export'],
    [COPY | INSERT, 'load'],
  ],
  snowflake: [
    [SHOW, 'list ls'],
    [SET, 'declare'],
    [COPY, 'put get unload'],
    [COPY | DELETE, 'remove rm'],
  ],
}

/** First words that begin a query; its parts are looked at as parts of a query. */
export const QUERY_HEADS: ReadonlySet<string> = new Set([
  'select',
  'with',
  'values',
  'table',
  'from',
])

/** First words of a dialect with what their statements do. */
export function headsOf(dialect: SqlDialect): ReadonlyMap<string, IntentSet> {
  const heads = new Map<string, IntentSet>()
  for (const [intents, words] of [...COMMON, ...OWN[dialect]])
    for (const word of words.split(/\s+/)) heads.set(word, intents)
  return heads
}

/** Pragmas of SQLite that only read, where they are given no value. */
export const READING_PRAGMAS: ReadonlySet<string> = new Set(
  `application_id auto_vacuum cache_size collation_list compile_options database_list encoding
foreign_key_list foreign_keys freelist_count function_list index_info index_list index_xinfo
journal_mode module_list page_count page_size pragma_list schema_version synchronous table_info
table_list table_xinfo user_version`.split(/\s+/),
)

/** Pragmas of SQLite that take what they read about in parentheses. */
export const DESCRIBING_PRAGMAS: ReadonlySet<string> = new Set(
  'foreign_key_list index_info index_list index_xinfo table_info table_list table_xinfo'.split(' '),
)
