import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, judge, standing } from '../probe.fixture.ts'

const of = (bounds: JsonObject, value: JsonValue) =>
  standing('range', { field: 'amount', ...bounds }, { amount: value })

describe('range', () => {
  it.each<[JsonObject, JsonValue[], JsonValue[]]>([
    [{ min: 1, max: 5 }, [1, 3.5, 5], [0.999, 5.001, -1e308]],
    [{ min: 1, max: 5, exclusive_min: true, exclusive_max: true }, [1.5, 4.999], [1, 5]],
    [{ max: 0 }, [0, -0, -1], [Number.MIN_VALUE]],
    [{ min: 0 }, [0, -0, 1e308], [-1]],
  ])('%j takes %j and refuses %j', (bounds, inside, outside) => {
    expect(inside.map((value) => of(bounds, value))).toEqual(inside.map(() => 'inside'))
    expect(outside.map((value) => of(bounds, value))).toEqual(outside.map(() => 'outside'))
  })

  it.each<[JsonValue]>([['3'], [null], [true], [{ value: 3 }], ['']])(
    'is unsure of %j',
    (value) => {
      expect(of({ max: 5 }, value)).toBe('unsure')
    },
  )

  it('judges every member of a list', () => {
    expect([of({ max: 5 }, [1, 2]), of({ max: 5 }, [1, 9, 'x'])]).toEqual([
      'inside',
      'inside outside unsure',
    ])
  })

  it('tells the bound and not the value', () => {
    expect(judge('range', { field: 'amount', max: 5 }, { amount: 777 }).detail).toBe(
      '`amount` is above 5',
    )
  })

  it.each<[JsonObject, string[]]>([
    [{ field: 'a', min: 5, max: 1 }, ['bad_number max']],
    [{ field: 'a', min: 1, max: 1, exclusive_max: true }, ['bad_number max']],
    [{ field: 'a' }, ['missing_field']],
    [{ field: 'a', max: Number.POSITIVE_INFINITY }, ['bad_number max']],
    [{ field: 'a', min: 1, max: 1 }, []],
  ])('finds the faults of %j', (config, wanted) => {
    expect(faults('range', config)).toEqual(wanted)
  })

  it('agrees with its reference: sorting the bounds and the value', () => {
    const number = fc.integer({ min: -3, max: 3 })
    fc.assert(
      fc.property(number, number, number, fc.boolean(), fc.boolean(), (low, high, value, a, b) => {
        const bounds = { min: low, max: high, exclusive_min: a, exclusive_max: b }
        const isBelow = [low, value].sort((x, y) => x - y)[0] === value && (value !== low || a)
        const isAbove = [high, value].sort((x, y) => y - x)[0] === value && (value !== high || b)
        expect(of(bounds, value)).toBe(isBelow || isAbove ? 'outside' : 'inside')
      }),
    )
  })
})
