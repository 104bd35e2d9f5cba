import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../model/json.ts'
import { KEYED } from './keyed.fixture.ts'
import { redactArguments, redactValue, revealArguments } from './redact-value.ts'
import type { Redaction } from './settings.ts'

const CARD = '4111 1111 1111 1111'
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

  it('keeps thousands of them apart without going through all of them again and again', () => {
    const names = Array.from({ length: 15_000 }, (_, at) => [`u${at}@x.test`, at] as const)
    const now = redactArguments(Object.fromEntries(names), redaction(), KEYED)
    expect(Object.keys(now)).toHaveLength(15_000)
    expect(Object.keys(now).at(-1)).toBe('******** (15000)')
  })

  it.each<[string, JsonValue]>([
    ['behind a name that stands twice', `{"to":"${MAIL}","to":"x"}`],
    ['there, with its letters escaped', '{"to":"ana.lima\\u0040customer.test","to":"x"}'],
    ['there, as an object', `{"a":{"to":"${MAIL}"},"a":1}`],
    ['in lines of JSON', `{"a":1}\n{"to":"ana.lima\\u0040customer.test"}`],
    ['in a fence', '```json\n{"to":"ana.lima\\u0040customer.test"}\n```'],
    ['behind words', 'Found 1:\n{"to":"ana.lima\\u0040customer.test"}'],
    ['as a negative number', { card_number: -4111111111111111 }],
    ['as a number with a fraction', { card_number: 4111111111111111.5 }],
    ['as a number of 19 digits in a text', '{"card_number":4111111111111111110}'],
  ])('loses what stands %s', (_what, value) => {
    const now = JSON.stringify(redactValue(value, redaction(), KEYED))
    expect(now).not.toMatch(/lima|4111/)
  })

  it.each([
    ['JSON', '{"salary":70001,"id":1}'],
    ['lines of JSON', '{"id":1}\n{"salary":70001}'],
    ['JSON in a fence', '```json\n{"salary":70001}\n```'],
    ['JSON behind words', 'Found 1 row:\n{"salary":70001}\nDone.'],
    ['JSON with a name twice', '{"salary":70001,"salary":null}'],
  ])('loses its named fields in a text that is %s', (_what, text) => {
    const fields = new Set(['salary'])
    expect(redactValue({ text }, redaction({ fields }), KEYED)).toEqual({
      text: expect.not.stringContaining('70001') as string,
    })
  })

  it.each([
    '{"a":"x\\u00e9y","b":[1.0,1e3],"c":{"a":1}}',
    '{"id":12345,"text":"{\\"a\\":1}"}',
    'Found:\n{"a" : 1}',
    '{"a":1}\n{"a":2}',
    '["a:", "\\\\", ":"]',
  ])('stays as it was written where nothing is taken out: %s', (text) => {
    expect(redactValue(text, redaction(), KEYED)).toBe(text)
  })

  it('loses as a whole what is nested too deeply to be looked at', () => {
    const text = `${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`
    expect(redactValue(text, redaction(), KEYED)).toMatch(/^\[{1,300}"\*{8}"\]{1,300}$/)
  })

  it('comes back from tokens', () => {
    const value = { to: [MAIL], note: `card ${CARD}` }
    const tokens = redactArguments(value, redaction({ action: 'token' }), KEYED)
    expect(JSON.stringify(tokens)).not.toContain('lima')
    expect(revealArguments(tokens, KEYED)).toEqual(value)
  })
})
