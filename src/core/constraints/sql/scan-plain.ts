import { isDigit, isWordPart } from './characters.ts'
import { push, pushParameter, type Scan } from './scan.ts'
import { NAME, NUMBER, PARAMETER, SYMBOL, VARIABLE, WORD } from './tokens.ts'

/** Deeper parentheses are not judged: engines and parsers fail on them in their own ways. */
export const MAX_DEPTH = 100

const UNDERSCORE = 95
const DOT = 46

/** A name or a keyword. Only ASCII is put in lower case: no foreign letter becomes one of ours. */
export function scanWord(scan: Scan): void {
  const { text, at, lexicon } = scan
  let end = at + 1
  let isAscii = text.charCodeAt(at) < 128
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (!isWordPart(code, lexicon)) break
    if (code >= 128) isAscii = false
    end++
  }
  const word = text.slice(at, end)
  push(scan, WORD, isAscii ? word.toLowerCase() : word, end)
}

/** A number. One that runs into a word is a fault: engines differ about where it ends. */
export function scanNumber(scan: Scan): void {
  const { text, at, lexicon } = scan
  const end = isRadixMark(text, at) ? endOfRadix(text, at) : endOfDecimal(text, at)
  push(scan, NUMBER, '', end)
  if (isWordPart(text.charCodeAt(end), lexicon)) scan.fault = 'a number that runs into a word'
}

function isRadixMark(text: string, at: number): boolean {
  return text[at] === '0' && /[xob]/i.test(text[at + 1] ?? '')
}

function endOfRadix(text: string, start: number): number {
  let end = start + 2
  while (/[0-9a-f_]/i.test(text[end] ?? '')) end++
  return end
}

function endOfDecimal(text: string, start: number): number {
  let end = endOfDigits(text, start)
  if (text.charCodeAt(end) === DOT) end = endOfDigits(text, end + 1)
  const mark = text[end]
  if (mark !== 'e' && mark !== 'E') return end
  const sign = text[end + 1]
  const digits = sign === '+' || sign === '-' ? end + 2 : end + 1
  return isDigit(text.charCodeAt(digits)) ? endOfDigits(text, digits) : end
}

function endOfDigits(text: string, start: number): number {
  let end = start
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    const isSeparator = code === UNDERSCORE && isDigit(text.charCodeAt(end + 1))
    if (!isDigit(code) && !isSeparator) break
  }
  return end
}

export function scanOpening(scan: Scan): void {
  scan.opened.push(scan.kinds.length)
  if (scan.opened.length > MAX_DEPTH) scan.fault = `more than ${MAX_DEPTH} parentheses in another`
  push(scan, SYMBOL, scan.text[scan.at] ?? '', scan.at + 1)
}

const PARTNERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

export function scanClosing(scan: Scan): void {
  const closing = scan.text[scan.at] ?? ''
  const partner = scan.opened.pop()
  const index = scan.kinds.length
  push(scan, SYMBOL, closing, scan.at + 1)
  if (partner === undefined || scan.texts[partner] !== PARTNERS[closing]) {
    scan.fault = 'a closing parenthesis without its partner'
    return
  }
  scan.pairs[partner] = index
  scan.pairs[index] = partner
}

export function scanOperator(scan: Scan): void {
  const { text, at } = scan
  const isPipe = text[at] === '|' && text[at + 1] === '>'
  if (isPipe) push(scan, SYMBOL, '|>', at + 2)
  else push(scan, SYMBOL, text[at] ?? '', at + 1)
}

export function scanAt(scan: Scan): void {
  const { text, at, lexicon } = scan
  if (lexicon.at === 'operator') {
    push(scan, SYMBOL, '@', at + 1)
    return
  }
  let end = text[at + 1] === '@' ? at + 2 : at + 1
  while (end < text.length && isWordPart(text.charCodeAt(end), lexicon)) end++
  if (lexicon.at === 'stage') end = endOfStage(scan, end)
  pushParameter(scan, VARIABLE, '@', end)
}

// A stage's path may hold what elsewhere begins a comment.
function endOfStage(scan: Scan, start: number): number {
  const { text } = scan
  let end = start
  while (end < text.length && !' \t\n\r(),;\'"'.includes(text[end] ?? '')) end++
  const path = text.slice(start, end)
  if (/--|\/\/|\/\*/.test(path)) scan.fault = 'a path that may hold a comment'
  return end
}

export function scanColon(scan: Scan): void {
  const { text, at, lexicon } = scan
  const next = text[at + 1]
  if (next === ':' && lexicon.longParameters) scan.fault = 'two colons'
  if (next === ':' || next === '=') {
    push(scan, SYMBOL, `:${next}`, at + 2)
    return
  }
  let end = at + 1
  while (end < text.length && isWordPart(text.charCodeAt(end), lexicon)) end++
  if (!lexicon.colon) scan.fault = 'a colon'
  else if (end === at + 1) push(scan, SYMBOL, ':', end)
  else pushParameter(scan, PARAMETER, '', end)
}

export function scanDot(scan: Scan): void {
  const { text, at, lexicon, kinds } = scan
  if (lexicon.dotCommands && beginsLine(text, at)) {
    scan.fault = 'a dot that begins a line'
    return
  }
  const last = kinds[kinds.length - 1]
  const isNumber = isDigit(text.charCodeAt(at + 1)) && last !== WORD && last !== NAME
  if (isNumber) scanNumber(scan)
  else push(scan, SYMBOL, '.', at + 1)
}

// Looks back over blanks only, so that all looks together are linear.
function beginsLine(text: string, at: number): boolean {
  let back = at - 1
  while (back >= 0 && (text[back] === ' ' || text[back] === '\t')) back--
  return back < 0 || text[back] === '\n' || text[back] === '\r'
}

export function scanSemicolon(scan: Scan): void {
  if (scan.opened.length > 0) scan.fault = 'a semicolon within parentheses'
  push(scan, SYMBOL, ';', scan.at + 1)
}

/** `\N`. What else begins so is a command to the shell. */
export function scanBackslash(scan: Scan): void {
  const { text, at, lexicon } = scan
  const isNull = text[at + 1] === 'N' && !isWordPart(text.charCodeAt(at + 2), lexicon)
  if (isNull) push(scan, NUMBER, '', at + 2)
  else scanFault(scan)
}

export function scanFault(scan: Scan): void {
  scan.fault = 'a character that is none of SQL'
}
