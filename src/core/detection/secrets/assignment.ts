import { isMember, of, runBefore, runOf } from '../alphabet.ts'

/** The value that a name is given, or compared with, in one of many notations. */
export interface Assigned {
  readonly start: number
  readonly end: number
  readonly isQuoted: boolean
}

const LONGEST_NAME = 64
const LONGEST_VALUE = 512
const MOST_SPACES = 16
const MOST_OPERATORS = 5

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const NAME = of(`${ALNUM}_.$-`)
const INNER = of(ALNUM)
const SPACES = of(' \t')
const OPERATORS = of('=:!>?|')
const QUOTES = of('"\'`')
const CLOSERS = of('"\'`]')
const BACKSLASHES = of('\\')
/** `@"v"`, `r"v"`, `L"v"`: prefixes of literals in some languages. */
const PREFIXES = of('@rRbBfFuUL')
/** Where an unquoted value ends. */
const DELIMITERS = of(' \t\r\n"\'`,;&<>')
const ESCAPED = of('nrt"')
const CLOSING = of(')]}.')

const [NEW_LINE, RETURN, SPACE, OPENING, COMMA, DASH, EQUALS, LESS, MORE, BACKSLASH] = [
  ...[10, 13, 32, 40, 44, 45, 61, 60, 62, 92],
] as const

/** Where the name around a keyword begins. */
export function nameStartOf(text: string, start: number): number {
  return start - runBefore(NAME, text, start, LONGEST_NAME)
}

/** Where it ends: before the dot of a sentence or the dash of an arrow. */
export function nameEndOf(text: string, end: number): number {
  const stop = end + runOf(NAME, text, end, LONGEST_NAME)
  const last = text.charCodeAt(stop - 1)
  return stop > end && (last === DASH || last === 46) ? stop - 1 : stop
}

/**
 * Where the last name of `a=b=c=v` ends, given the end of the first: only that one has a value, and
 * a text may be nothing but names.
 */
export function lastNameEndOf(text: string, nameEnd: number): number {
  let end = nameEnd
  while (text.charCodeAt(end) === EQUALS) {
    const next = end + 1 + runOf(NAME, text, end + 1, LONGEST_NAME)
    const goesOn = next > end + 1 && text.charCodeAt(next) === EQUALS
    if (!goesOn || !isMember(INNER, text, next + 1)) return end
    end = next
  }
  return end
}

/**
 * The value behind a name that ends at `nameEnd`: `name = v`, `"name": "v"`, `name := v`,
 * `set("name", "v")`, `name("v")`, `<name>v</name>`, `key="name" value="v"`, `--name v`,
 * `"v" == name`.
 */
export function assignedTo(text: string, keyword: number, nameEnd: number): Assigned | undefined {
  let at = nameEnd
  let code = text.charCodeAt(at)
  if (code === EQUALS || code === 58) return afterOperator(text, keyword, at)
  if (code === BACKSLASH) at += runOf(BACKSLASHES, text, at, 4)
  const closers = runOf(CLOSERS, text, at, 2)
  at += closers
  const spaces = runOf(SPACES, text, at, MOST_SPACES)
  at += spaces
  code = text.charCodeAt(at)
  if (isMember(OPERATORS, text, at)) return afterOperator(text, keyword, at)
  if (closers > 0) {
    if (code === COMMA) return quotedAt(text, skipSpaces(text, at + 1))
    return text.startsWith('value=', at) ? quotedAt(text, at + 6) : undefined
  }
  if (code === OPENING) return quotedAt(text, skipSpaces(text, at + 1))
  const nameStart = nameStartOf(text, keyword)
  if (spaces === 0) return comparedBefore(text, nameStart)
  return spoken(text, nameStart, at) ?? comparedBefore(text, nameStart)
}

/** Behind spaces only: `--name v`, `name "v"`, `name is v`, and a long token. */
function spoken(text: string, nameStart: number, at: number): Assigned | undefined {
  const quoted = quotedAt(text, at)
  if (quoted !== undefined) return quoted
  if (text.charCodeAt(nameStart) === DASH) return unquotedAt(text, at)
  if (text.startsWith('is ', at) || text.startsWith('is: ', at)) {
    const start = skipSpaces(text, at + (text.charCodeAt(at + 2) === SPACE ? 3 : 4))
    return quotedAt(text, start) ?? unquotedAt(text, start)
  }
  const run = runOf(INNER, text, at, LONG_TOKEN)
  return run === LONG_TOKEN ? unquotedAt(text, at) : undefined
}

const LONG_TOKEN = 20

function afterOperator(text: string, keyword: number, at: number): Assigned | undefined {
  const operators = runOf(OPERATORS, text, at, MOST_OPERATORS)
  const first = text.charCodeAt(at)
  if (first === MORE) return elementAt(text, keyword, at + 1)
  // `?`, `|`, `!`: alone they choose, they do not assign.
  if (operators === 1 && first !== EQUALS && first !== 58) return undefined
  const start = skipSpaces(text, at + operators)
  return quotedAt(text, start) ?? unquotedAt(text, start)
}

/** `<name>v</name>` */
function elementAt(text: string, keyword: number, at: number): Assigned | undefined {
  if (text.charCodeAt(nameStartOf(text, keyword) - 1) !== LESS) return undefined
  const value = unquotedAt(text, at)
  return value !== undefined && text.startsWith('</', value.end) ? value : undefined
}

function skipSpaces(text: string, at: number): number {
  return at + (text.charCodeAt(at) === SPACE ? runOf(SPACES, text, at, MOST_SPACES) : 0)
}

/** `"v"`, also with a prefix, and inside JSON text (`\"v\"`). */
function quotedAt(text: string, start: number): Assigned | undefined {
  let at = start
  if (isMember(PREFIXES, text, at)) at++
  const escapes = text.charCodeAt(at) === BACKSLASH ? runOf(BACKSLASHES, text, at, 4) : 0
  at += escapes
  if (!isMember(QUOTES, text, at)) return undefined
  const quote = text.charCodeAt(at)
  const from = at + 1
  const limit = Math.min(text.length, from + LONGEST_VALUE)
  for (let end = from; end < limit; end++) {
    const code = text.charCodeAt(end)
    if (code === quote) return { start: from, end, isQuoted: true }
    if (code === NEW_LINE || code === RETURN) return undefined
    if (code === BACKSLASH) {
      if (escapes > 0 && text.charCodeAt(end + escapes) === quote)
        return { start: from, end, isQuoted: true }
      end++
    }
  }
  return undefined
}

function unquotedAt(text: string, start: number): Assigned | undefined {
  const end = unquotedEnd(text, start)
  if (end <= start) return undefined
  const closing = runBefore(CLOSING, text, end, 3)
  if (closing === 0) return { start, end, isQuoted: false }
  // Two dots and more are an ellipsis: the value is cut.
  if (text.endsWith('..', end)) return undefined
  const opens = /[{([]/.test(text.slice(start, end))
  return { start, end: opens ? end : Math.max(start, end - closing), isQuoted: false }
}

/** -1 where it is too long, or is another name with its own sign behind it and no padding. */
function unquotedEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + LONGEST_VALUE)
  for (let end = start; end < limit; end++) {
    const code = text.charCodeAt(end)
    if (code < 128 && DELIMITERS[code] === 1) return end
    if (code === BACKSLASH && isMember(ESCAPED, text, end + 1)) return end
    if (code === EQUALS && isMember(INNER, text, end + 1)) return -1
  }
  return limit === text.length ? limit : -1
}

/** `"v" == name`: the text before the name. */
function comparedBefore(text: string, nameStart: number): Assigned | undefined {
  const sign = nameStart - runBefore(SPACES, text, nameStart, MOST_SPACES)
  if (text.charCodeAt(sign - 1) !== EQUALS) return undefined
  const operators = runBefore(OPERATORS, text, sign, MOST_OPERATORS)
  if (operators < 2) return undefined
  const end = sign - operators - runBefore(SPACES, text, sign - operators, MOST_SPACES) - 1
  if (!isMember(QUOTES, text, end)) return undefined
  const from = Math.max(0, end - LONGEST_VALUE)
  const start = from + text.slice(from, end).lastIndexOf(text[end] ?? '"')
  return start < from ? undefined : { start: start + 1, end, isQuoted: true }
}
