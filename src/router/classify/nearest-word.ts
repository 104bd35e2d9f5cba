const LONGEST = 64

/** Which of the words is meant: in any case, by a synonym, or with one slip. Undefined: none, or several. */
export function nearestWord<Word extends string>(
  said: unknown,
  words: readonly Word[],
  synonyms: Readonly<Record<string, Word>>,
): Word | undefined {
  if (typeof said !== 'string' || said.length > LONGEST) return undefined
  const plain = said
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  const exact = words.find((word) => word === plain)
  if (exact !== undefined) return exact
  if (Object.hasOwn(synonyms, plain)) return synonyms[plain]
  // In short words one slip makes another word: `code` and `core`.
  if (plain.length < 4) return undefined
  const near = words.filter((word) => isOneSlipAway(plain, word))
  return near.length === 1 ? near[0] : undefined
}

/** One letter more, less or other, or two neighbours changed about. */
function isOneSlipAway(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  const [left, right] = [one.slice(start), other.slice(start)]
  return (
    left.slice(1) === right.slice(1) ||
    left.slice(1) === right ||
    left === right.slice(1) ||
    (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2))
  )
}
