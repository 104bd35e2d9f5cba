import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../model/json.ts'
import { KEYED } from './keyed.fixture.ts'
import { createTextRedactor, redactText, revealText } from './redact-text.ts'
import { redactArguments, redactValue, revealArguments } from './redact-value.ts'
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

describe('a value', () => {
  it('is the same object where there is nothing to take out', () => {
    const value = { rows: [{ id: 1, note: 'fine' }], text: '{"a": [1, 2]}' }
    expect(redactValue(value, redaction(), KEYED)).toBe(value)
  })

  it.each<[string, JsonValue, JsonValue]>([
    ['deep inside', { a: [{ mail: MAIL }] }, { a: [{ mail: '********' }] }],
    [
      'in JSON within a text',
      { text: `{"mail":"${MAIL}","n":1}` },
      { text: '{"mail":"********","n":1}' },
    ],
    ['as a number', { card_number: 4111111111111111 }, { card_number: '********' }],
    ['told by its name', { password: 'Vw8!kQz29$mLp' }, { password: '********' }],
    ['as a name', { [MAIL]: 1 }, { '********': 1 }],
  ])('loses what stands %s', (_what, value, wanted) => {
    expect(redactValue(value, redaction(), KEYED)).toEqual(wanted)
  })

  it('loses the fields that are named, whatever they hold', () => {
    const fields = new Set(['salary'])
    const value = { Salary: 70_000, rows: [{ salary: { gross: 1 } }], other: 2 }
    expect(redactValue(value, redaction({ fields }), KEYED)).toEqual({
      Salary: '********',
      rows: [{ salary: '********' }],
      other: 2,
    })
  })

  it('keeps members apart whose names become the same', () => {
    const value = { 'a@x.test': 1, 'b@x.test': 2 }
    expect(Object.values(redactArguments(value, redaction(), KEYED))).toEqual([1, 2])
  })

  it('comes back from tokens', () => {
    const value = { to: [MAIL], note: `card ${CARD}` }
    const tokens = redactArguments(value, redaction({ action: 'token' }), KEYED)
    expect(JSON.stringify(tokens)).not.toContain('lima')
    expect(revealArguments(tokens, KEYED)).toEqual(value)
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
