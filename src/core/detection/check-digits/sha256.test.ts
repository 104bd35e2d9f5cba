import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256OfShort } from './sha256.ts'

describe('sha256OfShort', () => {
  it('agrees with the platform on everything it takes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 55 }), (bytes) => {
        const expected = new Uint8Array(createHash('sha256').update(bytes).digest())
        expect(sha256OfShort(bytes)).toEqual(expected)
      }),
    )
  })

  it('refuses more than a block', () => {
    expect(() => sha256OfShort(new Uint8Array(56))).toThrow(RangeError)
  })
})
