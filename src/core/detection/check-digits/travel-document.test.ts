import { describe, expect, it } from 'vitest'
import { isTravelDocumentValid } from './travel-document.ts'

describe('isTravelDocumentValid', () => {
  it.each([
    ['C01X00T478', true],
    ['T220001293', true],
    ['L898902C36', true],
    ['C01X00T479', false],
    ['C01X00T748', false],
  ])('says of %s: %s', (number, isValid) => {
    expect(isTravelDocumentValid(number)).toBe(isValid)
  })
})
