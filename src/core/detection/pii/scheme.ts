/**
 * How sure a match of one layout is: as a part of a longer text, as the whole of a text, and with a
 * word near it that names it. Matches below `REPORTED` are dropped.
 */
export interface Strength {
  readonly bare: number
  readonly alone: number
  readonly named: number
}

/** The least confidence that is reported. */
export const REPORTED = 0.4

/** A shape of its own and check digits. */
export const CERTAIN: Strength = { bare: 0.95, alone: 0.97, named: 0.99 }
/** A shape or grouping of its own with a check digit or a date. Below 1 in 1,000 passes by chance. */
export const STRONG: Strength = { bare: 0.7, alone: 0.8, named: 0.97 }
/** A bare run of which less than 1 in 150 passes by chance. */
export const FAIR: Strength = { bare: 0.45, alone: 0.65, named: 0.95 }
/** A bare run of which about 1 in 50 passes, or a usual grouping with a check digit. */
export const PLAUSIBLE: Strength = { bare: 0.3, alone: 0.5, named: 0.93 }
/** A shape of its own, but nothing to check. */
export const SHAPED: Strength = { bare: 0.3, alone: 0.42, named: 0.8 }
/** Passes by chance too often to say anything without a word, but has a check digit. */
export const CHECKED: Strength = { bare: 0, alone: 0, named: 0.9 }
/** Nothing to check: the word makes it. */
export const LABELLED: Strength = { bare: 0, alone: 0, named: 0.7 }

/** One kind of number: what it looks like, how it is checked, and the words it is called by. */
export interface Scheme {
  /** Such as `us_ssn`: the country, then the number. */
  readonly kind: string
  /**
   * Words in any case that stand near it, without accents. Words of up to four Latin letters match
   * as whole words, longer ones also inside a compound; a blank in them stands for any separator.
   */
  readonly words: readonly string[]
  /** Layouts as `expandLayout` reads them, each with its strength. */
  readonly forms: readonly (readonly [layout: string, strength: Strength])[]
  /**
   * True where the number can exist. Gets letters and digits only, letters in capitals. Only texts
   * of one of the layouts reach it.
   */
  check?(compact: string): boolean
}
