import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLeaves } from './read-leaves.ts'

describe('a number', () => {
  it('is written as JavaScript writes it', () => {
    const decimal = fc
      .tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(1, 10, 100, 1e3, 1e4, 1e6))
      .map(([count, parts]) => count / parts)
    const number = fc.oneof(decimal, fc.double({ noNaN: true, noDefaultInfinity: true }))
    fc.assert(
      fc.property(number, (value) => {
        expect(readLeaves({ amount: value, open: true })[0]?.text).toBe(String(value))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    0, -0, 0.001, 0.0005, 0.1, 0.25, 12.5, 1234.56, 999999999.999, 1e9, 1e-7, 1e21, 5e-324, -1.5,
  ])('%d too', (value) => {
    expect(readLeaves({ amount: value })[0]?.text).toBe(String(value))
  })
})
