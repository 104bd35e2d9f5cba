import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactText, revealText } from '../core/redaction/redact-text.ts'
import { createRedactionKeys } from './redaction-keys.ts'

const ring = createRedactionKeys(new Uint8Array(32).fill(1))
const keys = ring.for(undefined)
const others = createRedactionKeys(new Uint8Array(32).fill(2)).for(undefined)

describe('a token', () => {
  it('opens to what was sealed, and to nothing under another key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (value) => {
        const token = keys.seal(value)
        expect(keys.open(token)).toBe(value)
        expect(others.open(token)).toBeUndefined()
        expect(keys.seal(value)).toBe(token)
      }),
      { numRuns: 200 },
    )
  })

  it('opens for the tenant that it was made for, and for no other', () => {
    const [acme, other] = [ring.for('acme'), ring.for('other')]
    const token = acme.seal('ana')
    expect(ring.for('acme').open(token)).toBe('ana')
    for (const one of [other, keys]) expect(one.open(token)).toBeUndefined()
    expect(acme.open(keys.seal('ana'))).toBeUndefined()
    expect(acme.hash('ana')).not.toBe(other.hash('ana'))
    expect(acme.hash('ana')).toMatch(/^[a-p]{12}$/)
  })

  it('does not open once it was changed, and never throws', () => {
    const token = keys.seal('ana.lima@customer.test')
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      expect(keys.open(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
    }
    for (const text of ['', 'A', '=', token.slice(0, 20), `${token}A`, '\u0000', '../x'])
      expect(keys.open(text)).toBeUndefined()
  })

  it('stands in a text that is redacted again without being taken out', () => {
    const settings = {
      classes: ['secret', 'pii'],
      kinds: undefined,
      fields: new Set<string>(),
      action: 'token',
    } as const
    const text = 'mail ana.lima@customer.test, card 4111 1111 1111 1111, password: Vw8!kQz29$mLp'
    const tokens = redactText(text, settings, keys)
    expect(tokens).not.toMatch(/lima|4111|Vw8/)
    expect(redactText(tokens, settings, keys)).toBe(tokens)
    expect(revealText(tokens, keys)).toBe(text)
  })
})
