import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTokens } from './estimate-tokens.ts'

describe('an estimate of tokens', () => {
  it.each([
    ['', 0],
    ['hello world', 2],
    ['internationalisation', 4],
    ['1234567', 3],
    ['a, b!', 4],
    ['one\n\n  two', 3],
    ['one \n two', 3],
    ['日本語', 3],
    ['Привет', 3],
  ])('of %j is %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens)
  })

  it('is the same for a text of ASCII as for any other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (text) => {
        // One ideograph, a run of its own, has the whole read in the other way.
        const other = estimateTokens(`${text} 日日日日日`)
        expect(other - estimateTokens(text)).toBe(4)
      }),
    )
  })
})
