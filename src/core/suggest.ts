const MAX_WORD = 64

/** The word that `word` was most likely meant to be, or undefined when none is near. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD) return undefined
  const folded = fold(word)
  // In a short word one letter is a lot.
  const limit = folded.length <= 3 ? 1 : 2
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of words) {
    if (candidate === word || Math.abs(candidate.length - word.length) > bestDistance + 2) continue
    const distance = editDistance(folded, fold(candidate))
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `did you mean ...?`, or null when no word is near. */
export function didYouMean(word: string, words: Iterable<string>): string | null {
  const found = nearest(word, words)
  return found === undefined ? null : `did you mean \`${found}\`?`
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll('-', '_')
}

/**
 * Edits, with a swap of neighbours as one (optimal string alignment).
 * @see https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
 */
function editDistance(left: string, right: string): number {
  let before: number[] = []
  let above = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1]
      let cost = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = above
    above = row
  }
  return above[right.length] ?? left.length
}
