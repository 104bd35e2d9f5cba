/** Numbers from 0 up to 1 that follow from a seed alone. Marsaglia's xorshift. @see https://doi.org/10.18637/jss.v008.i14 */
export function seeded(seed: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  // Seeds that are near begin alike.
  for (let round = 0; round < 16; round++) next()
  return next
}
