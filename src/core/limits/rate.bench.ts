import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { median, medianNs, row } from '../../scripts/measure.ts'
import { memoryStores } from '../../stores/memory.ts'
import type { BucketTake } from '../model/ports.ts'
import type { LimitedCall } from './buckets-of.ts'
import { compileLimits } from './compile-limits.ts'
import { createLimiter } from './limiter.ts'

// Callers enough to be beyond the processor's nearest cache; the same for all. None is refused:
// a refusal is cheaper here and dearer for the peer.
const CALLERS = 4096
// Sessions that are busy at once.
const SESSIONS = 64
const RATE = 1e6

function takesOf(prefixes: readonly string[]): readonly (readonly BucketTake[])[] {
  return Array.from({ length: CALLERS }, (_, index) =>
    prefixes.map((prefix) => ({
      key: `${prefix} user 4:acme ${index}`,
      intervalMs: 1000 / RATE,
      burst: RATE,
    })),
  )
}

/** A clock by which no bucket is ever emptied: reading a real one is no part of a decision. */
function ticking(): () => number {
  let now = 0
  return () => {
    now += 0.001
    return now
  }
}

function callsOf(): readonly LimitedCall[] {
  return Array.from({ length: SESSIONS }, (_, index) => ({
    session: `session-${index}`,
    subject: { agent: 'bot', user: `user-${index}`, tenant: 'acme' },
    resource: {
      name: 'db.query',
      kind: 'tool',
      server: 'db',
      listed: true,
      scope: undefined,
      tags: [],
      payload_class: undefined,
      sql_dialect: undefined,
      tier: undefined,
    },
  }))
}

/** The memory store, the whole gate, and rate-limiter-flexible where `examples/benchmark` is installed. */
export async function run(print: (line: string) => void): Promise<void> {
  print(`Rate limits in memory, ${CALLERS} callers, median`)
  const store = memoryStores().rateLimits
  for (const [what, prefixes, note] of [
    ['one bucket', ['class'], 'goal 60 ns'],
    ['three buckets, all or nothing', ['class', 'session', 'principal'], ''],
  ] as const) {
    const takes = takesOf(prefixes)
    const now = ticking()
    const take = (index: number) => store.take(takes[index & (CALLERS - 1)] ?? [], now())
    print(row(what, medianNs(take), 'ns', note))
  }
  for (const [what, section] of LIMITS) print(row(what, gateNs(section), 'ns'))
  const peer = await loadPeer()
  if (peer === undefined)
    print('  rate-limiter-flexible: not installed (npm ci --prefix examples/benchmark)')
  else print(row('rate-limiter-flexible, one bucket, awaited', await peerNs(peer), 'ns'))
}

const LIMITS = [
  ['the gate: class of endpoint', { base: { mcp: RATE } }],
  [
    'the gate: class, session, principal and two budgets, settled',
    {
      base: { mcp: RATE },
      per_session: { per_second: RATE },
      principals: [{ user: '*', per_second: RATE }],
      budgets: [
        { per: 'session', calls: 1e12 },
        { per: 'user', window: '1h', usd: 1e6 },
      ],
    },
  ],
] as const

function gateNs(section: (typeof LIMITS)[number][1]): number {
  const { rateLimits: rates, budgets } = memoryStores()
  const limiter = createLimiter({ rates, budgets, monotonic: ticking() })
  const limits = compileLimits(section)
  const calls = callsOf()
  const [some] = calls
  return medianNs((index) => {
    const verdict = limiter.check(calls[index & (SESSIONS - 1)] ?? (some as LimitedCall), limits)
    if (!('kind' in verdict) || verdict.kind !== 'pass') throw new Error('no call is refused here')
    return limiter.settle(verdict.reservation, { dispatched: true, ms: 1 })
  })
}

type Consume = (key: string) => Promise<unknown>

async function peerNs(consume: Consume): Promise<number> {
  const keys = takesOf(['class']).map(([take]) => take?.key ?? '')
  const times: number[] = []
  for (let round = 0; round < 24; round++) {
    const started = process.hrtime.bigint()
    for (const key of keys) await consume(key)
    times.push(Number(process.hrtime.bigint() - started) / keys.length)
  }
  return median(times.slice(4))
}

async function loadPeer(): Promise<Consume | undefined> {
  try {
    const require = createRequire(
      new URL('../../../examples/benchmark/package.json', import.meta.url),
    )
    const module: unknown = await import(
      pathToFileURL(require.resolve('rate-limiter-flexible')).href
    )
    const { RateLimiterMemory } = module as {
      RateLimiterMemory: new (options: object) => { consume: Consume }
    }
    const limiter = new RateLimiterMemory({ points: RATE, duration: 1 })
    return (key) => limiter.consume(key)
  } catch {
    return undefined
  }
}
