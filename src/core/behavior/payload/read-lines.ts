import { endOfLine, isBlankLine } from './lines.ts'
import { literalEnd, looksLiteral } from './literal-end.ts'
import { readBlock, readsAsBlock } from './read-block.ts'
import { readLiteral } from './read-literal.ts'
import { readTable, tableAt } from './read-table.ts'
import { addRaw, type Reading } from './reading.ts'

/** Where the reader of a text of lines is. */
interface Place {
  readonly reading: Reading
  readonly text: string
  readonly key: string
  readonly record: number
  readonly hasBrackets: boolean
  /** Offset where the prose begins that is not read yet. */
  paragraph: number
}

/** Reads a text of lines: literals, tables, blocks of fields, lists, and prose by paragraphs. */
export function readLines(reading: Reading, text: string, key: string, record: number): void {
  const hasBrackets = text.includes('{') || text.includes('[')
  const place: Place = { reading, text, key, record, hasBrackets, paragraph: 0 }
  let start = 0
  while (start < text.length) {
    const end = endOfLine(text, start)
    start =
      readLiterals(place, start, end) || readStructure(place, start) || passLine(place, start, end)
  }
  addParagraph(place, text.length)
}

/** Reads the literals that begin on the line. Returns the offset of the next line; 0: there is none. */
function readLiterals(place: Place, start: number, end: number): number {
  const { reading, text, key, record } = place
  if (!place.hasBrackets) return 0
  let at = start
  while (at < end) {
    const literal = literalOnLine(text, at, end)
    const close = literal < 0 ? -1 : literalEnd(reading, text, literal)
    if (close < 0) break
    addParagraph(place, literal)
    at = readLiteral(reading, text, literal, close, key, record)
    place.paragraph = at
  }
  if (at === start) return 0
  return at > end ? at : end + 1
}

/** Reads the table or the block of fields that begins at `start`. Returns the offset behind it; 0: none does. */
function readStructure(place: Place, start: number): number {
  const { reading, text, key, record } = place
  const table = tableAt(text, start)
  if (table === undefined && !readsAsBlock(text, start)) return 0
  addParagraph(place, start)
  place.paragraph = start
  const end =
    table === undefined
      ? readBlock(reading, text, start, key, record)
      : readTable(reading, text, start, table)
  if (end <= start) return 0
  place.paragraph = end
  return end
}

/** A line of prose, or a blank one, which ends a paragraph. */
function passLine(place: Place, start: number, end: number): number {
  if (isBlankLine(place.text, start, end)) {
    addParagraph(place, start)
    place.paragraph = end + 1
  }
  return end + 1
}

/** Offset of the first literal that begins between two offsets of a line; -1 where there is none. */
function literalOnLine(text: string, start: number, end: number): number {
  let tries = 0
  for (let index = start; index < end && tries < MOST_TRIES; index++) {
    const unit = text.charCodeAt(index)
    if (unit !== 123 && unit !== 91) continue
    if (looksLiteral(text, index)) return index
    tries++
  }
  return -1
}
const MOST_TRIES = 8

function addParagraph({ reading, text, paragraph, key, record }: Place, end: number): void {
  if (paragraph >= end) return
  const prose = text.slice(paragraph, end).trim()
  if (prose !== '') addRaw(reading, key, prose, record)
}
