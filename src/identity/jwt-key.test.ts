import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type JwtKey, verificationKey } from './jwt-key.ts'
import { CURVES, ED, pemOf, RSA, SECRET } from './tokens.fixture.ts'

const SMALL_RSA = generateKeyPairSync('rsa', { modulusLength: 1024 })
const PSS = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const ED448 = generateKeyPairSync('ed448')
const der = (type: 'spki' | 'pkcs1') => RSA.publicKey.export({ type, format: 'der' })
const privatePem = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const outcome = (key: unknown, algorithms: readonly string[]): string => {
  try {
    return verificationKey(key as JwtKey, algorithms).type
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_OPTIONS_INVALID' })
    const { message, cause } = error as Error
    expect(cause).toBeUndefined()
    return message.replace('jwtIdentity: ', '')
  }
}

describe('verificationKey', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a secret text', SECRET, ['HS256', 'HS384', 'HS512']],
    ['secret bytes', new Uint8Array(32).fill(7), ['HS256']],
    ['a secret of the runtime', createSecretKey(Buffer.alloc(32, 7)), ['HS256']],
    [
      'a secret JSON Web Key',
      { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') },
      ['HS256'],
    ],
  ])('takes %s for HMAC', (_, key, algorithms) => {
    expect(outcome(key, algorithms)).toBe('secret')
  })

  it.each<[string, unknown, readonly string[]]>([
    ['PEM', pemOf(RSA.publicKey), ['RS256', 'PS512']],
    ['PEM as bytes', Buffer.from(pemOf(RSA.publicKey)), ['RS256']],
    ['PEM of PKCS #1', RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }), ['RS256']],
    ['DER', der('spki'), ['RS256']],
    ['a JSON Web Key', RSA.publicKey.export({ format: 'jwk' }), ['RS256']],
    ['a key of the runtime', CURVES['ES256']?.publicKey, ['ES256']],
    ['an Edwards curve', pemOf(ED.publicKey), ['EdDSA', 'Ed25519']],
  ])('takes a public key as %s', (_, key, algorithms) => {
    expect(outcome(key, algorithms)).toBe('public')
  })

  const NO_SECRET = '`key` is a public key, and `algorithms` need a secret'
  const PRIVATE = '`key` is private; what verifies is the public key'
  const OTHER_KIND = '`key` is of another kind than `algorithms`'
  it.each<[string, unknown, readonly string[], string]>([
    ['the public key as a secret', pemOf(RSA.publicKey), ['HS256'], NO_SECRET],
    ['the public key as secret bytes', Buffer.from(pemOf(RSA.publicKey)), ['HS256'], NO_SECRET],
    ['the public key in DER as a secret', der('spki'), ['HS256'], NO_SECRET],
    ['the public key in DER of PKCS #1 as a secret', der('pkcs1'), ['HS256'], NO_SECRET],
    ['the public key in Base64 as a secret', der('spki').toString('base64'), ['HS256'], NO_SECRET],
    ['a public key of the runtime as a secret', RSA.publicKey, ['HS256'], NO_SECRET],
    ['a private key as a secret', privatePem, ['HS256'], NO_SECRET],
    [
      'a public JSON Web Key as a secret',
      RSA.publicKey.export({ format: 'jwk' }),
      ['HS256'],
      '`key` is no secret, and `algorithms` need one',
    ],
    ['a short secret', 'x'.repeat(31), ['HS256'], '`key` has at least 32 bytes for this algorithm'],
    [
      'a secret too short for one of them',
      'x'.repeat(63),
      ['HS256', 'HS512'],
      '`key` has at least 64 bytes for this algorithm',
    ],
    ['a secret as a public key', SECRET, ['RS256'], '`key` is no public key in PEM or DER form'],
    [
      'a secret of the runtime as a public key',
      createSecretKey(Buffer.alloc(32)),
      ['RS256'],
      '`key` is secret; what verifies is the public key',
    ],
    ['a private key', privatePem, ['RS256'], PRIVATE],
    ['a private key of the runtime', RSA.privateKey, ['RS256'], PRIVATE],
    [
      'a private JSON Web Key',
      RSA.privateKey.export({ format: 'jwk' }),
      ['RS256'],
      '`key` is no public key; leave its private part out',
    ],
    [
      'a broken JSON Web Key',
      { kty: 'RSA', n: 'x' },
      ['RS256'],
      '`key` is no JSON Web Key that can be read',
    ],
    ['RSA for a curve', pemOf(RSA.publicKey), ['ES256'], OTHER_KIND],
    ['a curve for RSA', CURVES['ES256']?.publicKey, ['RS256'], OTHER_KIND],
    ['one curve for another', CURVES['ES256']?.publicKey, ['ES384'], OTHER_KIND],
    ['one curve for two', CURVES['ES256']?.publicKey, ['ES256', 'ES512'], OTHER_KIND],
    ['a key that signs with PSS only', PSS.publicKey, ['RS256'], OTHER_KIND],
    ['another Edwards curve', ED448.publicKey, ['EdDSA'], OTHER_KIND],
    ['a small RSA key', SMALL_RSA.publicKey, ['RS256'], 'an RSA key has at least 2048 bits'],
    [
      'what is no key',
      7,
      ['RS256'],
      '`key` is a text, bytes, a JSON Web Key or a key of the runtime',
    ],
    [
      'an instance of a class',
      new Map(),
      ['HS256'],
      '`key` is a text, bytes, a JSON Web Key or a key of the runtime',
    ],
  ])('refuses %s', (_, key, algorithms, message) => {
    expect(outcome(key, algorithms)).toBe(message)
  })
})
