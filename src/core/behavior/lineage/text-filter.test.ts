import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTextFilter } from './text-filter.ts'

describe('a text filter', () => {
  it('has all that was added, however often it doubles', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 3000 }), (numbers) => {
        const filter = createTextFilter(65_536)
        for (const number of numbers) filter.add(number)
        expect(numbers.every((number) => filter.mayHave(number))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('knows of most others that they were never added', () => {
    const filter = createTextFilter(65_536)
    const spread = (number: number) => Math.imul(number, 0x9e3779b1)
    for (let number = 0; number < 10_000; number++) filter.add(spread(number))
    let wrong = 0
    for (let number = 10_000; number < 20_000; number++) if (filter.mayHave(spread(number))) wrong++
    expect(wrong).toBeLessThan(5000)
  })

  it('stays under its limit', () => {
    const filter = createTextFilter(4096)
    for (let number = 0; number < 100_000; number++) filter.add(Math.imul(number, 0x9e3779b1))
    expect(filter.bytes).toBeLessThanOrEqual(4096)
  })

  it('may have anything once it is filled', () => {
    const filter = createTextFilter(4096)
    filter.fill()
    for (let number = 0; number < 2000; number++) filter.add(number)
    expect(filter.mayHave(123_456_789)).toBe(true)
  })
})
