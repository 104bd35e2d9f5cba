import { entropyOf } from '../entropy.ts'

const WORDS =
  /example|placeholder|your[-_a-z]|redacted|dummy|changeme|replace|insert[-_]|[x*.#]{5}|fill[-_]?in|goes[-_]?here/i

const LONGEST_SEQUENCE = 8
const LONGEST_REPEAT = 6

/** Bits per unit that random text of this many units of at least 16 values hardly falls below. */
export function leastBits(length: number): number {
  if (length < 8) return 1.5
  if (length < 12) return 2
  if (length < 16) return 2.4
  return length < 24 ? 2.7 : 3
}

/**
 * Whether a stretch only fills the place of a secret: `XXXX`, `EXAMPLE`, `0000`, `abcdefgh`.
 * Looks at no more than its first 512 units.
 */
export function isFiller(text: string, start: number, end: number): boolean {
  const value = text.slice(start, Math.min(end, start + 512))
  return hasRun(value) || entropyOf(value) < leastBits(value.length) || WORDS.test(value)
}

/** A unit repeated, or units that count up or down by one, too often for chance. */
export function hasRun(value: string): boolean {
  let repeats = 1
  let sequence = 1
  let step = 0
  for (let at = 1; at < value.length; at++) {
    const change = value.charCodeAt(at) - value.charCodeAt(at - 1)
    repeats = change === 0 ? repeats + 1 : 1
    // From 9 on to 0, as people write it.
    const next = change === -9 && value[at] === '0' ? 1 : change
    sequence = next === step && (step === 1 || step === -1) ? sequence + 1 : 2
    step = next
    if (repeats >= LONGEST_REPEAT || (sequence >= LONGEST_SEQUENCE && Math.abs(step) === 1))
      return true
  }
  return false
}
