import { textOfBytes } from './bytes.ts'
import type { Decoded, Encoding, Means } from './encodings.ts'
import { replaceRuns } from './patches.ts'
import { BASE64, GRAPHIC, kindsOf } from './unit-kinds.ts'

const LEAST_BASE85 = 10

/** ASCII85 counts from `!`; the other alphabet is that of Python's `b85encode`, the last that of ZeroMQ. */
const ALPHABETS = [
  Array.from({ length: 85 }, (_, value) => String.fromCharCode(33 + value)).join(''),
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~',
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#',
].map(valuesOf)

/**
 * Texts in base85 in one of three alphabets, with or without `<~` and `~>`.
 * @see https://docs.python.org/3/library/base64.html#base64.a85encode and https://rfc.zeromq.org/spec/32/
 */
export function fromBase85(text: string, means: Means): Decoded | undefined {
  const names = new Set<Encoding>()
  const decoded = replaceRuns(text, GRAPHIC, LEAST_BASE85, means.budget, (start, end) => {
    const found = decodedRun(text, start, end, means)
    for (const name of found?.by ?? []) names.add(name)
    return found?.text
  })
  return decoded === undefined ? undefined : { text: decoded, by: [...names] }
}

/** What lies between `<~` and `~>`, all of the run, or what follows a mark that introduces it. */
function decodedRun(text: string, start: number, end: number, means: Means): Decoded | undefined {
  if (!hasMarks(text, start, end)) return undefined
  const open = text.indexOf('<~', start)
  const close = open < 0 || open >= end ? -1 : text.indexOf('~>', open + 2)
  if (close > 0 && close < end) return firstReading(text, open + 2, close, means)
  const bare = bareEnd(text, start, end)
  for (const from of [start, behind(text, start, end, 61), behind(text, start, end, 58)]) {
    if (from < 0) continue
    const found =
      firstReading(text, from, end, means) ??
      (bare < end ? firstReading(text, from, bare, means) : undefined)
    if (found !== undefined) return found
  }
  return undefined
}

/** Words hold no marks, but for those at their end. */
function hasMarks(text: string, start: number, end: number): boolean {
  let last = end - 1
  while (last > start && text.charCodeAt(last) === 61) last--
  for (let index = start; index < last; index++)
    if ((kindsOf(text.charCodeAt(index)) & BASE64) === 0) return true
  return false
}

/** Offset behind the first `unit`; -1 where there is none. */
function behind(text: string, start: number, end: number, unit: number): number {
  for (let index = start; index < end; index++)
    if (text.charCodeAt(index) === unit) return index + 1
  return -1
}

/** The end without a mark of the sentence around it. */
function bareEnd(text: string, start: number, end: number): number {
  return end - start > LEAST_BASE85 && ';,.'.includes(text.charAt(end - 1)) ? end - 1 : end
}

function firstReading(text: string, start: number, end: number, means: Means): Decoded | undefined {
  for (const values of ALPHABETS) {
    const bytes = bytesOf(text, start, end, values)
    const found = bytes === undefined ? undefined : textOfBytes(bytes, 'base85', means)
    if (found !== undefined) return found
  }
  return undefined
}

/** Five units are four bytes; a shorter group at the end is one byte less than it has units. */
function bytesOf(
  text: string,
  start: number,
  end: number,
  values: Uint8Array,
): Uint8Array | undefined {
  const groups = Math.ceil((end - start) / 5)
  const bytes = new Uint8Array(4 * groups)
  for (let group = 0; group < groups; group++) {
    const sum = groupAt(text, start + 5 * group, end, values)
    // Text does not begin with a control character.
    if (sum < 0 || sum > 0xffffffff || (group === 0 && sum < 0x09000000)) return undefined
    bytes[4 * group] = sum >>> 24
    bytes[4 * group + 1] = sum >>> 16
    bytes[4 * group + 2] = sum >>> 8
    bytes[4 * group + 3] = sum
  }
  return bytes.subarray(0, bytes.length - (5 * groups - (end - start)))
}

/** The number that up to five units stand for; -1: one of them is not of the alphabet. */
function groupAt(text: string, start: number, end: number, values: Uint8Array): number {
  let sum = 0
  for (let index = start; index < start + 5; index++) {
    const value = index < end ? (values[text.charCodeAt(index)] ?? 255) : 84
    if (value === 255) return -1
    sum = sum * 85 + value
  }
  return sum
}

function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(128).fill(255)
  for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value
  return values
}
