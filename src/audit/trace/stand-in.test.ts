import { describe, expect, it } from 'vitest'
import { scan } from '../../core/detection/scan.ts'
import { SECRET_FORMATS } from '../../core/detection/secrets/detectors.ts'
import { sampleOf } from '../../core/detection/secrets/sample.fixture.ts'
import { createTraceRedactor } from './redact-trace.ts'
import { createStandIns } from './stand-in.ts'

const KEY = 'a key of thirty-two characters!!'
const CLASSES = ['secret', 'pii'] as const

/** Values of several forms, made up for this test; put together so that no scanner takes them for real. */
const VALUES = [
  ['sk-live-', '9aF3kQ8zLm2Xw7Rt5Yp1Bn4'].join(''),
  ['AKIA', 'Z7QW3RTY5PLM2XCV'].join(''),
  ['ghp_', 'a8Kd93LsPq01ZxCvBn56MmTyUiOp78QwErTy'].join(''),
  ['xoxb-', '123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx'].join(''),
  'maria.example@customer.example',
  'DE89 3704 0044 0532 0130 00',
  '4111 1111 1111 1111',
]

function kindOf(value: string): string | undefined {
  return scan(value, { classes: CLASSES }).find(({ start }) => start === 0)?.kind
}

describe('a stand-in', () => {
  it.each(VALUES)('of `%s` is another value of the same kind and length', (value) => {
    const kind = kindOf(value)
    if (kind === undefined) throw new Error('the test needs a value that is found')
    const made = createStandIns(KEY, CLASSES)(value, kind)
    expect([made === value, made.length, kindOf(made)]).toEqual([false, value.length, kind])
  })

  it('is of the same kind, for every format of secrets and any key', () => {
    const lost = SECRET_FORMATS.flatMap(([, shapes]) => shapes).flatMap((shape) =>
      [1, 2, 3].flatMap((seed) => {
        const value = sampleOf(shape, seed)
        const kind = kindOf(value)
        // Of a shape whose run may be empty the least sample is its literal alone.
        if (kind === undefined || value === shape.replace(/\{.*/, '')) return []
        const made = createStandIns(`${KEY}${seed}`, CLASSES)(value, kind)
        return made !== value && kindOf(made) === kind ? [] : [kind]
      }),
    )
    expect(lost).toEqual([])
  })

  it('is the same for the same value and key, and another under another key', () => {
    const [value = ''] = VALUES
    const under = (key: string): string => createStandIns(key, CLASSES)(value, 'secret_key')
    const made = under(KEY)
    expect([under(KEY), under(`${KEY}?`) === made]).toEqual([made, false])
  })

  it('leaves the domain of an address: where data goes is what sessions are judged by', () => {
    const made = createStandIns(KEY, CLASSES)('maria@customer.example', 'email_address')
    expect(made).toMatch(/^[a-z]{5}@customer\.example$/)
    expect(made).not.toContain('maria')
  })
})

describe('a redacted session', () => {
  const [secret = ''] = VALUES
  const encoded: readonly (readonly [string, (value: string) => string])[] = [
    ['as it is', (value) => value],
    ['in JSON within a text', (value) => JSON.stringify({ key: value })],
    ['in hexadecimal', (value) => Buffer.from(value).toString('hex')],
    ['reversed', (value) => [...value].reverse().join('')],
    ['in base64', (value) => Buffer.from(value).toString('base64')],
    ['in base64 one byte on', (value) => Buffer.from(`x${value}`).toString('base64')],
    ['in base64 two bytes on', (value) => Buffer.from(`xy${value} and more`).toString('base64')],
    ['in base64 of URLs', (value) => Buffer.from(`???${value}`).toString('base64url')],
  ]
  it.each(encoded)('holds a secret that was found once nowhere, also not %s', (_what, encode) => {
    const redactor = createTraceRedactor(createStandIns(KEY, CLASSES), CLASSES)
    const found = redactor.redact(JSON.stringify({ row: secret }))
    const later = redactor.spread(redactor.redact(JSON.stringify({ sent: encode(secret) })))
    const standIn: string = JSON.parse(found).row
    expect(found).not.toContain(secret)
    const core = encode(secret).slice(4, -4)
    expect(later).not.toContain(JSON.stringify(core).slice(1, -1))
    const decoded = JSON.parse(later).sent
    expect(decoded).toBe(encode(standIn))
  })

  it('holds no value of a field that the policy takes out, also not in what was said', () => {
    const fields = new Set(['password'])
    const redactor = createTraceRedactor(createStandIns(KEY, CLASSES), CLASSES, fields)
    const texts = [{ Password: 'plain horse', pin: 4 }, 'use plain horse', { password: [1, 2] }]
    const once = texts.map((text) => redactor.redact(JSON.stringify(text)))
    const [row, said, list] = once.map((text) => JSON.parse(redactor.spread(text)))
    expect(row).toEqual({ Password: expect.stringMatching(/^[a-z]{5} [a-z]{5}$/), pin: 4 })
    expect([said, list]).toEqual([`use ${row.Password}`, { password: expect.any(String) }])
    expect(row.Password).not.toBe('plain horse')
  })

  it('leaves what is not sensitive as it was, byte for byte', () => {
    const redactor = createTraceRedactor(createStandIns(KEY, CLASSES), CLASSES)
    const text = JSON.stringify({ a: [1, null, 'plain "text"'], b: { c: 'TICKET-4829' } })
    expect(redactor.spread(redactor.redact(text))).toBe(text)
  })
})
