import { endOfLine, isBlankLine, skipBlanks } from './lines.ts'
import { literalEnd } from './literal-end.ts'
import { readLiteral } from './read-literal.ts'
import { addField, type Reading, readInner } from './reading.ts'
import { unescaped } from './unescape.ts'

/**
 * Reads the value at `start`, which may run over several lines: quoted, a block behind `|` or `>`, a
 * literal in brackets, or plain with deeper lines behind it. Returns the offset of the next line.
 * @see https://yaml.org/spec/1.2.2/#chapter-7-flow-style-productions
 */
export function readScalar(
  reading: Reading,
  text: string,
  start: number,
  indent: number,
  key: string,
  record: number,
): number {
  const unit = text.charCodeAt(start)
  if (unit === 34 || unit === 39) {
    const close = closingQuote(reading, text, start, unit)
    if (close > 0) {
      readInner(reading, quotedText(text.slice(start + 1, close), unit), key, record)
      return endOfLine(text, close) + 1
    }
  }
  if (unit === 91 || unit === 123) {
    const next = readBrackets(reading, text, start, key, record)
    if (next > 0) return next
  }
  if ((unit === 124 || unit === 62) && opensBlock(text, start))
    return readBlockScalar(reading, text, start, indent, key, record)
  const end = plainEnd(text, start, indent)
  readInner(reading, folded(text.slice(start, end), ''), key, record)
  return end + 1
}

function readBrackets(
  reading: Reading,
  text: string,
  start: number,
  key: string,
  record: number,
): number {
  const end = literalEnd(reading, text, start)
  if (end < 0) return -1
  const line = endOfLine(text, end)
  if (!isBlankLine(text, end, line)) return -1
  if (isBlankLine(text, start + 1, end - 1)) addField(reading, key, '', record)
  else readLiteral(reading, text, start, end, key, record)
  return line + 1
}

/** Offset of the quote that ends the value and its line; -1: the value only begins with a quote. */
function closingQuote(reading: Reading, text: string, start: number, quote: number): number {
  if (reading.retries <= 0) return -1
  let index = start + 1
  for (; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 92 && quote === 34) index++
    else if (unit === quote) {
      if (quote === 39 && text.charCodeAt(index + 1) === 39) index++
      else if (endsLine(text, index + 1)) return index
      else break
    }
  }
  reading.retries -= index - start
  return -1
}

/** Nothing but blanks, a comma or a comment is left on the line. */
function endsLine(text: string, index: number): boolean {
  const at = skipBlanks(text, index)
  const unit = text.charCodeAt(at)
  return at >= text.length || unit === 10 || unit === 13 || unit === 35 || unit === 44
}

function quotedText(inner: string, quote: number): string {
  if (quote === 39) return folded(inner.replaceAll("''", "'"), '')
  return unescaped(folded(inner, '\\'))
}

/** Lines of one value: a line feed becomes a space, and each blank line one line feed. */
function folded(text: string, joiner: string): string {
  if (!text.includes('\n')) return text.endsWith('\r') ? text.slice(0, -1) : text
  const lines = text.split('\n')
  const parts: string[] = [(lines[0] ?? '').trimEnd()]
  let blank = 0
  for (let index = 1; index < lines.length; index++) {
    const line = (lines[index] ?? '').trim()
    if (line === '' && index < lines.length - 1) blank++
    else {
      parts.push(joint(parts, blank, joiner), line)
      blank = 0
    }
  }
  return parts.join('')
}

/** What stands between two lines. A backslash at the end of the first leaves nothing. */
function joint(parts: string[], blank: number, joiner: string): string {
  const last = parts[parts.length - 1] ?? ''
  if (joiner !== '' && last.endsWith(joiner)) {
    parts[parts.length - 1] = last.slice(0, -1)
    return ''
  }
  return blank > 0 ? '\n'.repeat(blank) : ' '
}

function opensBlock(text: string, start: number): boolean {
  const at = skipBlanks(text, start + 1 + (/[-+\d]/.test(text[start + 1] ?? '') ? 1 : 0))
  const unit = text.charCodeAt(at)
  return unit === 10 || unit === 13
}

function readBlockScalar(
  reading: Reading,
  text: string,
  start: number,
  indent: number,
  key: string,
  record: number,
): number {
  const first = endOfLine(text, start) + 1
  const end = plainEnd(text, start, indent)
  const body = text.slice(first, end)
  const margin = skipBlanks(body, 0)
  const lines = body.split('\n').map((line) => line.slice(Math.min(margin, skipBlanks(line, 0))))
  readInner(reading, lines.join('\n'), key, record)
  return end + 1
}

/** Offset of the end of the last line that belongs to a value: lines indented deeper, and blanks between. */
function plainEnd(text: string, start: number, indent: number): number {
  let end = endOfLine(text, start)
  for (let next = end + 1; next < text.length; ) {
    const stop = endOfLine(text, next)
    const at = skipBlanks(text, next)
    if (!isBlankLine(text, next, stop)) {
      if (at - next <= indent) return end
      end = stop
    }
    next = stop + 1
  }
  return end
}
