import { base36At } from './weighted.ts'

const WEIGHTS = [7, 3, 1] as const

/**
 * True where the last digit is the check digit of the letters and digits before it, as in the
 * machine-readable lines of passports and identity cards. Capitals only.
 * @see ICAO Doc 9303 part 3, section 4.9
 */
export function isTravelDocumentValid(text: string): boolean {
  const last = text.length - 1
  let sum = 0
  for (let index = 0; index < last; index++)
    sum += base36At(text, index) * (WEIGHTS[index % 3] ?? 0)
  return sum % 10 === base36At(text, last)
}
