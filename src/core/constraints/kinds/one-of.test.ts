import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../model/json.ts'
import { standing } from '../probe.fixture.ts'

const of = (value: JsonValue) =>
  standing('one_of', { field: 'kind', allow: ['red', 1, true, null] }, { kind: value })

describe('one_of', () => {
  it.each<[JsonValue]>([['red'], [1], [true], [null], [['red', 1]]])('takes %j', (value) => {
    expect(of(value)).toBe('inside')
  })

  it.each<[JsonValue]>([['Red'], [0], [false], ['2'], ['null'], ['red '], [''], ['truer']])(
    'refuses %j',
    (value) => {
      expect(of(value)).toBe('outside')
    },
  )

  it.each<[JsonValue]>([['1'], ['1.0'], [' 1'], ['true'], ['True'], ['0x1']])(
    'is unsure of %j, which a program may read as a listed value',
    (value) => {
      expect(of(value)).toBe('unsure')
    },
  )

  it('is unsure of a number whose text is listed', () => {
    expect(standing('one_of', { field: 'a', allow: ['0', '7'] }, { a: 7 })).toBe('unsure')
  })

  it('is unsure of an object, and of an empty list as of an absent argument', () => {
    expect([of({ red: 1 }), of([])]).toEqual(['unsure', 'unsure'])
  })

  it('lets no member of a list hide another', () => {
    expect(of(['red', 'blue'])).toBe('inside outside')
  })
})

describe('a text of any length', () => {
  it('may be a number that is padded, and is not read for every entry of the list', () => {
    const allow = Array.from({ length: 2000 }, (_, index) => index)
    expect(standing('one_of', { field: 'a', allow }, { a: `${' '.repeat(1000)}1` })).toBe('unsure')
    expect(standing('one_of', { field: 'a', allow: ['x'] }, { a: 'y'.repeat(1000) })).toBe(
      'outside',
    )
  })
})
