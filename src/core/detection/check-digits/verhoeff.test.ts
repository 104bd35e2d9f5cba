import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isVerhoeffValid } from './verhoeff.ts'

describe('isVerhoeffValid', () => {
  it.each([
    ['2363', true],
    ['2364', false],
    ['234123412346', true],
    ['234123412364', false],
  ])('says of %s: %s', (number, isValid) => {
    expect(isVerhoeffValid(number)).toBe(isValid)
  })

  it('notices each swap of two neighbours that differ', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{3,12}$/), fc.nat(), (number, seed) => {
        const check =
          Array.from('0123456789').find((digit) => isVerhoeffValid(number + digit)) ?? ''
        const digits = Array.from(number + check)
        const index = seed % (digits.length - 1)
        const [one = '', other = ''] = digits.slice(index, index + 2)
        digits.splice(index, 2, other, one)
        expect(isVerhoeffValid(digits.join(''))).toBe(one === other)
      }),
    )
  })
})
