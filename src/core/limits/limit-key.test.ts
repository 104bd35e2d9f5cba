import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitKey } from './limit-key.ts'

const parts = fc.array(
  fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(' -', ' 1:a', '-', '#')), {
    nil: undefined,
  }),
  { maxLength: 4 },
)

describe('limitKey', () => {
  it('gives two lists of parts the same key only where they are the same', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(limitKey('k', ...one) === limitKey('k', ...other)).toBe(same)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    [['a b'], ['a', 'b']],
    [
      ['a', undefined],
      ['a', ''],
    ],
    [['a', '1:b'], ['a 3:1:b']],
    [[undefined], ['-']],
    [['x'.repeat(300)], ['x'.repeat(301)]],
    [[`${'x'.repeat(300)}\ud800`], [`${'x'.repeat(300)}\ud801`]],
  ])('tells %j from %j', (one, other) => {
    expect(limitKey('k', ...one)).not.toBe(limitKey('k', ...other))
  })

  it('is of a bounded length', () => {
    expect(limitKey('class', 'x'.repeat(100_000)).length).toBeLessThan(250)
  })
})
