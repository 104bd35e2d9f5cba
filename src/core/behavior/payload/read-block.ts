import { keyColon, keyName } from './key-line.ts'
import { endOfLine, isBlankLine, skipBlanks } from './lines.ts'
import { addField, addLeaf, type Reading } from './reading.ts'
import { isFieldName } from './text-shape.ts'
import { readScalar } from './yaml-scalar.ts'

/** Fields at one indentation. */
interface Frame {
  readonly indent: number
  record: number
  /** The field that came last: what is nested below belongs to it. */
  key: string
  /** The field that came first: where it comes again, a new record begins. */
  first: string
}

interface Block {
  readonly reading: Reading
  readonly text: string
  readonly frames: Frame[]
}

/** Deeper indentations share the record of this one. */
const MAX_FRAMES = 64
/** A lone `name: value` line is a field up to so many words; more is a sentence with a colon. */
const FIELD_WORDS = 6

/** Whether the line at `start` begins a block of fields or of list items. */
export function readsAsBlock(text: string, start: number): boolean {
  const at = skipBlanks(text, start)
  const end = endOfLine(text, at)
  if (afterDash(text, at) > at) return true
  const colon = keyColon(text, at, end)
  if (colon < 0) return isAssignment(text, at) && (start === 0 || followsOn(text, end))
  const value = skipBlanks(text, colon + 1)
  if (value >= end || text.charCodeAt(value) === 13) return hasChildren(text, at - start, end)
  if ('\'"|>[{'.includes(text[value] ?? ' ')) return true
  return wordsUpTo(text, value, end, FIELD_WORDS) < FIELD_WORDS || followsOn(text, end)
}

/** Reads fields, nested fields and list items by their indentation. Returns the offset behind them. */
export function readBlock(
  reading: Reading,
  text: string,
  start: number,
  key: string,
  record: number,
): number {
  const block: Block = { reading, text, frames: [{ indent: -1, record, key, first: '' }] }
  let at = start
  while (at < text.length) {
    const end = endOfLine(text, at)
    if (isBlankLine(text, at, end)) {
      const next = nextLine(text, end)
      if (next >= text.length || !readsAsBlock(text, next)) return at
      at = next
      continue
    }
    const next = readLine(block, at, end)
    if (next < 0) return at
    at = next
  }
  return at
}

/** Reads a line and what it continues on. Returns the offset of the next one; -1: it belongs to no block. */
function readLine(block: Block, start: number, end: number): number {
  const { text } = block
  let at = skipBlanks(text, start)
  let item = -1
  for (let next = afterDash(text, at); next > at && next <= end; next = afterDash(text, at)) {
    item = at - start
    leaveFrames(block, item)
    at = next
  }
  const indent = at - start
  const colon = keyColon(text, at, end)
  if (colon >= 0) return readField(block, at, indent, colon, end)
  const frame = topOf(block)
  if (item >= 0) return readItem(block, at, item, end)
  if (isAssignment(text, at)) return readAssignment(block, at, end)
  if (indent === 0 || indent <= frame.indent) return -1
  return readScalar(block.reading, text, at, frame.indent, frame.key, frame.record)
}

function readItem(block: Block, at: number, indent: number, end: number): number {
  const frame = topOf(block)
  if (at >= end) return end + 1
  return readScalar(block.reading, block.text, at, indent, frame.key, frame.record)
}

function readField(block: Block, at: number, indent: number, colon: number, end: number): number {
  const { reading, text } = block
  const name = keyName(text, at, colon)
  const frame = frameAt(block, indent)
  nameField(reading, frame, name)
  const value = skipBlanks(text, colon + 1)
  const isEmpty = value >= end || text.charCodeAt(value) === 13
  if (!isEmpty) return readScalar(reading, text, value, indent, name, frame.record)
  if (!hasChildren(text, indent, end)) addField(reading, name, '', frame.record)
  return end + 1
}

/** `NAME=value`, with or without quotes and `export`. */
function readAssignment(block: Block, at: number, end: number): number {
  const { reading, text } = block
  const equals = text.indexOf('=', at)
  const frame = frameAt(block, 0)
  const name = text
    .slice(at, equals)
    .replace(/^export\s{1,8}/, '')
    .trim()
  nameField(reading, frame, name)
  const value = skipBlanks(text, equals + 1)
  if (value < end)
    return readScalar(reading, text, value, Number.MAX_SAFE_INTEGER, name, frame.record)
  addField(reading, name, '', frame.record)
  return end + 1
}

function nameField(reading: Reading, frame: Frame, name: string): void {
  if (frame.first === name) frame.record = ++reading.records
  else if (frame.first === '') frame.first = name
  frame.key = name
  if (!isFieldName(name)) addLeaf(reading, '', name, frame.record)
}

function frameAt(block: Block, indent: number): Frame {
  leaveFrames(block, indent)
  const top = topOf(block)
  if (top.indent >= indent || block.frames.length >= MAX_FRAMES) return top
  const frame = { indent, record: ++block.reading.records, key: top.key, first: '' }
  block.frames.push(frame)
  return frame
}

function leaveFrames(block: Block, indent: number): void {
  while (block.frames.length > 1 && topOf(block).indent > indent) block.frames.pop()
}

function topOf(block: Block): Frame {
  return block.frames[block.frames.length - 1] ?? { indent: -1, record: 0, key: '', first: '' }
}

/** Offset behind `- `, `* ` or a bullet at `at`; `at` where there is none. */
function afterDash(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  if (unit !== 45 && unit !== 42 && unit !== 0x2022) return at
  const next = text.charCodeAt(at + 1)
  if (next === 32 || next === 9) return skipBlanks(text, at + 1)
  return unit === 45 && (next === 10 || next === 13 || Number.isNaN(next)) ? at + 1 : at
}

const ASSIGNMENT = /(?:export\s{1,8})?[A-Za-z_][\w.-]{0,63}\s{0,8}=(?![=>])/y

function isAssignment(text: string, at: number): boolean {
  ASSIGNMENT.lastIndex = at
  return ASSIGNMENT.test(text)
}

/** The next line is a field as well. */
function followsOn(text: string, end: number): boolean {
  const at = skipBlanks(text, end + 1)
  return (
    at < text.length && (keyColon(text, at, endOfLine(text, at)) >= 0 || isAssignment(text, at))
  )
}

/** Whether what follows a name without a value is indented below it, or a list. */
function hasChildren(text: string, indent: number, end: number): boolean {
  const next = nextLine(text, end)
  if (next >= text.length) return false
  const at = skipBlanks(text, next)
  return at - next > indent || (at - next === indent && afterDash(text, at) > at)
}

/** Offset of the next line that is not blank. */
function nextLine(text: string, end: number): number {
  let at = end + 1
  while (at < text.length) {
    const stop = endOfLine(text, at)
    if (!isBlankLine(text, at, stop)) return at
    at = stop + 1
  }
  return at
}

function wordsUpTo(text: string, start: number, end: number, limit: number): number {
  let words = 1
  for (let index = start; index < end && words < limit; index++)
    if (text.charCodeAt(index) === 32) words++
  return words
}
