import { featuresOf } from './guards.ts'

/** What share of the words of either answer both must have. */
const LEAST_SHARED = 0.8

/**
 * Whether two answers say the same, as far as words tell: the same numbers, as many negations, and nearly
 * the same words. Answers that say the same in other words count as different: what is measured by this
 * is more false hits than there are, never fewer of those with other numbers.
 */
export function saysTheSame(kept: string, fresh: string): boolean {
  const [one, other] = [featuresOf(kept), featuresOf(fresh)]
  if (one.values.join('\n') !== other.values.join('\n')) return false
  if (one.negations !== other.negations) return false
  const [here, there] = [new Set(one.content), new Set(other.content)]
  const shared = [...here].filter((word) => there.has(word)).length
  const all = here.size + there.size - shared
  return all === 0 ? kept.trim() === fresh.trim() : shared / all >= LEAST_SHARED
}
