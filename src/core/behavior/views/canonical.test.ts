import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from './canonical.ts'

describe('canonical', () => {
  it.each([
    ['case and separators', 'Tok-Live_9.x / Y', 'toklive9xy'],
    ['full-width letters', 'ｔｏｋ－７３１', 'tok731'],
    ['letters of mathematics', '\u{1d5d4}\u{1d5ef}\u{1d7d7}', 'ab9'],
    ['letters in circles', 'Ⓣⓞ\u{1f15a}', 'tok'],
    ['accents', 'Café Ångström', 'cafeangstrom'],
    ['Cyrillic look-alikes', 'раураӏ', 'paypal'],
    ['Greek look-alikes', 'ΤΟΚΕΝ', 'token'],
    ['soft hyphens and zero-width characters', 'to\u00adk\u200be\u2060n\ufeff', 'token'],
    ['tag characters', '\u{e0074}\u{e006f}\u{e006b}', 'tok'],
    ['combining marks', 'to\u0301k\u0336', 'tok'],
    ['other scripts', '東京 7', '東京7'],
    ['nothing but marks', ' .-!? ', ''],
    ['lone surrogates', 'a\ud800b', 'ab'],
  ])('folds %s', (_, text, folded) => {
    expect(canonical(text)).toBe(folded)
  })

  it('does not depend on what stands around a text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, other) => {
        const plain = other.replace(/[^ -~]/g, '')
        expect(canonical(`${plain} ${text}`)).toBe(canonical(plain) + canonical(text))
      }),
    )
  })

  it('leaves what it has folded alone, whatever the length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(canonical(canonical(text))).toBe(canonical(text))
        expect(canonical(text)).toMatch(/^[a-z0-9]*$/)
      }),
    )
  })

  it('does not see the case of ASCII', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(canonical(text.toUpperCase())).toBe(canonical(text.toLowerCase()))
      }),
    )
  })
})
