const LONGEST = 255
/** `n log2 n` for n up to `LONGEST`. */
const TERMS = Float64Array.from({ length: LONGEST + 1 }, (_, count) =>
  count === 0 ? 0 : count * Math.log2(count),
)

/**
 * Shannon's entropy of a stretch's units, in bits per unit. Units above 126 count as one and the
 * same. Looks at no more than the first 255 units.
 */
export function entropyOf(text: string, start = 0, end = text.length): number {
  const stop = Math.min(end, start + LONGEST)
  const length = stop - start
  if (length <= 0) return 0
  const counts = new Uint8Array(128)
  let sum = 0
  for (let at = start; at < stop; at++) {
    const code = Math.min(String.prototype.charCodeAt.call(text, at), 127)
    const count = counts[code] ?? 0
    counts[code] = count + 1
    sum += (TERMS[count + 1] ?? 0) - (TERMS[count] ?? 0)
  }
  return Math.log2(length) - sum / length
}
