import { isDay, twoDigits } from '../calendar.ts'
import { LABELLED, type Scheme } from '../scheme.ts'

/** Dates that a word says somebody was born on. */
export const BIRTH_DATES: readonly Scheme[] = [
  {
    kind: 'date_of_birth',
    words: [
      'birth',
      'birthday',
      'dob',
      'born',
      'geboren',
      'geburt',
      'naissance',
      'nee le',
      'ne le',
      'nacimiento',
      'nascimento',
      'nascita',
      'nato il',
      'nata il',
      'dogum',
      'urodzenia',
      'geboortedatum',
      'fodelsedatum',
      '생년월일',
      '出生',
      '生年月日',
      'дата рождения',
      'วันเกิด',
    ],
    forms: [
      ['9999-99-99', LABELLED],
      ['9999/99/99', LABELLED],
      ['9999.99.99', LABELLED],
      ['9{1,2}/9{1,2}/9999', LABELLED],
      ['9{1,2}.9{1,2}.9999', LABELLED],
      ['9{1,2}-9{1,2}-9999', LABELLED],
      ['99/99/99', LABELLED],
      ['99.99.99', LABELLED],
    ],
    check: isBirthDate,
  },
]

/** The order of day and month differs; a text without its separators may lack leading noughts. */
function isBirthDate(digits: string): boolean {
  if (digits.length < 6) return false
  if (digits.length === 7) return true
  if (/^(?:19|20)\d{6}$/.test(digits)) return isDay(twoDigits(digits, 4), twoDigits(digits, 6))
  const [first, second] = [twoDigits(digits, 0), twoDigits(digits, 2)]
  return digits.length === 6 || isDay(first, second) || isDay(second, first)
}
