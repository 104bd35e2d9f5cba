import { ALPHABETS, of, runBefore } from '../alphabet.ts'
import { entropyOf } from '../entropy.ts'
import { hasRun, isFiller, leastBits } from './filler.ts'
import { isSomethingElse, isWordy } from './other-value.ts'
import { isPlaceholder } from './placeholder.ts'

export interface ValueContext {
  /** The name speaks of a password, which may be short and of a person's making. */
  readonly isPassword: boolean
  readonly isQuoted: boolean
}

const SHORTEST_PASSWORD = 4
const SHORTEST_KEY = 8
const LONGEST = 512
const LONG_NUMBER = 15
const MANY_SYMBOLS = 5
const SHORTEST_SCRAMBLED = 12

const LETTERS = ALPHABETS.letters
const LOWER = of('abcdefghijklmnopqrstuvwxyz')
const PUNCTUATION = of(':=,;)]}. ')

/** What the first look tells, for few nanoseconds: letters alone, perhaps a secret, or neither. */
export type Look = 'letters' | 'candidate' | 'other'

/** A candidate is long enough, has no space in it, and more than letters or capitals inside. */
export function lookAt(text: string, start: number, end: number): Look {
  const length = end - start
  if (length > LONGEST) return 'other'
  const stop = end - runBefore(PUNCTUATION, text, end, length)
  let others = 0
  let capitals = 0
  for (let at = start; at < stop; at++) {
    const code = text.charCodeAt(at)
    if (code <= 32) return 'other'
    if (code > 127 || LETTERS[code] === 0) others++
    else if (code < 97 && at > start) capitals++
  }
  if (others === 0 && (length < SHORTEST_SCRAMBLED || capitals < 2)) return 'letters'
  return length < SHORTEST_PASSWORD ? 'other' : 'candidate'
}

/** Confidence that a value under a secret's name is a secret; 0 is no. */
export function valueConfidence(value: string, context: ValueContext): number {
  const least = context.isPassword ? SHORTEST_PASSWORD : SHORTEST_KEY
  if (value.length < least || lookAt(value, 0, value.length) !== 'candidate') return 0
  if (isPlaceholder(value) || isSomethingElse(value, context.isQuoted)) return 0
  return context.isPassword ? passwordConfidence(value, context.isQuoted) : keyConfidence(value)
}

function passwordConfidence(value: string, isQuoted: boolean): number {
  const { letters, digits, symbols } = unitsOf(value)
  if (letters + digits === 0 || entropyOf(value) < 1.5 || hasRun(value)) return 0
  // `hunter2` is a password, `session-cookie-2` a name.
  if (digits < 2 && (digits === 0 || symbols > 0) && isWordy(value)) return 0
  if (letters + symbols === 0) return isQuoted && value.length >= 6 ? 0.5 : 0
  if (digits + symbols === 0) return isScrambled(value) ? 0.6 : 0
  return value.length >= 8 ? 0.8 : 0.65
}

function keyConfidence(value: string): number {
  const { letters, digits, symbols } = unitsOf(value)
  if (isWordy(value) || isFiller(value, 0, value.length)) return 0
  if (letters === 0) return digits >= LONG_NUMBER ? 0.5 : 0
  if (digits === 0) return isScrambled(value) || symbols >= MANY_SYMBOLS ? 0.6 : 0
  return entropyOf(value) < leastBits(value.length) ? 0 : value.length >= 16 ? 0.85 : 0.65
}

function unitsOf(value: string): { letters: number; digits: number; symbols: number } {
  let letters = 0
  let digits = 0
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code > 127) continue
    letters += ALPHABETS.letters[code] ?? 0
    digits += ALPHABETS.digits[code] ?? 0
  }
  return { letters, digits, symbols: value.length - letters - digits }
}

/** Letters that change their case as often as chance would have it. */
function isScrambled(value: string): boolean {
  if (value.length < SHORTEST_SCRAMBLED) return false
  let changes = 0
  for (let at = 1; at < value.length; at++)
    if (LOWER[value.charCodeAt(at)] !== LOWER[value.charCodeAt(at - 1)]) changes++
  return changes / value.length > 0.33 && entropyOf(value) > 3
}
