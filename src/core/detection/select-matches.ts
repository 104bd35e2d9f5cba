import type { ScanMatch } from './match.ts'

/**
 * Of matches that overlap keeps the more confident, then the longer, then the earlier. Answers them
 * by start. O(n log n) comparisons.
 */
export function selectMatches(found: ScanMatch[]): readonly ScanMatch[] {
  if (found.length < 2) return found
  found.sort((one, other) => one.start - other.start)
  const kept: ScanMatch[] = []
  let cluster: ScanMatch[] = []
  let reach = -1
  for (const match of found) {
    if (match.start >= reach && cluster.length > 0) {
      keepBest(cluster, kept)
      cluster = []
    }
    cluster.push(match)
    reach = Math.max(reach, match.end)
  }
  keepBest(cluster, kept)
  return kept
}

function keepBest(cluster: ScanMatch[], kept: ScanMatch[]): void {
  if (cluster.length === 1) {
    kept.push(...cluster)
    return
  }
  cluster.sort(
    (one, other) =>
      other.confidence - one.confidence ||
      other.end - other.start - (one.end - one.start) ||
      one.start - other.start,
  )
  const chosen: ScanMatch[] = []
  for (const match of cluster) {
    const at = firstEndingAfter(chosen, match.start)
    const next = chosen[at]
    if (next === undefined || next.start >= match.end) chosen.splice(at, 0, match)
  }
  for (const match of chosen) kept.push(match)
}

/** Index of the first of these sorted, separate matches that ends behind `start`. */
function firstEndingAfter(chosen: readonly ScanMatch[], start: number): number {
  let low = 0
  let high = chosen.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((chosen[middle]?.end ?? 0) > start) high = middle
    else low = middle + 1
  }
  return low
}
