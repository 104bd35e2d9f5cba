import { describe, expect, it } from 'vitest'
import type { Credentials } from '../core/model/call.ts'
import { testIdentityProvider } from '../testing/contracts/identity-provider.ts'
import { type JwtIdentityOptions, jwtIdentity } from './jwt.ts'
import {
  AUDIENCE,
  CURVES,
  ED,
  edSigner,
  GOOD,
  hmac,
  ISSUER,
  NOW,
  optionsOf,
  outcome,
  pemOf,
  RSA,
  rawToken,
  SECRET,
  tokenOf,
} from './tokens.fixture.ts'

type More = Partial<JwtIdentityOptions>

describe('a token of another library', () => {
  const rows: readonly (readonly [string, () => string, More])[] = [
    ...(['HS256', 'HS384', 'HS512'] as const).map(
      (algorithm) =>
        [algorithm, () => tokenOf({}, SECRET, { algorithm }), { algorithms: [algorithm] }] as const,
    ),
    ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const).map(
      (algorithm) =>
        [
          algorithm,
          () => tokenOf({}, RSA.privateKey, { algorithm }),
          { algorithms: [algorithm], key: pemOf(RSA.publicKey) },
        ] as const,
    ),
    ...(['ES256', 'ES384', 'ES512'] as const).map(
      (algorithm) =>
        [
          algorithm,
          () => tokenOf({}, CURVES[algorithm]?.privateKey, { algorithm }),
          { algorithms: [algorithm], key: CURVES[algorithm]?.publicKey ?? '' },
        ] as const,
    ),
    [
      'EdDSA',
      () => rawToken({ alg: 'EdDSA', typ: 'JWT' }, GOOD, edSigner()),
      { algorithms: ['EdDSA'], key: ED.publicKey },
    ],
  ]

  it.each(rows)('holds when signed with %s', async (_, make, more) => {
    expect(await outcome(make(), more)).toBe('support-bot')
  })

  it.each(rows)('does not hold when a bit of its %s signature differs', async (_, make, more) => {
    const [head, body, signature = ''] = make().split('.')
    const bytes = Buffer.from(signature, 'base64url')
    bytes[5] = (bytes[5] ?? 0) ^ 1
    const bent = `${head}.${body}.${bytes.toString('base64url')}`
    expect(await outcome(bent, more)).toBe('the signature of the token does not hold')
  })

  it.each(rows)('of %s does not hold for another algorithm', async (name, make) => {
    const other: More = { algorithms: [name === 'HS512' ? 'HS256' : 'HS512'] }
    expect(await outcome(make(), other)).toBe(
      'the token is signed with an algorithm that is not accepted',
    )
  })
})

describe('a token holds', () => {
  it.each<[string, string, More?]>([
    ['within the tolerance after its expiry', tokenOf({ exp: NOW - 29 })],
    ['within the tolerance before its start', tokenOf({ nbf: NOW + 30 })],
    ['with a tolerance of its own', tokenOf({ exp: NOW - 299 }), { clockToleranceSeconds: 300 }],
    ['for several audiences', tokenOf({ aud: ['another', AUDIENCE, AUDIENCE, 'another'] })],
    ['for one of several accepted audiences', tokenOf({ aud: 'b' }), { audience: ['a', 'b'] }],
    ['of one of several accepted issuers', tokenOf(), { issuer: ['x', ISSUER] }],
    [
      'that never expires, where that is allowed',
      tokenOf({ exp: undefined }),
      { allowWithoutExpiry: true },
    ],
    ['without a type', rawToken({ alg: 'HS256' }, GOOD, hmac(SECRET))],
    [
      'of the type of access tokens',
      rawToken({ alg: 'HS256', typ: 'application/at+JWT' }, GOOD, hmac(SECRET)),
    ],
    ['whose key has a name like a path', tokenOf({}, SECRET, { keyid: '../../etc/passwd\u0000' })],
    [
      'with claims named like parts of every object',
      rawToken(
        { alg: 'HS256' },
        `{"__proto__":{"agent":"evil","tier":"admin"},"constructor":"x",${JSON.stringify(GOOD).slice(1)}`,
        hmac(SECRET),
      ),
    ],
    [
      'as a JSON Web Key verifies it',
      tokenOf(),
      { key: { kty: 'oct', k: Buffer.from(SECRET).toString('base64url') } },
    ],
    ['as bytes verify it', tokenOf(), { key: new TextEncoder().encode(SECRET) }],
  ])('%s', async (_, token, more) => {
    expect(await outcome(token, more)).toBe('support-bot')
  })

  it('as a `CryptoKey` verifies it', async () => {
    expect(await outcome(tokenOf(), { key: await hmacKey() })).toBe('support-bot')
  })

  it('in the authorization header as well, whatever its case', async () => {
    const provider = jwtIdentity(optionsOf())
    const headers = { AUTHORIZATION: `bearer ${tokenOf()}` }
    expect(await provider.identify({ headers })).toMatchObject({
      agent: 'support-bot',
      user: 'ana',
    })
  })
})

function hmacKey() {
  const use = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', new TextEncoder().encode(SECRET), use, false, ['verify'])
}

describe('jwtIdentity', () => {
  it('takes a call without a token for anonymous, at once', () => {
    expect(jwtIdentity(optionsOf()).identify({ headers: { 'x-user-id': 'ana' } })).toBeUndefined()
  })

  it('tells what a token says, frozen', async () => {
    const subject = await jwtIdentity(optionsOf()).identify({ bearer: tokenOf({ scope: 'a b' }) })
    expect(subject).toEqual({
      agent: 'support-bot',
      user: 'ana',
      scopes: ['a', 'b'],
      proof: {
        method: 'jwt',
        issuer: ISSUER,
        audience: [AUDIENCE],
        expires_at: (NOW + 600) * 1000,
        act_chain: ['ana', 'support-bot'],
      },
    })
    expect(Object.isFrozen(subject) && Object.isFrozen(subject?.proof)).toBe(true)
  })

  it('keeps the contract of identity providers', async () => {
    const invalid: readonly Credentials[] = [
      { bearer: tokenOf({ exp: 1 }) },
      { bearer: tokenOf({}, `${SECRET}.`) },
      { bearer: ' ' },
      { headers: { authorization: 'Basic YTpi' } },
      { bearer: tokenOf(), headers: { authorization: `Bearer ${tokenOf({ sub: 'eve' })}` } },
    ]
    const make = () => jwtIdentity(optionsOf())
    expect(await testIdentityProvider(make, { valid: { bearer: tokenOf() }, invalid })).toEqual([])
  })

  it.each<[string, Partial<Record<keyof JwtIdentityOptions | 'audiance', unknown>>, string]>([
    ['no algorithm', { algorithms: [] }, '`algorithms` lists'],
    ['the algorithm `none`', { algorithms: ['HS256', 'none'] }, '`algorithms` are of'],
    ['algorithms of two kinds of key', { algorithms: ['HS256', 'RS256'] }, 'of one kind of key'],
    ['a misspelt option', { audiance: 'x' }, 'unknown option `audiance`'],
    ['a misspelt claim', { claims: { agnet: 'x' } }, 'unknown option `agnet`'],
    ['a claim without a name', { claims: { agent: '' } }, 'claims.agent'],
    ['no issuer', { issuer: undefined }, '`issuer`'],
    ['an empty list of audiences', { audience: [] }, '`audience`'],
    ['a tolerance of an hour', { clockToleranceSeconds: 3600 }, '`clockToleranceSeconds`'],
    [
      'a tolerance that is no number',
      { clockToleranceSeconds: Number.NaN },
      '`clockToleranceSeconds`',
    ],
    ['no key', { key: undefined }, 'either `key` or `jwks`'],
    ['a key and a key set', { jwks: { keys: [] } }, 'either `key` or `jwks`'],
    [
      'an HMAC with a key set',
      { key: undefined, jwks: { keys: [] } },
      'HS algorithms need a secret',
    ],
    [
      'endless keys',
      {
        key: undefined,
        algorithms: ['RS256'],
        jwks: { keys: [] },
        jwksTimes: { ttlMs: Number.POSITIVE_INFINITY },
      },
      '`jwksTimes.ttlMs`',
    ],
  ])('refuses %s', (_, more, message) => {
    const options = { ...optionsOf(), ...more } as JwtIdentityOptions
    expect(() => jwtIdentity(options)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTIONS_INVALID',
        message: expect.stringContaining(message),
      }),
    )
  })
})
