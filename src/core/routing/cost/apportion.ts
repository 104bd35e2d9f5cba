import { roundedHalfUp } from './decimal.ts'

/**
 * Parts in whole `unit`s that add up to the rounded whole: each is rounded down, and what is then
 * missing goes to the largest remainders, of those that are alike to the first. No part is off by a unit or more. None is negative.
 * @see https://en.wikipedia.org/wiki/Quota_method
 */
export function apportion(parts: readonly bigint[], unit: bigint): readonly bigint[] {
  const whole = roundedHalfUp(
    parts.reduce((sum, part) => sum + part, 0n),
    unit,
  )
  const shares = parts.map((part) => part / unit)
  let missing = whole - shares.reduce((sum, share) => sum + share, 0n)
  const byRemainder = parts
    .map((part, index) => ({ index, remainder: part % unit }))
    .sort((one, other) => compare(other.remainder, one.remainder))
  for (const { index } of byRemainder) {
    if (missing === 0n) break
    shares[index] = (shares[index] ?? 0n) + 1n
    missing -= 1n
  }
  return shares
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0
}
