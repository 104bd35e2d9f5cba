import type { Leaf } from './leaf.ts'
import { isProse } from './text-shape.ts'

export interface ReadLimits {
  /** UTF-16 units that are parsed; what lies beyond becomes prose. @default 1,048,576 */
  readonly maxUnits?: number
  /** @default 20,000 */
  readonly maxLeaves?: number
}

/** What the readers of one payload share. */
export interface Reading {
  readonly leaves: Leaf[]
  readonly maxLeaves: number
  /** Number of the last record. */
  records: number
  /** Units that may still be parsed. */
  left: number
  /** Units that may still be looked at in vain: a reader that finds no end pays from here. */
  retries: number
  /** How many texts inside texts the present one is. */
  nested: number
  /** A number was too long to be exact. */
  inexact: boolean
  /** Texts for which there was no room for a leaf of their own. */
  readonly rest: string[]
  /** Reads a text that was found inside another one. */
  readonly inner: TextReader
}

export type TextReader = (reading: Reading, text: string, key: string, record: number) => void

const MAX_UNITS = 1 << 20
const MAX_LEAVES = 20_000
/** Longest prose leaf. */
const CHUNK = 16_384
/** How far back a cut looks for a space. */
const CUT_WINDOW = 256
export const MAX_NESTED = 6

export function startReading(inner: TextReader, limits: ReadLimits): Reading {
  const left = limits.maxUnits ?? MAX_UNITS
  return {
    leaves: [],
    maxLeaves: limits.maxLeaves ?? MAX_LEAVES,
    records: 1,
    left,
    retries: 2 * left,
    nested: 0,
    inexact: false,
    rest: [],
    inner,
  }
}

/** The leaves; what had no room of its own comes last, as prose. */
export function finishReading(reading: Reading): readonly Leaf[] {
  const { leaves, rest } = reading
  if (rest.length > 0) {
    const record = ++reading.records
    for (const text of chunksOf(rest.join('\n')))
      leaves.push({ key: '', text, record, kind: 'prose' })
  }
  return leaves
}

export function addLeaf(reading: Reading, key: string, text: string, record: number): void {
  if (reading.leaves.length >= reading.maxLeaves) addRest(reading, key, text)
  else reading.leaves.push({ key, text, record, kind: isProse(text) ? 'prose' : 'field' })
}

/** A leaf whose text is known to be one value. */
export function addField(reading: Reading, key: string, text: string, record: number): void {
  if (reading.leaves.length >= reading.maxLeaves) addRest(reading, key, text)
  else reading.leaves.push({ key, text, record, kind: 'field' })
}

/** Text that is not parsed, in chunks. */
export function addRaw(reading: Reading, key: string, text: string, record: number): void {
  for (const chunk of chunksOf(text)) addLeaf(reading, key, chunk, record)
}

/** Reads a text found inside another one, as deep as texts may be nested. */
export function readInner(reading: Reading, text: string, key: string, record: number): void {
  if (reading.nested >= MAX_NESTED) addRaw(reading, key, text, record)
  else {
    reading.nested++
    reading.inner(reading, text, key, record)
    reading.nested--
  }
}

function addRest(reading: Reading, key: string, text: string): void {
  if (text !== '') reading.rest.push(key === '' ? text : `${key}: ${text}`)
}

function chunksOf(text: string): readonly string[] {
  if (text.length <= CHUNK) return [text]
  const chunks: string[] = []
  for (let start = 0; start < text.length; ) {
    const end = cutBefore(text, start + CHUNK)
    chunks.push(text.slice(start, end))
    start = end
  }
  return chunks
}

/** The last place before `limit` where the text may be cut without breaking a word. */
export function cutBefore(text: string, limit: number): number {
  if (limit >= text.length) return text.length
  for (let index = limit; index > limit - CUT_WINDOW && index > 0; index--)
    if (text.charCodeAt(index) <= 32) return index
  return limit
}
