import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../model/json.ts'
import { faults, standing } from '../probe.fixture.ts'

const of = (value: JsonValue, max = 3) =>
  standing('max_length', { field: 'note', max }, { note: value })

describe('max_length', () => {
  it.each<[string, number, string]>([
    ['', 0, 'inside'],
    ['abc', 3, 'inside'],
    ['abcd', 3, 'outside'],
    ['😀😀😀', 3, 'inside'],
    ['😀😀😀😀', 3, 'outside'],
    ['😀😀a', 3, 'inside'],
    ['a\u0301b\u0301', 3, 'outside'],
    ['x', 0, 'outside'],
    ['\ud800\ud800', 1, 'outside'],
  ])('%j of at most %d code points is %s', (text, max, wanted) => {
    expect(of(text, max)).toBe(wanted)
  })

  it('is unsure of what is no text', () => {
    expect([of(12), of(null), of({ a: 1 })]).toEqual(['unsure', 'unsure', 'unsure'])
  })

  it.each([[-1], [1.5], [Number.NaN], [2 ** 53]])('refuses the limit %d', (max) => {
    expect(faults('max_length', { field: 'a', max })).toEqual(['bad_number max'])
  })
})
