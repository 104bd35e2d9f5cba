import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLuhnValid } from './luhn.ts'

const digits = fc.stringMatching(/^\d{1,24}$/)

describe('isLuhnValid', () => {
  it.each(['79927398713', '4111111111111111', '046454286', '00'])('accepts %s', (number) => {
    expect(isLuhnValid(number)).toBe(true)
  })

  it.each(['79927398710', '4111111111111112', '046454287', '0', ''])('refuses `%s`', (number) => {
    expect(isLuhnValid(number)).toBe(false)
  })

  it('accepts exactly one check digit for each number', () => {
    fc.assert(
      fc.property(digits, (number) => {
        const valid = Array.from('0123456789').filter((digit) => isLuhnValid(number + digit))
        expect(valid).toHaveLength(1)
      }),
    )
  })
})
