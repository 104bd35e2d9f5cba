import * as character from '../constraints/sql/characters.ts'
import { MAX_TEXT } from '../constraints/sql/lexer.ts'
import { LEXICONS } from '../constraints/sql/lexicon.ts'
import type { Scan } from '../constraints/sql/scan.ts'
import * as plain from '../constraints/sql/scan-plain.ts'
import * as quoted from '../constraints/sql/scan-quoted.ts'
import type { Tokens } from '../constraints/sql/tokens.ts'
import type { SqlDialect } from '../model/call.ts'
import { EffectFault } from './fault.ts'

/** The tokens of a text, and where each begins and ends. */
export interface PlacedTokens {
  readonly tokens: Tokens
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

type Scanner = (scan: Scan) => void

const SCANNERS: ReadonlyMap<number, Scanner> = new Map<number, Scanner>([
  [character.BLANK, (scan) => void scan.at++],
  [character.LETTER, plain.scanWord],
  [character.DIGIT, plain.scanNumber],
  [character.STRING_QUOTE, quoted.scanString],
  [character.NAME_QUOTE, quoted.scanName],
  [character.BRACKET, quoted.scanBracketed],
  [character.OPENING, plain.scanOpening],
  [character.CLOSING, plain.scanClosing],
  [character.OPERATOR, plain.scanOperator],
  [character.DASH, quoted.scanDash],
  [character.SLASH, quoted.scanSlash],
  [character.HASH, quoted.scanHash],
  [character.DOLLAR, quoted.scanDollar],
  [character.AT, plain.scanAt],
  [character.COLON, plain.scanColon],
  [character.DOT, plain.scanDot],
  [character.SEMICOLON, plain.scanSemicolon],
  [character.BACKSLASH, plain.scanBackslash],
])

/**
 * Reads a text as the lexer of the `sql_intent` constraint does, keeping where tokens stand.
 * @throws {EffectFault} where the lexer would refuse the text
 */
export function placeTokens(text: string, dialect: SqlDialect): PlacedTokens {
  if (text.length > MAX_TEXT) throw new EffectFault('is too long: send a shorter query')
  if (/[\0\ufeff]/.test(text)) throw new EffectFault('has a character that is none of SQL')
  const scan = startScan(text, dialect)
  const classes = character.classTable(scan.lexicon)
  const starts: number[] = []
  const ends: number[] = []
  while (scan.at < text.length && scan.fault === undefined) {
    const { at } = scan
    const scanner = SCANNERS.get(classOf(text.charCodeAt(at), classes)) ?? plain.scanFault
    scanner(scan)
    if (scan.kinds.length === starts.length) continue
    starts.push(at)
    ends.push(scan.at)
  }
  const fault = scan.fault ?? (scan.opened.length > 0 ? 'an open parenthesis' : undefined)
  if (fault !== undefined)
    throw new EffectFault(`cannot be read as SQL: it has ${fault}. Write it more plainly`)
  return { tokens: scan, starts, ends }
}

function classOf(code: number, classes: Uint8Array): number {
  if (code < 128) return classes[code] ?? character.FAULTY
  return character.isForeignLetter(code) ? character.LETTER : character.FAULTY
}

function startScan(text: string, dialect: SqlDialect): Scan {
  return {
    text,
    lexicon: LEXICONS[dialect],
    kinds: [],
    texts: [],
    pairs: [],
    opened: [],
    at: 0,
    setsByHint: false,
    fault: undefined,
  }
}
