import type { SqlDialect } from '../../model/call.ts'
import * as character from './characters.ts'
import { LEXICONS, type Lexicon } from './lexicon.ts'
import type { Scan } from './scan.ts'
import {
  scanAt,
  scanBackslash,
  scanClosing,
  scanColon,
  scanDot,
  scanFault,
  scanNumber,
  scanOpening,
  scanOperator,
  scanSemicolon,
  scanWord,
} from './scan-plain.ts'
import {
  scanBracketed,
  scanDash,
  scanDollar,
  scanHash,
  scanName,
  scanSlash,
  scanString,
} from './scan-quoted.ts'
import type { Tokens } from './tokens.ts'

/** Longer texts are not judged; a query a model writes by hand is a hundredth of this. */
export const MAX_TEXT = 65_536

/** Tokens, or why there are none. */
export type Lexed =
  | { readonly tokens: Tokens; readonly fault?: undefined }
  | { readonly fault: string }

type Scanner = (scan: Scan) => void

/** Reads texts of one dialect. Linear, without recursion; never throws. */
export function createLexer(dialect: SqlDialect): (text: string) => Lexed {
  const lexicon = LEXICONS[dialect]
  const classes = character.classTable(lexicon)
  const scanners = scannersOf()
  return (text) => {
    const early = earlyFault(text)
    if (early !== undefined) return { fault: early }
    const scan = startScan(text, lexicon)
    while (scan.at < text.length && scan.fault === undefined) {
      const code = text.charCodeAt(scan.at)
      const kind = code < 128 ? (classes[code] ?? 0) : foreignClass(code)
      scanners[kind]?.(scan)
    }
    if (scan.fault === undefined && scan.opened.length > 0) scan.fault = 'an open parenthesis'
    return scan.fault === undefined ? { tokens: scan } : { fault: scan.fault }
  }
}

// INVARIANT: NUL is refused also within quotes. Parsers written in C end there, engines may not.
function earlyFault(text: string): string | undefined {
  if (text.length > MAX_TEXT) return `more than ${MAX_TEXT} characters`
  if (text.includes('\0')) return 'a NUL character'
  return text.includes('\ufeff') ? 'a byte order mark' : undefined
}

function startScan(text: string, lexicon: Lexicon): Scan {
  return {
    text,
    lexicon,
    kinds: [],
    texts: [],
    pairs: [],
    opened: [],
    at: 0,
    setsByHint: false,
    fault: undefined,
  }
}

function foreignClass(code: number): number {
  return character.isForeignLetter(code) ? character.LETTER : character.FAULTY
}

function scannersOf(): readonly Scanner[] {
  const scanners: Scanner[] = new Array(character.CLASS_COUNT).fill(scanFault)
  scanners[character.BLANK] = (scan) => {
    scan.at++
  }
  scanners[character.LETTER] = scanWord
  scanners[character.DIGIT] = scanNumber
  scanners[character.STRING_QUOTE] = scanString
  scanners[character.NAME_QUOTE] = scanName
  scanners[character.BRACKET] = scanBracketed
  scanners[character.OPENING] = scanOpening
  scanners[character.CLOSING] = scanClosing
  scanners[character.OPERATOR] = scanOperator
  scanners[character.DASH] = scanDash
  scanners[character.SLASH] = scanSlash
  scanners[character.HASH] = scanHash
  scanners[character.DOLLAR] = scanDollar
  scanners[character.AT] = scanAt
  scanners[character.COLON] = scanColon
  scanners[character.DOT] = scanDot
  scanners[character.SEMICOLON] = scanSemicolon
  scanners[character.BACKSLASH] = scanBackslash
  return scanners
}
