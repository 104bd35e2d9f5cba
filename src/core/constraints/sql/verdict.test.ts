import { beforeAll, describe, expect, it } from 'vitest'
import type { SqlDialect } from '../../model/call.ts'
import { intentNames } from './intents.ts'
import { createSqlParsers } from './parsers.ts'
import { createSqlJudge, MAX_TEXT_OF_ANY_DIALECT } from './verdict.ts'

const parsers = createSqlParsers()
beforeAll(() => parsers.load('postgresql'))

/** The intents of a text, or `?` where it is in doubt: `select delete`, `select ?`. */
function judged(dialect: SqlDialect | undefined, text: string, functions: string[] = []): string {
  const verdict = createSqlJudge(dialect, functions)(text, parsers)
  const names = [...intentNames(verdict.intents)]
  return [...names, ...(verdict.doubt === undefined ? [] : ['?'])].join(' ')
}

describe('pure reads', () => {
  it.each<[SqlDialect, string]>([
    ['postgresql', 'SELECT DISTINCT ON (a) comment, lock, load FROM t ORDER BY a USING <'],
    ['postgresql', 'SELECT substring(a FROM 1 FOR 2), trim(BOTH FROM a), position(a IN b) FROM t'],
    ['postgresql', 'SELECT extract(year FROM a AT TIME ZONE $1), a::numeric(10, 2) FROM t'],
    ['postgresql', 'TABLE t'],
    ['postgresql', 'VALUES (1), (2) ORDER BY 1 FETCH FIRST 1 ROW ONLY'],
    ['postgresql', 'SELECT * FROM t TABLESAMPLE bernoulli (10), LATERAL (SELECT 1) x (a)'],
    ['postgresql', 'SELECT count(*) FILTER (WHERE a) OVER w FROM t WINDOW w AS (PARTITION BY b)'],
    ['postgresql', "SELECT * FROM json_to_recordset('[]') AS x (a int)"],
    ['postgresql', 'SELECT pg_catalog."lower"(a), 1 OPERATOR(pg_catalog.+) 2 FROM t'],
    ['postgresql', "SELECT 1 AS update, E'\\'' AS \"delete\", 5 # 3"],
    ['mysql', 'SELECT REPLACE(a, 1, 2), INSERT(a, 1, 1, 2), TRUNCATE(a, 1), IF(a, 1, 2) FROM t'],
    ['mysql', 'SELECT GROUP_CONCAT(a ORDER BY b SEPARATOR ",") FROM t GROUP BY c WITH ROLLUP'],
    ['mysql', "SELECT MATCH (a, b) AGAINST ('x' IN BOOLEAN MODE) FROM t USE INDEX (i)"],
    ['mysql', "SELECT * FROM JSON_TABLE(a, '$[*]' COLUMNS (b INT PATH '$.b')) AS j"],
    ['mysql', 'SELECT @@sql_mode, @a, begin, end FROM t LIMIT 5, 10'],
    ['mysql', 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c'],
    ['mysql', 'SELECT LAST_INSERT_ID(), 5--1 # c'],
    ['mariadb', 'SELECT * FROM t FOR SYSTEM_TIME ALL'],
    ['sqlite', 'SELECT [a b], replace(c, 1, 2), iif(a, 1, 2) FROM t INDEXED BY i'],
    ['sqlite', "SELECT * FROM pragma_table_info('t'), json_each('[]')"],
    ['sqlite', 'SELECT sum(a) OVER (ROWS UNBOUNDED PRECEDING EXCLUDE TIES) FROM t /* open'],
    ['transactsql', 'SELECT TOP (5) [a], b FROM dbo.t AS u WITH (NOLOCK, INDEX (i)) ORDER BY a'],
    ['transactsql', 'SELECT * FROM t ORDER BY a OFFSET 1 ROWS FETCH NEXT 5 ROWS ONLY'],
    ['transactsql', ";WITH c (n) AS (SELECT 1) SELECT * FROM c OPTION (USE HINT ('x'))"],
    ['transactsql', "SELECT a FROM t FOR XML PATH ('x'), ROOT ('y')"],
    ['transactsql', "SELECT a FROM OPENJSON(@j) WITH (a nvarchar(9) '$.a') WHERE @b = 1"],
    ['transactsql', "SELECT x.value('(/a)[1]', 'int'), geography::Parse('x') FROM t"],
    ['transactsql', 'SELECT * FROM (SELECT a, b FROM t) s PIVOT (SUM(b) FOR a IN ([x])) p'],
    ['bigquery', 'SELECT * EXCEPT (a) REPLACE (b + 1 AS b) FROM `p.d.t`'],
    ['bigquery', 'FROM d.t |> WHERE a > 1 |> AGGREGATE COUNT(*) AS n GROUP BY b |> DROP b'],
    [
      'bigquery',
      "SELECT ARRAY<INT64>[1], STRUCT<a INT64>(1), SAFE.SUBSTR(a, 1), NET.HOST('x'), FROM t",
    ],
    ['bigquery', 'SELECT a FROM d.t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP() QUALIFY TRUE'],
    ['snowflake', "SELECT a:b.c::string, d['x'], $1, $v FROM t, LATERAL FLATTEN(input => t.a)"],
    ['snowflake', 'SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) QUALIFY SEQ4() = 1'],
    ['snowflake', 'SELECT * FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) LIMIT 1 // c'],
    ['snowflake', 'SELECT * EXCLUDE (a) FROM t AT (OFFSET => -60) SAMPLE (10)'],
    ['snowflake', "SELECT {'a': 1}, IDENTIFIER($t) FROM VALUES (1) GROUP BY ALL"],
  ])('%s: %s', (dialect, text) => {
    expect(judged(dialect, text)).toBe('select')
  })
})

describe('what else a text does', () => {
  it.each<[SqlDialect, string, string]>([
    ['postgresql', 'WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x', 'select delete'],
    ['postgresql', 'SELECT 1 INTO t2', 'select create'],
    ['postgresql', 'SELECT * FROM (SELECT 1 FOR KEY SHARE) q', 'select update'],
    ['postgresql', 'SELECT count(*) FILTER (WHERE f()) FROM t', 'select call'],
    ['postgresql', 'SELECT public.lower(a), "LOWER"(a) FROM t', 'select call'],
    ['postgresql', 'SELECT a OPERATOR(public.+) b FROM t', 'select call'],
    ['postgresql', 'SELECT * FROM t TABLESAMPLE mine (1)', 'select call'],
    ['postgresql', 'SELECT U&"\\0066"(), nextval(\'s\')', 'select call'],
    ['postgresql', "SELECT query_to_xml('DELETE FROM t', true, true, '')", 'select call'],
    ['postgresql', "SELECT ts_rewrite(a, 'SELECT 1') FROM t", 'select call'],
    ['postgresql', 'EXPLAIN ANALYZE SELECT 1', 'select explain'],
    ['postgresql', 'EXPLAIN (ANALYZE) DELETE FROM t', 'delete explain'],
    ['postgresql', 'COPY (SELECT 1) TO STDOUT', 'select copy'],
    ['postgresql', 'INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1', 'insert update'],
    ['postgresql', 'MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE', 'merge'],
    ['postgresql', 'GRANT SELECT ON t TO u', 'grant'],
    ['postgresql', 'SHOW ALL; SET a = 1; BEGIN', 'set transaction show'],
    ['postgresql', 'VACUUM; LOCK t; NOTIFY a', 'other'],
    ['mysql', 'REPLACE INTO t (a) VALUES (1)', 'insert delete'],
    ['mysql', 'INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 1', 'insert update'],
    ['mysql', 'SELECT @a := 1', 'select set'],
    ['mysql', 'SELECT 1 INTO @a', 'select set'],
    ['mysql', 'SELECT 1 INTO OUTFILE "a"', 'select copy'],
    ['mysql', 'SELECT /*+ SET_VAR(sql_mode = "") */ 1', 'select set'],
    ['mysql', 'SELECT LAST_INSERT_ID(5), SLEEP(1)', 'select call'],
    ['mysql', 'SELECT `f`(1), db.abs(1)', 'select call'],
    ['mysql', 'SELECT * FROM t PROCEDURE ANALYSE()', 'select call'],
    ['mysql', 'SELECT * FROM t LOCK IN SHARE MODE', 'select update'],
    ['mysql', 'SHOW CREATE TABLE t', 'show'],
    ['mysql', 'CREATE TABLE t (a INT DEFAULT 1) AS SELECT 1', 'select create'],
    ['mysql', 'LOAD DATA INFILE "x" INTO TABLE t', 'insert copy'],
    ['mysql', 'ANALYZE TABLE t', 'other'],
    ['mariadb', 'ANALYZE FORMAT = JSON DELETE FROM t', 'delete explain'],
    ['mariadb', 'BEGIN NOT ATOMIC DELETE FROM t; END', 'delete transaction'],
    ['mariadb', 'SELECT NEXT VALUE FOR s', 'select call'],
    ['mariadb', 'SET STATEMENT a = 1 FOR DELETE FROM t', 'delete set'],
    ['sqlite', 'SELECT "load_extension"(1), [readfile](2)', 'select call'],
    ['sqlite', 'INSERT OR REPLACE INTO t (a) VALUES (1)', 'insert delete'],
    ['sqlite', 'PRAGMA main.table_info(t)', 'show'],
    ['sqlite', 'PRAGMA user_version = 8', 'set'],
    ['sqlite', 'PRAGMA user_version(8)', 'set'],
    ['sqlite', 'ATTACH "a" AS b', 'other'],
    ['transactsql', 'SELECT 1 DROP TABLE t', 'select drop'],
    ['transactsql', 'SELECT * EXEC p', 'select call'],
    ['transactsql', 'SELECT @a = 1', 'select set'],
    ['transactsql', 'SELECT * FROM t WITH (UPDLOCK)', 'select update'],
    ['transactsql', 'SELECT 1\nGO\nsp_who', 'select call'],
    ['transactsql', '[sp_who]', 'call'],
    ['transactsql', "xp_cmdshell 'dir'", 'call'],
    ['transactsql', "SELECT dbo.value('x'), x.modify('y') FROM t", 'select call'],
    ['transactsql', 'UPDATE t SET a = 1 OUTPUT inserted.a', 'update'],
    ['transactsql', 'SELECT 1 FETCH NEXT FROM c', 'select transaction'],
    ['bigquery', 'SELECT d.f(1), `p.d.f`(1), ML.PREDICT(1)', 'select call'],
    ['bigquery', 'FROM d.t |> CALL d.f()', 'select call'],
    ['bigquery', 'EXPORT DATA OPTIONS (uri = "x") AS SELECT 1', 'select copy'],
    ['bigquery', 'IF true THEN DELETE FROM d.t WHERE true; END IF', 'delete transaction other'],
    ['snowflake', 'SELECT $1 FROM @s/a.csv', 'select copy'],
    ['snowflake', "SELECT $1 FROM '@s/a.csv'", 'select copy'],
    ['snowflake', 'SELECT s.NEXTVAL, SYSTEM$WAIT(1)', 'select call'],
    ['snowflake', "SELECT IDENTIFIER('f')(1)", 'select call'],
    ['snowflake', 'SELECT 1 ->> DELETE FROM t', 'select delete'],
    ['snowflake', 'LIST @s', 'copy show'],
  ])('%s: %s is %s', (dialect, text, want) => {
    expect(judged(dialect, text)).toBe(want)
  })
})

describe('what is no whole statement', () => {
  const BROKEN = [
    '',
    ' ',
    ';',
    '-- a\n',
    'SELEC 1',
    'SELECT * FROM',
    'SELECT 1 UNION',
    'SELECT 1 UNION ALL',
    'SELECT a FROM t WHERE a =',
    'SELECT a FROM t GROUP',
    'SELECT a FROM t ORDER BY',
    'SELECT a FROM t JOIN',
    'SELECT * FROM (SELECT a FROM)',
    'SELECT (1',
    "SELECT 'a",
    'SELECT 1,',
    'SELECT 1 1',
    'SELECT * FORM 1',
    'SELECT CASE WHEN a THEN 1',
    'WITH a AS (SELECT 1)',
  ]
  it.each<SqlDialect>(['postgresql', 'mysql', 'mariadb', 'sqlite', 'bigquery', 'snowflake'])(
    '%s doubts what is empty, misspelt or cut short',
    (dialect) => {
      // BigQuery and Snowflake take a comma before `FROM`, not at the end.
      expect(BROKEN.filter((text) => !judged(dialect, text).endsWith('?'))).toEqual([])
    },
  )

  it('takes a word that is none of its own for a procedure in Transact-SQL', () => {
    const open = BROKEN.filter((text) => !judged('transactsql', text).endsWith('?'))
    expect(open).toEqual(['SELEC 1'])
  })
})

describe('a dialect that is not known', () => {
  it.each([
    'SELECT a, b FROM t WHERE c = 1 LIMIT 5',
    'SELECT count(*), lower(a) FROM t GROUP BY b',
    'WITH c AS (SELECT 1) SELECT * FROM c',
    "SELECT 'it''s' FROM t",
  ])('takes %s for what it is in every dialect', (text) => {
    expect(judged(undefined, text)).toBe('select')
  })

  it.each([
    "SELECT '\\'; DELETE FROM t; -- '",
    'SELECT 1 # ; DELETE FROM t',
    'SELECT 1 DELETE FROM t',
    'SELECT DISTINCT ON ((SELECT 1)) f(a)',
    'SELECT * FROM a, f(1) AS (values int)',
    'SELECT a FROM `t`',
  ])('takes %s for more than a query', (text) => {
    expect(judged(undefined, text)).not.toBe('select')
  })

  it('refuses longer texts than a known one', () => {
    const text = `SELECT '${'a'.repeat(MAX_TEXT_OF_ANY_DIALECT)}'`
    expect([judged(undefined, text), judged('mysql', text)]).toEqual(['?', 'select'])
  })
})

describe('functions of the policy', () => {
  it.each<[SqlDialect | undefined, string]>([
    ['postgresql', 'SELECT my_fn(a), app.other(a) FROM t'],
    ['mysql', 'SELECT MY_FN(a), app.other(a) FROM t'],
    ['transactsql', 'SELECT my_fn(a), [app].[other](a) FROM t'],
    [undefined, 'SELECT my_fn(a), app.other(a) FROM t'],
  ])('%s takes them to be pure', (dialect, text) => {
    expect(judged(dialect, text, ['my_fn', 'App.Other'])).toBe('select')
  })

  it('stay calls under another schema', () => {
    expect(judged('postgresql', 'SELECT x.my_fn(1)', ['my_fn'])).toBe('select call')
  })
})

describe('what the PostgreSQL parser is spared', () => {
  it.each([
    ['many tokens', `SELECT ${'1,'.repeat(6000)}1`],
    ['many comments without a blank', `SELECT 1${'/**/'.repeat(200)}`],
    ['comments in comments', `SELECT 1 ${'/*'.repeat(300)}${'*/'.repeat(300)}`],
  ])('%s are in doubt', (_name, text) => {
    expect(judged('postgresql', text)).toBe('select ?')
  })

  it('deep expressions may exhaust it, and it works afterwards', () => {
    const deep = `SELECT ${'- '.repeat(9900)}a`
    expect([judged('postgresql', deep), judged('postgresql', 'SELECT 1')]).toEqual([
      expect.stringMatching(/^select/),
      'select',
    ])
  })
})
