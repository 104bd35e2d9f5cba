import type { Decoded, Means } from './encodings.ts'
import { type AddPatch, replaceMatches, windowsOf } from './patches.ts'
import { DIGIT, kindsOf, LETTER } from './unit-kinds.ts'

/** So many characters in a row that stand there twice are no accident. */
export const LEAST_DOUBLED = 4

/** Each character once, where it stands there twice. */
export function fromDoubled(text: string, { budget }: Means): Decoded | undefined {
  const { length } = text
  const decoded = windowsOf(text, budget, (add) => {
    for (let index = 0; index + 1 < length; ) {
      let end = index
      while (end + 1 < length && text.charCodeAt(end) === text.charCodeAt(end + 1)) end += 2
      const isStretch = end - index >= 2 * LEAST_DOUBLED
      if (isStretch && !add(index, end, everySecond(text, index, end))) return
      index = end > index ? end : index + 1
    }
  })
  return decoded === undefined ? undefined : { text: decoded, by: ['doubled'] }
}

function everySecond(text: string, start: number, end: number): string {
  let result = ''
  for (let at = start; at < end; at += 2) result += text.charAt(at)
  return result
}

/** So many characters set apart from each other are no accident. */
const LEAST_SPACED = 8
const SPACED = /(?<![\w+/=])(?:[\w+/=][^\w+/=]{1,3}){7,65536}[\w+/=](?![\w+/=])/g

/** Characters set apart from each other, put together again with their case. */
export function fromSpaced(text: string, { budget }: Means): Decoded | undefined {
  const decoded =
    windowsOf(text, budget, (add) => addSpaced(text, add)) ??
    replaceMatches(text, SPACED, budget, ([run]) => run.replace(/[^\w+/=]+/g, ''))
  return decoded === undefined ? undefined : { text: decoded, by: ['spaced'] }
}

/** Every second character is the same mark: what is between them. */
function addSpaced(text: string, add: AddPatch): void {
  for (let start = 0; start + 2 * LEAST_SPACED < text.length + 2; ) {
    const end = spacedEnd(text, start)
    if (end - start < 2 * LEAST_SPACED - 1) {
      start = Math.max(start + 1, end - 2)
      continue
    }
    if (!add(start, end, everySecond(text, start, end))) return
    start = end
  }
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
