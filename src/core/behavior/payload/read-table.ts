import { separatedRow } from './csv-row.ts'
import { endOfLine, isBlankLine } from './lines.ts'
import { addLeaf, type Reading, readInner } from './reading.ts'
import { isFieldName } from './text-shape.ts'

/** `|`: a table drawn with bars; otherwise the unit that separates values. */
export type Separator = '|' | ',' | ';' | '\t'

const RULE = /^[\s|+:=\-─-╿]{3,}$/
const MAX_RULE = 4096

/** How the table that begins on the line at `start` separates its cells; undefined: no table begins there. */
export function tableAt(text: string, start: number): Separator | undefined {
  const end = endOfLine(text, start)
  const marks = marksOn(text, start, end)
  if (marks === 0) return undefined
  if (isBarred(text, start, end)) {
    const next = endOfLine(text, end + 1)
    if (isRule(text, start, end) || isRule(text, end + 1, next) || isBarred(text, end + 1, next))
      return '|'
  }
  if ((marks & TAB) !== 0) return '\t'
  if ((marks & COMMA) !== 0 && isSeparated(text, start, end, ',')) return ','
  return (marks & SEMICOLON) !== 0 && isSeparated(text, start, end, ';') ? ';' : undefined
}

const TAB = 1
const COMMA = 2
const SEMICOLON = 4
/** A bar, or a plus, which rules are drawn with. */
const BAR = 8
const MARKS = new Uint8Array(128)
for (const [unit, mark] of [
  ['\t', TAB],
  [',', COMMA],
  [';', SEMICOLON],
  ['|', BAR],
  ['+', BAR],
] as const)
  MARKS[unit.charCodeAt(0)] = mark

/** Which marks of tables a line has: most lines of prose have none. */
function marksOn(text: string, start: number, end: number): number {
  let marks = 0
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 128) marks |= MARKS[unit] ?? 0
    else if (unit === DRAWN_BAR) marks |= BAR
  }
  return marks
}
const DRAWN_BAR = 0x2502

/** Reads a table row by row, each a record, its cells under the names in the first row. */
export function readTable(
  reading: Reading,
  text: string,
  start: number,
  separator: Separator,
): number {
  let header: readonly string[] | undefined
  let at = start
  let rows = 0
  while (at < text.length) {
    const end = endOfLine(text, at)
    if (isRule(text, at, end)) {
      at = end + 1
      continue
    }
    if (!belongs(text, at, end, separator)) break
    const { cells, next } =
      separator === '|' ? barredRow(text, at, end) : separatedRow(text, at, separator)
    if (rows === 0 && isHeader(cells) && hasRow(text, next, separator)) header = cells
    else readRow(reading, cells, header)
    rows++
    at = next
  }
  if (header !== undefined) keepHeader(reading, header)
  return at
}

function readRow(
  reading: Reading,
  cells: readonly string[],
  header: readonly string[] | undefined,
): void {
  const record = ++reading.records
  cells.forEach((cell, column) => {
    if (cell !== '') readInner(reading, cell, header?.[column] ?? '', record)
  })
}

/** Names of columns that say more than a name does. */
function keepHeader(reading: Reading, header: readonly string[]): void {
  const record = ++reading.records
  for (const name of header) if (!isFieldName(name)) addLeaf(reading, '', name, record)
}

/** A row follows, perhaps behind a rule. */
function hasRow(text: string, start: number, separator: Separator): boolean {
  let at = start
  let end = endOfLine(text, at)
  if (isRule(text, at, end)) {
    at = end + 1
    end = endOfLine(text, at)
  }
  return at < text.length && belongs(text, at, end, separator)
}

function isHeader(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.length < 40 && !/[\d@]{3}|[@.!?]/.test(cell))
}

function belongs(text: string, start: number, end: number, separator: Separator): boolean {
  if (isBlankLine(text, start, end)) return false
  return separator === '|'
    ? isBarred(text, start, end)
    : countOf(text, start, end, separator.charCodeAt(0)) > 0
}

/** A line of cells between bars, or a rule of a drawn table. */
function isBarred(text: string, start: number, end: number): boolean {
  const bars = countOf(text, start, end, 124) + countOf(text, start, end, DRAWN_BAR)
  return bars > 0 || (isRule(text, start, end) && countOf(text, start, end, 43) > 0)
}

function isRule(text: string, start: number, end: number): boolean {
  if (end - start < 3 || end - start > MAX_RULE) return false
  const unit = text.charCodeAt(start)
  if (unit !== 124 && unit !== 43 && unit !== 45 && unit !== 58 && unit !== 32 && unit < 0x2500)
    return false
  return RULE.test(text.slice(start, end))
}

/** Two lines of as many cells, with no space behind the separators of the first, as a sentence has. */
function isSeparated(text: string, start: number, end: number, separator: ',' | ';'): boolean {
  const count = countOf(text, start, end, separator.charCodeAt(0))
  if (count === 0 || end >= text.length) return false
  const line = text.slice(start, Math.min(end, start + MAX_RULE))
  if (line.includes(`${separator} `) || line.trimEnd().endsWith(separator)) return false
  return separatedRow(text, end + 1, separator).cells.length === count + 1
}

function countOf(text: string, start: number, end: number, unit: number): number {
  let count = 0
  for (let index = start; index < end; index++) if (text.charCodeAt(index) === unit) count++
  return count
}

function barredRow(text: string, start: number, end: number): { cells: string[]; next: number } {
  const line = text.slice(start, end).replaceAll('│', '|').trim()
  const inner = line.slice(line.startsWith('|') ? 1 : 0, line.endsWith('|') ? -1 : undefined)
  const cells = inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
  return { cells, next: end + 1 }
}
