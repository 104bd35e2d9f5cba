import { isDigit, isWordPart } from './characters.ts'
import { endOfComment, endOfLine, endOfLineQuote, endOfQuote, endOfTripleQuote } from './quoted.ts'
import { push, pushParameter, pushQuoted, type Scan } from './scan.ts'
import { NAME, NUMBER, PARAMETER, STRING, SYMBOL, WORD } from './tokens.ts'

export function scanString(scan: Scan): void {
  const { text, at, lexicon } = scan
  const quote = text[at] ?? ''
  if (lexicon.tripleQuotes) {
    scanTripleString(scan, quote)
    return
  }
  const isEscape = lexicon.dialect === 'postgresql' && isEscapeString(scan)
  const end = endOfQuote(text, at, quote, lexicon.backslash || isEscape)
  pushQuoted(scan, STRING, isEscape ? 'e' : markOf(scan, at + 1), end)
}

function scanTripleString(scan: Scan, quote: string): void {
  const { text, at } = scan
  const isRaw =
    text[at - 1] === 'r' || text[at - 1] === 'R' || /^[rR][bB]$/.test(text.slice(at - 2, at))
  const isTriple = text.startsWith(quote.repeat(3), at)
  const end = isTriple
    ? endOfTripleQuote(text, at, quote, isRaw)
    : endOfLineQuote(text, at, quote, isRaw)
  pushQuoted(scan, STRING, '', end)
}

const TABLE_MARK = /^(?:pragma_\w{1,40}|fsdir|zipfile)\b/i

/** Of a text that may name more than a value, what it names: a stage, a table of SQLite. */
function markOf({ text, lexicon }: Scan, start: number): string {
  if (text[start] === '@') return '@'
  if (lexicon.dialect !== 'sqlite') return ''
  return TABLE_MARK.exec(text.slice(start, start + 50))?.[0].toLowerCase() ?? ''
}

// `E'a'`, and a string behind it: PostgreSQL reads on in the same way on the next line.
function isEscapeString({ text, at, kinds, texts }: Scan): boolean {
  const last = kinds.length - 1
  if (texts[last] !== 'e') return false
  if (kinds[last] === STRING) return true
  return kinds[last] === WORD && (text[at - 1] === 'e' || text[at - 1] === 'E')
}

export function scanName(scan: Scan): void {
  const { text, at, lexicon } = scan
  const quote = text[at] ?? ''
  const isPlain = quote === '`' && lexicon.backquote === 'plain name'
  const end = isPlain ? endOfLineQuote(text, at, quote, true) : endOfQuote(text, at, quote, false)
  if (isPlain && text.slice(at, end).includes('\\')) scan.fault = 'a backslash in a name'
  pushName(scan, end)
}

export function scanBracketed(scan: Scan): void {
  const { text, at, lexicon } = scan
  const isPlain = lexicon.bracket === 'plain name'
  pushName(scan, isPlain ? text.indexOf(']', at) + 1 || -1 : endOfQuote(text, at, ']', false))
}

function pushName(scan: Scan, end: number): void {
  const name = end < 0 ? '' : scan.text.slice(scan.at + 1, end - 1)
  pushQuoted(scan, NAME, scan.lexicon.exactNames ? name : name.toLowerCase(), end)
}

export function scanDash(scan: Scan): void {
  const { text, at, lexicon } = scan
  if (text[at + 1] === '-') {
    const next = text.charCodeAt(at + 2)
    if (!lexicon.dashNeedsBlank || Number.isNaN(next) || next <= 32) {
      skipLine(scan)
      return
    }
  }
  if (text.startsWith('->>', at)) push(scan, SYMBOL, '->>', at + 3)
  else push(scan, SYMBOL, '-', at + 1)
}

export function scanSlash(scan: Scan): void {
  const { text, at, lexicon } = scan
  const next = text[at + 1]
  if (next === '*') skipComment(scan)
  else if (next === '/' && lexicon.slashComments) skipLine(scan)
  else push(scan, SYMBOL, '/', at + 1)
}

export function scanHash(scan: Scan): void {
  if (scan.lexicon.hash === 'comment') skipLine(scan)
  else push(scan, SYMBOL, '#', scan.at + 1)
}

export function scanDollar(scan: Scan): void {
  const { text, at, lexicon } = scan
  let end = at + 1
  while (end < text.length && isWordPart(text.charCodeAt(end), lexicon)) {
    if (text[end] === '$') break
    end++
  }
  const isQuote = text[end] === '$' && !isDigit(text.charCodeAt(at + 1))
  if (isQuote && lexicon.dollar === 'tagged') closeDollar(scan, text.slice(at, end + 1))
  else if (isQuote && lexicon.dollar === 'plain' && end === at + 1) closeDollar(scan, '$$')
  else if (lexicon.dollar === 'money') scanMoney(scan, end)
  else if (end === at + 1 || text[end] === '$') scan.fault = 'a dollar sign'
  else pushParameter(scan, PARAMETER, '', end)
}

function closeDollar(scan: Scan, tag: string): void {
  const start = scan.at + tag.length
  const close = scan.text.indexOf(tag, start)
  pushQuoted(scan, STRING, markOf(scan, start), close < 0 ? -1 : close + tag.length)
}

const MONEY_WORDS: ReadonlySet<string> = new Set(
  '$action $identity $rowguid $partition $node_id $edge_id $from_id $to_id'.split(' '),
)

// `$1.50` is an amount, and so is `$` alone: `SELECT $EXEC p` runs `p`.
function scanMoney(scan: Scan, end: number): void {
  const word = scan.text.slice(scan.at, end).toLowerCase()
  const isAmount = end === scan.at + 1 || isDigit(scan.text.charCodeAt(scan.at + 1))
  // A tool of SQL Server puts the value of a variable there.
  if (scan.text[end] === '(') scan.fault = 'a variable of a tool'
  else if (isAmount) push(scan, NUMBER, '', endOfAmount(scan.text, end))
  else if (MONEY_WORDS.has(word)) push(scan, WORD, word, end)
  else scan.fault = 'a dollar sign'
}

function skipLine(scan: Scan): void {
  const end = endOfLine(scan.text, scan.at)
  if (end < 0) scan.fault = 'a comment whose end is unclear'
  else scan.at = end
}

function skipComment(scan: Scan): void {
  const { text, at, lexicon } = scan
  const mark = text[at + 2]
  const isRun = mark === '!' || ((mark === 'M' || mark === 'm') && text[at + 3] === '!')
  if (lexicon.conditionalComments && isRun) {
    scan.fault = 'a conditional comment'
    return
  }
  const end = endOfComment(text, at, lexicon)
  if (end < 0) scan.fault = 'an open or nested comment'
  else {
    if (mark === '+' && lexicon.conditionalComments) scanHint(scan, text.slice(at, end))
    scan.at = end
  }
}

// Where a hint is read as one, a quote open at the end of the comment goes on behind it.
function scanHint(scan: Scan, hint: string): void {
  if (/['"`]/.test(hint.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, '')))
    scan.fault = 'a hint with an open quote'
  if (hint.toLowerCase().includes('set_var')) scan.setsByHint = true
}

function endOfAmount(text: string, start: number): number {
  let end = start
  while (text[end] === '.' || isDigit(text.charCodeAt(end))) end++
  return end
}
