import { expect, it } from 'vitest'
import { createSqlParsers } from './parsers.ts'

it('is ready at once for dialects that need no parser', async () => {
  const parsers = createSqlParsers()
  expect([parsers.ready('mysql'), parsers.ready('postgresql')]).toEqual([true, false])
  await parsers.load('mysql')
  expect(parsers.ready('postgresql')).toBe(false)
})

it('parses PostgreSQL once it is loaded, and says so before', async () => {
  const parsers = createSqlParsers()
  expect(() => parsers.parse('postgresql', 'SELECT 1')).toThrow(/not loaded/)
  await Promise.all([parsers.load('postgresql'), parsers.load('postgresql')])
  expect([parsers.ready('postgresql'), typeof parsers.parse('postgresql', 'SELECT 1')]).toEqual([
    true,
    'object',
  ])
})

it('throws on a syntax error', async () => {
  const parsers = createSqlParsers()
  await parsers.load('postgresql')
  expect(() => parsers.parse('postgresql', 'SELECT FROM WHERE')).toThrow()
})
