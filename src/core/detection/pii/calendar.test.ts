import { describe, expect, it } from 'vitest'
import { isDate, isDay, isDayMonthYear, isYearMonthDay, twoDigits } from './calendar.ts'

describe('days', () => {
  it.each([
    [1, 31, true],
    [2, 29, true],
    [2, 30, false],
    [4, 31, false],
    [12, 31, true],
    [13, 1, false],
    [0, 1, false],
    [5, 0, false],
  ])('of month %i has day %i: %s', (month, day, exists) => {
    expect(isDay(month, day)).toBe(exists)
  })

  it.each([
    [2024, 2, 29, true],
    [2023, 2, 29, false],
    [1900, 2, 29, false],
    [2000, 2, 29, true],
    [2023, 12, 31, true],
  ])('%i-%i-%i exists: %s', (year, month, day, exists) => {
    expect(isDate(year, month, day)).toBe(exists)
  })

  it('are read in either order', () => {
    expect([
      isYearMonthDay('x991231', 1),
      isYearMonthDay('311299'),
      isDayMonthYear('311299'),
    ]).toEqual([true, false, true])
  })

  it('are two digits', () => {
    expect(twoDigits('a07', 1)).toBe(7)
  })
})
