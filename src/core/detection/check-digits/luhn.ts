/**
 * True where the digits, the last of them the check digit, add up by Luhn's formula. The text must
 * hold ASCII digits only.
 * @see https://patents.google.com/patent/US2950048A, ISO/IEC 7812-1 annex B
 */
export function isLuhnValid(digits: string): boolean {
  let sum = 0
  let isDoubled = false
  for (let index = digits.length - 1; index >= 0; index--) {
    const digit = digits.charCodeAt(index) - 48
    const doubled = digit * 2
    sum += isDoubled ? (doubled > 9 ? doubled - 9 : doubled) : digit
    isDoubled = !isDoubled
  }
  return digits.length > 1 && sum % 10 === 0
}
