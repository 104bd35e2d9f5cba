import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJson } from './read-json.ts'
import { sourceOf } from './source.ts'

describe('readJson', () => {
  it('reads what JSON.parse reads, to the same value', () => {
    fc.assert(
      fc.property(
        fc.json({ noUnicodeString: false, maxDepth: 8 }),
        fc.constantFrom(0, 2),
        (text, indent) => {
          const spaced = JSON.stringify(JSON.parse(text), null, indent)
          if (/"(?:__proto__|constructor|prototype)":/.test(spaced)) return
          const reading = readJson(spaced, 64)
          expect(reading.faults).toEqual([])
          expect(reading.value).toEqual(JSON.parse(spaced))
        },
      ),
    )
  })

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn\\u \n') }),
        (text) => {
          let isJson = true
          try {
            JSON.parse(text)
          } catch {
            isJson = false
          }
          const { faults } = readJson(text, 64)
          expect(faults.every((fault) => fault.kind === 'duplicate_key')).toBe(isJson)
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('knows the place of every value and key', () => {
    const text = '{\n  "a": [1,\n    {"b": "x"}]\n}'
    const source = sourceOf(null, text, readJson(text, 64))
    expect([
      source.place([]),
      source.place(['a']),
      source.place(['a', 1]),
      source.keyPlace(['a', 1, 'b']),
      source.place(['a', 1, 'b']),
      source.place(['a', 7, 'nothing']),
    ]).toEqual([
      { line: 1, column: 1 },
      { line: 2, column: 8 },
      { line: 3, column: 5 },
      { line: 3, column: 6 },
      { line: 3, column: 11 },
      { line: 2, column: 8 },
    ])
  })

  it('takes 64 levels and not one more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(readJson(nested(64), 64).faults).toEqual([])
    expect(readJson(nested(65), 64).faults[0]?.kind).toBe('too_deep')
  })
})
