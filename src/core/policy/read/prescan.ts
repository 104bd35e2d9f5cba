import type { PolicyLimits } from '../limits.ts'
import type { Fault } from './source.ts'

/**
 * What can be said of a text in one pass, before any parser sees it: size, encoding and a lower
 * bound of its nesting. The parsers check the depth again as they see it.
 */
export function prescan(text: string, limits: PolicyLimits): readonly Fault[] {
  const faults: Fault[] = []
  const isTooLarge = text.length > limits.maxBytes || byteLength(text) > limits.maxBytes
  if (isTooLarge) faults.push(tooLarge(limits.maxBytes))
  const head = isTooLarge ? text.slice(0, limits.maxBytes) : text
  const unfit = unfitCharacter(head)
  if (unfit !== undefined) faults.push(unfit)
  const deepAt = findTooDeep(head, limits.maxDepth)
  if (deepAt !== undefined) faults.push(tooDeep(deepAt, limits.maxDepth))
  return faults
}

export function tooLarge(maxBytes: number): Fault {
  return {
    kind: 'too_large',
    message: `the policy is larger than ${maxBytes} bytes`,
    at: null,
    hint: 'split it into several files, or raise `limits.maxBytes`',
  }
}

export function tooDeep(at: number, maxDepth: number): Fault {
  return { kind: 'too_deep', message: `nested deeper than ${maxDepth} levels`, at }
}

/** UTF-8 bytes to text without a byte order mark, or where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): { text: string; fault?: Fault } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes)
    const isUtf16 =
      (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    const fault: Fault = {
      kind: 'encoding',
      message: isUtf16 ? 'the file is UTF-16, not UTF-8' : 'the file is not UTF-8',
      at: text.indexOf('\ufffd'),
      hint: 'save it as UTF-8',
    }
    return { text, fault }
  }
}

// What YAML 1.2 calls printable, less the byte order mark inside a text; `u` finds lone surrogates.
const UNPRINTABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff\p{Cs}]/u
// Where some readers end a line, a comment with it, and others do not.
const ODD_BREAK = /\r(?!\n)|[\u0085\u2028\u2029]/
// What makes a line read otherwise than it is: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069]/

const UNFIT: readonly (readonly [form: RegExp, what: string])[] = [
  [UNPRINTABLE, 'the control character'],
  [ODD_BREAK, 'a line break that not every reader takes for one:'],
  [BIDI_CONTROL, 'a character that changes the direction of the text:'],
]

/** The first character that no policy may have. */
function unfitCharacter(text: string): Fault | undefined {
  let first: Fault | undefined
  for (const [form, what] of UNFIT) {
    const found = form.exec(text)
    if (found === null || (first?.at ?? Number.POSITIVE_INFINITY) < found.index) continue
    const code = found[0].codePointAt(0) ?? 0
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    first = {
      kind: 'encoding',
      message: `the text has ${what} ${name}`,
      at: found.index,
      hint: code === 13 ? 'end lines with LF or CR LF' : 'write it as an escape, or remove it',
    }
  }
  return first
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 34
const HASH = 35
const APOSTROPHE = 39
const COMMA = 44
const DASH = 45
const COLON = 58
const GREATER = 62
const QUESTION = 63
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN_MAP = 123
const BAR = 124
const CLOSE_MAP = 125

/** Where a scan stands. `opens`: a quote or bracket here would begin a value. */
interface Scan {
  readonly text: string
  at: number
  flow: number
  opens: boolean
  lineIndent: number
  readonly indents: number[]
}

/**
 * Offset at which nesting passes the limit, or undefined. Reads JSON and YAML alike, and where the
 * two leave doubt it counts less: it must never refuse a text for brackets in its words.
 */
function findTooDeep(text: string, maxDepth: number): number | undefined {
  const scan: Scan = { text, at: 0, flow: 0, opens: true, lineIndent: 0, indents: [] }
  startLine(scan)
  while (scan.at < text.length) {
    if (scan.indents.length + scan.flow > maxDepth) return scan.at
    step(scan, text.charCodeAt(scan.at))
  }
  return scan.indents.length + scan.flow > maxDepth ? scan.at : undefined
}

function step(scan: Scan, code: number): void {
  switch (code) {
    case NEWLINE:
    case RETURN:
      scan.at++
      startLine(scan)
      break
    case HASH:
      if (isBlankBefore(scan)) skipLine(scan)
      else pass(scan, false)
      break
    case QUOTE:
    case APOSTROPHE:
      if (scan.opens) skipQuoted(scan, code)
      else pass(scan, false)
      break
    case BAR:
    case GREATER:
      if (scan.opens && scan.flow === 0) skipBlockText(scan)
      else pass(scan, false)
      break
    case SPACE:
    case TAB:
      pass(scan, scan.opens || opensAfter(scan))
      break
    default:
      stepInFlow(scan, code)
  }
}

function stepInFlow(scan: Scan, code: number): void {
  if (code === OPEN_LIST || code === OPEN_MAP) {
    if (scan.flow > 0 || scan.opens) scan.flow++
    pass(scan, scan.flow > 0)
  } else if (code === CLOSE_LIST || code === CLOSE_MAP) {
    if (scan.flow > 0) scan.flow--
    pass(scan, false)
  } else pass(scan, scan.flow > 0 && (code === COMMA || code === COLON))
}

function pass(scan: Scan, opens: boolean): void {
  scan.at++
  scan.opens = opens
}

function opensAfter(scan: Scan): boolean {
  const before = scan.text.charCodeAt(scan.at - 1)
  return before === COLON || before === DASH || before === QUESTION
}

function isBlankBefore(scan: Scan): boolean {
  const before = scan.at === 0 ? NEWLINE : scan.text.charCodeAt(scan.at - 1)
  return before <= SPACE
}

function skipLine(scan: Scan): void {
  const end = scan.text.indexOf('\n', scan.at)
  scan.at = end < 0 ? scan.text.length : end
}

/** After `|` or `>`: what is indented more than its line is text. */
function skipBlockText(scan: Scan): void {
  const { text } = scan
  skipLine(scan)
  while (scan.at < text.length) {
    let at = scan.at + 1
    while (text.charCodeAt(at) === SPACE) at++
    const code = text.charCodeAt(at)
    const isBlank = code === NEWLINE || code === RETURN
    if (!isBlank && at - scan.at - 1 <= scan.lineIndent) return
    scan.at = at
    skipLine(scan)
  }
}

// An open quote swallows the rest: the parser will say so.
function skipQuoted(scan: Scan, quote: number): void {
  const { text } = scan
  let at = scan.at + 1
  while (at < text.length && text.charCodeAt(at) !== quote) {
    at += quote === QUOTE && text.charCodeAt(at) === BACKSLASH ? 2 : 1
  }
  scan.at = Math.min(at + 1, text.length)
  scan.opens = false
}

/** Outside of brackets the indentation, and every `- ` and `? ` in it, is a level. */
function startLine(scan: Scan): void {
  const { text, indents } = scan
  let at = scan.at
  while (text.charCodeAt(at) === SPACE) at++
  scan.opens = true
  scan.lineIndent = at - scan.at
  const code = text.charCodeAt(at)
  const isBlank = Number.isNaN(code) || code === NEWLINE || code === RETURN || code === HASH
  if (scan.flow > 0 || isBlank) {
    scan.at = at
    return
  }
  enter(indents, at - scan.at)
  const lineAt = scan.at
  while (isIndicator(text, at)) {
    at += 2
    while (text.charCodeAt(at) === SPACE) at++
    enter(indents, at - lineAt)
  }
  scan.at = at
}

function enter(indents: number[], indent: number): void {
  while (indents.length > 0 && (indents[indents.length - 1] ?? 0) >= indent) indents.pop()
  indents.push(indent)
}

function isIndicator(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return (code === DASH || code === QUESTION) && text.charCodeAt(at + 1) === SPACE
}
