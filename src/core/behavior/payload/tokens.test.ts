import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TokenKind, tokensOf } from './tokens.ts'

function told(text: string): readonly string[] {
  const found: string[] = []
  tokensOf(text, (start, end, kind) => {
    found.push(`${kind} ${text.slice(start, end)}`)
  })
  return found
}

describe('tokensOf', () => {
  it.each<[string, readonly string[]]>([
    ['write to ida.berg@fjord.test.', ['email ida.berg@fjord.test']],
    [
      'see https://u@a.test/x/y?q=bo@b.test#z)',
      ['url https://u@a.test/x/y?q=bo@b.test#z', 'host a.test', 'path /x/y', 'email bo@b.test'],
    ],
    ['go to www.fjord.test, now', ['host www.fjord.test']],
    ['pay DE44500105175407324931 today', ['iban DE44500105175407324931']],
    ['pay GB29 NWBK 6016 1331 9268 19 today', ['iban GB29 NWBK 6016 1331 9268 19']],
    [
      'card 4929 1234 1234 1234 or 4929-1234-1234-1234',
      ['card 4929 1234 1234 1234', 'card 4929-1234-1234-1234'],
    ],
    ['call +49 (30) 1234-5678 or 555-123-4567', ['phone +49 (30) 1234-5678', 'phone 555-123-4567']],
    ['order KX-7781-QL and TICKET-4829', ['id KX-7781-QL', 'id TICKET-4829']],
    ['3f2504e0-4f89-11d3-9a0c-0305e82c3301', ['uuid 3f2504e0-4f89-11d3-9a0c-0305e82c3301']],
    ['sum deadbeef99 ok', ['hex deadbeef99']],
    ['blob eyJhbGciOiJIUzI1NiJ9 ok', ['base64 eyJhbGciOiJIUzI1NiJ9']],
    ['read /etc/passwd and C:\\temp\\x.txt', ['path /etc/passwd', 'path C:\\temp\\x.txt']],
    ['it is 8,823,071,946.50 or 12 345', ['number 8,823,071,946.50', 'number 12 345']],
    ['on 2031-05-19 at noon', ['number 2031-05-19']],
    ["say \"the old mill\" and 'a word', don't", ['quoted the old mill', 'quoted a word']],
    ['at Riverside View Hotel, with Ida Berg', ['name Riverside View Hotel', 'name Ida Berg']],
    ['nothing here at all, 12 and 345', []],
  ])('finds in %s what stands there', (text, tokens) => {
    expect(told(text)).toEqual(tokens)
  })

  it('reports stretches of the text, in bounds and not empty', () => {
    const piece = fc.constantFrom(
      'a',
      'A',
      '7',
      '@',
      '.',
      '/',
      ':',
      '-',
      ' ',
      '"',
      "'",
      '(',
      ')',
      '+',
      '\n',
      'Ab',
      '://',
      '\ud800',
      'é',
      '1234',
      '\u200b',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
        const text = pieces.join('')
        const bad: [number, number, TokenKind][] = []
        tokensOf(text, (start, end, kind) => {
          if (start < 0 || end > text.length || end <= start) bad.push([start, end, kind])
        })
        expect(bad).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  it.each(['"', "'a ", 'A ', '1 ', 'a:', 'http://', 'a.', '(', '@', '1-', 'DE44 ', 'x://a@'])(
    'takes linear time over many %s',
    (piece) => {
      const time = (length: number): number => {
        const text = piece.repeat(Math.ceil(length / piece.length))
        const runs = Array.from({ length: 3 }, () => {
          const started = performance.now()
          tokensOf(text, () => undefined)
          return performance.now() - started
        })
        return Math.min(...runs)
      }
      time(8_000)
      expect(time(256_000)).toBeLessThan(40 * Math.max(time(32_000), 2))
    },
  )
})
