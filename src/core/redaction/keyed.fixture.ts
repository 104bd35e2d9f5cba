import type { Keyed } from './replace.ts'

/** Reversible without any cipher: for tests only. */
export const KEYED: Keyed = {
  hash(value) {
    let sum = 7
    for (const char of value) sum = (Math.imul(sum, 31) + (char.codePointAt(0) ?? 0)) >>> 0
    const digits = sum.toString(16).padStart(12, '0')
    return digits.replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)))
  },
  seal: (value) =>
    `T_${[...value].map((char) => (char.codePointAt(0) ?? 0).toString(36).padStart(4, '0')).join('')}`,
  open(token) {
    const body = /^T_((?:[0-9a-z]{4})+)$/.exec(token)?.[1]
    if (body === undefined) return undefined
    const codes = body.match(/.{4}/g) ?? []
    return codes.map((code) => String.fromCodePoint(Number.parseInt(code, 36))).join('')
  },
}
