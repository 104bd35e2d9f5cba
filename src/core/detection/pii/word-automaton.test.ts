import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildWordAutomaton, SYMBOLS } from './word-automaton.ts'

const symbols = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })

describe('buildWordAutomaton', () => {
  it('finds each word wherever it stands, as a search for each alone does', () => {
    const text = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 })
    fc.assert(
      fc.property(fc.array(symbols, { maxLength: 8 }), text, (words, sample) => {
        const { next, ends } = buildWordAutomaton(words)
        let state = 0
        sample.forEach((symbol, at) => {
          state = next[state * SYMBOLS + symbol] ?? 0
          const read = sample.slice(0, at + 1)
          const expected = words.flatMap((word, index) =>
            read.slice(-word.length).join() === word.join() ? [index] : [],
          )
          expect([...(ends[state] ?? [])].sort()).toEqual(expected)
        })
      }),
    )
  })
})
