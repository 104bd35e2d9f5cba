/** The digit at an offset. The unit there must be an ASCII digit. */
export function digitAt(text: string, index: number): number {
  return text.charCodeAt(index) - 48
}

/** Digits times weights, added up from the first of both to the last weight. */
export function weightedSum(digits: string, weights: readonly number[], from = 0): number {
  let sum = 0
  for (let index = 0; index < weights.length; index++)
    sum += digitAt(digits, from + index) * (weights[index] ?? 0)
  return sum
}

/** As `weightedSum`, where a product of two digits counts as the sum of its digits. */
export function crossSum(digits: string, weights: readonly number[]): number {
  let sum = 0
  for (let index = 0; index < weights.length; index++) {
    const product = digitAt(digits, index) * (weights[index] ?? 0)
    sum += Math.floor(product / 10) + (product % 10)
  }
  return sum
}

/** The value of a letter or digit in base 36: `0` is 0, `A` is 10, `Z` is 35. Capitals only. */
export function base36At(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 58 ? code - 48 : code - 55
}

/** True for `000…`, `777…`. */
export function isOneDigitRepeated(digits: string): boolean {
  for (let index = 1; index < digits.length; index++)
    if (digits.charCodeAt(index) !== digits.charCodeAt(0)) return false
  return true
}

/** True for digits that count up or down by one, such as `123456789` and `987654321`; 9 and 0 are neighbours. */
export function isSequential(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false
  const step = (digitAt(digits, 1) - digitAt(digits, 0) + 10) % 10
  if (step !== 1 && step !== 9) return false
  for (let index = 2; index < digits.length; index++)
    if ((digitAt(digits, index) - digitAt(digits, index - 1) + 10) % 10 !== step) return false
  return true
}
