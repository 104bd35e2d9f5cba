import { describe, expect, it } from 'vitest'
import { limitByWords, type WordDialect } from './limit-words.ts'

const ALL: readonly WordDialect[] = ['mysql', 'mariadb', 'sqlite']

const LIMITED: readonly (readonly [string, string])[] = [
  ['SELECT * FROM t', 'SELECT * FROM t LIMIT 10'],
  ['SELECT * FROM t;', 'SELECT * FROM t LIMIT 10;'],
  ['SELECT * FROM t -- all', 'SELECT * FROM t LIMIT 10 -- all'],
  ['SELECT * FROM t /* LIMIT 5 */ ;', 'SELECT * FROM t LIMIT 10 /* LIMIT 5 */ ;'],
  ["SELECT ' LIMIT 5' FROM t", "SELECT ' LIMIT 5' FROM t LIMIT 10"],
  ['SELECT `limit` FROM t', 'SELECT `limit` FROM t LIMIT 10'],
  ['SELECT t.limit FROM t', 'SELECT t.limit FROM t LIMIT 10'],
  ['SELECT * FROM t LIMIT 50', 'SELECT * FROM t LIMIT 10'],
  ['SELECT * FROM t LIMIT 50 OFFSET 20', 'SELECT * FROM t LIMIT 10 OFFSET 20'],
  ['SELECT * FROM t LIMIT 20, 50', 'SELECT * FROM t LIMIT 20, 10'],
  ['SELECT * FROM t LIMIT 5, 50;', 'SELECT * FROM t LIMIT 5, 10;'],
  ['SELECT * FROM t LIMIT 50 OFFSET ?', 'SELECT * FROM t LIMIT 10 OFFSET ?'],
  ['SELECT * FROM t LIMIT 99999999999999999999', 'SELECT * FROM t LIMIT 10'],
  ['SELECT 1 UNION SELECT 2', 'SELECT 1 UNION SELECT 2 LIMIT 10'],
  ['SELECT 1 UNION SELECT 2 LIMIT 50', 'SELECT 1 UNION SELECT 2 LIMIT 10'],
  ['SELECT * FROM (SELECT 1 LIMIT 5) s', 'SELECT * FROM (SELECT 1 LIMIT 5) s LIMIT 10'],
  ['SELECT (SELECT 1 LIMIT 1) a', 'SELECT (SELECT 1 LIMIT 1) a LIMIT 10'],
  ['WITH x AS (SELECT 1) SELECT * FROM x', 'WITH x AS (SELECT 1) SELECT * FROM x LIMIT 10'],
  [
    'WITH RECURSIVE x(i) AS (SELECT 1), y AS (SELECT 2 LIMIT 5) SELECT * FROM x, y LIMIT 50',
    'WITH RECURSIVE x(i) AS (SELECT 1), y AS (SELECT 2 LIMIT 5) SELECT * FROM x, y LIMIT 10',
  ],
]

const UNCHANGED = [
  'SELECT * FROM t LIMIT 10',
  'SELECT * FROM t LIMIT 0;',
  'SELECT * FROM t LIMIT 7 OFFSET 500',
  'SELECT * FROM t LIMIT 500, 7',
]

const REFUSED: readonly (readonly [string, string])[] = [
  ['', 'holds no query'],
  [';', 'holds no query'],
  ['SELECT 1; SELECT 2', 'more than one statement'],
  ['SELECT * FROM t LIMIT ?', 'not a plain number'],
  ['SELECT * FROM t LIMIT ?, 5 + 1', 'not a plain number'],
  ['SELECT * FROM t LIMIT -1', 'not a plain number'],
  ['SELECT * FROM t LIMIT 5 + 5', 'not a plain number'],
  ['SELECT * FROM t LIMIT (5)', 'not a plain number'],
  ['SELECT * FROM t LIMIT (SELECT 99)', 'not a plain number'],
  ['SELECT * FROM t LIMIT 1e3', 'not a plain number'],
  ['SELECT * FROM t LIMIT 0x10', 'not a plain number'],
  ['SELECT * FROM t LIMIT', 'not a plain number'],
  ['SELECT * FROM t LIMIT 5 ROWS EXAMINED 9', 'not a plain number'],
  ['SELECT * FROM t LIMIT 5 UNION SELECT 2', 'not a plain number'],
  ['SELECT 1 LIMIT 5 UNION SELECT 2 LIMIT 6', 'limited surely'],
  ['SELECT * FROM t OFFSET 5', 'limited surely'],
  ['SELECT * FROM t FETCH FIRST 5 ROWS ONLY', 'limited surely'],
  ['(SELECT * FROM t)', 'not one plain SELECT'],
  ['VALUES (1)', 'not one plain SELECT'],
  ['TABLE t', 'not one plain SELECT'],
  ['EXPLAIN SELECT 1', 'not one plain SELECT'],
  ['DELETE FROM t LIMIT 5', 'not one plain SELECT'],
  ['UPDATE t SET a = 1', 'not one plain SELECT'],
  ['WITH x AS (SELECT 1) DELETE FROM t', 'not one plain SELECT'],
  ['WITH x (SELECT 1) SELECT 1', 'limited surely'],
  ['SELECT * INTO x FROM t', 'INTO'],
  ["SELECT * FROM t INTO OUTFILE '/tmp/x'", 'INTO'],
  ["SELECT 'open", 'open quote'],
]

describe.each(ALL)('limitByWords of %s', (dialect) => {
  it.each(LIMITED)('gives `%s` a limit of ten', (sql, wanted) => {
    expect(limitByWords(sql, 10, dialect)).toBe(wanted)
    expect(limitByWords(wanted, 10, dialect)).toBe(wanted)
  })

  it.each(UNCHANGED)('leaves `%s` as it is', (sql) => {
    expect(limitByWords(sql, 10, dialect)).toBe(sql)
  })

  it.each(REFUSED)('refuses `%s`: %s', (sql, why) => {
    expect(() => limitByWords(sql, 10, dialect)).toThrow(why)
  })
})

describe('limitByWords of mysql', () => {
  it.each([
    ['SELECT * FROM t FOR UPDATE', 'SELECT * FROM t LIMIT 10 FOR UPDATE'],
    ['SELECT * FROM t LIMIT 50 FOR UPDATE', 'SELECT * FROM t LIMIT 10 FOR UPDATE'],
    [
      'SELECT * FROM t FOR SHARE OF t SKIP LOCKED;',
      'SELECT * FROM t LIMIT 10 FOR SHARE OF t SKIP LOCKED;',
    ],
    ['SELECT * FROM t LOCK IN SHARE MODE', 'SELECT * FROM t LIMIT 10 LOCK IN SHARE MODE'],
    ['SELECT * FROM t USE INDEX FOR JOIN (i)', 'SELECT * FROM t USE INDEX FOR JOIN (i) LIMIT 10'],
    ['SELECT 1 # all', 'SELECT 1 LIMIT 10 # all'],
    ['SELECT 1 --1', 'SELECT 1 --1 LIMIT 10'],
    ['SELECT "LIMIT 5"', 'SELECT "LIMIT 5" LIMIT 10'],
  ])('puts the limit before locks: `%s`', (sql, wanted) => {
    expect(limitByWords(sql, 10, 'mysql')).toBe(wanted)
    expect(limitByWords(wanted, 10, 'mysql')).toBe(wanted)
  })

  it.each([
    ["SELECT '\\' LIMIT 5 -- '", 'backslash'],
    ['SELECT 1 /*! LIMIT 500 */', 'conditional comment'],
    ['SELECT 1 FOR UPDATE LIMIT 500', 'limited surely'],
    ['SELECT /*+ SET_VAR(sql_select_limit = 5) */ 1', 'limited surely'],
    ['SELECT 1 FOR UPDATE UNION SELECT 2', 'limited surely'],
    ['SELECT * FROM t PROCEDURE ANALYSE()', 'limited surely'],
    ['SELECT * FROM t LIMIT @rows', 'not a plain number'],
  ])('refuses `%s`: %s', (sql, why) => {
    expect(() => limitByWords(sql, 10, 'mysql')).toThrow(why)
  })
})

describe('limitByWords of sqlite', () => {
  it.each([
    ["SELECT '\\'", "SELECT '\\' LIMIT 10"],
    ['SELECT 1 /* open', 'SELECT 1 LIMIT 10 /* open'],
    ['SELECT [limit] FROM t', 'SELECT [limit] FROM t LIMIT 10'],
    [
      'WITH x AS NOT MATERIALIZED (SELECT 1) SELECT * FROM x',
      'WITH x AS NOT MATERIALIZED (SELECT 1) SELECT * FROM x LIMIT 10',
    ],
  ])('reads `%s` as SQLite does', (sql, wanted) => {
    expect(limitByWords(sql, 10, 'sqlite')).toBe(wanted)
  })
})
