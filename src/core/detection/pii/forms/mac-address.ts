import { isWord, kindAt } from '../characters.ts'

const PAIRS = /[\dA-F]{2}([:-])(?:[\dA-F]{2}\1){4}[\dA-F]{2}(?![\w:-])/iy
const QUADS = /[\dA-F]{4}\.[\dA-F]{4}\.[\dA-F]{4}(?![\w.]*\w)/iy

/**
 * Where the hardware address at an offset ends: six pairs with colons or hyphens, or three groups
 * of four with dots. Undefined where there is none, or only noughts.
 * @see IEEE 802, guidelines for EUI-48
 */
export function macAddressEnd(text: string, start: number): number | undefined {
  const before = text.charAt(start - 1)
  if (before !== '' && ':-.'.includes(before) && isWord(kindAt(text, start - 2))) return undefined
  const pattern = text.charAt(start + 2) === ':' || text.charAt(start + 2) === '-' ? PAIRS : QUADS
  pattern.lastIndex = start
  const found = pattern.exec(text)?.[0]
  return found === undefined || !/[1-9a-f]/i.test(found) ? undefined : start + found.length
}
