/** Kinds of tokens. */
export const WORD = 1
/** A quoted name. */
export const NAME = 2
export const STRING = 3
export const NUMBER = 4
export const PARAMETER = 5
export const VARIABLE = 6
export const SYMBOL = 7
/** Behind the last token. */
export const END = 0

/**
 * The tokens of a text, column by column: one object for all of them, since a text may have 60 000.
 * `texts` holds words in lower case, names without quotes, symbols, and nothing of literals but the
 * first character, which tells a stage from a text.
 */
export interface Tokens {
  readonly kinds: number[]
  readonly texts: string[]
  /** Of a parenthesis, the index of its partner; else -1. */
  readonly pairs: number[]
  /** An optimizer hint changes a setting for the statement. */
  readonly setsByHint: boolean
}

export function kindAt(tokens: Tokens, index: number): number {
  return tokens.kinds[index] ?? END
}

/** The text of a word, a symbol or a quoted name; empty elsewhere. */
export function textAt(tokens: Tokens, index: number): string {
  return tokens.texts[index] ?? ''
}

export function isWord(tokens: Tokens, index: number, word: string): boolean {
  return tokens.kinds[index] === WORD && tokens.texts[index] === word
}

export function isSymbol(tokens: Tokens, index: number, symbol: string): boolean {
  return tokens.kinds[index] === SYMBOL && tokens.texts[index] === symbol
}

/** The word at a place; empty where there is none, or it is quoted. */
export function wordAt(tokens: Tokens, index: number): string {
  return tokens.kinds[index] === WORD ? (tokens.texts[index] ?? '') : ''
}

/** The symbol at a place; empty where there is none. */
export function symbolAt(tokens: Tokens, index: number): string {
  return tokens.kinds[index] === SYMBOL ? (tokens.texts[index] ?? '') : ''
}

export function isNamed(tokens: Tokens, index: number): boolean {
  const kind = tokens.kinds[index]
  return kind === WORD || kind === NAME
}

export function pairOf(tokens: Tokens, index: number): number {
  return tokens.pairs[index] ?? -1
}
