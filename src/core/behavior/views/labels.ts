import { bytesOf } from './base64.ts'
import type { Decoded, Means } from './encodings.ts'
import { replaceMatches } from './patches.ts'

const MOST_LABEL = 63

/** `xn--…` labels. @see https://www.rfc-editor.org/rfc/rfc3492 */
export function fromPunycode(text: string, { budget }: Means): Decoded | undefined {
  if (!text.includes('--')) return undefined
  const decoded = replaceMatches(text, LABEL, budget, ([, rest = '']) => unicodeOf(rest))
  return decoded === undefined ? undefined : { text: decoded, by: ['punycode'] }
}
const LABEL = /\bxn--([a-z\d-]{1,59})/gi

// Parameters of section 5 of the RFC.
const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700
const FIRST_BIAS = 72
const FIRST_POINT = 128

function unicodeOf(label: string): string | undefined {
  const split = label.lastIndexOf('-')
  const points = [...label.slice(0, Math.max(split, 0))].map((unit) => unit.charCodeAt(0))
  let point = FIRST_POINT
  let bias = FIRST_BIAS
  let place = 0
  for (let index = split + 1; index < label.length && points.length < MOST_LABEL; ) {
    const before = place
    let weight = 1
    for (let step = BASE; ; step += BASE) {
      const digit = digitOf(label.charCodeAt(index++))
      if (digit < 0) return undefined
      place += digit * weight
      const threshold = Math.min(Math.max(step - bias, T_MIN), T_MAX)
      if (digit < threshold) break
      weight *= BASE - threshold
    }
    const count = points.length + 1
    bias = adapted(place - before, count, before === 0)
    point += Math.floor(place / count)
    if (point > 0x10ffff) return undefined
    place %= count
    points.splice(place++, 0, point)
  }
  return String.fromCodePoint(...points)
}

function adapted(delta: number, count: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : delta >> 1
  rest += Math.floor(rest / count)
  let step = 0
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; step += BASE)
    rest = Math.floor(rest / (BASE - T_MIN))
  return step + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}

function digitOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 22
  const letter = (unit | 32) - 97
  return letter >= 0 && letter < 26 ? letter : -1
}

/** `+AHM-` stretches. @see https://www.rfc-editor.org/rfc/rfc2152 */
export function fromUtf7(text: string, { budget }: Means): Decoded | undefined {
  const decoded = replaceMatches(text, SHIFTED, budget, ([, digits = '']) => {
    const bytes = bytesOf(digits, 0, digits.length)
    let result = ''
    for (let index = 0; index + 1 < bytes.length; index += 2)
      result += String.fromCharCode((bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0))
    return /^[\t\n\r -~\xa0-\u024f\u0370-\u052f]+$/.test(result) ? result : undefined
  })
  return decoded === undefined ? undefined : { text: decoded, by: ['utf7'] }
}
const SHIFTED = /\+([A-Za-z\d/]{3,8192})-?/g
