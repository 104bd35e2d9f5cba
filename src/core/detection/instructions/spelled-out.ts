import type { ScanMatch } from '../match.ts'
import type { IsInstruction } from './hidden-characters.ts'

/** A stretch of a text. */
export interface Run {
  readonly start: number
  readonly end: number
}

const SPELLED =
  /ignore|disregard|forget|override|previous|prior|instruct|prompt|system|password|assistant|reveal|secret|developer|rules|all/g
const SEPARATORS = ' .-_*|'
/** Letters of a run that is worth reading. */
const LETTERS = 10
const MAX_SPACED = 1200

function alternates(table: Uint8Array, text: string, at: number): boolean {
  const isIn = table[text.charCodeAt(at)] !== 0
  return (
    (table[text.charCodeAt(at - 2)] !== 0) === isIn &&
    (table[text.charCodeAt(at - 4)] !== 0) === isIn &&
    (table[text.charCodeAt(at - 3)] !== 0) !== isIn &&
    (table[text.charCodeAt(at - 5)] !== 0) !== isIn
  )
}

/** The run of letters set apart that `at` is the edge of a letter in. `table` is not 0 for letters. */
export function spacedAround(table: Uint8Array, text: string, at: number): Run | undefined {
  return alternates(table, text, at) ? spacedRun(text, at) : undefined
}

/** The run of single letters, with one to three separators between them, that `at` is in. */
function spacedRun(text: string, at: number): Run | undefined {
  let start = at
  while (start > 0 && at - start < MAX_SPACED && isSpacedAt(text, start - 1)) start--
  let end = at
  let letters = 0
  while (end < text.length && end - at < MAX_SPACED && isSpacedAt(text, end)) end++
  for (let index = start; index < end; index++)
    if (isAlphanumeric(text.charCodeAt(index))) letters++
  return letters >= LETTERS && end - start <= letters * 3 ? { start, end } : undefined
}

/** A letter with none beside it, or a separator. */
function isSpacedAt(text: string, at: number): boolean {
  if (SEPARATORS.includes(text.charAt(at))) return true
  if (!isAlphanumeric(text.charCodeAt(at))) return false
  const isAfter = at > 0 && isAlphanumeric(text.charCodeAt(at - 1))
  return !isAfter && !(at + 1 < text.length && isAlphanumeric(text.charCodeAt(at + 1)))
}

/** Whether the letters of a run make up words of an instruction. */
export function isSpelled(run: string, decoded: IsInstruction): boolean {
  const letters = run.toLowerCase().replace(/[^a-z0-9@$]/g, '')
  if (new Set(letters.match(SPELLED) ?? []).size >= 3) return true
  const words = run.replace(/[ .\-_*|]{2,}/g, '\n').replace(/[ .\-_*|]/g, '')
  return decoded(words.replaceAll('\n', ' '))
}

export function spelledOut({ start, end }: Run): ScanMatch {
  return { class: 'instruction', kind: 'hidden_characters', start, end, confidence: 0.7 }
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122)
}
