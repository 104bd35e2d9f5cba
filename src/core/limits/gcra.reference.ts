import type { BucketTake, RateLimitStore, Refusal } from '../model/ports.ts'

/**
 * The naive twin of the rate limit store: each bucket holds a count of tokens as milliseconds saved
 * up, refilled with time. Exact for whole milliseconds. Nothing is ever forgotten.
 */
export function referenceRateLimits(): RateLimitStore {
  const buckets = new Map<string, { saved: number; at: number }>()
  let latest = 0
  const savedIn = (take: BucketTake, now: number): number => {
    const bucket = buckets.get(take.key)
    const most = take.burst * take.intervalMs
    return bucket === undefined ? most : Math.min(most, bucket.saved + now - bucket.at)
  }
  const refusal = (takes: readonly BucketTake[], now: number): Refusal | undefined => {
    const wanted = new Map<string, number>()
    for (const [index, take] of takes.entries()) {
      const needed = (wanted.get(take.key) ?? 0) + take.intervalMs
      const missing = needed - savedIn(take, Math.max(latest, now))
      if (missing > 0) return { index, retryAfterMs: missing + Math.max(latest, now) - now }
      wanted.set(take.key, needed)
    }
    return undefined
  }
  return {
    peek: refusal,
    take(takes, now) {
      latest = Math.max(latest, now)
      const refused = refusal(takes, now)
      if (refused !== undefined) return refused
      for (const take of takes)
        buckets.set(take.key, { saved: savedIn(take, latest) - take.intervalMs, at: latest })
      return undefined
    },
  }
}

/** True where no stretch of time between two grants holds more calls than burst and rate permit. */
export function holdsRate(
  grants: readonly number[],
  { intervalMs, burst }: Pick<BucketTake, 'intervalMs' | 'burst'>,
): boolean {
  return grants.every((from, first) =>
    grants.every(
      (to, last) => last < first || last - first + 1 <= burst + (to - from) / intervalMs + 1e-6,
    ),
  )
}
