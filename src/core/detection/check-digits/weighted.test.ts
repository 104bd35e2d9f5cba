import { describe, expect, it } from 'vitest'
import {
  base36At,
  crossSum,
  digitAt,
  isOneDigitRepeated,
  isSequential,
  weightedSum,
} from './weighted.ts'

describe('weighted sums', () => {
  it('adds digits times weights from an offset on', () => {
    expect([weightedSum('123', [3, 2, 1]), weightedSum('9123', [3, 2, 1], 1)]).toEqual([10, 10])
  })

  it('adds the digits of products of two digits', () => {
    expect(crossSum('789', [2, 1, 2])).toBe(5 + 8 + 9)
  })

  it('reads digits and letters by their value', () => {
    expect([digitAt('a7', 1), base36At('9AZ', 0), base36At('9AZ', 1), base36At('9AZ', 2)]).toEqual([
      7, 9, 10, 35,
    ])
  })
})

describe('numbers that are nobody’s', () => {
  it.each([
    ['0000000', true],
    ['7777', true],
    ['7778', false],
    ['8777', false],
  ])('tells whether %s repeats one digit: %s', (digits, isRepeated) => {
    expect(isOneDigitRepeated(digits)).toBe(isRepeated)
  })

  it.each([
    ['123456789', true],
    ['1234567890', true],
    ['987654321', true],
    ['2109876', true],
    ['123456780', false],
    ['135791', false],
    ['AB123456', false],
    ['1', false],
    ['', false],
  ])('tells whether `%s` counts up or down: %s', (text, counts) => {
    expect(isSequential(text)).toBe(counts)
  })
})
