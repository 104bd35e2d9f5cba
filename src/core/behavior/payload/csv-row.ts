import { endOfLine } from './lines.ts'

/** A quoted cell runs over no more units than this. */
const MAX_CELL = 65_536

/**
 * The cells of one row of separated values, and the offset of the next row. Quoted cells may hold
 * separators and line feeds; several tabs separate like one.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function separatedRow(
  text: string,
  start: number,
  separator: string,
): { cells: readonly string[]; next: number } {
  const cells: string[] = []
  let end = endOfLine(text, start)
  let at = start
  while (at <= end) {
    const quoted = text.charCodeAt(at) === 34 ? quotedEnd(text, at) : -1
    if (quoted > 0) {
      cells.push(text.slice(at + 1, quoted).replaceAll('""', '"'))
      if (quoted >= end) end = endOfLine(text, quoted)
      at = afterCell(text, quoted + 1, end, separator)
      continue
    }
    const stop = cellEnd(text, at, end, separator)
    cells.push(text.slice(at, stop).trim())
    at = stop + 1
  }
  return { cells: separator === '\t' ? cells.filter((cell) => cell !== '') : cells, next: end + 1 }
}

function cellEnd(text: string, at: number, end: number, separator: string): number {
  const stop = text.indexOf(separator, at)
  return stop < 0 || stop > end ? end : stop
}

/** What stands between a closing quote and the next separator is not well-formed, and skipped. */
function afterCell(text: string, at: number, end: number, separator: string): number {
  return cellEnd(text, at, end, separator) + 1
}

/** Offset of the quote that closes a cell; -1 where none does. */
function quotedEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + MAX_CELL)
  for (let index = start + 1; index < limit; index++) {
    if (text.charCodeAt(index) !== 34) continue
    if (text.charCodeAt(index + 1) !== 34) return index
    index++
  }
  return -1
}
