/** True where the parts are found in a text, in their order, the first and the last at its ends. Linear. */
export function hasPartsInOrder([first = '', ...more]: readonly string[], text: string): boolean {
  const last = more.pop()
  if (last === undefined) return first === text
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of more) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
