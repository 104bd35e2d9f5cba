import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { IdentityProvider } from '../core/model/ports.ts'
import { jwtIdentity } from './jwt.ts'
import { NOW, OTHER_RSA, optionsOf, RSA, SECRET, tokenOf } from './tokens.fixture.ts'

const jwk = (key: KeyObject, kid?: string, more: object = {}) => ({
  ...key.export({ format: 'jwk' }),
  ...(kid === undefined ? {} : { kid }),
  use: 'sig',
  ...more,
})
const tokenWith = (key: KeyObject, keyid?: string): string =>
  tokenOf({}, key, { algorithm: 'RS256', ...(keyid === undefined ? {} : { keyid }) })
const OLD = tokenWith(RSA.privateKey, 'old')
const NEW = tokenWith(OTHER_RSA.privateKey, 'new')
const OLD_SET = { keys: [jwk(RSA.publicKey, 'old')] }
const NEW_SET = { keys: [jwk(OTHER_RSA.publicKey, 'new')] }

/** An issuer whose answers and clock a test turns. */
function issuer(first: unknown) {
  const state = { answer: first, now: 0, fetches: 0, hangs: false }
  const provider = jwtIdentity(
    optionsOf({
      algorithms: ['RS256'],
      jwks: (_signal) => {
        state.fetches++
        if (state.hangs) return new Promise(() => {})
        if (state.answer instanceof Error) throw state.answer
        return state.answer
      },
      jwksTimes: { timeoutMs: 50 },
      clock: { now: () => NOW * 1000, monotonic: () => state.now },
    }),
  )
  return { state, ask: (token: string) => outcome(provider, token) }
}

async function outcome(provider: IdentityProvider, bearer: string): Promise<string> {
  try {
    return (await provider.identify({ bearer }))?.agent ?? 'nobody'
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_NOT_AUTHENTICATED' })
    return (error as Error).message
  }
}

const UNKNOWN = 'the token is signed with a key that the issuer does not list'
const DOWN = 'the keys of the issuer cannot be had'

describe('a key set that is fetched', () => {
  it('is fetched once for many tokens, also at the same time', async () => {
    const { state, ask } = issuer(OLD_SET)
    const answers = await Promise.all([ask(OLD), ask(OLD), ask(OLD)])
    expect([answers, await ask(OLD), state.fetches]).toEqual([
      ['support-bot', 'support-bot', 'support-bot'],
      'support-bot',
      1,
    ])
  })

  it('is fetched again at once for a key it lacks, and old keys go', async () => {
    const { state, ask } = issuer(OLD_SET)
    await ask(OLD)
    state.answer = NEW_SET
    const rotated = await Promise.all([ask(NEW), ask(NEW)])
    expect([rotated, await ask(OLD), state.fetches]).toEqual([
      ['support-bot', 'support-bot'],
      UNKNOWN,
      2,
    ])
  })

  it('is not fetched again and again for keys that nobody has', async () => {
    const { state, ask } = issuer(OLD_SET)
    const unknown: string[] = []
    for (let index = 0; index < 20; index++)
      unknown.push(await ask(tokenWith(OTHER_RSA.privateKey, `../../${index}`)))
    expect([new Set(unknown), state.fetches]).toEqual([new Set([UNKNOWN]), 2])
    state.now += 30_000
    await ask(NEW)
    expect(state.fetches).toBe(3)
  })

  it('is fetched anew when its time is over', async () => {
    const { state, ask } = issuer(OLD_SET)
    await ask(OLD)
    state.answer = NEW_SET
    state.now += 599_999
    const before = await ask(OLD)
    state.now += 1
    expect([before, await ask(OLD), await ask(NEW)]).toEqual([
      'support-bot',
      UNKNOWN,
      'support-bot',
    ])
  })

  it('is used for ten minutes more while the issuer is down, then no longer', async () => {
    const { state, ask } = issuer(OLD_SET)
    await ask(OLD)
    state.answer = new Error('down')
    state.now += 600_000
    const stale = [await ask(OLD), await ask(OLD)]
    const fetches = state.fetches
    state.now += 599_999
    const last = await ask(OLD)
    state.now += 1
    expect([stale, fetches, last, await ask(OLD)]).toEqual([
      ['support-bot', 'support-bot'],
      2,
      'support-bot',
      DOWN,
    ])
  })

  it('comes back by itself after an outage', async () => {
    const { state, ask } = issuer(new Error('down'))
    const down = [await ask(OLD), await ask(OLD)]
    const fetches = state.fetches
    state.answer = OLD_SET
    state.now += 1_000
    expect([down, fetches, await ask(OLD)]).toEqual([[DOWN, DOWN], 1, 'support-bot'])
  })

  it('is waited for only so long', async () => {
    const { state, ask } = issuer(OLD_SET)
    state.hangs = true
    expect(await ask(OLD)).toBe(DOWN)
  })

  it.each<[string, unknown]>([
    ['no object', 'keys'],
    ['a list', [jwk(RSA.publicKey, 'old')]],
    ['an object without keys', {}],
    ['keys that are no list', { keys: { 0: jwk(RSA.publicKey, 'old') } }],
    ['keys that are no objects', { keys: ['old'] }],
    ['too many keys', { keys: Array.from({ length: 101 }, () => jwk(RSA.publicKey, 'old')) }],
  ])('is not taken when it is %s', async (_, set) => {
    expect(await issuer(set).ask(OLD)).toBe(DOWN)
  })

  it.each<[string, object, string, string]>([
    ['no such key', { keys: [] }, OLD, UNKNOWN],
    [
      'the key for another use',
      { keys: [jwk(RSA.publicKey, 'old', { use: 'enc' })] },
      OLD,
      UNKNOWN,
    ],
    [
      'the key for another algorithm',
      { keys: [jwk(RSA.publicKey, 'old', { alg: 'PS256' })] },
      OLD,
      UNKNOWN,
    ],
    [
      'another key of that name',
      { keys: [jwk(OTHER_RSA.publicKey, 'old')] },
      OLD,
      'the signature of the token does not hold',
    ],
    [
      'a private key',
      { keys: [jwk(RSA.privateKey, 'old')] },
      OLD,
      'the key that the token names cannot be used',
    ],
    [
      'a broken key',
      { keys: [{ kty: 'RSA', kid: 'old', n: 'AQAB' }] },
      OLD,
      'the key that the token names cannot be used',
    ],
    [
      'a secret',
      { keys: [{ kty: 'oct', kid: 'old', k: Buffer.from(SECRET).toString('base64url') }] },
      OLD,
      UNKNOWN,
    ],
    [
      'several keys for a token that names none',
      { keys: [jwk(RSA.publicKey, 'a'), jwk(OTHER_RSA.publicKey, 'b')] },
      tokenWith(RSA.privateKey),
      'several keys of the issuer could be meant; the token names none',
    ],
    ['one key for a token that names none', OLD_SET, tokenWith(RSA.privateKey), 'support-bot'],
    [
      'keys that are not understood beside it',
      { keys: [{ kty: 'X' }, ...OLD_SET.keys] },
      OLD,
      'support-bot',
    ],
  ])('with %s judges so', async (_, set, token, said) => {
    expect(await issuer(set).ask(token)).toBe(said)
  })
})

describe('a key set that is given', () => {
  const providerOf = (jwks: { readonly keys: readonly object[] }): IdentityProvider =>
    jwtIdentity(optionsOf({ algorithms: ['RS256', 'ES256'], jwks }))

  it('verifies by the name of the key', async () => {
    const provider = providerOf({ keys: [...OLD_SET.keys, ...NEW_SET.keys] })
    const answers = [await outcome(provider, OLD), await outcome(provider, NEW)]
    const unknown = await outcome(provider, tokenWith(RSA.privateKey, 'other'))
    expect([answers, unknown]).toEqual([['support-bot', 'support-bot'], UNKNOWN])
  })

  it('is copied: what becomes of it later counts for nothing', async () => {
    const set = { keys: [...OLD_SET.keys] }
    const provider = providerOf(set)
    set.keys.push(...NEW_SET.keys)
    expect(await outcome(provider, NEW)).toBe(UNKNOWN)
  })

  it('never verifies an HMAC with what it lists', async () => {
    const provider = providerOf(OLD_SET)
    expect(await outcome(provider, tokenOf({}, SECRET, { keyid: 'old' }))).toBe(
      'the token is signed with an algorithm that is not accepted',
    )
  })

  it.each<[string, unknown]>([
    ['a secret', { keys: [{ kty: 'oct', k: 'x' }] }],
    ['a private key', { keys: [jwk(RSA.privateKey)] }],
    ['no keys', {}],
    ['nothing', null],
  ])('is refused with %s', (_, jwks) => {
    expect(() => providerOf(jwks as { keys: object[] })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
