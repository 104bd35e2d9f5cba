import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { outcome } from './compute.fixture.ts'

describe('clamp', () => {
  const clamp = { n: { min: 1, max: 100 } }

  it.each<[string, JsonValue, JsonValue]>([
    ['a number above', 500, 100],
    ['a number below', -5, 1],
    ['a number within', 50, 50],
    ['a bound', 100, 100],
    ['a text above, as a text', '500', '100'],
    ['a text below', '-3.5', '1'],
    ['a text within', '50', '50'],
    ['a text with an exponent', '1e9', '100'],
    ['a text beyond all numbers', '9'.repeat(390), '100'],
    ['a text above by less than a number holds', '100.00000000000000000001', '100'],
    ['every member of a list', [5, 500, ['700']], [5, 100, ['100']]],
  ])('keeps %s', (_, value, wanted) => {
    expect(outcome({ clamp }, { n: value })).toEqual({ n: wanted })
    const args = { n: wanted }
    expect(outcome({ clamp }, args)).toBe(args)
  })

  it.each<[string, JsonValue]>([
    ['words', 'many'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['hexadecimal', '0xff'],
    ['blanks', ' 5 '],
    ['nothing', ''],
    ['a separator', '1_000'],
    ['a truth', true],
    ['null', null],
    ['an object', { n: 5 }],
    ['a text without end', '1'.repeat(500)],
  ])('refuses %s', (_, value) => {
    expect(outcome({ clamp }, { n: value })).toMatch(
      /^`n` is not a number: give one from 1 to 100$/,
    )
  })

  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['one bound', { n: { max: 3 } }, { n: 9 }, { n: 3 }],
    ['the other', { n: { min: 3 } }, { n: 1 }, { n: 3 }],
    [
      'every spelling at any depth',
      { page_size: { max: 3 } },
      { a: { pageSize: 9 }, 'PAGE-SIZE': 9 },
      { a: { pageSize: 3 }, 'PAGE-SIZE': 3 },
    ],
    ['a pointer', { '/a/n': { max: 3 } }, { a: { n: 9 }, n: 9 }, { a: { n: 3 }, n: 9 }],
    ['a pointer to a list', { '/a': { max: 3 } }, { a: [9, 1] }, { a: [3, 1] }],
    ['an absent argument', { n: { max: 3 } }, { m: 9 }, { m: 9 }],
    ['a bound with an exponent', { n: { max: 1e21 } }, { n: '1e30' }, { n: '1e+21' }],
  ])('takes %s', (_, section, args, wanted) => {
    expect(outcome({ clamp: section }, args)).toEqual(wanted)
    expect(outcome({ clamp: section }, wanted)).toBe(wanted)
  })
})

describe('truncate', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['a long text', 'abcdef', 'abc'],
    ['a short text', 'ab', 'ab'],
    ['characters of two units', '😀😀😀😀', '😀😀😀'],
    ['a list', ['abcdef', 'x'], ['abc', 'x']],
    ['null', null, null],
  ])('cuts %s', (_, value, wanted) => {
    expect(outcome({ truncate: { text: 3 } }, { text: value })).toEqual({ text: wanted })
  })

  it('refuses what is no text', () => {
    expect(outcome({ truncate: { text: 3 } }, { text: 12345 })).toBe(
      '`text` is not a text: give one',
    )
  })
})
