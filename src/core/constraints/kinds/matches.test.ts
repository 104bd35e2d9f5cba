import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, judge, standing } from '../probe.fixture.ts'

const of = (pattern: string, value: JsonValue, flags = '') =>
  standing('matches', { field: 'id', pattern, flags }, { id: value })

describe('matches', () => {
  it.each<[string, string, string, string]>([
    ['b', '', 'abc', 'inside'],
    ['^b$', '', 'abc', 'outside'],
    ['^[A-Z]{3}-\\d+$', '', 'ABC-12', 'inside'],
    ['^[A-Z]{3}-\\d+$', '', 'ABC-12\nx', 'outside'],
    ['^[A-Z]{3}-\\d+$', '', 'ABC-12\n', 'outside'],
    ['^x$', 'm', 'a\nx', 'inside'],
    ['ABC', 'i', 'xabcx', 'inside'],
    ['a.b', '', 'a\nb', 'outside'],
    ['a.b', 's', 'a\nb', 'inside'],
    ['\\p{L}+', 'u', 'é', 'inside'],
  ])('pattern %s with flags `%s` on %j is %s', (pattern, flags, text, wanted) => {
    expect(of(pattern, text, flags)).toBe(wanted)
  })

  it('is unsure of what is no text, and of a text over the limit', () => {
    expect([of('a', 1), of('a', null), of('a', 'a'.repeat(65_537))]).toEqual([
      'unsure',
      'unsure',
      'unsure',
    ])
  })

  it('judges a text at the limit', () => {
    expect(of('^a+$', 'a'.repeat(65_536))).toBe('inside')
  })

  it('lowers the limit for a pattern that is dear, so that no text takes long', () => {
    const dear = '[ab]*a[ab]{300}c$'
    const text = Array.from({ length: 1_500 }, (_, index) => 'ab'[((index * index) % 7) & 1]).join(
      '',
    )
    const started = performance.now()
    expect([of(dear, text), of(dear, text + text)]).toEqual(['outside', 'unsure'])
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('judges all texts of a call within one limit, and is unsure of the rest', () => {
    const text = `${'ab'.repeat(700)}cx`
    const started = performance.now()
    expect(of('[ab]*a[ab]{300}c$', Array(400).fill(text))).toBe('outside unsure')
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('tells neither the pattern nor the value', () => {
    expect(judge('regex', { field: 'id', pattern: '^s3cret$' }, { id: 'hunter2' }).detail).toBe(
      '`id` does not match the pattern',
    )
  })

  it.each<[JsonObject, string[]]>([
    [{ field: 'a', pattern: '[' }, ['bad_regex pattern']],
    [{ field: 'a', pattern: '(a|a)*b' }, ['unsafe_regex pattern']],
    [{ field: 'a', pattern: '(a)\\1' }, ['unsafe_regex pattern']],
    [{ field: 'a', pattern: 'a', flags: 'g' }, ['bad_regex flags']],
    [{ field: 'a', pattern: '^a+$', flags: 'imsu' }, []],
  ])('finds the faults of %j', (config, wanted) => {
    expect(faults('matches', config)).toEqual(wanted)
  })
})
