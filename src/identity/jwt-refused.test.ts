import fc from 'fast-check'
import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import type { JwtIdentityOptions } from './jwt.ts'
import {
  AUDIENCE,
  GOOD,
  hmac,
  ISSUER,
  NOW,
  OTHER_RSA,
  outcome,
  pemOf,
  RSA,
  rawToken,
  rsaSigner,
  SECRET,
  tokenOf,
} from './tokens.fixture.ts'

type More = Partial<JwtIdentityOptions>

const RS: More = { algorithms: ['RS256'], key: pemOf(RSA.publicKey) }

describe('a token is refused', () => {
  const NOT_ACCEPTED = 'the token is signed with an algorithm that is not accepted'
  const NO_SIGNATURE = 'the signature of the token does not hold'
  const UNREADABLE = 'the token is no signed JSON Web Token'
  const claim = (name: string): string =>
    `the token’s claim \`${name}\` is missing or does not hold`

  it.each<[string, string, string, More?]>([
    [
      'when an HMAC was made with the public key',
      tokenOf({}, pemOf(RSA.publicKey), { algorithm: 'HS256' }),
      NOT_ACCEPTED,
      RS,
    ],
    [
      'when an HMAC was made with the public key as a line of DER',
      rawToken(
        { alg: 'HS256' },
        GOOD,
        hmac(RSA.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')),
      ),
      NOT_ACCEPTED,
      RS,
    ],
    ['with the algorithm `none`', jwt.sign({ ...GOOD }, '', { algorithm: 'none' }), UNREADABLE],
    [
      'with the algorithm `none` and some signature',
      rawToken({ alg: 'none' }, GOOD, () => Buffer.from('x')),
      NOT_ACCEPTED,
    ],
    [
      'with the algorithm `nOnE`',
      rawToken({ alg: 'nOnE' }, GOOD, () => Buffer.from('x')),
      NOT_ACCEPTED,
    ],
    ['with no algorithm', rawToken({ typ: 'JWT' }, GOOD, hmac(SECRET)), 'the token cannot be read'],
    ['for another audience', tokenOf({ aud: 'another' }), claim('aud')],
    ['for a longer audience', tokenOf({ aud: `${AUDIENCE}.evil.example` }), claim('aud')],
    ['for other audiences', tokenOf({ aud: ['another', 'third', 'another'] }), claim('aud')],
    ['for nobody', tokenOf({ aud: undefined }), claim('aud')],
    ['of another issuer', tokenOf({ iss: `${ISSUER}/` }), claim('iss')],
    ['of no issuer', tokenOf({ iss: undefined }), claim('iss')],
    ['of a list of issuers', tokenOf({ iss: [ISSUER] }), claim('iss')],
    ['that has expired', tokenOf({ exp: NOW - 31 }), 'the token has expired'],
    ['that never expires', tokenOf({ exp: undefined }), claim('exp')],
    [
      'whose expiry is a text',
      rawToken({ alg: 'HS256' }, { ...GOOD, exp: `${NOW + 9}` }, hmac(SECRET)),
      claim('exp'),
    ],
    ['that does not hold yet', tokenOf({ nbf: NOW + 31 }), claim('nbf')],
    ['that another secret signed', tokenOf({}, `${SECRET}.`), NO_SIGNATURE],
    [
      'that another key of the same kind signed',
      tokenOf({}, OTHER_RSA.privateKey, { algorithm: 'RS256' }),
      NO_SIGNATURE,
      RS,
    ],
    [
      'that brings its own key',
      rawToken(
        { alg: 'RS256', jwk: OTHER_RSA.publicKey.export({ format: 'jwk' }) },
        GOOD,
        rsaSigner(OTHER_RSA.privateKey),
      ),
      NO_SIGNATURE,
      RS,
    ],
    [
      'that says where its key is',
      rawToken(
        { alg: 'RS256', jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/chain' },
        GOOD,
        rsaSigner(OTHER_RSA.privateKey),
      ),
      NO_SIGNATURE,
      RS,
    ],
    [
      'with an extension that must be understood',
      rawToken({ alg: 'HS256', crit: ['x'], x: 1 }, GOOD, hmac(SECRET)),
      'the token cannot be read',
    ],
    [
      'with the one extension that the library understands',
      rawToken({ alg: 'HS256', crit: ['b64'], b64: true }, GOOD, hmac(SECRET)),
      'the token has extensions that are not understood',
    ],
    [
      'of another type',
      rawToken({ alg: 'HS256', typ: 'logout+jwt' }, GOOD, hmac(SECRET)),
      'the token is of another type than `JWT` and `at+jwt`',
    ],
    [
      'of a type that is no text',
      rawToken({ alg: 'HS256', typ: ['JWT'] }, GOOD, hmac(SECRET)),
      'the token is of another type than `JWT` and `at+jwt`',
    ],
    [
      'that names its key by an object',
      rawToken({ alg: 'HS256', kid: {} }, GOOD, hmac(SECRET)),
      'the token names its key by no text',
    ],
    [
      'that is huge',
      tokenOf({ padding: 'x'.repeat(13_000) }),
      'the token is longer than 16384 characters',
    ],
    ['with five parts', 'a.b.c.d.e', UNREADABLE],
    ['with one part', 'abc', UNREADABLE],
    [
      'whose claims are a list',
      rawToken({ alg: 'HS256' }, [GOOD], hmac(SECRET)),
      'the token cannot be read',
    ],
    [
      'whose claims are no JSON',
      rawToken({ alg: 'HS256' }, '{', hmac(SECRET)),
      'the token cannot be read',
    ],
    ['whose header is no JSON', rawToken('{', GOOD, hmac(SECRET)), 'the token cannot be read'],
    [
      'that names an agent with half a character',
      rawToken(
        { alg: 'HS256' },
        `{"agent":"bot\\ud800",${JSON.stringify(GOOD).slice(1)}`,
        hmac(SECRET),
      ),
      'the token: agent: the name has a character that is not visible',
    ],
    [
      'that names an agent in look-alike letters',
      tokenOf({ azp: 'аdmin' }),
      'the token: agent: the name has letters of another alphabet that look like Latin ones',
    ],
  ])('%s', async (_, token, message, more) => {
    expect(await outcome(token, more)).toBe(message)
  })
})

describe('a token that was tampered with', () => {
  const token = tokenOf({ scope: 'support' })
  const end = token.lastIndexOf('.')

  it('never holds, whatever is put in its header and claims', async () => {
    const change = fc.tuple(fc.nat(end - 1), fc.constantFrom(...'Aa0-_.=é '))
    await fc.assert(
      fc.asyncProperty(change, async ([at, letter]) => {
        fc.pre(token[at] !== letter)
        expect(await outcome(`${token.slice(0, at)}${letter}${token.slice(at + 1)}`)).toMatch(/ /)
      }),
    )
  })

  it('is refused, never taken for nothing, whatever is in its place', async () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String())
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (parts) => {
        expect(await outcome(parts.join('.'))).toMatch(/^(?:the|two) /)
      }),
    )
  })
})
