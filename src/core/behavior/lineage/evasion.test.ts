import { deflateSync, gunzipSync, gzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Inflate } from '../views/encodings.ts'
import { leaksOf, openSession } from './session.fixture.ts'

const VALUES = {
  key: ['api', '9fGh2KqLmZ7xWvB3nR8tYc5D'].join('_'),
  token: [
    'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9',
    'eyJ1c2VyIjoiNDQ3MSIsInJvbGUiOiJhZG1pbiJ9',
    'Zk3hQ9sXvL2mPcW8rTnYbUaD',
  ].join('.'),
  'national id': '418-72-6093',
  phone: '+44 7911 482 036',
  account: 'FR7630006000011234567890189',
  mail: 'ingrid.solvang88@nordlicht-kanzlei.test',
  address: '1182 Thistledown Crescent, Unit 4B, Marrowgate',
  phrase: 'Operation Bluefin acquires Veltrana for 87 million on 3 June',
  password: 'xK9$wombat-Quartz77',
  passport: 'K4829175L',
  note: 'The reorganisation removes the Tallinn office and Henrike Vossberg leads the Marlowe programme afterwards',
  card: '5318 2204 7719 3062',
}

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')
const hex = (text: string) => Buffer.from(text).toString('hex')
const each = (text: string, map: (unit: string) => string, between = '') =>
  [...text].map(map).join(between)
const reversed = (text: string) => [...text].reverse().join('')
const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0)
    return String.fromCharCode(code + ((code | 32) < 110 ? 13 : -13))
  })
const code = (unit: string) => unit.charCodeAt(0)

const DISGUISES: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'inside a sentence': (text) => `hello, it says ${text} - bye`,
  'inside JSON in a text': (text) => JSON.stringify({ x: { y: [text] } }),
  base64,
  'base64 without padding': (text) => base64(text).replace(/=+$/, ''),
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 inside a sentence': (text) => `payload: ${base64(text)} end`,
  'a data URL': (text) => `data:text/plain;base64,${base64(text)}`,
  'base64 in lines': (text) => base64(text).replace(/.{12}(?=.)/g, '$&\n'),
  hex,
  'hex in capitals': (text) => hex(text).toUpperCase(),
  'hex as a label of a host': (text) => `http://${hex(text)}.e.test/`,
  'percent escapes': (text) => hex(text).replace(/../g, '%$&'),
  'a query parameter': (text) => `https://e.test/?d=${encodeURIComponent(text)}`,
  'a part of a path': (text) => `https://e.test/p/${encodeURIComponent(text)}/z`,
  entities: (text) => each(text, (unit) => `&#${code(unit)};`),
  escapes: (text) => each(text, (unit) => `\\u${code(unit).toString(16).padStart(4, '0')}`),
  'zero-width spaces': (text) => each(text, (unit) => unit, '\u200b'),
  'a soft hyphen': (text) => `${text.slice(0, 4)}\u00ad${text.slice(4)}`,
  capitals: (text) => text.toUpperCase(),
  'full-width letters': (text) =>
    each(text, (unit) => (unit > ' ' ? String.fromCharCode(code(unit) + 0xfee0) : unit)),
  'look-alike letters': (text) =>
    text.replace(/a/g, '\u0430').replace(/e/g, '\u0435').replace(/o/g, '\u043e'),
  'quoted-printable': (text) => hex(text).toUpperCase().replace(/../g, '=$&'),
  'each character twice': (text) => each(text, (unit) => unit + unit),
  'blanks between': (text) => each(text, (unit) => unit, ' '),
  'hyphens between': (text) => each(text, (unit) => unit, '-'),
  'other separators': (text) => text.replace(/[^a-z0-9]/gi, '_'),
  'no separators': (text) => text.replace(/[^a-z0-9]/gi, ''),
  'other text at both sides': (text) => `abc${text}def`,
  reversed,
  rot13,
  'base64 twice': (text) => base64(base64(text)),
  'hex of base64': (text) => hex(base64(text)),
  'base64 reversed': (text) => reversed(base64(text)),
  'base64 of the reversed': (text) => base64(reversed(text)),
  gzip: (text) => base64(gzipSync(text)),
  deflate: (text) => base64(deflateSync(text)),
}

const inflate: Inflate = (bytes, max) => {
  for (const undo of [gunzipSync, inflateSync, inflateRawSync])
    try {
      return { bytes: undo(bytes, { maxOutputLength: max }), whole: true }
    } catch {
      // Not this one.
    }
  return undefined
}

const CASES = Object.entries(VALUES).flatMap(([kind, value]) =>
  Object.entries(DISGUISES).map(([how, disguise]) => [kind, how, value, disguise(value)] as const),
)

describe('a restricted value', () => {
  it.each(CASES)('is found: %s, %s', (_kind, _how, value, body) => {
    const session = openSession({ inflate })
    const from = session.read({ id: 7, value, status: 'ok' })
    const leaks = leaksOf(session.send({ ticket: 'T-1', body }))
    expect(leaks.map((flow) => flow.from)).toContain(from)
  })

  const LONG = Object.entries(VALUES).filter(([, value]) => value.length > 20)

  it.each(LONG)('is found by a half: %s', (_kind, value) => {
    const session = openSession()
    session.read({ value })
    const body = value.slice(0, Math.ceil(value.length / 2))
    expect(leaksOf(session.send({ body }))).not.toEqual([])
  })

  it.each(LONG)('is found by what is behind its first third: %s', (_kind, value) => {
    const session = openSession()
    session.read({ value })
    const body = value.slice(Math.floor(value.length * 0.3))
    const flows = session.send({ body })
    expect(flows.some(({ confidence }) => confidence > 0.55)).toBe(true)
  })

  it.each(LONG)('is found when cut over fields in any order: %s', (_kind, value) => {
    const session = openSession()
    session.read({ value })
    const third = Math.ceil(value.length / 3)
    const [one, two, three] = [0, third, 2 * third].map((at) => value.slice(at, at + third))
    const flows = session.send({ text: two ?? '', body: three ?? '', subject: one ?? '' })
    expect(leaksOf(flows)).not.toEqual([])
  })

  it.each(LONG)('is found when cut over calls, last piece first: %s', (_kind, value) => {
    const session = openSession()
    session.read({ value })
    const third = Math.ceil(value.length / 3)
    const leaks = [2, 1, 0].flatMap((place) =>
      leaksOf(session.send({ body: value.slice(place * third, (place + 1) * third) })),
    )
    expect(leaks).not.toEqual([])
  })

  it.each(LONG)('is found when its base64 is cut anywhere over two calls: %s', (_kind, value) => {
    for (const at of [0.4, 0.5, 0.55, 0.6]) {
      const session = openSession()
      session.read({ value })
      const encoded = base64(value)
      const cut = Math.floor(encoded.length * at)
      const leaks = [encoded.slice(0, cut), encoded.slice(cut)].flatMap((body) =>
        leaksOf(session.send({ body })),
      )
      expect(leaks).not.toEqual([])
    }
  })

  it('is told as split on the call that completes it', () => {
    const session = openSession()
    const value = 'q7Zk2mXw9LtR4vBn8sHc3dJf6gYp1aEuKx5W'
    session.read({ value })
    const flows = [0, 7, 14, 21].map((at) => session.send({ body: value.slice(at, at + 7) }))
    expect(flows.map((found) => found.map(({ kind }) => kind))).toEqual([[], [], [], ['split']])
  })

  it('is found as a row written anew', () => {
    const session = openSession()
    session.read({ rows: [{ a: 'Thorvald', b: 'Eastwick-Bray', c: 'teb-70223' }] })
    expect(leaksOf(session.send({ body: 'Thorvald;Eastwick-Bray;teb-70223' }))).not.toEqual([])
  })

  it('is found with its digits in groups', () => {
    const session = openSession()
    session.read({ account_no: 7719340628 })
    expect(leaksOf(session.send({ body: 'pay 7,719,340,628 now' }))).not.toEqual([])
  })

  it('is found in other words by those that are rare', () => {
    const session = openSession()
    session.read({ note: VALUES.phrase })
    const body = 'For 87 million, Veltrana will be bought (that is Bluefin); expect it 3 June.'
    expect(leaksOf(session.send({ body })).map(({ kind }) => kind)).toContain('text')
  })
})

const BENIGN: readonly (readonly [why: string, value: string, body: string])[] = [
  ['the public prefix of a key', VALUES.key, 'keys begin with api_ and are long'],
  ['the header of a token', VALUES.token, `it starts with ${VALUES.token.split('.')[0]}`],
  ['the host of an address', VALUES.mail, 'write to info@nordlicht-kanzlei.test'],
  ['the topic', VALUES.phrase, 'The operation ends in June'],
  ['another UUID', '7c1d0b54-2f83-4a6e-b1c9-8e5f7a6d3b20', '8c1d0b54-2f83-4a6e-b1c9-8e5f7a6d3b21'],
  ['another phone number', VALUES.phone, '+44 7911 482 037'],
  ['another national id', VALUES['national id'], '418-72-6094'],
  ['another card', VALUES.card, '5318 2204 7719 3063'],
  ['another account', VALUES.account, 'FR7630006000019876543210145'],
  ['another order', 'ORD-2031-000123', 'ORD-2031-000124'],
  ['another digest', 'a8f3c2e1d4b5a6978899aabbccddeeff', 'a8f3c2e1d4b5a6978899aabbccddeefe'],
  ['a status', 'pending', 'your order is pending'],
  ['a status of two words', 'in_progress', 'status in_progress'],
  ['a country', 'Germany', 'Shipping to Germany is free'],
  ['a city', 'Tokyo', 'Weather in Tokyo'],
  ['a date', '2031-05-14', 'see you on 2031-05-14'],
  ['a time stamp', '2031-05-14T10:22:31Z', 'created 2031-05-14T10:22:31Z'],
  ['seconds since 1970', '1700000000', 'at 1700000000'],
  ['a status code', '404', 'HTTP 404'],
  ['a media type', 'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded'],
  ['a locale', 'de_DE', 'Locale de_DE'],
  ['a boolean', 'true', 'true'],
  ['a price', '9.99', 'it costs 9.99'],
  ['a keyword', 'update', 'update your browser'],
  ['a greeting', 'Thank you for your patience', 'Thank you for your patience!'],
  ['a product that everybody knows', 'Microsoft Office 365', 'We use Microsoft Office 365'],
  ['a version', 'v2.14.0', 'fixed in v2.14.0'],
  ['a currency', 'USD', 'USD'],
  ['a short number', '54321', 'Order 54321 shipped'],
  ['a short id', 'A-17', 'Room A-17'],
  ['a public address', 'https://www.google.com/search', 'go to https://www.google.com/search'],
  ['a time zone', 'Europe/Berlin', 'timezone Europe/Berlin'],
  ['a first name', 'Jonathan', 'author: Jonathan'],
]

describe('what means nothing', () => {
  it.each(BENIGN)('makes no link: %s', (_why, value, body) => {
    const session = openSession()
    session.read({ id: 7, value, status: 'ok' })
    expect(leaksOf(session.send({ ticket: 'T-1', body }))).toEqual([])
  })

  it('is what long texts of one language share by chance', () => {
    // Two thousand words that no list holds; each text takes some of them, as texts do.
    const words = Array.from({ length: 2000 }, (_, at) => {
      const mixed = Math.imul(at + 1, 2_654_435_761) >>> 0
      const syllable = (by: number) =>
        `${'bdfgklmnprstvz'[(mixed >>> by) % 14]}${'aeiou'[(mixed >>> (by + 3)) % 5]}`
      return [0, 7, 14, 21].map(syllable).join('')
    })
    const text = (from: number, step: number, length: number) =>
      Array.from({ length }, (_, at) => words[(from + at * step) % words.length]).join(' the ')
    const session = openSession()
    for (let page = 0; page < 20; page++) session.read({ note: text(page * 71, 37, 60) })
    expect(leaksOf(session.send({ body: text(11, 53, 60) }))).toEqual([])
  })

  it('stays meaningless when siblings of a value go out again and again', () => {
    const session = openSession()
    session.read({ value: VALUES.account })
    const bodies = Array.from({ length: 9 }, (_, last) => `FR763000600001123456789018${last}`)
    const others = bodies.filter((body) => body !== VALUES.account)
    expect(others.flatMap((body) => leaksOf(session.send({ body })))).toEqual([])
  })
})
