import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../model/json.ts'
import { standing } from '../probe.fixture.ts'
import { isEqualJson } from '../support/equality.ts'

const of = (wanted: JsonValue, value: JsonValue) =>
  standing('equals', { field: 'a', value: wanted }, { a: value })

describe('equals', () => {
  it.each<[JsonValue, JsonValue]>([
    ['x', 'x'],
    [1, 1.0],
    [0, -0],
    [null, null],
    [
      { c: 1, b: [1, 2] },
      { b: [1, 2], c: 1 },
    ],
    [
      [1, 2],
      [1, 2],
    ],
    [[], []],
    ['x', ['x', 'x']],
  ])('%j equals %j', (wanted, value) => {
    expect(of(wanted, value)).toBe('inside')
  })

  it.each<[JsonValue, JsonValue]>([
    ['x', 'X'],
    ['1', '1.0'],
    ['1', 2],
    [true, 'yes'],
    [null, 'null'],
    [null, false],
    [null, 0],
    [
      [1, 2],
      [2, 1],
    ],
    [
      [1, 2],
      [1, 2, 3],
    ],
    [[1], 1],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { b: 1 }],
    [{ 0: 'x' }, 'x'],
    [{}, null],
  ])('%j does not equal %j', (wanted, value) => {
    expect(of(wanted, value)).toBe('outside')
  })

  it.each<[JsonValue, JsonValue]>([
    [0, '0'],
    [1, ' 1.0 '],
    ['0', 0],
    ['1e3', 1000],
    [true, 'TRUE'],
    [true, 1],
    [false, '0'],
    ['false', false],
    [{ n: [1] }, { n: ['1'] }],
    [[0], ['0']],
  ])('%j may be what a program reads in %j', (wanted, value) => {
    expect(of(wanted, value)).toBe('unsure')
  })

  it('does not take an inherited property for an own one', () => {
    const left: JsonValue = JSON.parse('{"toString": null}')
    expect(isEqualJson(left, { x: null })).toBe(false)
  })

  it('agrees with its reference: equal canonical text', () => {
    const canonical = (value: JsonValue): string => {
      if (Array.isArray(value)) return `[${value.map(canonical)}]`
      if (typeof value !== 'object' || value === null) return JSON.stringify(value)
      const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)}}`
    }
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue> // unknown to its types
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(isEqualJson(left, right)).toBe(canonical(left) === canonical(right))
        expect(isEqualJson(left, JSON.parse(JSON.stringify(left)))).toBe(true)
      }),
    )
  })
})
