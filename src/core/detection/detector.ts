import type { Alphabet } from './alphabet.ts'
import type { ScanClass, ScanMatch } from './match.ts'

/**
 * What a detector looks for. The scanner walks over a text once; where one of a detector's keywords
 * occurs, and only there, the detector looks closer.
 */
export type Detector = PatternDetector | FunctionDetector

interface Anchors {
  readonly class: ScanClass
  /** Such as `stripe_secret_key` or `iban`. */
  readonly kind: string
  /**
   * Lower-case ASCII literals, found in any case and also inside longer words. The rarer and the
   * longer, the cheaper: a keyword of one or two letters costs every text.
   */
  readonly keywords: readonly string[]
  /** Only keywords at the beginning of a token count: not inside a word, but behind `\n` or `%3D`. */
  readonly atTokenStart?: boolean
}

/**
 * Looks with a pattern of bounded quantifiers. A match is the pattern's first group where it has
 * one that took part, and otherwise the whole.
 *
 * With the sticky flag `y` the pattern is tried at the hit's first unit only. With the flag `g` it
 * is searched from `before` units in front of the hit to `after` behind it; windows that overlap
 * are searched as one. Look-behind sees the whole text, look-ahead only the window. Give `d`
 * (`yd`, `gd`) where the pattern has a group.
 */
export interface PatternDetector extends Anchors {
  readonly pattern: RegExp
  /** UTF-16 units; 0 when left out. */
  readonly before?: number
  /** UTF-16 units; 128 when left out. At least the longest match. */
  readonly after?: number
  /** Of a match; 0.9 when left out. Overruled by `check`. */
  readonly confidence?: number
  /** Confidence of a match, such as by its check digit; 0 is no match. */
  check?(value: string, start: number, text: string): number
}

/** Looks by code of its own. */
export interface FunctionDetector extends Anchors {
  /**
   * `start` and `end` bound the hit, `keyword` is the index of the keyword that was hit. Answers the
   * offset it has looked up to: hits that start before it are not given to it again. Must stay
   * linear in what it newly looks at.
   */
  readonly find: Find
  /** By keyword: the units of which one has to follow it, so that the others cost nothing. */
  readonly follows?: readonly (Alphabet | undefined)[]
}

export type Find = (
  text: string,
  start: number,
  end: number,
  report: Report,
  keyword: number,
) => number

export type Report = (start: number, end: number, confidence: number, kind?: string) => void

/** Finds matches of one class in a whole text by itself, in linear time. */
export type Finder = (text: string) => readonly ScanMatch[]
