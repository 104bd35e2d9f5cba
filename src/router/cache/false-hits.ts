/** How often an answer that would have been given again was another one than what the model then said. */
export interface FalseHits {
  readonly compared: number
  readonly false_hits: number
  /** What share of hits is false at the most, at the level of confidence. 1 where nothing was compared. */
  readonly upper_bound: number
}

/** What was compared last; older comparisons tell of other questions. */
const WINDOW = 1_000
const MOST_ROUTES = 1_000

export interface FalseHitMeter {
  note(route: string, isFalse: boolean): void
  of(route: string): FalseHits
  routes(): Iterable<string>
}

export function createFalseHitMeter(level: number): FalseHitMeter {
  const byRoute = new Map<string, boolean[]>()
  const known = new Map<string, FalseHits>()
  return {
    note(route, isFalse) {
      const seen = byRoute.get(route) ?? []
      seen.push(isFalse)
      if (seen.length > WINDOW) seen.shift()
      byRoute.delete(route)
      byRoute.set(route, seen)
      known.delete(route)
      for (const oldest of byRoute.keys()) {
        if (byRoute.size <= MOST_ROUTES) break
        byRoute.delete(oldest)
        known.delete(oldest)
      }
    },
    of(route) {
      const found = known.get(route)
      if (found !== undefined) return found
      const seen = byRoute.get(route) ?? []
      const wrong = seen.filter(Boolean).length
      const measured = {
        compared: seen.length,
        false_hits: wrong,
        upper_bound: upperBound(wrong, seen.length, level),
      }
      if (seen.length > 0) known.set(route, measured)
      return measured
    },
    routes: () => byRoute.keys(),
  }
}

/**
 * The largest share with which as few as `hits` of `n` are still seen with a chance of `1 - level`.
 * @see Clopper, Pearson: The use of confidence or fiducial limits, Biometrika 26, 1934 (one-sided)
 */
export function upperBound(hits: number, n: number, level: number): number {
  if (hits >= n) return 1
  let low = hits / n
  let high = 1
  for (let step = 0; step < 50; step++) {
    const share = (low + high) / 2
    if (chanceOfAtMost(hits, n, share) > 1 - level) low = share
    else high = share
  }
  return high
}

/** Of the binomial distribution; by logarithms, so that nothing underflows. */
function chanceOfAtMost(hits: number, n: number, share: number): number {
  if (share >= 1) return 0
  let log = n * Math.log1p(-share)
  let sum = Math.exp(log)
  for (let k = 1; k <= hits; k++) {
    log += Math.log((n - k + 1) / k) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(log)
  }
  return sum
}
