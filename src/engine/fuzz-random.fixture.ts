/** Numbers that follow from a seed alone, so that whatever fails can be run again. */
export interface Random {
  /** 0 to 1, without 1. */
  next(): number
  /** 0 to `count`, without `count`. */
  below(count: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
  /** Letters and digits. */
  word(length: number): string
}

/** Marsaglia's xorshift. @see https://doi.org/10.18637/jss.v008.i14 */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  for (let warm = 0; warm < 8; warm++) next()
  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] ?? list[0],
    word(length) {
      let text = ''
      for (let index = 0; index < length; index++) text += LETTERS[below(LETTERS.length)]
      return text
    },
  }
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
