import { createPublicKey, createSecretKey, KeyObject, type webcrypto } from 'node:crypto'
import { isPlainObject } from '../core/json-kind.ts'
import { refuseOption } from '../core/option-checks.ts'
import { type Algorithm, algorithm } from './jwt-algorithms.ts'

/** A `KeyObject` or a `CryptoKey`. */
export interface KeyHandle {
  readonly type: string
}
/** One key as JSON (RFC 7517). */
export type JsonWebKeyLike = {
  readonly [name in JsonWebKeyName]?: unknown
}
type JsonWebKeyName =
  | ('kty' | 'kid' | 'use' | 'alg' | 'key_ops' | 'ext' | 'oth')
  | ('k' | 'n' | 'e' | 'crv' | 'x' | 'y' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi')
  | ('x5c' | 'x5t' | 'x5t#S256' | 'x5u')
/** A shared secret (text, bytes), a public key (PEM, DER), a JSON Web Key, or a key of the runtime. */
export type JwtKey = string | Uint8Array | KeyHandle | JsonWebKeyLike

/**
 * The key that verifies, held against the algorithms it is to be used with: all of one kind, that of
 * the key. A public key can so never be taken for the secret of an HMAC.
 * @throws {CallgateError} ERR_OPTIONS_INVALID, which repeats nothing of the key
 */
export function verificationKey(key: JwtKey, algorithms: readonly string[]): KeyObject {
  const wanted = algorithms.map((name) => algorithm(name))
  const kinds = new Set(wanted.map(({ key: kind }) => kind))
  if (kinds.size !== 1)
    return refuseOption('jwtIdentity: `algorithms` are of one kind of key, and `key` is one key')
  const verifier = kinds.has('secret') ? secretOf(key) : publicKeyOf(key)
  for (const one of wanted) checkKey(verifier, one)
  return verifier
}

/** A secret as the library takes it, imported once for each hash: importing costs as much as verifying. */
export function hmacKeys(secret: KeyObject): (name: string) => Promise<webcrypto.CryptoKey> {
  const imported = new Map<string, Promise<webcrypto.CryptoKey>>()
  return (name) => {
    let key = imported.get(name)
    if (key === undefined) {
      const use = { name: 'HMAC', hash: `SHA-${name.slice(2)}` }
      key = crypto.subtle.importKey('raw', secret.export(), use, false, ['verify'])
      imported.set(name, key)
    }
    return key
  }
}

function checkKey(key: KeyObject, wanted: Algorithm): void {
  if (wanted.key === 'secret') {
    const least = wanted.minBytes ?? 0
    if ((key.symmetricKeySize ?? 0) < least)
      refuseOption(`jwtIdentity: \`key\` has at least ${least} bytes for this algorithm`)
    return
  }
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== wanted.key || namedCurve !== wanted.curve)
    refuseOption('jwtIdentity: `key` is of another kind than `algorithms`')
  if (wanted.key === 'rsa' && modulusLength < MIN_RSA_BITS)
    refuseOption(`jwtIdentity: an RSA key has at least ${MIN_RSA_BITS} bits`)
}
/** @see https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2048

function secretOf(key: JwtKey): KeyObject {
  if (typeof key === 'string' || key instanceof Uint8Array) {
    const bytes = Buffer.from(key as Uint8Array) // a text or bytes: it takes both
    if (isPublicKey(bytes) || isPublicKey(Buffer.from(bytes.toString('latin1'), 'base64')))
      return refuseOption('jwtIdentity: `key` is a public key, and `algorithms` need a secret')
    return createSecretKey(bytes)
  }
  const handle = handleOf(key)
  if (handle !== undefined)
    return handle.type === 'secret'
      ? handle
      : refuseOption('jwtIdentity: `key` is a public key, and `algorithms` need a secret')
  const { kty, k } = jwkOf(key)
  if (kty !== 'oct' || typeof k !== 'string')
    return refuseOption('jwtIdentity: `key` is no secret, and `algorithms` need one')
  return createSecretKey(Buffer.from(k, 'base64url'))
}

/** What reads as a public or private key in any of its usual forms is never a secret. */
function isPublicKey(bytes: Buffer): boolean {
  if (bytes.includes('-----BEGIN')) return true
  return (['spki', 'pkcs1'] as const).some((type) => readPublic(bytes, type) !== undefined)
}

function publicKeyOf(key: JwtKey): KeyObject {
  if (typeof key === 'string' || key instanceof Uint8Array)
    return publicKeyOfBytes(Buffer.from(key as Uint8Array)) // a text or bytes
  const handle = handleOf(key)
  if (handle !== undefined)
    return handle.type === 'public'
      ? handle
      : refuseOption(`jwtIdentity: \`key\` is ${handle.type}; what verifies is the public key`)
  const jwk = jwkOf(key)
  if (jwk['d'] !== undefined || jwk['kty'] === 'oct')
    return refuseOption('jwtIdentity: `key` is no public key; leave its private part out')
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    return refuseOption('jwtIdentity: `key` is no JSON Web Key that can be read')
  }
}

function publicKeyOfBytes(bytes: Buffer): KeyObject {
  // A private key gives its public one too, but has no business where tokens are only verified.
  if (bytes.includes('PRIVATE KEY-----'))
    return refuseOption('jwtIdentity: `key` is private; what verifies is the public key')
  const key = bytes.includes('-----BEGIN') ? readPublic(bytes) : readPublic(bytes, 'spki')
  return key ?? refuseOption('jwtIdentity: `key` is no public key in PEM or DER form')
}

function readPublic(bytes: Buffer, type?: 'spki' | 'pkcs1'): KeyObject | undefined {
  try {
    return type === undefined
      ? createPublicKey(bytes)
      : createPublicKey({ key: bytes, format: 'der', type })
  } catch {
    return undefined
  }
}

function handleOf(key: object): KeyObject | undefined {
  if (key instanceof KeyObject) return key
  if (Object.prototype.toString.call(key) !== '[object CryptoKey]') return undefined
  try {
    return KeyObject.from(key as Parameters<typeof KeyObject.from>[0]) // its tag says so
  } catch {
    return refuseOption('jwtIdentity: `key` cannot be used')
  }
}

function jwkOf(key: unknown): Readonly<Record<string, unknown>> {
  return isPlainObject(key)
    ? key
    : refuseOption('jwtIdentity: `key` is a text, bytes, a JSON Web Key or a key of the runtime')
}
