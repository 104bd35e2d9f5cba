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

function alternates(table: Uint8Array, units: Uint16Array, at: number): boolean {
  const isIn = table[units[at] ?? 0] !== 0
  return (
    (table[units[at - 2] ?? 0] !== 0) === isIn &&
    (table[units[at - 4] ?? 0] !== 0) === isIn &&
    (table[units[at - 3] ?? 0] !== 0) !== isIn &&
    (table[units[at - 5] ?? 0] !== 0) !== isIn
  )
}

/** The run of letters set apart that `at` is the edge of a letter in. `table` is not 0 for letters. */
export function spacedAround(table: Uint8Array, units: Uint16Array, at: number): Run | undefined {
  return alternates(table, units, at) ? spacedRun(units, at) : undefined
}

/** The run of single letters, with one to three separators between them, that `at` is in. */
function spacedRun(units: Uint16Array, at: number): Run | undefined {
  let start = at
  while (start > 0 && at - start < MAX_SPACED && isSpacedAt(units, start - 1)) start--
  let end = at
  let letters = 0
  while (end < units.length && end - at < MAX_SPACED && isSpacedAt(units, end)) end++
  for (let index = start; index < end; index++) if (isAlphanumeric(units[index] ?? 0)) letters++
  return letters >= LETTERS && end - start <= letters * 3 ? { start, end } : undefined
}

/** A letter with none beside it, or a separator. */
function isSpacedAt(units: Uint16Array, at: number): boolean {
  if (SEPARATORS.includes(String.fromCharCode(units[at] ?? 0))) return true
  if (!isAlphanumeric(units[at] ?? 0)) return false
  const isAfter = at > 0 && isAlphanumeric(units[at - 1] ?? 0)
  return !isAfter && !(at + 1 < units.length && isAlphanumeric(units[at + 1] ?? 0))
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
