import { probeFault } from '../core/gates/scanner.ts'
import { isMap } from '../core/json-kind.ts'
import type { Subject } from '../core/model/call.ts'
import { andThen, isPromise, type MaybePromise } from '../core/model/json.ts'
import type { RateLimitStore } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { denial } from './decide.ts'
import { gateSettings } from './gate-settings.ts'
import type { Judged } from './gate-step.ts'
import type { Asked } from './receive.ts'
import { within } from './wait.ts'

/** What the pace of callers is counted with. */
export interface Probes {
  readonly rates: RateLimitStore
  readonly monotonic: () => number
}

const MINUTE_MS = 60_000

/**
 * Calls that came over HTTP, held against what probes look like: by their user agent, and by the pace
 * of anonymous peers. No role is exempt. Undefined: nothing is wrong, or the policy does not ask.
 */
export function checkProbe(
  probes: Probes,
  asked: Asked,
  subject: Subject,
  policy: CompiledPolicy,
  dryRun: boolean,
  limitMs: number,
): MaybePromise<Judged | undefined> {
  const { scanner } = gateSettings(policy)
  const { headers, path, peer } = asked.credentials
  if (scanner === undefined || (headers === undefined && path === undefined)) return undefined
  const probe = {
    path: typeof path === 'string' ? path : undefined,
    userAgent: isMap(headers) ? headerOf(headers, 'user-agent') : undefined,
  }
  const fault = probeFault(probe, scanner)
  if (fault !== undefined) return denial('secrets', 'scanner_detected', fault)
  if (subject.tier !== 'anonymous' || typeof peer !== 'string') return undefined
  try {
    const paced = pace(probes, peer, scanner.maxAnonymousPerMinute, dryRun)
    return isPromise(paced)
      ? within<Judged | undefined>(paced, limitMs, () => UNCOUNTED).catch(() => UNCOUNTED)
      : paced
  } catch {
    return UNCOUNTED
  }
}

/** INVARIANT: callers whose pace cannot be counted are not let by. */
const UNCOUNTED = denial(
  'secrets',
  'gate_failed',
  'the pace of anonymous callers cannot be counted',
)

function pace(
  { rates, monotonic }: Probes,
  peer: string,
  most: number,
  dryRun: boolean,
): MaybePromise<Judged | undefined> {
  const takes = [{ key: `probe ${peer.slice(0, 64)}`, intervalMs: MINUTE_MS / most, burst: most }]
  const now = monotonic()
  return andThen(dryRun ? rates.peek(takes, now) : rates.take(takes, now), (refused) =>
    refused === undefined ? undefined : tooFast(most, refused.retryAfterMs),
  )
}

function tooFast(most: number, retryAfterMs: number | null): Judged {
  const detail = `more than ${most} requests a minute from one anonymous peer`
  return { ...denial('secrets', 'scanner_detected', detail), retry_after_ms: retryAfterMs }
}

function headerOf(headers: object, wanted: string): string | undefined {
  for (const [name, value] of Object.entries(headers))
    if (name.toLowerCase() === wanted) return textOf(value)
  return undefined
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join(' ')
  return typeof value === 'string' ? value : ''
}
