import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayBeCompressed } from './compressed.ts'

describe('mayBeCompressed', () => {
  it.each([
    ['gzip', gzipSync],
    ['zlib', deflateSync],
    ['raw deflate', deflateRawSync],
  ])('is true for any text in %s', (_, pack) => {
    const text = fc.oneof(fc.string({ minLength: 8, maxLength: 400 }), fc.lorem({ maxCount: 200 }))
    fc.assert(
      fc.property(text, fc.constantFrom(0, 1, 6, 9), (value, level) => {
        const printable = value.replace(/[^ -~]/g, 'x')
        const bytes = pack(printable.padEnd(8, 'y'), { level })
        expect(bytes.length < 8 || mayBeCompressed(bytes)).toBe(true)
      }),
      { seed: 11 },
    )
  })

  it('is false for nearly all other bytes', () => {
    const samples = fc.sample(fc.uint8Array({ minLength: 40, maxLength: 80 }), {
      numRuns: 2_000,
      seed: 5,
    })
    expect(samples.filter(mayBeCompressed).length).toBeLessThan(40)
  })
})
