import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { wordsOf } from './name-words.ts'

it.each([
  ['send_email', ['send', 'email']],
  ['sendEmail', ['send', 'email']],
  ['send-email', ['send', 'email']],
  ['mail.sendURLNow', ['mail', 'send', 'url', 'now']],
  ['get2faCode', ['get2fa', 'code']],
  ['HTTPServer', ['http', 'server']],
  ['größe_ändern', ['größe', 'ändern']],
  ['__proto__', ['proto']],
  ['', []],
  ['\ud800..\u0000', []],
])('`%s` is read as words', (name, words) => {
  expect(wordsOf(name)).toEqual(words)
})

it('gives words in lower case without blanks, and takes no longer for a long name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (name) => {
      const words = wordsOf(name)
      const wrong = words.filter((word) => word === '' || word !== word.toLowerCase())
      expect([wrong, words.join('').length <= 3 * 512]).toEqual([[], true])
    }),
  )
})

it('looks no further than 512 units', () => {
  expect(wordsOf(`${'a'.repeat(512)}_send`)).toEqual(['a'.repeat(512)])
})
