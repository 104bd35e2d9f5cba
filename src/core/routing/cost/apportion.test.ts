import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion } from './apportion.ts'

describe('parts in whole units', () => {
  it.each<[string, bigint[], bigint[]]>([
    ['of none are none', [], []],
    ['are as many as the whole', [4n, 4n, 4n], [1n, 0n, 0n]],
    ['go to the largest remainder', [4n, 5n, 6n], [0n, 1n, 1n]],
    ['go to the first of two that are alike', [5n, 5n], [1n, 0n]],
    ['keep what they have', [14n, 15n], [1n, 2n]],
    ['are what they are where nothing is left', [20n, 0n], [2n, 0n]],
  ])('%s', (_what, parts, want) => {
    expect(apportion(parts, 10n)).toEqual(want)
  })

  it('add up to the rounded whole, and none is off by a unit', () => {
    const part = fc.bigInt({ min: 0n, max: 10n ** 12n })
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 20 }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        (parts, unit) => {
          const shares = apportion(parts, unit)
          const whole = parts.reduce((all, one) => all + one, 0n)
          expect(shares.reduce((all, one) => all + one, 0n)).toBe((2n * whole + unit) / (2n * unit))
          for (const [index, given] of parts.entries()) {
            const off = (shares[index] ?? -1n) * unit - given
            expect(off < unit && -off < unit).toBe(true)
          }
        },
      ),
    )
  })
})
