/** A decimal number that is not negative: `digits` with the last `places` of them behind the point. */
export interface Decimal {
  readonly digits: bigint
  readonly places: number
}

/** Digits on either side of the point, more than any price needs. */
const DECIMAL = /^(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/

/**
 * Reads `0.00000015`, `1.5e-7`, or the number of either. A number counts as the shortest decimal that
 * names it, as it stood in the JSON: no binary fraction comes in. Undefined for all else.
 */
export function readDecimal(value: unknown): Decimal | undefined {
  const text = typeof value === 'number' ? String(value) : value
  const match = typeof text === 'string' ? DECIMAL.exec(text) : null
  if (match === null) return undefined
  const [, whole = '', part = '', exponent = '0'] = match
  const digits = BigInt(whole + part)
  const places = part.length - Number(exponent)
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places }
}

/** As a whole number of 10^-`places`; undefined where it is finer than that. */
export function exactUnits({ digits, places: given }: Decimal, places: number): bigint | undefined {
  if (given <= places) return digits * 10n ** BigInt(places - given)
  const unit = 10n ** BigInt(given - places)
  return digits % unit === 0n ? digits / unit : undefined
}

/** The nearest whole number of 10^-`places`, half up. */
export function nearestUnits({ digits, places: given }: Decimal, places: number): bigint {
  if (given <= places) return digits * 10n ** BigInt(places - given)
  return roundedHalfUp(digits, 10n ** BigInt(given - places))
}

/** `value` in whole `unit`s, neither negative. */
export function roundedHalfUp(value: bigint, unit: bigint): bigint {
  return (2n * value + unit) / (2n * unit)
}

/** Dollars, as a number or a decimal text, in whole billionths; null for what is no such amount. */
export function nanoDollars(value: unknown): number | null {
  const decimal = readDecimal(value)
  return decimal === undefined ? null : safeNumber(nearestUnits(decimal, 9))
}

/** Null where a number would not be exact: from nine million dollars on. */
export function safeNumber(value: bigint): number | null {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}
