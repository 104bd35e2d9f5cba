import { base36At, digitAt } from './weighted.ts'

/**
 * The remainder of a text of digits and capitals by 97, each letter read as two digits (A is 10).
 * A whole number with its check digits at the end leaves 1.
 * @see ISO/IEC 7064, MOD 97-10; ISO 13616 for its use in the IBAN
 */
export function mod97(text: string): number {
  let rest = 0
  for (let index = 0; index < text.length; index++) {
    const value = base36At(text, index)
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
  }
  return rest
}

/**
 * True where the last digit is the check digit of those before it by the hybrid system MOD 11,10.
 * @see ISO/IEC 7064, MOD 11,10
 */
export function isMod11And10Valid(digits: string): boolean {
  let product = 10
  for (let index = 0; index < digits.length - 1; index++) {
    const sum = (digitAt(digits, index) + product) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (product + digitAt(digits, digits.length - 1)) % 10 === 1
}

/**
 * True where the last unit, a digit or `X` for ten, is the check character by MOD 11-2.
 * @see ISO/IEC 7064, MOD 11-2; GB 11643 for its use in China
 */
export function isMod11And2Valid(text: string): boolean {
  const last = text.length - 1
  let rest = 0
  for (let index = 0; index < last; index++) rest = ((rest + digitAt(text, index)) * 2) % 11
  const check = text.charCodeAt(last) === 88 ? 10 : digitAt(text, last)
  return (rest + check) % 11 === 1
}
