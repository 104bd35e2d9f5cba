const MAX_KEY = 80
const MAX_WORDS = 5

/** What a key may hold besides letters, digits and spaces. */
const KEY_UNITS = new Set([..."_-./()#&'$@*`"].map((unit) => unit.charCodeAt(0)))

/**
 * Offset of the colon that ends the name of a field at `start`, as in `name: value`; -1 where the line
 * names none. Names are short, without punctuation, and may be quoted.
 */
export function keyColon(text: string, start: number, end: number): number {
  const quote = text.charCodeAt(start)
  if (quote === 34 || quote === 39) return quotedKeyColon(text, start, end, quote)
  const limit = Math.min(end, start + MAX_KEY)
  let words = 1
  let letters = 0
  for (let index = start; index < limit && words <= MAX_WORDS; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 58) return letters === 0 ? -1 : nameEnd(text, index, end)
    if (unit === 32) words++
    else if (isLetter(unit)) letters++
    else if (!isKeyUnit(unit)) return -1
  }
  return -1
}

/** The name between `start` and the colon, without quotes and emphasis. */
export function keyName(text: string, start: number, colon: number): string {
  return text.slice(start, colon).replace(/^["'*`\s]{1,8}|["'*`\s]{1,8}$/g, '')
}

function quotedKeyColon(text: string, start: number, end: number, quote: number): number {
  const limit = Math.min(end, start + MAX_KEY)
  for (let index = start + 1; index < limit; index++)
    if (text.charCodeAt(index) === quote)
      return text.charCodeAt(index + 1) === 58 ? nameEnd(text, index + 1, end) : -1
  return -1
}

/** The colon, where a space or the end of the line is behind it; `**Name:** value` counts as well. Else -1. */
function nameEnd(text: string, colon: number, end: number): number {
  if (colon + 1 >= end) return colon
  const next = text.charCodeAt(colon + 1)
  return next === 32 || next === 9 || next === 13 || next === 42 ? colon : -1
}

function isLetter(unit: number): boolean {
  return ((unit | 32) >= 97 && (unit | 32) <= 122) || unit > 127
}

function isKeyUnit(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || KEY_UNITS.has(unit)
}
