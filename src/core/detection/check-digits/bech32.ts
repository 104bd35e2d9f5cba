const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const

/** What the check sum of the first form and of the later one (bech32m) leaves. */
const BECH32 = 1
const BECH32M = 0x2bc830a3

/**
 * True where the text is one address in Bech32 or Bech32m: one case, a prefix, `1`, and data whose
 * check sum fits.
 * @see BIP 173, BIP 350
 */
export function isBech32Valid(text: string): boolean {
  const lower = text.toLowerCase()
  if (text.length > 90 || (text !== lower && text !== text.toUpperCase())) return false
  const separator = lower.lastIndexOf('1')
  if (separator < 1 || separator + 7 > lower.length) return false
  let rest = 1
  for (let index = 0; index < separator; index++) rest = step(rest, lower.charCodeAt(index) >> 5)
  rest = step(rest, 0)
  for (let index = 0; index < separator; index++) rest = step(rest, lower.charCodeAt(index) & 31)
  for (let index = separator + 1; index < lower.length; index++) {
    const value = ALPHABET.indexOf(lower.charAt(index))
    if (value < 0) return false
    rest = step(rest, value)
  }
  return rest === BECH32 || rest === BECH32M
}

function step(rest: number, value: number): number {
  const top = rest >>> 25
  let next = ((rest & 0x1ffffff) << 5) ^ value
  for (let bit = 0; bit < 5; bit++) if ((top >> bit) & 1) next ^= GENERATOR[bit] ?? 0
  return next
}
