import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMod11And2Valid, isMod11And10Valid, mod97 } from './iso7064.ts'

describe('mod97', () => {
  it('agrees with arithmetic on whole numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (number) => {
        expect(mod97(String(number))).toBe(Number(number % 97n))
      }),
    )
  })

  it('reads a letter as two digits', () => {
    expect(mod97('A1Z')).toBe(10135 % 97)
  })
})

describe('MOD 11,10', () => {
  it.each(['36574261809', '33392005961', '136695976'])('accepts %s', (number) => {
    expect(isMod11And10Valid(number)).toBe(true)
  })

  it('accepts exactly one check digit for each number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{8,12}$/), (number) => {
        const valid = Array.from('0123456789').filter((digit) => isMod11And10Valid(number + digit))
        expect(valid).toHaveLength(1)
      }),
    )
  })
})

describe('MOD 11-2', () => {
  it.each([
    ['11010519491231002X', true],
    ['110105194912310021', false],
    ['0000000121032683', true],
    ['0000000121032684', false],
  ])('says of %s: %s', (number, isValid) => {
    expect(isMod11And2Valid(number)).toBe(isValid)
  })
})
