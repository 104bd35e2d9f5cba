/** Offset of the line feed that ends the line at `index`, or the end of the text. */
export function endOfLine(text: string, index: number): number {
  const end = text.indexOf('\n', index)
  return end < 0 ? text.length : end
}

export function isBlankLine(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (text.charCodeAt(index) > 32) return false
  return true
}

/** Offset of the first unit from `index` that is neither space nor tab. */
export function skipBlanks(text: string, index: number): number {
  let at = index
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++
  return at
}
