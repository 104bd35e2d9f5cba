import { beforeAll, describe, expect, it } from 'vitest'
import type { SqlDialect } from '../../model/call.ts'
import { intentNames } from './intents.ts'
import { createSqlParsers } from './parsers.ts'
import { createSqlJudge } from './verdict.ts'

const parsers = createSqlParsers()
beforeAll(() => parsers.load('postgresql'))

function judged(dialect: SqlDialect, text: string): string {
  const verdict = createSqlJudge(dialect, [])(text, parsers)
  const names = [...intentNames(verdict.intents)]
  return [...names, ...(verdict.doubt === undefined ? [] : ['?'])].join(' ')
}

describe('a name that is a keyword elsewhere hides no `INTO`', () => {
  it.each<[SqlDialect, string, string]>([
    ['mysql', "SELECT 1 AS merge INTO OUTFILE '/x'", 'select copy'],
    ['mysql', "SELECT t.copy INTO DUMPFILE '/x' FROM t", 'select copy'],
    ['mysql', 'SELECT 1 overwrite INTO @a', 'select set'],
    ['mysql', 'INSERT IGNORE INTO t SELECT 1', 'select insert'],
    ['sqlite', 'WITH c AS (SELECT 1) INSERT OR REPLACE INTO t SELECT 1', 'select insert delete'],
    ['transactsql', 'SELECT 1 AS copy INTO #t', 'select create'],
    ['transactsql', 'SELECT 1 vacuum INTO t2', 'select create'],
    ['transactsql', 'SELECT 1 INSERT INTO t VALUES (1)', 'select insert'],
    ['snowflake', 'SELECT 1 vacuum INTO :x', 'select set'],
  ])('%s: %s is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})

describe('what is read as a table may do more', () => {
  it.each<[SqlDialect, string, string]>([
    ['sqlite', 'SELECT * FROM pragma_optimize', 'select call'],
    ['sqlite', 'SELECT * FROM "pragma_optimize"', 'select call'],
    ['sqlite', "SELECT * FROM main.'PRAGMA_optimize'", 'select call'],
    ['sqlite', "SELECT * FROM fsdir WHERE path = '/'", 'select call'],
    ['sqlite', 'SELECT * FROM pragma_user_version', 'select'],
    ['sqlite', "SELECT * FROM pragma_table_info WHERE arg = 't'", 'select'],
    ['snowflake', 'SELECT $1 FROM $$@s/a$$', 'select copy'],
    ['snowflake', "SELECT 1 FROM t, '@s/a'", 'select copy'],
    ['snowflake', "SELECT 1 FROM ('@s/a')", 'select copy'],
    [
      'snowflake',
      "SELECT '@a', f FROM t WHERE b IN ('@c', '@d') AND CONCAT('@e', b) = ''",
      'select',
    ],
  ])('%s: %s is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})

describe('words that are reserved are no operands', () => {
  it.each<[SqlDialect, string, string]>([
    ['sqlite', 'SELECT 1\n/\nDELETE FROM t', 'select delete'],
    ['mysql', 'SELECT 1,\nDROP TABLE t', 'select drop'],
    ['mysql', 'SELECT t.delete, `drop`, 1 AS "update" FROM t', 'select'],
    ['bigquery', 'SELECT 1, delete FROM d.t', 'select'],
  ])('%s: %j is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})

describe('what is part of a clause adds nothing', () => {
  it.each<[SqlDialect, string, string]>([
    ['sqlite', 'CREATE TABLE t (a PRIMARY KEY ON CONFLICT REPLACE)', 'create'],
    ['sqlite', 'UPDATE OR REPLACE t SET a = 1', 'update delete'],
    ['transactsql', 'INSERT TOP (5) INTO t SELECT 1', 'select insert'],
    ['bigquery', "LOAD DATA INTO d.t FROM FILES (uris = ['x'])", 'insert copy'],
    ['mysql', 'SELECT \\N', 'select'],
  ])('%s: %s is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})

describe('what is there before is lost', () => {
  it.each<[SqlDialect, string, string]>([
    ['snowflake', 'INSERT OVERWRITE INTO t SELECT 1', 'select insert delete'],
    ['bigquery', "LOAD DATA OVERWRITE d.t FROM FILES (uris = ['x'])", 'insert delete copy'],
    ['snowflake', 'REMOVE @s', 'delete copy'],
    ['mariadb', 'CREATE OR REPLACE TEMPORARY TABLE t (a INT)', 'create drop'],
    ['mysql', 'CREATE OR REPLACE VIEW v AS SELECT 1', 'select create'],
    ['postgresql', 'ALTER TABLE t DROP COLUMN a', 'alter drop'],
    ['postgresql', 'ALTER TABLE t ADD COLUMN a int', 'alter'],
  ])('%s: %s is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})

describe('calls in an unusual form', () => {
  it.each<[SqlDialect, string, string]>([
    ['snowflake', 'SELECT "lower"(a) FROM t', 'select call'],
    ['bigquery', 'SELECT (a).(d.f)(1)', 'select call ?'],
    ['bigquery', 'SELECT (a).f(1)', 'select call'],
    ['snowflake', 'SELECT s."NEXTVAL"', 'select call'],
    ['bigquery', "SELECT ('a').UPPER()", 'select'],
    ['bigquery', 'SELECT (d.f)(1)', 'select ?'],
    ['transactsql', 'SELECT TOP (n) (a) FROM t', 'select'],
  ])('%s: %s is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})

describe('statements of Transact-SQL behind others', () => {
  it.each([
    ['SELECT 1 USE hint', 'select set'],
    ["SELECT 1 OPTION (MAXDOP 1, USE HINT ('x'))", 'select'],
    ['SELECT 1 AS\nGO\nsp_who', 'select call ?'],
    ['SELECT t.\nGO\nsp_who', 'select call ?'],
    ['SELECT 1 END CONVERSATION @h', 'select other'],
    ['SELECT 1 ADD SIGNATURE TO x BY CERTIFICATE y', 'select alter'],
    ['show DELETE FROM t', 'delete call'],
    ['pragma DELETE FROM t', 'delete call'],
    ['SELECT 1 OPTION (MERGE JOIN, HASH JOIN)', 'select'],
    ['SELECT * FROM dbo.t (NOLOCK) JOIN u (READPAST, ROWLOCK) ON a = b', 'select'],
    ['SELECT * FROM t (XLOCK)', 'select update call'],
    ['SELECT dbo.f(nolock) FROM t', 'select call'],
    ['SELECT (SELECT a FROM f(nolock)) FROM t', 'select call'],
    ['SELECT * FROM t INNER MERGE JOIN u ON a = b', 'select'],
  ])('%j is %s', (text, want) => {
    expect(judged('transactsql', text)).toBe(want)
  })
})

it('takes `WITH OFFSET` for whole', () => {
  expect(judged('bigquery', 'SELECT 1 FROM UNNEST([1]) WITH OFFSET')).toBe('select')
})

it('doubts a pipe that leads nowhere', () => {
  expect(judged('bigquery', 'FROM d.t |>')).toBe('select ?')
})

describe('what stands behind AS', () => {
  it.each<[SqlDialect, string, string]>([
    [
      'snowflake',
      'select * from t match_recognize(order by a pattern (x+) define x as f(a) > 1)',
      'select call',
    ],
    [
      'snowflake',
      'select * from t match_recognize(order by a pattern (x y) define x as a > 1, y as f(a) > 1)',
      'select call',
    ],
    ['bigquery', 'select with(a as f(1), a)', 'select call'],
    ['bigquery', 'select with(a as 1, b as f(1), a)', 'select call'],
    [
      'snowflake',
      'select cast(a as number(10, 2)), cast(b as varchar(3)) from t as x(a), u as y(b)',
      'select',
    ],
    [
      'postgresql',
      'with a as materialized (select 1), b as materialized (select 2) select 1',
      'select',
    ],
    ['postgresql', 'select * from json_to_recordset($1) as x(a int), unnest($2) as y(b)', 'select'],
    ['transactsql', 'select cast(a as decimal(10,2)), cast(b as varchar(20)) from t', 'select'],
  ])('%s: %s is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})
