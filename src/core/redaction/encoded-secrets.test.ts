import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECRET_FORMATS } from '../detection/secrets/detectors.ts'
import { sampleOf } from '../detection/secrets/sample.fixture.ts'
import type { JsonObject } from '../model/json.ts'
import { ENCODED_SECRET, withoutEncodedSecrets } from './encoded-secrets.ts'
import { hasSecret } from './without-secrets.ts'

// Put together so that no scanner takes it for a real one.
const KEY = ['AKIA', 'Q3EGRZ7VNB5XKT2M'].join('')

const FORMS: readonly (readonly [string, (value: string) => string])[] = [
  ['base64', (value) => Buffer.from(value).toString('base64')],
  ['base64 of addresses', (value) => Buffer.from(value).toString('base64url')],
  ['base64 twice', (value) => btoa(btoa(value))],
  ['hexadecimal', (value) => Buffer.from(value).toString('hex')],
  [
    'percent signs',
    (value) => value.replace(/./g, (unit) => `%${unit.charCodeAt(0).toString(16)}`),
  ],
  ['letters backwards', (value) => [...value].reverse().join('')],
]

describe('a value without encoded secrets', () => {
  it.each(FORMS)('loses one in %s, and the words around it stay', (_form, encode) => {
    const body = `the key is ${encode(KEY)} as asked`
    expect(withoutEncodedSecrets({ to: 'ops@corp.test', list: [{ body }] })).toEqual({
      to: 'ops@corp.test',
      list: [{ body: `the key is ${ENCODED_SECRET} as asked` }],
    })
  })

  it('loses one that only several words say together', () => {
    expect(withoutEncodedSecrets({ body: KEY.split('').join(' ') })).toEqual({
      body: ENCODED_SECRET,
    })
  })

  it('loses one in a name, and no other name with it', () => {
    const name = btoa(KEY)
    const cleaned = withoutEncodedSecrets({ [name]: 1, [`${name}=`]: 2, plain: 3 })
    expect(Object.values(cleaned ?? {})).toEqual([1, 2, 3])
    expect(JSON.stringify(cleaned)).not.toContain(name)
  })

  it.each(FORMS)('loses every kind of secret in %s', (_form, encode) => {
    const kept = SECRET_FORMATS.flatMap(([, shapes]) => shapes)
      .map((shape) => sampleOf(shape))
      .filter(hasSecret)
      .filter(
        (sample) => withoutEncodedSecrets(`row ${encode(sample)}`) === `row ${encode(sample)}`,
      )
    expect(kept).toEqual([])
  })

  it('is the same object where nothing says a secret', () => {
    const honest = fc.record({
      id: fc.uuid(),
      digest: fc.stringMatching(/^[0-9a-f]{64}$/),
      bytes: fc.uint8Array({ minLength: 12, maxLength: 60 }).map((it) => btoa(String(it))),
      page: fc.integer(),
      words: fc.lorem(),
    })
    fc.assert(
      fc.property(honest, (value: JsonObject) => {
        expect(withoutEncodedSecrets(value)).toBe(value)
      }),
      { numRuns: 100, seed: 6 },
    )
  })
})
