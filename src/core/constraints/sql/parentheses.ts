import type { SqlDialect } from '../../model/call.ts'
import { BIGQUERY_FUNCTIONS } from './functions/bigquery.ts'
import { MYSQL_FUNCTIONS } from './functions/mysql.ts'
import { POSTGRESQL_FUNCTIONS } from './functions/postgresql.ts'
import { SNOWFLAKE_FUNCTIONS } from './functions/snowflake.ts'
import { SQLITE_FUNCTIONS } from './functions/sqlite.ts'
import { TRANSACTSQL_FUNCTIONS } from './functions/transactsql.ts'

/** Keywords that may stand before a parenthesis without being called. */
const COMMON = `all and any array as between by case collate cube distinct else escape except
exists filter from group having ilike in interval intersect is join lateral like limit materialized
minus not of offset on or order over partition recursive rollup row select sets set some
table then union using values when where window with within`

const OWN: Readonly<Record<SqlDialect, string>> = {
  postgresql: `bernoulli cast columns first next only ordinality passing precision repeatable
rows similar system tablesample time timestamp varying`,
  mysql: `against binary columns distinctrow div dual force ignore index key match mod regexp rlike
separator sounds straight_join use xor`,
  mariadb: `against binary columns distinctrow div dual force ignore index key match mod regexp rlike
separator sounds straight_join use xor`,
  sqlite: 'glob indexed isnull match notnull regexp',
  transactsql: `apply auto contained elements fast forceseek hint index match maxdop maxrecursion option
outer output path percent pivot raw repeatable root system tablesample ties top unknown unpivot
for xmlschema`,
  bigquery: `aggregate assert define exclude extend files measures nulls only options pattern pivot qualify rename replace
rows struct system tablesample unpivot`,
  snowflake: `at before bernoulli block changes connect define exclude match_condition match_recognize
measures only pattern pivot qualify rename repeatable replace rlike regexp row sample seed subset system
tablesample unpivot`,
}

const FUNCTIONS: Readonly<Record<SqlDialect, string>> = {
  postgresql: POSTGRESQL_FUNCTIONS,
  mysql: MYSQL_FUNCTIONS,
  mariadb: MYSQL_FUNCTIONS,
  sqlite: SQLITE_FUNCTIONS,
  transactsql: TRANSACTSQL_FUNCTIONS,
  bigquery: BIGQUERY_FUNCTIONS,
  snowflake: SNOWFLAKE_FUNCTIONS,
}

/** Keywords of a dialect that a parenthesis may follow. */
export function parenthesisWords(dialect: SqlDialect): ReadonlySet<string> {
  return new Set(`${COMMON} ${OWN[dialect]}`.split(/\s+/))
}

/** Functions and types of the dialects that only compute or read, in lower case. */
export function pureFunctions(dialects: readonly SqlDialect[]): ReadonlySet<string> {
  return new Set(dialects.flatMap((dialect) => FUNCTIONS[dialect].split(/\s+/)))
}
