import { beforeAll, describe, expect, it } from 'vitest'
import type { SqlParsers } from '../constraints/constraint.ts'
import { createSqlParsers } from '../constraints/sql/parsers.ts'
import type { JsonObject } from '../model/json.ts'
import { applyCompute, computeNeeds, computeProblem } from './apply-compute.ts'
import { computed, outcome, resourceOf } from './compute.fixture.ts'

const sqlParsers = createSqlParsers()
beforeAll(() => sqlParsers.load('postgresql'))

const limit = (args: JsonObject) => computed({ limit_rows: 10 }, args, { sqlParsers }, 'postgresql')

describe('applyCompute', () => {
  it('gives the new arguments and the way to them', () => {
    const args = { sql: 'SELECT 1', n: 5, note: { a: 1 } }
    const result = computed(
      { limit_rows: 10, set: { mode: 'ro' }, remove: ['n'] },
      args,
      { sqlParsers },
      'postgresql',
    )
    expect(result).toEqual({
      arguments: { sql: 'SELECT 1 LIMIT 10', note: { a: 1 }, mode: 'ro' },
      patch: [
        { op: 'remove', path: '/n' },
        { op: 'replace', path: '/sql', value: 'SELECT 1 LIMIT 10' },
        { op: 'add', path: '/mode', value: 'ro' },
      ],
      mask: [],
    })
    expect(result.fault === undefined && result.arguments['note']).toBe(args.note)
    expect(args).toEqual({ sql: 'SELECT 1', n: 5, note: { a: 1 } })
  })

  it('gives the same arguments where nothing has to change', () => {
    const args = { a: 1, path: '/w/x' }
    const result = computed({ set: { a: 1 }, root: '/w', clamp: { a: { max: 5 } } }, args)
    expect(result).toEqual({ arguments: args, patch: [], mask: [] })
    expect(result.fault === undefined && result.arguments).toBe(args)
  })

  it('freezes what it gives', () => {
    const result = computed({ set: { a: { b: [1] } }, mask_columns: ['x'] }, { a: {} })
    const open: unknown[] = [result]
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      expect(Object.isFrozen(value)).toBe(true)
      if (typeof value === 'object' && value !== null) open.push(...Object.values(value))
    }
  })

  it('hands on which columns are to be masked', () => {
    expect(computed({ mask_columns: ['ssn', 'pan'] }, {})).toMatchObject({ mask: ['ssn', 'pan'] })
    expect(computed({ mask_columns: 'ssn' }, {})).toMatchObject({ mask: ['ssn'] })
  })

  it('takes effects in one order, however they are written', () => {
    const args = { path: 'x', limit: 500, dry_run: 1 }
    const one: JsonObject = {
      remove: ['path', 'dry_run'],
      set: { path: '../etc/hosts', limit: 700 },
      dry_run: 'dry_run',
      root: '/w',
      clamp: { limit: { max: 100 } },
      truncate: { path: 20 },
    }
    const other = Object.fromEntries(Object.entries(one).reverse())
    const wanted = { path: '/w/etc/hosts', limit: 100, dry_run: true }
    expect(outcome(one, args)).toEqual(wanted)
    expect(outcome(other, args)).toEqual(wanted)
  })

  it('refuses effects that undo one another', () => {
    expect(outcome({ set: { a: 1, '/a/b': 2 } }, { a: { b: 1 } })).not.toBeTypeOf('object')
    expect(outcome({ truncate: { path: 6 }, root: '/w' }, { path: '/w/abcdef' })).toEqual({
      path: '/w/abc',
    })
    expect(outcome({ truncate: { path: 2 }, root: '/work' }, { path: 'abc' })).toContain('undo')
    expect(outcome({ truncate: { path: 2 }, root: '/data' }, { path: '/data/abc' })).toContain(
      'undo',
    )
  })

  it.each<[string, JsonObject]>([
    ['a key that is not known', { limit_row: 5 }],
    ['rows that are no number', { limit_rows: '5' }],
    ['no rows', { limit_rows: 0 }],
    ['half a row', { limit_rows: 1.5 }],
    ['a list to set', { set: [1] }],
    ['a number to take out', { remove: [1] }],
    ['bounds the wrong way round', { clamp: { a: { min: 2, max: 1 } } }],
    ['bounds that are texts', { clamp: { a: { min: '2' } } }],
    ['no bounds', { clamp: { a: 5 } }],
    ['no folder', { root: '' }],
    ['a negative length', { truncate: { a: -1 } }],
  ])('refuses a policy with %s', (_, compute) => {
    expect(outcome(compute, { a: 1 })).toMatch(/policy/)
    expect(computeProblem(compute)).toBe(outcome(compute, { a: 1 }))
  })

  it('finds nothing wrong with a sound policy, whatever the call', () => {
    expect(computeProblem({ limit_rows: 10, root: '/w', set: { a: 1 } })).toBeUndefined()
  })

  it('says which parser a policy will need', () => {
    const postgres = resourceOf('postgresql')
    expect(computeNeeds({ limit_rows: 10 }, postgres)).toEqual(['postgresql'])
    expect(computeNeeds({ limit_rows: 10 }, resourceOf('sqlite'))).toEqual([])
    expect(computeNeeds({ limit_rows: 10 }, undefined)).toEqual([])
    expect(computeNeeds({ root: '/w' }, postgres)).toEqual([])
  })
})

describe('limit_rows', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['an argument', { sql: 'SELECT 1' }, { sql: 'SELECT 1 LIMIT 10' }],
    [
      'a list',
      { queries: ['SELECT 1', 'SELECT 2 LIMIT 5'] },
      { queries: ['SELECT 1 LIMIT 10', 'SELECT 2 LIMIT 5'] },
    ],
    [
      'every alias',
      { query: 'SELECT 1', rawSQL: 'SELECT 2', count_query: 'TABLE t' },
      { query: 'SELECT 1 LIMIT 10', rawSQL: 'SELECT 2 LIMIT 10', count_query: 'TABLE t LIMIT 10' },
    ],
    [
      'one deep down',
      { steps: [{ Statement: 'SELECT 1' }] },
      { steps: [{ Statement: 'SELECT 1 LIMIT 10' }] },
    ],
    [
      'none that is null',
      { sql: 'SELECT 1', query: null },
      { sql: 'SELECT 1 LIMIT 10', query: null },
    ],
    [
      'no other',
      { sql: 'SELECT 1', note: 'SELECT 2', max_queries: 5 },
      { sql: 'SELECT 1 LIMIT 10', note: 'SELECT 2', max_queries: 5 },
    ],
  ])('limits %s', (_, args, wanted) => {
    expect(limit(args)).toMatchObject({ arguments: wanted })
    const again = limit(wanted)
    expect(again.fault === undefined && again.arguments).toBe(wanted)
  })

  it.each<[string, JsonObject, string]>([
    ['no SQL', { q: 'SELECT 1' }, 'no argument that holds SQL'],
    ['an object', { sql: { text: 'SELECT 1' } }, '`sql` is not SQL in one text'],
    ['a number', { sql: 5 }, '`sql` is not SQL in one text'],
    [
      'one of two that cannot be limited',
      { sql: 'SELECT 1', query: 'DROP TABLE t' },
      '`query` is no SELECT',
    ],
    [
      'more than can be parsed',
      { sql: `SELECT 1 --${' '.repeat(20_000)}`, query: `SELECT 1 --${' '.repeat(20_000)}` },
      'too long',
    ],
    [
      'more texts than any tool takes',
      { queries: Array.from({ length: 10_001 }, () => '') },
      'query',
    ],
  ])('refuses %s', (_, args, why) => {
    expect(limit(args).fault).toContain(why)
  })

  it('looks where the policy says', () => {
    const compute = { limit_rows: 10, sql_field: ['q', '/a/b'] }
    const args = { q: 'SELECT 1', a: { b: 'SELECT 2' }, sql: 'SELECT 3' }
    expect(computed(compute, args, { sqlParsers }, 'postgresql')).toMatchObject({
      arguments: { q: 'SELECT 1 LIMIT 10', a: { b: 'SELECT 2 LIMIT 10' }, sql: 'SELECT 3' },
    })
  })

  it.each(['mysql', 'mariadb', 'sqlite'] as const)('limits %s', (dialect) => {
    expect(computed({ limit_rows: 10 }, { sql: 'SELECT 1' }, {}, dialect)).toMatchObject({
      arguments: { sql: 'SELECT 1 LIMIT 10' },
    })
  })

  it.each(['transactsql', 'bigquery', 'snowflake'] as const)('refuses %s', (dialect) => {
    const result = computed({ limit_rows: 10 }, { sql: 'SELECT 1 LIMIT 5' }, {}, dialect)
    expect(result.fault).toContain(dialect)
  })

  it('refuses SQL of no known dialect, and says where to name it', () => {
    expect(outcome({ limit_rows: 10 }, { sql: 'SELECT 1' })).toContain('`sql_dialect`')
  })

  it('waits for the parser, and for nothing else', async () => {
    const fresh = createSqlParsers()
    const context = {
      arguments: { sql: 'SELECT 1' },
      resource: resourceOf('postgresql'),
      ports: { sqlParsers: fresh },
    }
    const waiting = applyCompute({ limit_rows: 10 }, context)
    expect(waiting).toBeInstanceOf(Promise)
    expect(await waiting).toMatchObject({ arguments: { sql: 'SELECT 1 LIMIT 10' } })
    expect(applyCompute({ limit_rows: 10 }, context)).not.toBeInstanceOf(Promise)
  })

  it('refuses where there is no parser, or it cannot be loaded', async () => {
    const broken: SqlParsers = {
      ready: () => false,
      load: () => Promise.reject(new Error('no such module')),
      parse: () => undefined,
    }
    const context = { arguments: { sql: 'SELECT 1' }, resource: resourceOf('postgresql') }
    const compute = { limit_rows: 10 }
    expect(await applyCompute(compute, { ...context, ports: { sqlParsers: broken } })).toEqual({
      fault: 'the SQL parser is not there, so rows cannot be limited',
    })
    expect(applyCompute(compute, { ...context, ports: {} })).toHaveProperty('fault')
  })
})
