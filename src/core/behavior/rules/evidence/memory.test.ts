import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberIn, numbersIn, rowOf, rowsIn, withNumbers, withRow } from './memory.ts'

describe('memory of rules', () => {
  it('reads whatever a store gives back, absent where it is not as expected', () => {
    fc.assert(
      fc.property(
        fc.json().map((json) => JSON.parse(json)),
        fc.string(),
        (memory, key) => {
          expect(Number.isFinite(numberIn(memory, key))).toBe(true)
          expect(numbersIn(memory, key).every((one) => typeof one === 'number')).toBe(true)
          expect(
            rowsIn(memory, key)
              .flat()
              .every((one) => typeof one === 'number'),
          ).toBe(true)
        },
      ),
    )
  })

  it('does not take inherited fields for its own', () => {
    expect([numberIn({}, 'constructor'), numbersIn({}, '__proto__')]).toEqual([0, []])
  })

  it('replaces a row, puts it last, and lets the oldest go', () => {
    const rows = [
      [1, 10],
      [2, 20],
      [3, 30],
    ]
    expect(withRow(rows, [2, 21], 3)).toEqual([
      [1, 10],
      [3, 30],
      [2, 21],
    ])
    expect(withRow(rows, [4, 40], 3)).toEqual([
      [2, 20],
      [3, 30],
      [4, 40],
    ])
    expect(rowOf(rows, 3)).toEqual([3, 30])
    expect(rowOf(rows, 9)).toBeUndefined()
  })

  it('reads back what it made, and the same once a store has had it', () => {
    const made = { rows: withRow([[1, 10]], [2, 20], 8), numbers: withNumbers([1], [2], 8) }
    for (const memory of [made, JSON.parse(JSON.stringify(made))])
      expect([rowsIn(memory, 'rows'), numbersIn(memory, 'numbers')]).toEqual([
        [
          [1, 10],
          [2, 20],
        ],
        [1, 2],
      ])
    // Rows are no numbers, whoever made them.
    expect([numbersIn(made, 'rows'), rowsIn(made, 'numbers')]).toEqual([[], []])
  })

  it('keeps numbers once, and the newest of them', () => {
    expect(withNumbers([1, 2, 3], [2, 4], 3)).toEqual([2, 3, 4])
    expect(withNumbers([1, 2], [1], 3)).toEqual([1, 2])
  })
})
