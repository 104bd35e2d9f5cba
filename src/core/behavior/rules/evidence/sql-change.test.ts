import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sqlChange } from './sql-change.ts'

describe('sqlChange', () => {
  it.each([
    ['select 1', undefined],
    ['insert into t values (1)', 'adds'],
    ['create table t (id int)', 'adds'],
    ['update t set a = 1 where id = 2', 'changes'],
    ['update t set a = 1', 'destroys'],
    ['delete from t where id in (select id from old)', 'changes'],
    ['delete from t; select 1 from u where id = 3', 'destroys'],
    ['delete from t where 1', 'destroys'],
    ['delete from t where 1 = 1 and id = 4', 'changes'],
    ['delete from t where id = 1 or true', 'destroys'],
    ['insert into t values (1) on conflict (id) do update set a = 1', 'adds'],
    ['drop view v', 'destroys'],
    ['alter user anna superuser', 'destroys'],
    ['merge into t using s on t.id = s.id when matched then update set a = 1', 'changes'],
    ["copy t to '/tmp/x'", 'changes'],
    ['delete from "t', 'changes'],
  ])('takes %j for %s', (text, change) => {
    expect(sqlChange(text, 'postgresql')).toBe(change)
  })

  it('answers the same for keywords in any case', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'delete from t',
          'drop table t',
          'update t set a = 1 where b = 2',
          'select 1',
        ),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (text, upper) => {
          const mixed = [...text].map((one, at) => (upper[at] ? one.toUpperCase() : one)).join('')
          expect(sqlChange(mixed, undefined)).toBe(sqlChange(text, undefined))
        },
      ),
    )
  })

  it.each([
    ['quotes', "update '".repeat(8_000)],
    ['parentheses', `update ${'('.repeat(60_000)}`],
    ['words', 'delete '.repeat(9_000)],
  ])('takes 64 KiB of %s', (_, text) => {
    const started = performance.now()
    sqlChange(text, undefined)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
