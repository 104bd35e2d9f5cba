import type { Bypass } from './cache-key.ts'
import type { CacheStats, Given } from './response-cache.ts'

type Counted = Pick<
  CacheStats,
  'hits' | 'semantic_hits' | 'shared' | 'misses' | 'bypassed' | 'stored' | 'saved_nusd'
>

export interface Counts {
  stored: number
  misses: number
  hit(given: Given, savedNusd: number | null): void
  bypass(why: Bypass): void
  view(): Counted
}

export function createCounts(): Counts {
  let [hits, semantic, shared, saved] = [0, 0, 0, 0]
  const bypassed: Partial<Record<Bypass, number>> = {}
  return {
    stored: 0,
    misses: 0,
    hit({ outcome, tier }, savedNusd) {
      saved += savedNusd ?? 0
      if (outcome === 'shared') shared++
      else if (tier === 'semantic') semantic++
      else hits++
    },
    bypass(why) {
      bypassed[why] = (bypassed[why] ?? 0) + 1
    },
    view() {
      return {
        hits,
        semantic_hits: semantic,
        shared,
        misses: this.misses,
        bypassed: { ...bypassed },
        stored: this.stored,
        saved_nusd: saved,
      }
    },
  }
}
