import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOurState, type QuestionState, readState, signState } from './signed-state.ts'

const KEY = 'k'.repeat(32)
const STATE: QuestionState = {
  approval: 'call-1',
  call: 'sha256:00',
  expires: 1_800_000_000_000,
  nonce: 'once',
  app: { state: 'app:1', responses: { size: { action: 'cancel' } } },
}
const SIGNED = signState(STATE, KEY) ?? ''

describe('a signed state', () => {
  it('is read as it was made, by the same key alone', () => {
    expect(isOurState(SIGNED)).toBe(true)
    expect(readState(SIGNED, KEY)).toEqual(STATE)
    expect(readState(SIGNED, new TextEncoder().encode(KEY))).toEqual(STATE)
    expect(readState(SIGNED, 'x'.repeat(32))).toBeUndefined()
  })

  it('is nothing with any character changed, added or left out', () => {
    const place = fc.integer({ min: 0, max: SIGNED.length - 1 })
    fc.assert(
      fc.property(place, fc.string({ maxLength: 2 }), (at, put) => {
        const changed = SIGNED.slice(0, at) + put + SIGNED.slice(at + 1)
        fc.pre(changed !== SIGNED && !isSameBytes(changed, SIGNED))
        expect(readState(changed, KEY)).toBeUndefined()
      }),
    )
  })

  it.each(['', '.', 'callgate1', 'callgate1.', 'callgate1..', 'app:1', '\u0000'])(
    'is not `%s`',
    (text) => {
      expect(readState(text, KEY)).toBeUndefined()
    },
  )

  it('is not made where the request carries too much', () => {
    expect(signState({ ...STATE, app: { state: 'x'.repeat(70_000) } }, KEY)).toBeUndefined()
  })
})

/** Another spelling of the same signature, over the same body, is the same state. */
function isSameBytes(one: string, other: string): boolean {
  const [a, b] = [one.lastIndexOf('.'), other.lastIndexOf('.')]
  return (
    one.slice(0, a) === other.slice(0, b) &&
    Buffer.from(one.slice(a + 1), 'base64url').equals(Buffer.from(other.slice(b + 1), 'base64url'))
  )
}
