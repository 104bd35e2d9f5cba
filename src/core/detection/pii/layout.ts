/** Of one layout, so that a table of them stays small. */
const MOST_LAYOUTS = 64

/**
 * The plain layouts that a short form stands for. In a plain layout `9` is a digit, `A` a letter,
 * `*` either, and ` -./:+()` stand for themselves. The short form adds `{3}` and `{2,4}` for
 * repetition of the unit before, and `~` for a separator that may be left out, a blank or a hyphen,
 * the same at each place.
 */
export function expandLayout(layout: string): readonly string[] {
  const spread = layout.includes('~')
    ? ['', ' ', '-'].map((separator) => layout.replaceAll('~', separator))
    : [layout]
  const plain = spread.flatMap(repeat)
  if (plain.length > MOST_LAYOUTS) throw new RangeError(`layout \`${layout}\` stands for too many`)
  return plain
}

function repeat(layout: string): readonly string[] {
  const found = /(.)\{(\d+)(?:,(\d+))?\}/.exec(layout)
  if (found === null) return [layout]
  const [whole, unit = '', least = '0', most = least] = found
  const head = layout.slice(0, found.index)
  const tail = repeat(layout.slice(found.index + whole.length))
  const layouts: string[] = []
  for (let count = Number(least); count <= Number(most); count++)
    for (const rest of tail) layouts.push(head + unit.repeat(count) + rest)
  return layouts
}
