import { DIGIT, isWord, kindAt, PLUS } from '../characters.ts'

/** Country codes of one and two digits, and the first two digits of those of three. */
const SHORT = new Set(
  (
    '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 ' +
    '64 65 66 81 82 84 86 90 91 92 93 94 95 98'
  ).split(' '),
)
const LONG = new Set(
  '21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99'.split(' '),
)

const FEWEST = 8
const MOST = 15
/** Between two digits: a blank or mark, or a bracket with a blank. */
const LONGEST_GAP = 2

/** Where the number behind a `+` ends, and how sure it is. */
export interface Found {
  readonly end: number
  readonly confidence: number
}

/**
 * Reads a telephone number with its country code. `plus` is the offset of the `+`.
 * @see ITU-T E.164, E.123
 */
export function internationalPhoneAt(text: string, plus: number): Found | undefined {
  const before = kindAt(text, plus - 1)
  if (isWord(before) || before === PLUS) return undefined
  let digits = ''
  let end = plus + 1
  let last = plus
  while (digits.length <= MOST && end - last <= LONGEST_GAP + 1) {
    const unit = text.charAt(end)
    if (kindAt(text, end) === DIGIT) {
      digits += unit
      last = end
    } else if (unit === '' || !' -.()/\u00a0\u2011\u2013'.includes(unit)) break
    end++
  }
  if (digits.length < FEWEST || digits.length > MOST || isWord(kindAt(text, last + 1)))
    return undefined
  return isCountry(digits)
    ? { end: last + 1, confidence: digits.length < 10 ? 0.6 : 0.9 }
    : undefined
}

function isCountry(digits: string): boolean {
  if (digits.startsWith('1')) return /^1[2-9]\d\d[2-9]\d{6}$/.test(digits)
  if (digits.startsWith('7')) return /^7[3-9]\d{9}$/.test(digits)
  return SHORT.has(digits.slice(0, 2)) || LONG.has(digits.slice(0, 2))
}
