import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { type JwtIdentityOptions, jwtIdentity } from './jwt.ts'

/** Real tokens, made by another library than the one that verifies them. */
export const ISSUER = 'https://issuer.example'
export const AUDIENCE = 'callgate'
export const SECRET = 'a secret of sixty-four characters, which is enough for SHA-512 too'
export const NOW = 1_800_000_000

export interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}
export const RSA: Pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const OTHER_RSA: Pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const CURVES: Readonly<Record<string, Pair>> = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
}
export const ED: Pair = generateKeyPairSync('ed25519')

export const pemOf = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'pem' }).toString()

export type Claims = Readonly<Record<string, unknown>>

/** What every good token says. */
export const GOOD: Claims = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ana',
  azp: 'support-bot',
  iat: NOW - 10,
  exp: NOW + 600,
}

/** A token of `jsonwebtoken`. `undefined` takes a claim of the good ones away. */
export function tokenOf(
  claims: Claims = {},
  key: string | KeyObject = SECRET,
  options: jwt.SignOptions = {},
): string {
  return jwt.sign(JSON.parse(JSON.stringify({ ...GOOD, ...claims })), key, options)
}

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token put together by hand: what no library would make. */
export function rawToken(
  header: unknown,
  claims: unknown,
  signer: (input: Buffer) => Buffer,
): string {
  const input = `${part(header)}.${part(claims)}`
  return `${input}.${signer(Buffer.from(input)).toString('base64url')}`
}

export const edSigner =
  (key: KeyObject = ED.privateKey) =>
  (input: Buffer): Buffer =>
    signBytes(null, input, key)
export const rsaSigner =
  (key: KeyObject = RSA.privateKey) =>
  (input: Buffer): Buffer =>
    signBytes('sha256', input, key)

/** Options for tokens of the issuer, at the time they are made for. */
export function optionsOf(more: Partial<JwtIdentityOptions> = {}): JwtIdentityOptions {
  const key = more.jwks === undefined ? { key: SECRET } : {}
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ['HS256'],
    clock: { now: () => NOW * 1000 },
    ...key,
    ...more,
  }
}

export const hmac =
  (secret: string) =>
  (input: Buffer): Buffer =>
    createHmac('sha256', secret).update(input).digest()

/** The agent of the subject, or what was wrong with the token: a refusal that repeats no signature. */
export async function outcome(
  token: string,
  more: Partial<JwtIdentityOptions> = {},
): Promise<string> {
  try {
    const subject = await jwtIdentity(optionsOf(more)).identify({ bearer: token })
    return subject === undefined ? 'nobody' : subject.agent
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string }
    const signature = token.split('.')[2] ?? ''
    // A few letters stand in any message.
    const isRepeated = signature.length >= 8 && message.includes(signature)
    return code === 'ERR_NOT_AUTHENTICATED' && !isRepeated
      ? message
      : `${code}: it repeats the token, or is no refusal`
  }
}
