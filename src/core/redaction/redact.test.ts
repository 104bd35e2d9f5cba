import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KEYED } from './keyed.fixture.ts'
import { createTextRedactor, redactText, revealText } from './redact-text.ts'
import { type Redaction, redactionSettings } from './settings.ts'

const GITHUB = `ghp_${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2'}`
const CARD = '4111 1111 1111 1111'
const IBAN = 'DE89 3704 0044 0532 0130 00'
const MAIL = 'ana.lima@customer.test'

function redaction(more: Partial<Redaction> = {}): Redaction {
  return {
    classes: ['secret', 'pii'],
    kinds: undefined,
    fields: new Set(),
    action: 'mask',
    ...more,
  }
}

describe('text', () => {
  it.each([
    ['a secret', `the token is ${GITHUB}, thanks`, GITHUB],
    ['an address', `write to ${MAIL} today`, MAIL],
    ['a card', `paid with ${CARD} on Monday`, CARD],
    ['an account', `to ${IBAN} please`, IBAN],
  ])('loses %s and keeps the rest', (_what, text, value) => {
    const [head = '', tail = ''] = text.split(value)
    expect(redactText(text, redaction(), KEYED)).toBe(`${head}********${tail}`)
  })

  it('is the same string where there is nothing', () => {
    const text = 'The order 4829 was shipped on Monday; nothing else is open.'
    expect(redactText(text, redaction(), KEYED)).toBe(text)
  })

  it.each([
    ['mask', `mail ********`],
    ['label', 'mail [email_address]'],
    ['remove', 'mail '],
  ] as const)('is replaced by %s', (action, wanted) => {
    expect(redactText(`mail ${MAIL}`, redaction({ action }), KEYED)).toBe(wanted)
  })

  it('is replaced by a hash that is the same for the same value', () => {
    const one = redactText(`a ${MAIL} b ${MAIL}`, redaction({ action: 'hash' }), KEYED)
    const [, first, second] = /a (\[email_address#\w+\]) b (\[email_address#\w+\])/.exec(one) ?? []
    expect(first).toBe(second)
  })

  it('is replaced by a token that our key turns back, and no other text', () => {
    const text = `send it to ${MAIL} and ${CARD}`
    const tokens = redactText(text, redaction({ action: 'token' }), KEYED)
    expect(tokens).not.toContain(MAIL)
    expect(revealText(tokens, KEYED)).toBe(text)
    expect(revealText('[email~notoursnotours]', KEYED)).toBe('[email~notoursnotours]')
  })

  it('cannot hide a secret in something that looks like a token', () => {
    const text = `[email~${GITHUB}]`
    expect(redactText(text, redaction(), KEYED)).not.toContain(GITHUB)
  })

  it.each([
    ['ssn [email_address#536-22-1234]', '536-22'],
    ['phone [email_address#202-555-0143]', '202-555'],
    ['card [4111111111111111#abcdefghijkl]', '4111'],
    [`secret [email_address#${GITHUB}]`, GITHUB],
  ])('cannot hide a value in something that looks like a hash: %s', (text, value) => {
    const bare = text.replace(/\[email_address#|\[|#abcdefghijkl|\]/g, '')
    expect(redactText(bare, redaction(), KEYED)).not.toContain(value)
    expect(redactText(text, redaction(), KEYED)).not.toContain(value)
  })

  it('loses only the kinds that are named', () => {
    const only = redaction({ kinds: new Set(['email_address']) })
    const now = redactText(`${MAIL} ${CARD}`, only, KEYED)
    expect(now).toBe(`******** ${CARD}`)
  })
})

const words = fc.constantFrom(
  'the',
  'order',
  'was',
  'shipped',
  'on',
  'Monday,',
  'and',
  'password:',
  'token',
  'is',
  '4829',
  'to',
  GITHUB,
  MAIL,
  CARD,
  IBAN,
  '-----BEGIN',
  'AKIAZ7Q2M4K6X3P5W8T1',
  '+49 30 901820',
  'x=1',
  '[email~',
  ']',
  '"',
  '\n',
  '{"a":',
  'ünïcode',
  '😀',
)
const texts = fc.array(words, { maxLength: 40 }).map((list) => list.join(' '))
const actions = fc.constantFrom('mask', 'label', 'remove', 'hash', 'token')

describe('any text', () => {
  it('redacted twice is what it was redacted once', () => {
    fc.assert(
      fc.property(texts, actions, (text, action) => {
        const once = redactText(text, redaction({ action } as Partial<Redaction>), KEYED)
        expect(redactText(once, redaction({ action } as Partial<Redaction>), KEYED)).toBe(once)
      }),
      { numRuns: 400, seed: 4 },
    )
  })

  it('in pieces gives what it gives as a whole, however it is cut', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(400), { maxLength: 12 }), (text, cuts) => {
        const whole = createTextRedactor(redaction(), KEYED)
        const wanted = whole.push(text) + whole.end()
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b),
          text.length,
        ]
        const stream = createTextRedactor(redaction(), KEYED)
        let given = ''
        for (let index = 1; index < places.length; index++)
          given += stream.push(text.slice(places[index - 1], places[index]))
        expect(given + stream.end()).toBe(wanted)
      }),
      { numRuns: 600, seed: 5 },
    )
  })

  it('lets out no value that is taken out, in pieces of any size', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, size) => {
        const stream = createTextRedactor(redaction(), KEYED)
        let given = ''
        for (let at = 0; at < text.length; at += size)
          given += stream.push(text.slice(at, at + size))
        given += stream.end()
        for (const value of [GITHUB, MAIL]) expect(given).not.toContain(value)
      }),
      { numRuns: 300, seed: 6 },
    )
  })
})

describe('a text without any calm place', () => {
  const rows = Array.from({ length: 3_000 }, (_, row) => `r${row};${row % 7};x${row * 31};`)
  const padded = (length: number): string => 'q=z; '.repeat(6_000).slice(0, length)

  it('loses a value wherever it stands', () => {
    for (let length = 16_300; length < 16_400; length += 7)
      for (const value of [CARD, MAIL, GITHUB])
        expect(redactText(`${padded(length)} ${value} q=z;`, redaction(), KEYED)).not.toContain(
          value,
        )
  })

  it('loses it in a stream too, and the pieces do not matter', () => {
    const text = rows.map((row, at) => (at % 5 === 0 ? `${row}${MAIL}` : row)).join('\n')
    const results = [text.length, 50_000, 4_099, 700].map((size) => {
      const stream = createTextRedactor(redaction(), KEYED)
      let given = ''
      for (let at = 0; at < text.length; at += size) given += stream.push(text.slice(at, at + size))
      return given + stream.end()
    })
    expect(new Set(results).size).toBe(1)
    expect(results[0]).not.toMatch(/lima|customer/)
    for (let length = 12_200; length < 12_300; length += 3) {
      const stream = createTextRedactor(redaction(), KEYED)
      const given = stream.push(`${padded(length)} ${GITHUB} ${padded(9_000)}`) + stream.end()
      expect(given).not.toContain(GITHUB.slice(-12))
    }
  })
})

describe('a stream', () => {
  it('gives plain prose at once, word by word', () => {
    const stream = createTextRedactor(redaction(), KEYED)
    expect(stream.push('The weather was fine all day ')).toBe('The weather was fine all day ')
    expect(stream.push('and th')).toBe('and ')
  })

  it('holds back what may become a value', () => {
    const stream = createTextRedactor(redaction(), KEYED)
    expect(stream.push('write to ana.lima@cust')).toBe('write to ')
    expect(stream.push('omer.test and then come home again after the long walk ')).toMatch(
      /^\*{8} and /,
    )
  })

  it('holds back no more than a bound, whatever comes', () => {
    const stream = createTextRedactor(redaction(), KEYED)
    let out = 0
    for (let at = 0; at < 200; at++) out += stream.push('x1'.repeat(1_000)).length
    expect(200 * 2_000 - out).toBeLessThan(40_000)
  })
})

describe('the settings of the policy', () => {
  it('are off without a section', () => {
    expect(redactionSettings(undefined)).toBeUndefined()
    expect(redactionSettings({ enabled: false })).toBeUndefined()
  })

  it('take secrets and personal data out of responses and records where nothing else is said', () => {
    const settings = redactionSettings({})
    expect(settings).toMatchObject({ classes: ['secret', 'pii'], action: 'mask' })
    expect([...(settings?.on ?? [])]).toEqual(['response', 'record'])
    expect(settings?.covers({ name: 'crm.get', server: 'crm' })).toBe(true)
    expect(settings?.reveals({ name: 'crm.get', server: 'crm' })).toBe(false)
  })

  it('say which resources are meant', () => {
    const settings = redactionSettings({
      resources: ['server:crm'],
      except: ['crm.raw'],
      reveal: ['mail.send'],
    })
    expect(settings?.covers({ name: 'crm.get', server: 'crm' })).toBe(true)
    expect(settings?.covers({ name: 'crm.raw', server: 'crm' })).toBe(false)
    expect(settings?.covers({ name: 'db.get', server: 'db' })).toBe(false)
    expect(settings?.reveals({ name: 'mail.send', server: 'mail' })).toBe(true)
  })
})
