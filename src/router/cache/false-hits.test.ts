import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFalseHitMeter, upperBound } from './false-hits.ts'

describe('the upper bound of a share', () => {
  it.each([
    // Without a false one: 1 - (1 - level)^(1 / n).
    [0, 10, 0.95, 0.2589],
    [0, 299, 0.95, 0.00997],
    [0, 298, 0.95, 0.01],
    // From tables of the exact one-sided interval.
    [1, 10, 0.95, 0.3942],
    [5, 100, 0.95, 0.1023],
    [2, 20, 0.99, 0.3584],
    [10, 10, 0.95, 1],
    [0, 0, 0.95, 1],
  ])('of %i in %i at %d is %d', (hits, n, level, want) => {
    expect(Math.abs(upperBound(hits, n, level) - want)).toBeLessThan(0.0007)
  })

  it('lies above the share that was seen, rises with it, and falls with more of the same', () => {
    const counts = fc.record({
      n: fc.integer({ min: 1, max: 500 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(counts, ({ n, part }) => {
        const hits = Math.floor(part * (n - 1))
        const bound = upperBound(hits, n, 0.95)
        expect(bound).toBeGreaterThan(hits / n)
        expect(upperBound(hits + 1, n, 0.95)).toBeGreaterThan(bound)
        expect(upperBound(2 * hits, 2 * n, 0.95)).toBeLessThan(bound)
      }),
      { numRuns: 50 },
    )
  })
})

describe('the meter of false hits', () => {
  it('counts by route, and forgets the oldest of a thousand', () => {
    const meter = createFalseHitMeter(0.95)
    meter.note('one', true)
    expect(meter.of('one')).toEqual({ compared: 1, false_hits: 1, upper_bound: 1 })
    expect(meter.of('two')).toEqual({ compared: 0, false_hits: 0, upper_bound: 1 })
    for (let count = 0; count < 1_000; count++) meter.note('one', false)
    const { compared, false_hits: wrong, upper_bound: bound } = meter.of('one')
    expect([compared, wrong, bound < 0.0031]).toEqual([1_000, 0, true])
  })

  it('keeps no more than a thousand routes', () => {
    const meter = createFalseHitMeter(0.95)
    for (let route = 0; route <= 1_000; route++) meter.note(`route ${route}`, false)
    expect([[...meter.routes()].length, meter.of('route 0').compared]).toEqual([1_000, 0])
  })
})
