import { beforeAll, describe, expect, it } from 'vitest'
import { createSqlParsers } from '../constraints/sql/parsers.ts'
import { limitPostgres } from './limit-postgres.ts'
import { LIMITED, REFUSED, UNCHANGED } from './postgres-corpus.fixture.ts'
import { constantLimit, isSameButLimit, queryOf } from './postgres-query.ts'

const parsers = createSqlParsers()
beforeAll(() => parsers.load('postgresql'))

const query = (sql: string) => queryOf(parsers.parse('postgresql', sql))

describe('limitPostgres', () => {
  it('has a corpus worth the name', () => {
    expect(LIMITED.length + UNCHANGED.length + REFUSED.length).toBeGreaterThan(100)
  })

  it.each(LIMITED)('gives `%s` a limit of ten', (sql, wanted) => {
    const next = limitPostgres(sql, 10, parsers)
    expect(next).toBe(wanted)
    expect(constantLimit(query(next)['limitCount']).rows).toBe(10)
    expect(isSameButLimit(query(sql), query(next))).toBe(true)
  })

  it.each(LIMITED)('changes nothing the second time: `%s`', (sql) => {
    const once = limitPostgres(sql, 10, parsers)
    expect(limitPostgres(once, 10, parsers)).toBe(once)
    expect(limitPostgres(once, 11, parsers)).toBe(once)
    expect(constantLimit(query(limitPostgres(once, 3, parsers))['limitCount']).rows).toBe(3)
  })

  it.each(UNCHANGED)('leaves `%s` as it is', (sql) => {
    expect(limitPostgres(sql, 10, parsers)).toBe(sql)
  })

  it.each(REFUSED)('refuses `%s`: %s', (sql, why) => {
    expect(() => limitPostgres(sql, 10, parsers)).toThrow(why)
  })

  it('never says a word of the query', () => {
    const messageOf = (sql: string): string => {
      try {
        return limitPostgres(sql, 10, parsers)
      } catch (error) {
        return String(error)
      }
    }
    const messages = REFUSED.map(([sql]) => messageOf(sql.replace(/ t\b/g, ' private_t')))
    expect(messages.filter((message) => message.includes('private_t'))).toEqual([])
  })

  it('takes a limit of more rows than an integer holds', () => {
    const next = limitPostgres('SELECT 1', 5_000_000_000, parsers)
    expect(next).toBe('SELECT 1 LIMIT 5000000000')
    expect(limitPostgres(next, 5_000_000_000, parsers)).toBe(next)
  })

  it('refuses what is too much to parse', () => {
    expect(() => limitPostgres(`SELECT ${'1,'.repeat(6_000)}1`, 10, parsers)).toThrow('too long')
    expect(() => limitPostgres(`SELECT 1 ${'/**/'.repeat(600)}`, 10, parsers)).toThrow('too long')
    expect(() => limitPostgres(`SELECT ${' '.repeat(70_000)}`, 10, parsers)).toThrow('too long')
  })

  it('limits a query whose tree is deep', () => {
    const sql = `SELECT 1${' + 1'.repeat(1_000)}`
    expect(limitPostgres(sql, 10, parsers)).toBe(`${sql} LIMIT 10`)
  })
})

describe('isSameButLimit', () => {
  it.each([
    ['SELECT 1', 'SELECT 1 LIMIT 5', true],
    ['SELECT 1 LIMIT 3', '  SELECT 1   LIMIT 5', true],
    ['SELECT 1', 'SELECT 2 LIMIT 5', false],
    ['SELECT 1', 'SELECT 1, 2 LIMIT 5', false],
    ['SELECT 1', "SELECT '1' LIMIT 5", false],
    ['SELECT 1', 'SELECT 1 LIMIT 5 OFFSET 1', false],
    ['SELECT 1', 'SELECT 1 FOR UPDATE LIMIT 5', false],
    ['SELECT (SELECT 1 LIMIT 1)', 'SELECT (SELECT 1 LIMIT 2)', false],
    ['SELECT a FROM t', 'SELECT a FROM t ORDER BY a LIMIT 5', false],
  ])('`%s` and `%s`: %s', (one, other, wanted) => {
    expect(isSameButLimit(query(one), query(other))).toBe(wanted)
  })
})
