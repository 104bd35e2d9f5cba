import { describe, expect, it } from 'vitest'
import type { ResourceEntry, SqlDialect } from '../model/call.ts'
import type { JsonObject, MaybePromise } from '../model/json.ts'
import {
  type ConstraintConfig,
  INSIDE,
  type Judgement,
  NOTHING,
  OUTSIDE,
  type SqlParsers,
  UNSURE,
} from './constraint.ts'
import { createSqlParsers } from './sql/parsers.ts'
import { sqlIntent } from './sql-intent.ts'

const parsers = createSqlParsers()

function tool(dialect?: SqlDialect): ResourceEntry {
  return {
    name: 'db.execute_sql',
    kind: 'tool',
    server: 'db',
    listed: true,
    scope: undefined,
    tags: [],
    payload_class: undefined,
    sql_dialect: dialect,
    tier: undefined,
  }
}

function judge(
  config: ConstraintConfig,
  args: JsonObject,
  dialect: SqlDialect | undefined = 'mysql',
  sqlParsers: SqlParsers | undefined = parsers,
): MaybePromise<Judgement> {
  const ports = sqlParsers === undefined ? {} : { sqlParsers }
  return sqlIntent.compile(config).judge({ arguments: args, resource: tool(dialect), at: 0, ports })
}

describe('standing', () => {
  it.each<[string, ConstraintConfig, string, number]>([
    ['all intents are listed', ['select'], 'SELECT 1', INSIDE],
    ['none is listed', ['select'], 'DELETE FROM t', OUTSIDE],
    ['some are listed', ['select'], 'SELECT 1; DELETE FROM t', INSIDE | OUTSIDE],
    ['the text cannot be judged', ['select'], 'SELEC 1', UNSURE],
    ['it cannot be judged and does more', ['select'], 'DROP TABLE t; SELEC 1', OUTSIDE | UNSURE],
    ['it is in doubt, though all is listed', ['select'], 'SELECT * FROM', UNSURE],
    ['`with` is listed', ['with'], 'WITH a AS (SELECT 1) SELECT 1', OUTSIDE],
    ['a call may hide what is listed', ['delete', 'drop'], 'SELECT f()', OUTSIDE | UNSURE],
    ['so may a statement in a text', ['delete'], "EXECUTE IMMEDIATE 'x'", OUTSIDE | UNSURE],
    [
      'so may a branch of a `MERGE`',
      { allow: ['delete'], dialect: 'transactsql' },
      'MERGE t USING u ON a = b WHEN MATCHED THEN DELETE;',
      OUTSIDE | UNSURE,
    ],
    ['the call is listed too', ['call', 'delete'], 'CALL p()', INSIDE],
    ['two are listed', ['select', 'explain'], 'EXPLAIN SELECT 1', INSIDE],
    ['the object form lists them', { allow: ['insert'] }, 'INSERT INTO t VALUES (1)', INSIDE],
  ])('where %s', async (_name, config, sql, want) => {
    expect((await judge(config, { query: sql })).standing).toBe(want)
  })
})

describe('arguments', () => {
  it.each<[string, JsonObject, number]>([
    ['another alias', { query: 'SELECT 1', sql: 'DROP TABLE t' }, INSIDE | OUTSIDE],
    ['another case', { Query: 'DROP TABLE t' }, OUTSIDE],
    ['an object', { options: { sql_query: 'DROP TABLE t' } }, OUTSIDE],
    ['a list', { queries: ['SELECT 1', 'DROP TABLE t'] }, INSIDE | OUTSIDE],
    ['a value that is no text', { query: 5 }, UNSURE],
    ['an object under an alias', { query: { text: 'DROP TABLE t' } }, UNSURE],
    ['null', { query: 'SELECT 1', sql: null }, INSIDE | UNSURE],
  ])('are judged in %s', async (_name, args, want) => {
    expect((await judge(['select'], args)).standing).toBe(want)
  })

  it('must be there, unless the constraint is permissive', async () => {
    const strict = await judge(['select'], { text: 'SELECT 1' })
    const permissive = await judge({ allow: ['select'], mode: 'permissive' }, {})
    expect([strict.standing, permissive.standing]).toEqual([UNSURE, NOTHING])
  })

  it('are those of `field` where it is given', async () => {
    const config = { allow: ['select'], field: 'command' }
    const judged = await judge(config, { command: 'SELECT 1', query: 'DROP TABLE t' })
    expect(judged.standing).toBe(INSIDE)
  })
})

describe('dialect', () => {
  const TRICK = "SELECT '\\'; DELETE FROM t; -- '"

  it.each<[string, ConstraintConfig, SqlDialect | undefined, number]>([
    ['the config', { allow: ['select'], dialect: 'sqlite' }, 'mysql', INSIDE | OUTSIDE],
    ['the tool', ['select'], 'mysql', INSIDE],
  ])('is that of %s', async (_name, config, dialect, want) => {
    expect((await judge(config, { query: TRICK }, dialect)).standing).toBe(want)
  })

  it('is every one where none is named', () => {
    const constraint = sqlIntent.compile(['select'])
    const standing = (query: string): unknown =>
      constraint.judge({ arguments: { query }, resource: tool(), at: 0, ports: {} })
    expect(standing(TRICK)).toMatchObject({ standing: INSIDE | OUTSIDE })
    expect(standing('SELECT a FROM t LIMIT 5')).toMatchObject({ standing: INSIDE })
  })

  it('tells which parsers will be needed', () => {
    const needs = (config: ConstraintConfig, resource?: ResourceEntry): unknown =>
      sqlIntent.compile(config).needs?.(resource)
    expect([
      needs(['select'], tool('postgresql')),
      needs(['select'], tool('mysql')),
      needs(['select'], undefined),
      needs({ allow: ['select'], dialect: 'postgresql' }, undefined),
    ]).toEqual([['postgresql'], [], [], ['postgresql']])
  })
})

describe('the PostgreSQL parser', () => {
  it('is waited for, then asked in the same tick', async () => {
    const own = createSqlParsers()
    const constraint = sqlIntent.compile(['select'])
    const input = {
      arguments: { query: 'SELECT comment, lock FROM t' },
      resource: tool('postgresql'),
      at: 0,
      ports: { sqlParsers: own },
    }
    const first = constraint.judge(input)
    expect(first).toBeInstanceOf(Promise)
    expect((await first).standing).toBe(INSIDE)
    expect(constraint.judge(input)).toMatchObject({ standing: INSIDE })
  })

  it('confirms, so that without it nothing is inside', async () => {
    const constraint = sqlIntent.compile(['select'])
    const input = { arguments: { query: 'SELECT 1' }, resource: tool('postgresql'), at: 0 }
    const without = await constraint.judge({ ...input, ports: {} })
    const withIt = await constraint.judge({ ...input, ports: { sqlParsers: parsers } })
    expect([without.standing, withIt.standing]).toEqual([UNSURE, INSIDE])
  })

  it('leaves the text in doubt where it cannot be loaded', async () => {
    const broken: SqlParsers = {
      ready: () => false,
      load: () => Promise.reject(new Error('no such module')),
      parse: () => undefined,
    }
    const judged = await judge(['select'], { query: 'SELECT 1' }, 'postgresql', broken)
    expect(judged).toEqual({ standing: UNSURE, detail: 'the SQL parser could not be loaded' })
  })

  it('leaves the text in doubt where it throws', async () => {
    const throwing: SqlParsers = {
      ready: () => true,
      load: () => Promise.resolve(),
      parse: () => {
        throw new RangeError('Maximum call stack size exceeded')
      },
    }
    const judged = await judge(['select'], { query: 'SELECT 1' }, 'postgresql', throwing)
    expect(judged.standing).toBe(UNSURE)
  })

  it('is asked once for a text', async () => {
    let count = 0
    await parsers.load('postgresql')
    const counting: SqlParsers = {
      ...parsers,
      parse(dialect, sql) {
        count++
        return parsers.parse(dialect, sql)
      },
    }
    const constraint = sqlIntent.compile(['select'])
    const ports = { sqlParsers: counting }
    const ask = (query: string): unknown =>
      constraint.judge({ arguments: { query }, resource: tool('postgresql'), at: 0, ports })
    expect([ask('SELECT 1'), ask('SELECT 1'), count]).toEqual([ask('SELECT 1'), ask('SELECT 1'), 1])
  })
})

describe('detail', () => {
  it('says what was wrong without a word of the text', async () => {
    const judged = await judge(['select'], { query: "DELETE FROM secret_t WHERE a = 'hunter2'" })
    expect(judged.detail).toBe('`query` does `delete`, which is not in [select]')
  })

  it('says why a text is in doubt', async () => {
    const judged = await judge(['select'], { query: "SELECT 'hunter2" })
    expect(judged.detail).toBe('`query` cannot be judged: an open quote')
  })
})

describe('check', () => {
  const problems = (config: ConstraintConfig): unknown[] => {
    const found: unknown[] = []
    sqlIntent.check(config, (kind, path) => found.push([kind, path]))
    return found
  }

  it.each<[ConstraintConfig, unknown[]]>([
    [['select'], []],
    [{ allow: ['with', 'select'] }, []],
    [[], [['bad_enum', []]]],
    [{ allow: [] }, [['bad_enum', ['allow']]]],
    [['with'], [['bad_enum', []]]],
  ])('of %j finds %j', (config, want) => {
    expect(problems(config)).toEqual(want)
  })
})

it('allows functions the policy names', async () => {
  const config = { allow: ['select'], functions: ['my_fn', 'app.other'] }
  const judged = await judge(config, { query: 'SELECT MY_FN(a), app.other(b) FROM t' })
  expect(judged.standing).toBe(INSIDE)
})

describe('many long texts in one call', () => {
  const long = (count: number): JsonObject => ({
    sql: Array.from({ length: count }, (_, index) => `SELECT ${'1+'.repeat(10_000)}${index}`),
  })

  it('are judged up to a bound of work, and unsure beyond it', () => {
    expect(judge(['select'], long(1))).toMatchObject({ standing: INSIDE })
    expect(judge(['select'], long(200))).toMatchObject({ standing: INSIDE | UNSURE })
  })

  it('hide no write in front of the bound', () => {
    const { sql } = long(200)
    const args = { sql: ['DROP TABLE t', ...(sql as readonly string[])] }
    expect(judge(['select'], args)).toMatchObject({ standing: INSIDE | OUTSIDE | UNSURE })
  })
})
