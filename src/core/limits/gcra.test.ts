import { describe, expect, it } from 'vitest'
import {
  advance,
  gridInterval,
  gridTime,
  isBucket,
  retryAfterOf,
  toleranceOf,
  waitOf,
} from './gcra.ts'

describe('gcra', () => {
  it('lets the burst by at once and then one call an interval', () => {
    const tolerance = toleranceOf(10, 3)
    const passed: number[] = []
    let tat = 0
    for (let now = 100; now < 130; now++)
      while (waitOf(tat, now, tolerance) <= 0) {
        passed.push(now)
        tat = advance(tat, now, 10)
      }

    expect(passed).toEqual([100, 100, 100, 110, 120])
  })

  it('saves nothing up beyond the burst', () => {
    expect(advance(5, 1_000, 10)).toBe(1_010)
  })

  it('rounds towards fewer calls: times down, intervals up, waits up', () => {
    expect(gridTime(1 / 3)).toBeLessThan(1 / 3)
    expect(gridInterval(1 / 3)).toBeGreaterThan(1 / 3)
    expect(gridInterval(0.5)).toBe(0.5)
    expect(retryAfterOf(0.1)).toBe(1)
    expect(retryAfterOf(41.5)).toBe(42)
  })

  it.each([
    [0, 1],
    [-1, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [10, 0],
    [10, Number.NaN],
    [10, Number.POSITIVE_INFINITY],
  ])('makes no bucket of an interval of %s and a burst of %s', (interval, burst) => {
    expect(isBucket(interval, burst)).toBe(false)
  })
})
