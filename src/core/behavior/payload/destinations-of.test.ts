import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destinationsOf } from './destinations-of.ts'
import { readArguments } from './read-arguments.ts'

/** What a mail to these goes to; `?` before what is unread. */
function placesOf(to: string | readonly string[]): readonly string[] {
  const places = destinationsOf(readArguments({ to }, 'mail.send'))
  return places.map(({ text, unread }) => (unread ? `?${text}` : text))
}

const BLANKS = ' '.repeat(2_100)

describe('the destinations of a list', () => {
  it.each<[to: string, places: readonly string[]]>([
    ['ida@x.test', ['ida@x.test']],
    ['ida@x.test.', ['ida@x.test']],
    [
      'Ida <ida@x.test>, bo@x.test; "Pike, Ana" <ana@x.test>',
      ['ida@x.test', 'bo@x.test', 'ana@x.test'],
    ],
    ['Ida Pike (Sales) <ida@x.test>', ['ida@x.test']],
    ['ida@x.test bo@x.test', ['ida@x.test', 'bo@x.test']],
    ['jörg@müller.test', ['jörg@müller.test']],
    ['ida@x.test, Bo Ek', ['ida@x.test', 'Bo Ek']],
    ['@channel', ['@channel']],
    ['git@x.test:team/app.git', ['git@x.test']],
    ['DE44 5001', ['DE44 5001']],
    ['', []],
    [', ;', [', ;']],
  ])('are its parts: %j', (to, places) => {
    expect(placesOf(to)).toEqual(places)
  })

  it.each<[to: string, places: readonly string[]]>([
    ['ida@x.test, "e"@evil.test', ['ida@x.test', '?"e"@evil.test']],
    ['ida@x.test, e@[203.0.113.9]', ['ida@x.test', '?e@[203.0.113.9]']],
    ['ida@x.test, eve(x)@evil.test', ['ida@x.test', '?eve(x)@evil.test']],
    ['ida@x.test <"e"@evil.test>', ['?ida@x.test <"e"@evil.test>']],
    ['"eve@evil.test, "<ida@x.test>', ['?"eve@evil.test, "<ida@x.test>']],
    ['ida@x.test, eve @evil.test', ['ida@x.test', '?eve @evil.test']],
    ['ida@x.test, eve＠evil.test', ['ida@x.test', '?eve＠evil.test']],
    ['ida@x.test|eve@evil.test', ['?ida@x.test|eve@evil.test']],
    ['eve%evil.test@x.test', ['?eve%evil.test@x.test']],
    ['evil.test!eve@x.test', ['?evil.test!eve@x.test']],
    ['Team: ida@x.test, eve@evil.test;', ['?Team: ida@x.test', 'eve@evil.test']],
    ['"ida@x.test, eve@evil.test', ['?"ida@x.test, eve@evil.test']],
    ['@evil.test,@x.test:ida@x.test', ['@evil.test', '?@x.test:ida@x.test']],
  ])('are unread where programs may differ: %j', (to, places) => {
    expect(placesOf(to)).toEqual(places)
  })
})

describe('the destinations of an address', () => {
  it.each<[to: string, places: readonly string[]]>([
    ['https://x.test/a/@ida/b', ['x.test']],
    ['https://x.test/maps/@52.5,13.4', ['x.test']],
    ['https://x.test/?mail=ida@x.test', ['x.test']],
    ['https://x.test/ eve@evil.test', ['x.test', 'eve@evil.test']],
    ['https://x.test/\neve@evil.test', ['x.test', 'eve@evil.test']],
    ['https://x.test/,eve@evil.test', ['x.test', 'eve@evil.test']],
    ['https://x.test/?a=b;"e"@evil.test', ['x.test', '?"e"@evil.test']],
    ['https://x.test/,https://evil.test/', ['x.test', 'evil.test']],
    ['https://x.test\\@evil.test/', ['x.test', '?\\@evil.test/']],
    [`https://${'a'.repeat(1_017)}@x.test@evil.test/`, ['evil.test']],
    ['mailto:ida@x.test', ['ida@x.test']],
    ['mailto:ida@x.test?cc=eve@evil.test&subject=Hi', ['ida@x.test', 'eve@evil.test']],
    ['MAILTO:?BCC=eve%40evil.test%2C%22e%22@x.test', ['eve@evil.test', '?"e"@x.test']],
  ])('are all that it leads to: %j', (to, places) => {
    expect(placesOf(to)).toEqual(places)
  })

  it('do not hide what it carries', () => {
    const told = readArguments({ url: 'mailto:ida@x.test?body=the%20plan+x' }, 'http.get')
    expect(told.map(({ role, key, text }) => [role, key, text])).toEqual([
      ['destination', 'url', 'ida@x.test'],
      ['content', 'body', 'the plan+x'],
    ])
  })
})

describe('destinations beyond the bounds', () => {
  it.each<[to: string | readonly string[], last: string]>([
    [`ida@x.test${BLANKS}, eve@evil.test`, 'eve@evil.test'],
    [Array.from({ length: 65 }, (_, at) => `a${at}@x.test`), 'a64@x.test'],
    [[...Array.from({ length: 64 }, (_, at) => `a${at}@x.test`), 'eve@evil.test'], 'eve@evil.test'],
    [`${'ida@x.test, '.repeat(200)}eve@evil.test`, 'eve@evil.test'],
  ])('are one that is unread', (to, last) => {
    const places = placesOf(to)
    expect(places.length).toBeLessThanOrEqual(65)
    expect(places.filter((text) => text.startsWith('?'))).toEqual([expect.stringContaining(last)])
    expect(places.at(-1)?.startsWith('?')).toBe(true)
  })

  it('are told apart, so that an approval of some does not cover others', () => {
    const many = Array.from({ length: 70 }, (_, at) => `a${at}@x.test`)
    expect(placesOf([...many, 'eve@evil.test'])).not.toEqual(placesOf(many))
  })
})

it('every address of a list is told, or a part that is unread', () => {
  const word = fc.constantFrom(
    'ida@x.test',
    'eve@evil.test',
    '"',
    '<',
    '>',
    '(',
    ')',
    ',',
    ';',
    ' ',
    '\\',
    '|',
    ':',
    'a',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      const text = words.join('')
      if (!text.includes('eve@evil.test')) return
      const places = placesOf([text])
      expect(places.some((place) => place.startsWith('?') || place.includes('evil.test'))).toBe(
        true,
      )
    }),
  )
})
