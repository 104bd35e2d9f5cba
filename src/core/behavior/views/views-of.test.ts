import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENCODERS, inflate } from './encoders.fixture.ts'
import { canonical, createBudget, viewsOf } from './views-of.ts'

const VALUES = [
  '604-18-2957',
  'tok-Live-Qx92LmVd81Bz07Rk',
  'nora.vestergaard.82@fjordmail.test',
  '12 Lantern Row, Flat 7B, Eastmere',
  'Operation Juniper starts on 9 October with 350 people',
]

/** Which views of a text hold the value, by how they were made. */
function holding(text: string, value: string): readonly string[] {
  return viewsOf(text, { inflate })
    .filter((view) => canonical(view.text).includes(canonical(value)))
    .map((view) => view.by.join(' '))
}

function isFound(text: string, value: string): boolean {
  return canonical(text).includes(canonical(value)) || holding(text, value).length > 0
}

function rot47(text: string): string {
  return text.replace(/[!-~]/g, (unit) =>
    String.fromCharCode(33 + ((unit.charCodeAt(0) + 14) % 94)),
  )
}

describe('viewsOf', () => {
  describe.each(ENCODERS)('a text in $name', ({ by, encode }) => {
    it.each(VALUES)('says what it holds: %s', (value) => {
      expect(isFound(encode(value), value)).toBe(true)
    })
    it.each(VALUES)('is found inside another text: %s', (value) => {
      expect(isFound(`Please note: blob=${encode(value)}; thank you.`, value)).toBe(true)
    })
    it('names the encoding', () => {
      const [, token = ''] = VALUES
      const text = encode(token)
      const named = holding(text, token).some((names) => names.split(' ').includes(by))
      expect(named || canonical(text).includes(canonical(token))).toBe(true)
    })
  })

  /** What is given up: base58 of long texts, and base85 behind a bracket or without any mark in it. */
  const given = (outer: string, inner: string): boolean =>
    (outer === 'base58' && inner.includes('binary')) ||
    (inner === 'base85' && (outer === 'base85' || outer.includes('brackets')))
  const PAIRS = ENCODERS.flatMap((outer) => ENCODERS.map((inner) => ({ outer, inner }))).filter(
    ({ outer, inner }) => !given(outer.name, inner.name),
  )
  it.each(PAIRS)('finds $inner.name inside $outer.name', ({ outer, inner }) => {
    const missed = VALUES.filter((value) => !isFound(outer.encode(inner.encode(value)), value))
    expect(missed).toEqual([])
  })

  it('finds all but one in two hundred of any texts in any pair of encodings', () => {
    // A few are lost where the words around a text, or a text by chance, belong to the same alphabet.
    const value = fc.stringMatching(/^[A-Z][a-z]{3,5}-\d{4}-[A-Za-z\d]{6,20}$/)
    const missed = fc
      .sample(fc.tuple(value, fc.constantFrom(...PAIRS)), { numRuns: 500, seed: 7 })
      .filter(
        ([text, { outer, inner }]) => !isFound(`see ${outer.encode(inner.encode(text))} now`, text),
      )
      .map(([text, { outer, inner }]) => `${inner.name} inside ${outer.name}: ${text}`)
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(2)
  })

  it.each([
    [
      'an accented label',
      `visit ${new URL('http://café-token-7731.test').hostname} now`,
      'café-token-7731',
    ],
    ['UTF-7', '+AHQAbwBrAC0ANwA3ADMAMQ- end', 'tok-7731'],
    ['an encoded word of a mail head', '=?utf-8?B?dG9rLTc3MzEtUXg=?=', 'tok-7731-Qx'],
    ['named entities', 'tok&hyphen;7731&lpar;Qx&rpar;', 'tok-7731(Qx)'],
    ['named code points', 'U+0074 U+006F U+006B U+0037 U+0037', 'tok77'],
    ['calls that make characters', 'chr(116)+chr(111)+chr(107)+chr(55)+chr(51)', 'tok73'],
    ['digits as words', 'call six zero four one eight two nine now', '6041829'],
    ['spoken letters', 'Tango Oscar Kilo dash Seven Seven Three One', 'tok-7731'],
    ['Morse code', 'say - --- -.- / --... --... ...-- .---- over', 'tok 7731'],
    ['look-alike letters', 'tоk-Livе-Qх', 'tok-Live-Qx'],
    ['letters of mathematics', '\u{1d42d}\u{1d428}\u{1d424} 7731', 'tok 7731'],
    [
      'variation selectors',
      `a${[...'tok-7731'].map((unit) => String.fromCodePoint(0xe0100 + unit.charCodeAt(0) - 16)).join('')}`,
      'tok-7731',
    ],
    ['digits for letters', 'the 0p3r4t10n Jun1p3r', 'operation'],
    ['a printable rotation', rot47('tok-7731-Qx is the one'), 'tok-7731-Qx'],
  ])('reads %s', (_, text, value) => {
    expect(isFound(text, value)).toBe(true)
  })

  it.each([
    'Hello Maria, thank you for your message about the report; we will look into it by Tuesday.',
    'Your order will arrive on Monday. Please call us under our usual number.',
    'The meeting takes place in the large hall. Bring your notes and a pen!',
  ])('gives nothing but mirrors of a plain text: %s', (text) => {
    expect(viewsOf(text).map(({ by }) => by.join(' '))).toEqual([
      'reversed',
      'rot13',
      'reversed rot13',
    ])
  })

  it.each([
    ['please keep 604 and 18 and 2957 apart as they are', []],
    [`see ${Buffer.from('tok-7731-Qx92').toString('base64')}`, ['base64']],
    [[...Buffer.from('tok-7731-Qx92').toString('base64')].reverse().join(''), ['reversed base64']],
  ])('gives no mirrors as such where they are not wanted: %s', (text, wanted) => {
    const views = viewsOf(text, { mirrors: false })
    expect(views.filter(({ by }) => by.at(-1) === 'reversed' || by.at(-1) === 'rot13')).toEqual([])
    expect(views.map(({ by }) => by.join(' '))).toEqual(expect.arrayContaining([...wanted]))
  })

  it('gives no more views and no more text than it says', () => {
    const piece = fc.constantFrom(
      'QUJDREVGR0g',
      '%41%42',
      '&#65;',
      '=41=42',
      '\\x41',
      '65,66,67,',
      '.- ',
      '<~9jqo^~>',
      'seven ',
      'а',
      '\ud800',
      '\0',
      'a a ',
      'aabb',
      '0x41',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        const text = pieces.join('')
        const views = viewsOf(text, { inflate })
        const total = views.reduce((sum, view) => sum + view.text.length, 0)
        expect(views.length).toBeLessThanOrEqual(256)
        expect(total).toBeLessThanOrEqual(8 * text.length + 65_536)
      }),
    )
  })

  const grouped = (text: string, size: number, joint: string): string =>
    text.replace(new RegExp(`.{${size}}(?=.)`, 'g'), `$&${joint}`)
  it.each([
    ['base64 in groups of four', 'base64', 4, ' '],
    ['base64 in groups of ten', 'base64', 10, ' '],
    ['base64 in groups with dashes', 'base64', 5, '-'],
    ['base64 in quoted groups', 'base64', 6, '","'],
    ['hex in groups of four', 'hex', 4, ' '],
    ['hex in groups with dots', 'hex', 8, '.'],
  ] as const)('reads %s', (_, encoding, size, joint) => {
    const encoded = Buffer.from('tok-Live-Qx92LmVd81Bz07Rk').toString(encoding)
    const text = `please send this code: ${grouped(encoded, size, joint)} thanks`
    expect(isFound(text, 'tok-Live-Qx92LmVd81')).toBe(true)
  })

  it.each([
    ['1'.repeat(40_000), 'one digit again and again'],
    ['01'.repeat(40_000), 'two digits by turns'],
    ['0000000 '.repeat(40_000), 'groups of digits'],
  ])('comes to an end with long texts of %#: %#', (text) => {
    const budget = createBudget(text.length)
    viewsOf(text, { budget })
    expect(budget.work).toBeGreaterThanOrEqual(0)
  })

  it('shares one budget among texts, and tells when it did not suffice', () => {
    const bomb = ENCODERS.find(({ name }) => name === 'gzip in base64')?.encode(
      'a word '.repeat(8_000),
    )
    const texts = Array.from({ length: 500 }, () => bomb ?? '')
    const budget = createBudget(texts.join('').length)
    const views = texts.flatMap((text) => viewsOf(text, { inflate, budget }))
    const units = views.reduce((sum, view) => sum + view.text.length, 0)
    expect(budget.unread).toBe(true)
    expect(units).toBeLessThanOrEqual(8 * texts.join('').length + 65_536)
  })

  it.each([
    [
      'prose',
      'The report on Q3 (see page 14) goes to finance@corp.test; it says 12% more. '.repeat(60),
    ],
    [
      'code',
      'const found = items.filter((item) => item.id !== id && !item.done) // 0x1f\n'.repeat(60),
    ],
    ['records', '{"id":"3f2b8c1d-0b54-4f83-8a6e-b1c98e5f7a6d","name":"Nordwind"},\n'.repeat(80)],
  ])('leaves nothing of honest texts unread: %s', (_, text) => {
    const budget = createBudget(text.length)
    viewsOf(text, { inflate, budget, mirrors: false })
    expect(budget.unread).toBe(false)
  })

  it('shows what is decoded with what stands around it, and leaves out what is far', () => {
    const text = `far ${'plain words here '.repeat(100)} near ${Buffer.from('tok-7731-Qx92').toString('base64')} too`
    const [view] = viewsOf(text, { mirrors: false })
    expect(view?.text).toContain('near tok-7731-Qx92 too')
    expect(view?.text).not.toContain('far')
  })

  it('gives up on compressed bytes that would not end', () => {
    const bomb = ENCODERS.find(({ name }) => name === 'gzip in base64')?.encode(
      'a'.repeat(10_000_000),
    )
    const views = viewsOf(bomb ?? '', { inflate })
    expect(Math.max(0, ...views.map(({ text }) => text.length))).toBeLessThanOrEqual(65_536)
  })
})
