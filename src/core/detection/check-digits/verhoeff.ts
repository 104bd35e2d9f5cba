import { digitAt } from './weighted.ts'

/** The product of two members of the dihedral group of order ten. */
const PRODUCT = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
] as const

/** What a digit turns into at each place, counted from the right. */
const PERMUTATION = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
] as const

/**
 * True where the digits, the last of them the check digit, pass Verhoeff's test.
 * @see https://en.wikipedia.org/wiki/Verhoeff_algorithm
 */
export function isVerhoeffValid(digits: string): boolean {
  let state = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = digitAt(digits, digits.length - 1 - place)
    const permuted = digitAt(PERMUTATION[place % 8] ?? '', digit)
    state = digitAt(PRODUCT[state] ?? '', permuted)
  }
  return state === 0
}
