import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entropyOf } from './entropy.ts'

describe('entropy', () => {
  it.each([
    ['', 0],
    ['aaaa', 0],
    ['abab', 1],
    ['abcd', 2],
    ['0123456789abcdef', 4],
    ['éàéà', 0],
  ])('of %j is %d bits a unit', (text, bits) => {
    expect(entropyOf(text)).toBeCloseTo(bits, 10)
  })

  it('looks at the given stretch only', () => {
    expect(entropyOf('aaaabcaaaa', 4, 6)).toBeCloseTo(1, 10)
  })

  it('lies between zero and seven bits for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const bits = entropyOf(text)
        expect(bits).toBeGreaterThan(-1e-9)
        expect(bits).toBeLessThanOrEqual(7)
      }),
    )
  })
})
