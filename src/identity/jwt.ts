import type { JWTVerifyGetKey } from 'jose'
import type { Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { MaybePromise } from '../core/model/json.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { checkNames, refuseOption } from '../core/option-checks.ts'
import { bearerOf } from './bearer.ts'
import type { ClaimNames } from './claim-names.ts'
import { claimsReader, type ReadClaims } from './claims.ts'
import { algorithm, checkAlgorithms } from './jwt-algorithms.ts'
import { type FetchKeys, fetchKeySet } from './jwt-fetch.ts'
import { loadJose } from './jwt-jose.ts'
import { hmacKeys, type JwtKey, verificationKey } from './jwt-key.ts'
import { DEFAULT_TIMES, givenKeySet, type KeySetTimes, keySet } from './jwt-key-set.ts'
import { refuse } from './not-authenticated.ts'
import { namesOf } from './settings.ts'

/** A key set as JSON (RFC 7517), its address, or a function that fetches it. */
export type JwksSource =
  | string
  | URL
  | { readonly keys: readonly object[] }
  | ((signal: AbortSignal) => MaybePromise<unknown>)

export interface JwtIdentityOptions {
  /** Who issues the tokens: `iss` is one of these, to the letter. */
  readonly issuer: string | readonly string[]
  /** Whom tokens must be for: `aud` has one of these. */
  readonly audience: string | readonly string[]
  /** Those that are accepted, such as `['RS256']`. Whatever a token says, no other is used. */
  readonly algorithms: readonly string[]
  /** The one key: a secret for HS algorithms, else a public key. Either this or `jwks`. */
  readonly key?: JwtKey
  /** The issuer's keys; public ones, so no HS algorithm goes with them. */
  readonly jwks?: JwksSource
  /** How long keys of a URL or function are kept. */
  readonly jwksTimes?: KeySetTimes
  /** Fetches `jwks`. @default the runtime's */
  readonly fetch?: FetchKeys
  readonly claims?: ClaimNames
  /** How far clocks may differ, up to 300. @default 30 */
  readonly clockToleranceSeconds?: number
  /** Take tokens that never expire. @default false */
  readonly allowWithoutExpiry?: boolean
  /** `now` in epoch milliseconds, `monotonic` for the age of keys. @default the runtime's */
  readonly clock?: { now(): number; monotonic?(): number }
}

const KNOWN = [
  'issuer',
  'audience',
  'algorithms',
  'key',
  'jwks',
  'jwksTimes',
  'fetch',
  'claims',
  'clockToleranceSeconds',
  'allowWithoutExpiry',
  'clock',
] as const satisfies readonly (keyof JwtIdentityOptions)[]

const MAX_TOKEN = 16 * 1024
const MAX_TOLERANCE = 300
/** JWS compact serialisation with a signature. @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1 */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Options after they were checked. */
interface Verifier {
  readonly key: JWTVerifyGetKey
  readonly issuer: readonly string[]
  readonly audience: readonly string[]
  readonly algorithms: readonly string[]
  readonly toleranceSeconds: number
  readonly requiredClaims: readonly string[]
  readonly read: ReadClaims
  now(): number
}

/**
 * Callers by the JSON Web Token they bear (`credentials.bearer`, or the `authorization` header).
 * No token: anonymous. A token that does not hold throws, and is never anonymous.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; `identify` throws {NotAuthenticatedError}
 * @see https://www.rfc-editor.org/rfc/rfc8725 (JSON Web Token best current practices)
 */
export function jwtIdentity(options: JwtIdentityOptions): IdentityProvider {
  const verifier = verifierOf(options)
  return {
    identify(credentials) {
      const token = bearerOf(credentials)
      return token === undefined ? undefined : verify(token, verifier)
    },
  }
}

async function verify(token: string, verifier: Verifier): Promise<Subject> {
  if (token.length > MAX_TOKEN) refuse(`the token is longer than ${MAX_TOKEN} characters`)
  if (!COMPACT.test(token)) refuse('the token is no signed JSON Web Token')
  const { jwtVerify } = await loadJose()
  let payload: Readonly<Record<string, unknown>>
  try {
    const verified = await jwtVerify(token, verifier.key, {
      algorithms: [...verifier.algorithms],
      issuer: [...verifier.issuer],
      audience: [...verifier.audience],
      clockTolerance: verifier.toleranceSeconds,
      requiredClaims: [...verifier.requiredClaims],
      currentDate: new Date(verifier.now()),
    })
    payload = verified.payload
  } catch (error) {
    if (error instanceof CallgateError) throw error
    return refuse(reasonOf(error))
  }
  return verifier.read(payload)
}

/** What the library found, in words of ours: its errors carry the claims. */
function reasonOf(error: unknown): string {
  const { code, claim } = (error ?? {}) as { readonly code?: unknown; readonly claim?: unknown }
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return 'the token has expired'
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return `the token’s claim \`${String(claim).slice(0, 16)}\` is missing or does not hold`
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'the signature of the token does not hold'
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'the token is signed with an algorithm that is not accepted'
    default:
      return 'the token cannot be read'
  }
}

function verifierOf(options: JwtIdentityOptions): Verifier {
  checkNames('jwtIdentity', options, KNOWN)
  const { clockToleranceSeconds: toleranceSeconds = 30, clock } = options
  if (!(toleranceSeconds >= 0 && toleranceSeconds <= MAX_TOLERANCE))
    refuseOption(`jwtIdentity: \`clockToleranceSeconds\` is from 0 to ${MAX_TOLERANCE}`)
  const algorithms = checkAlgorithms(options.algorithms)
  return {
    key: keyOf(options, algorithms),
    issuer: namesOf('jwtIdentity: `issuer`', options.issuer),
    audience: namesOf('jwtIdentity: `audience`', options.audience),
    algorithms,
    toleranceSeconds,
    requiredClaims: options.allowWithoutExpiry === true ? [] : ['exp'],
    read: claimsReader(options.claims),
    now: () => (clock === undefined ? Date.now() : clock.now()),
  }
}

/** The key of a token, once its header is found to be in order. What a header embeds is never used. */
function keyOf(options: JwtIdentityOptions, algorithms: readonly string[]): JWTVerifyGetKey {
  const { key, jwks } = options
  if ((key === undefined) === (jwks === undefined))
    return refuseOption('jwtIdentity: it takes either `key` or `jwks`')
  if (key !== undefined) {
    const verifier = verificationKey(key, algorithms)
    const keyFor = verifier.type === 'secret' ? hmacKeys(verifier) : () => verifier
    return (header) => {
      checkHeader(header)
      return keyFor(header.alg)
    }
  }
  if (algorithms.some((name) => algorithm(name).key === 'secret'))
    return refuseOption('jwtIdentity: `jwks` has public keys, and HS algorithms need a secret')
  const find = keySetOf(options)
  return (header, token) => {
    checkHeader(header)
    return find(header, token)
  }
}

function keySetOf({ jwks, jwksTimes, fetch: fetchKeys, clock }: JwtIdentityOptions) {
  const times = timesOf(jwksTimes)
  if (times.timeoutMs === 0) refuseOption('jwtIdentity: `jwksTimes.timeoutMs` is above 0')
  const monotonic = (): number => clock?.monotonic?.() ?? performance.now()
  if (typeof jwks === 'function') return keySet(jwks, times, monotonic)
  if (typeof jwks === 'string' || jwks instanceof URL)
    // Looked up at each fetch: a host may replace it after the provider is made.
    return keySet(
      fetchKeySet(jwks, fetchKeys ?? ((url, init) => fetch(url, init))),
      times,
      monotonic,
    )
  return givenKeySet(jwks)
}

function timesOf(given: KeySetTimes = {}): Required<KeySetTimes> {
  checkNames('jwtIdentity: jwksTimes', given, Object.keys(DEFAULT_TIMES))
  for (const [name, value] of Object.entries(given))
    if (!(typeof value === 'number' && value >= 0 && value <= MAX_MS))
      refuseOption(`jwtIdentity: \`jwksTimes.${name}\` is from 0 to ${MAX_MS}`)
  return { ...DEFAULT_TIMES, ...given }
}
// Timers count in 32 bits.
const MAX_MS = 2 ** 31 - 1

const TYPES = new Set(['jwt', 'at+jwt'])

/** What no key is looked up for: other kinds of tokens, and extensions that must be understood. */
function checkHeader(header: Readonly<Record<string, unknown>>): void {
  const { typ, crit, kid } = header
  if (crit !== undefined) refuse('the token has extensions that are not understood')
  if (kid !== undefined && typeof kid !== 'string') refuse('the token names its key by no text')
  if (typ === undefined) return
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
  if (!TYPES.has(type)) refuse('the token is of another type than `JWT` and `at+jwt`')
}
