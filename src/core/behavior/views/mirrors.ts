import type { Decoded } from './encodings.ts'
import { DIGIT, kindsOf, LETTER } from './unit-kinds.ts'

const LATIN1 = new TextDecoder('latin1')
const ROT13 = Uint8Array.from({ length: 128 }, (_, unit) => rotated(unit))

/** A text backwards, with its letters moved by thirteen, and both. */
export interface Mirrors {
  readonly reversed: string
  readonly rotated: string
  readonly both: string
}

export function mirrorsOf(text: string): Mirrors {
  const { length } = text
  const buffer = new Uint8Array(3 * length)
  for (let index = 0, back = length - 1; index < length; index++, back--) {
    const unit = text.charCodeAt(index)
    if (unit > 127) return wideMirrors(text)
    const moved = ROT13[unit] ?? 0
    buffer[back] = unit
    buffer[length + index] = moved
    buffer[2 * length + back] = moved
  }
  const all = LATIN1.decode(buffer)
  return {
    reversed: all.slice(0, length),
    rotated: all.slice(length, 2 * length),
    both: all.slice(2 * length),
  }
}

function wideMirrors(text: string): Mirrors {
  const rotated = wideRotated(text)
  return { reversed: wideReversed(text), rotated, both: wideReversed(rotated) }
}

const UTF16 = new TextDecoder('utf-16le')

/** Pairs of units that make one character stay in their order. */
function wideReversed(text: string): string {
  const units = new Uint16Array(text.length)
  for (let index = 0, back = text.length - 1; index < text.length; index++, back--) {
    const unit = text.charCodeAt(index)
    const next = text.charCodeAt(index + 1)
    if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      units[back - 1] = unit
      units[back] = next
      index++
      back--
    } else units[back] = unit
  }
  return UTF16.decode(units)
}

function wideRotated(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => String.fromCharCode(rotated(letter.charCodeAt(0))))
}

function rotated(unit: number): number {
  const letter = (unit | 32) - 97
  if (letter < 0 || letter > 25) return unit
  return letter < 13 ? unit + 13 : unit - 13
}

/** Every printable character moved by 47. Stretches beyond ASCII stay. */
export function fromRot47(text: string): Decoded {
  const moved = text.replace(/[!-~]{1,4096}/g, (run) => {
    const buffer = new Uint8Array(run.length)
    for (let index = 0; index < run.length; index++)
      buffer[index] = 33 + ((run.charCodeAt(index) + 14) % 94)
    return LATIN1.decode(buffer)
  })
  return { text: moved, by: ['rot47'] }
}

/** So many characters in a row that stand there twice are no accident. */
export const LEAST_DOUBLED = 4

/** Each character once, where it stands there twice. */
export function fromDoubled(text: string): Decoded | undefined {
  let result = ''
  let copied = 0
  let index = 0
  while (index + 1 < text.length) {
    let end = index
    while (end + 1 < text.length && text.charCodeAt(end) === text.charCodeAt(end + 1)) end += 2
    if (end - index >= 2 * LEAST_DOUBLED) {
      result += text.slice(copied, index)
      for (let at = index; at < end; at += 2) result += text.charAt(at)
      copied = end
    }
    index = end > index ? end : index + 1
  }
  return copied === 0 ? undefined : { text: result + text.slice(copied), by: ['doubled'] }
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const LEET_WORD = /[a-z\d@$!]{3,64}/gi

/** Digits and marks that stand for letters, in words of mostly letters. */
export function fromLeet(text: string): Decoded | undefined {
  const decoded = text.replace(LEET_WORD, (word) => {
    const letters = word.match(/[a-z]/gi)?.length ?? 0
    if (letters === word.length || letters * 3 < word.length) return word
    return word.replace(/[013457 8@$!]/g, (unit) => LEET[unit] ?? unit)
  })
  return decoded === text ? undefined : { text: decoded, by: ['leet'] }
}

/** So many characters set apart from each other are no accident. */
const LEAST_SPACED = 8
const SPACED = /(?<![\w+/=])(?:[\w+/=][^\w+/=]{1,3}){7,65536}[\w+/=](?![\w+/=])/g

/** Characters set apart from each other, put together again with their case. */
export function fromSpaced(text: string): Decoded | undefined {
  const decoded =
    withoutEverySecond(text) ?? text.replace(SPACED, (run) => run.replace(/[^\w+/=]+/g, ''))
  return decoded === text ? undefined : { text: decoded, by: ['spaced'] }
}

/** Every second character is the same mark: what is between them. Undefined: nowhere for long enough. */
function withoutEverySecond(text: string): string | undefined {
  let result: string | undefined
  let copied = 0
  for (let start = 0; start + 2 * LEAST_SPACED < text.length + 2; ) {
    const end = spacedEnd(text, start)
    if (end - start < 2 * LEAST_SPACED - 1) {
      start = Math.max(start + 1, end - 2)
      continue
    }
    result = (result ?? '') + text.slice(copied, start)
    for (let at = start; at < end; at += 2) result += text.charAt(at)
    copied = end
    start = end
  }
  return result === undefined ? undefined : result + text.slice(copied)
}

/** Offset behind the last character of a spaced stretch that begins at `start`, words at its ends left out. */
function spacedEnd(text: string, start: number): number {
  const mark = text.charCodeAt(start + 1)
  if (!isSpacer(mark) || isWithin(text, start)) return start
  let end = start + 1
  while (end < text.length && text.charCodeAt(end) === mark) end += 2
  return isWithin(text, end) ? end - 2 : Math.min(end, text.length)
}

/** Letters or digits stand on both sides of an offset. */
function isWithin(text: string, offset: number): boolean {
  return !isSpacer(text.charCodeAt(offset - 1)) && !isSpacer(text.charCodeAt(offset))
}

/** Neither a letter nor a digit. */
function isSpacer(unit: number): boolean {
  return !(unit < 127) || (kindsOf(unit) & (LETTER | DIGIT)) === 0
}
