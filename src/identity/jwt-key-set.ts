import type { CompactJWSHeaderParameters, CryptoKey, FlattenedJWSInput, LocalJWKSet } from 'jose'
import { isPlainObject } from '../core/json-kind.ts'
import type { MaybePromise } from '../core/model/json.ts'
import { refuseOption } from '../core/option-checks.ts'
import { loadJose } from './jwt-jose.ts'
import { refuse } from './not-authenticated.ts'

/** Finds the key that a token's header names. */
export type FindKey = (
  header: CompactJWSHeaderParameters,
  token: FlattenedJWSInput,
) => Promise<CryptoKey>

/** How long keys are kept. */
export interface KeySetTimes {
  /** Milliseconds until the set is fetched again. @default 600000 */
  readonly ttlMs?: number
  /** Milliseconds between two fetches for keys nobody knows, or after one that failed. @default 30000 */
  readonly coolDownMs?: number
  /** Milliseconds a set is used beyond `ttlMs` while no other can be fetched. @default 600000 */
  readonly staleMs?: number
  /** Milliseconds for one fetch. @default 3000 */
  readonly timeoutMs?: number
}

export const DEFAULT_TIMES: Required<KeySetTimes> = {
  ttlMs: 600_000,
  coolDownMs: 30_000,
  staleMs: 600_000,
  // Below the engine's limit for an identity provider, so that an outage leaves time for a stale set.
  timeoutMs: 3_000,
}

/** With no usable set, callers come back sooner than a cool-down. */
const RETRY_MS = 1_000
const MAX_KEYS = 100

/** Fetches the set. Rejects where there is none. */
export type LoadKeySet = (signal: AbortSignal) => MaybePromise<unknown>

/** What the issuer may be asked for at one moment. */
interface Held {
  readonly find: LocalJWKSet
  readonly at: number
}

/**
 * Keys of a set that is fetched when first needed, kept for a time, fetched once more for a key that
 * it does not have (rotation), and used for a bounded time longer while no other can be had.
 * `now` is monotonic.
 */
export function keySet(load: LoadKeySet, times: Required<KeySetTimes>, now: () => number): FindKey {
  let held: Held | undefined
  let pending: Promise<void> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let missedAt = Number.NEGATIVE_INFINITY
  const age = (): number => (held === undefined ? Number.POSITIVE_INFINITY : now() - held.at)
  const isUsable = (): boolean => age() < times.ttlMs + times.staleMs

  const fetchSet = async (): Promise<void> => {
    const at = now()
    try {
      held = { find: await openKeySet(await limited(load, times.timeoutMs)), at }
      failedAt = Number.NEGATIVE_INFINITY
    } catch {
      // Whatever went wrong out there may name addresses and keys: none of it is passed on.
      failedAt = now()
      refuse('the keys of the issuer cannot be had')
    }
  }
  // One fetch at a time, whoever waits for it.
  const refetch = (): Promise<void> => {
    pending ??= fetchSet().finally(() => {
      pending = undefined
    })
    return pending
  }
  const freshen = async (): Promise<void> => {
    if (age() < times.ttlMs) return
    const pause = isUsable() ? times.coolDownMs : Math.min(RETRY_MS, times.coolDownMs)
    if (now() - failedAt >= pause) await refetch().catch(() => undefined)
    if (!isUsable()) refuse('the keys of the issuer cannot be had')
  }

  return async (header, token) => {
    await freshen()
    const before = held
    const found = await findIn(before, header, token)
    if (found !== undefined) return found
    // The set may have been renewed meanwhile, or be on its way.
    if (held === before && pending === undefined) {
      if (now() - missedAt < times.coolDownMs) refuse(UNKNOWN_KEY)
      missedAt = now()
    }
    if (held === before) await refetch()
    return (await findIn(held, header, token)) ?? refuse(UNKNOWN_KEY)
  }
}

const UNKNOWN_KEY = 'the token is signed with a key that the issuer does not list'

/** Undefined where the set has no such key. */
async function findIn(
  held: Held | undefined,
  header: CompactJWSHeaderParameters,
  token: FlattenedJWSInput,
): Promise<CryptoKey | undefined> {
  try {
    return await held?.find(header, token)
  } catch (error) {
    const { errors } = await loadJose()
    if (error instanceof errors.JWKSNoMatchingKey) return undefined
    if (error instanceof errors.JWKSMultipleMatchingKeys)
      return refuse('several keys of the issuer could be meant; the token names none')
    return refuse('the key that the token names cannot be used')
  }
}

async function openKeySet(set: unknown): Promise<LocalJWKSet> {
  const { createLocalJWKSet } = await loadJose()
  return createLocalJWKSet({ keys: keysOf(set).map((key) => ({ ...key })) })
}

/** What is wrong with a set is not said by its content. */
function keysOf(set: unknown): readonly Readonly<Record<string, unknown>>[] {
  const keys = isPlainObject(set) && Object.hasOwn(set, 'keys') ? set['keys'] : undefined
  if (!Array.isArray(keys) || keys.length > MAX_KEYS || !keys.every(isPlainObject))
    throw new TypeError(`a key set has a list \`keys\` of at most ${MAX_KEYS}`)
  return keys
}

/**
 * A set that is given, for as long as the provider lives.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where it has none, or a key that is no public one
 */
export function givenKeySet(set: unknown): FindKey {
  let keys: readonly Readonly<Record<string, unknown>>[]
  try {
    keys = structuredClone(keysOf(set))
  } catch {
    return refuseOption(`jwtIdentity: \`jwks\` has a list \`keys\` of at most ${MAX_KEYS}`)
  }
  if (keys.some((key) => key['kty'] === 'oct' || key['d'] !== undefined))
    return refuseOption('jwtIdentity: `jwks` has public keys only')
  let held: Held | undefined
  return async (header, token) => {
    held ??= { find: await openKeySet({ keys }), at: 0 }
    return (await findIn(held, header, token)) ?? refuse(UNKNOWN_KEY)
  }
}

/** Ends the wait as well as the work: a loader may not look at the signal. */
async function limited(load: LoadKeySet, timeoutMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise<unknown>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true })
    // Deferred, so that a throw of the loader is a rejection.
    Promise.resolve(signal).then(load).then(resolve, reject)
  })
}
