import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScanMatch } from './match.ts'
import { selectMatches } from './select-matches.ts'

function match(start: number, end: number, confidence: number): ScanMatch {
  return { class: 'secret', kind: 'k', start, end, confidence }
}

describe('the choice among matches that overlap', () => {
  it.each([
    ['the more confident', [match(0, 9, 0.5), match(4, 8, 0.9)], [match(4, 8, 0.9)]],
    ['the longer of equals', [match(4, 8, 0.9), match(0, 9, 0.9)], [match(0, 9, 0.9)]],
    ['the earlier of equals', [match(2, 6, 0.9), match(0, 4, 0.9)], [match(0, 4, 0.9)]],
    [
      'both that only touch',
      [match(4, 8, 0.5), match(0, 4, 0.9)],
      [match(0, 4, 0.9), match(4, 8, 0.5)],
    ],
    [
      'both ends of a chain whose middle is the weakest',
      [match(0, 5, 0.8), match(4, 9, 0.5), match(8, 12, 0.7)],
      [match(0, 5, 0.8), match(8, 12, 0.7)],
    ],
    [
      'what a loser no longer covers',
      [match(0, 5, 0.6), match(4, 9, 0.7), match(8, 12, 0.9)],
      [match(0, 5, 0.6), match(8, 12, 0.9)],
    ],
  ])('keeps %s', (_, found, kept) => {
    expect(selectMatches([...found])).toEqual(kept)
  })

  it('is ordered, free of overlaps, and drops only what a better match overlaps', () => {
    const any = fc
      .tuple(fc.nat(60), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }))
      .map(([start, length, tenths]) => match(start, start + length, tenths / 10))
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (found) => {
        const kept = selectMatches([...found])
        for (let at = 1; at < kept.length; at++)
          expect(kept[at]?.start).toBeGreaterThanOrEqual(kept[at - 1]?.end ?? 0)
        for (const one of found) {
          const rivals = kept.filter((other) => other.start < one.end && one.start < other.end)
          expect(rivals.some((rival) => rival.confidence >= one.confidence)).toBe(true)
        }
      }),
    )
  })
})
