import { referenceRateLimits } from '../../core/limits/gcra.reference.ts'
import type { MaybePromise } from '../../core/model/json.ts'
import type { BucketTake, RateLimitStore, Refusal } from '../../core/model/ports.ts'
import { type ContractFailure, deepFreeze, runStoreContract } from './contract.ts'

export interface RateLimitStoreContractOptions {
  /** For each check. @default 5000 */
  readonly timeoutMs?: number
}

type Check = (store: RateLimitStore) => Promise<string | undefined>

/**
 * Holds a store to what the engine relies on: never more calls than burst and rate permit, however
 * many ask at once and whatever the clock does, over several buckets all or nothing, and an exact
 * word on when to try again. `make` gives a fresh, empty store each time.
 */
export function testRateLimitStore(
  make: () => MaybePromise<RateLimitStore>,
  options: RateLimitStoreContractOptions = {},
): Promise<readonly ContractFailure[]> {
  return runStoreContract(make, CHECKS, options.timeoutMs)
}

function bucket(key: string, intervalMs: number, burst: number): BucketTake {
  return deepFreeze({ key, intervalMs, burst })
}

const CHECKS: readonly (readonly [string, Check])[] = [
  ['it lets the burst by and no more', burstOnly],
  ['it says exactly when to try again', exactWait],
  ['it agrees with a count of tokens over any times', agreesWithCount],
  ['it lets exactly 10 of 100 parallel calls by under a limit of 10', exactInParallel],
  ['it takes from every bucket or from none', allOrNothing],
  ['it counts a bucket that is named twice in one call twice', countsTwice],
  ['it moves nothing when it only looks', peeks],
  ['it gives nothing for a clock that steps back', stepsBack],
  ['it keeps keys apart, whatever is in them', keepsApart],
  ['it lets a call by that takes from no bucket', async (store) => nothingWanted(store)],
  ['it lets nothing by where the bucket makes no sense', refusesNonsense],
]

async function burstOnly(store: RateLimitStore): Promise<string | undefined> {
  const take = [bucket('k', 100, 3)]
  for (let call = 1; call <= 3; call++)
    if ((await store.take(take, 1_000)) !== undefined) return `call ${call} of 3 was refused`
  return (await store.take(take, 1_000)) === undefined ? 'a fourth call passed' : undefined
}

async function exactWait(store: RateLimitStore): Promise<string | undefined> {
  for (const [intervalMs, burst, now] of [
    [100, 1, 5],
    [1000 / 3, 4, 17.25],
    [0.5, 20, 1_000_000.4],
    [86_400_000 / 7, 2, 0],
  ] as const) {
    const take = [bucket(`k ${intervalMs}`, intervalMs, burst)]
    for (let call = 0; call < burst; call++) await store.take(take, now)
    const wait = (await store.take(take, now))?.retryAfterMs
    if (typeof wait !== 'number' || !(Number.isInteger(wait) && wait > 0))
      return `\`retryAfterMs\` is ${wait}: no whole number of milliseconds`
    if (wait > 1 && (await store.peek(take, now + wait - 1)) === undefined)
      return `a call passed ${wait - 1} ms later, though ${wait} were asked for`
    if ((await store.take(take, now + wait)) !== undefined)
      return `a call was refused ${wait} ms later, as was asked for`
  }
  return undefined
}

const BUCKETS = [
  bucket('a', 10, 1),
  bucket('b', 7, 5),
  bucket('c', 50, 3),
  bucket('d', 1, 40),
] as const

/** Whole milliseconds, which every way of counting can be exact on. The same sequence each time. */
async function agreesWithCount(store: RateLimitStore): Promise<string | undefined> {
  const reference = referenceRateLimits()
  const random = lehmer(20_261)
  let now = 0
  for (let step = 0; step < 3_000; step++) {
    now += random(4) === 0 ? random(40) : random(3)
    const takes = BUCKETS.filter(() => random(3) === 0)
    const wanted = await reference.take(takes, now)
    const said = await store.take(takes, now)
    const problem = difference(said, wanted)
    if (problem !== undefined) return `call ${step} at ${now} ms: ${problem}`
  }
  return undefined
}

function difference(said: Refusal | undefined, wanted: Refusal | undefined): string | undefined {
  if (said === undefined) return wanted === undefined ? undefined : 'it passed and must not'
  if (wanted === undefined) return 'it was refused and must pass'
  if (said.index !== wanted.index) return `bucket ${said.index} refused, not ${wanted.index}`
  return said.retryAfterMs === wanted.retryAfterMs
    ? undefined
    : `\`retryAfterMs\` is ${said.retryAfterMs}, not ${wanted.retryAfterMs}`
}

/** Park and Miller's generator: whole numbers below `bound`. */
function lehmer(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state * 48_271) % 2_147_483_647
    return state % bound
  }
}

async function exactInParallel(store: RateLimitStore): Promise<string | undefined> {
  const take = [bucket('k', 100, 10)]
  const answers = await Promise.all(Array.from({ length: 100 }, () => store.take(take, 50)))
  const passed = answers.filter((answer) => answer === undefined).length
  return passed === 10 ? undefined : `${passed} passed`
}

async function allOrNothing(store: RateLimitStore): Promise<string | undefined> {
  const wide = bucket('wide', 100, 2)
  const narrow = bucket('narrow', 100, 1)
  await store.take([narrow], 0)
  for (let call = 0; call < 5; call++) {
    const refused = await store.take([wide, narrow], 0)
    if (refused === undefined) return 'a call passed over an empty bucket'
    if (refused.index !== 1) return `\`index\` is ${refused.index}, and bucket 1 was empty`
  }
  for (let call = 1; call <= 2; call++)
    if ((await store.take([wide], 0)) !== undefined) return 'refused calls took from a bucket'
  return undefined
}

async function countsTwice(store: RateLimitStore): Promise<string | undefined> {
  const take = bucket('k', 100, 3)
  if ((await store.take([take, take], 0)) !== undefined) return 'two of three were refused'
  if ((await store.take([take, take], 0)) === undefined) return 'four of three passed'
  return (await store.take([take], 0)) === undefined ? undefined : 'the third was refused'
}

async function peeks(store: RateLimitStore): Promise<string | undefined> {
  const take = [bucket('k', 100, 1)]
  for (let look = 0; look < 20; look++)
    if ((await store.peek(take, 1_000_000)) !== undefined) return 'looking took from the bucket'
  if ((await store.take(take, 0)) !== undefined) return 'looking moved the clock'
  return (await store.peek(take, 0)) === undefined
    ? 'it foresaw a call that cannot pass'
    : undefined
}

async function stepsBack(store: RateLimitStore): Promise<string | undefined> {
  const take = [bucket('k', 100, 10)]
  let passed = 0
  for (let call = 0; call < 200; call++) {
    const now = call % 2 === 0 ? 10_000 : 10_000 - call * 50
    if ((await store.take(take, now)) === undefined) passed++
  }
  if (passed !== 10) return `${passed} of 10 passed`
  return (await store.take(take, 10_100)) === undefined ? undefined : 'it no longer fills'
}

const ODD_KEYS = [
  '',
  ' ',
  'a',
  'a ',
  'a:b',
  'a\u0000b',
  '__proto__',
  'constructor',
  '\u00e9',
  'e\u0301',
  'A',
  'x'.repeat(2_000),
  `${'x'.repeat(2_000)}y`,
]

async function keepsApart(store: RateLimitStore): Promise<string | undefined> {
  for (const key of ODD_KEYS)
    if ((await store.take([bucket(key, 1_000, 1)], 0)) !== undefined)
      return `${shown(key)} shares a bucket with another key`
  for (const key of ODD_KEYS)
    if ((await store.take([bucket(key, 1_000, 1)], 0)) === undefined)
      return `${shown(key)} has forgotten its call`
  return undefined
}

function shown(key: string): string {
  return JSON.stringify(key.slice(0, 40))
}

async function nothingWanted(store: RateLimitStore): Promise<string | undefined> {
  return (await store.take([], 0)) === undefined ? undefined : 'it was refused'
}

async function refusesNonsense(store: RateLimitStore): Promise<string | undefined> {
  for (const [intervalMs, burst] of [
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 5],
    [10, 0],
    [10, Number.NaN],
  ] as const)
    for (let call = 0; call < 2; call++) {
      const answer = await attempt(store, bucket(`k ${intervalMs} ${burst}`, intervalMs, burst))
      if (answer === 'passed')
        return `a call passed with an interval of ${intervalMs}, burst ${burst}`
    }
  return undefined
}

async function attempt(store: RateLimitStore, take: BucketTake): Promise<'passed' | 'refused'> {
  try {
    return (await store.take([take], 0)) === undefined ? 'passed' : 'refused'
  } catch {
    return 'refused'
  }
}
