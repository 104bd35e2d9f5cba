import { looksLiteral, stringEnd } from './literal-end.ts'
import { addField, addLeaf, type Reading, readInner } from './reading.ts'
import { isFieldName } from './text-shape.ts'
import { unescaped } from './unescape.ts'

export { looksLiteral }

/** A bracket that is open. `call`: `Name(...)`; `tag`: `<Name: value>`. */
interface Frame {
  readonly kind: 'object' | 'list' | 'call' | 'tag'
  readonly key: string
  record: number
  empty: boolean
}

interface Literal {
  readonly reading: Reading
  readonly text: string
  readonly frames: Frame[]
  /** Key of the next value. */
  key: string
  record: number
  /** A value or a key, until what follows tells which. */
  pending: string | undefined
  /** The key is set and its value has not come yet. */
  named: boolean
  quoted: boolean
}

/**
 * Reads a literal of brackets, quotes, commas and colons from `start`: JSON, Python, JavaScript and the
 * likes, also with mistakes in it or cut off. Returns the offset behind its last bracket.
 */
export function readLiteral(
  reading: Reading,
  text: string,
  start: number,
  end: number,
  key: string,
  record: number,
): number {
  const state: Literal = {
    reading,
    text,
    frames: [],
    key,
    record,
    pending: undefined,
    named: false,
    quoted: false,
  }
  let index = start
  while (index < end) {
    index = step(state, index, end)
    if (state.frames.length === 0) break
  }
  finishCut(state)
  return Math.min(index, end)
}

/** Where the text ends inside a bracket, its last key has no value. */
function finishCut(state: Literal): void {
  finishValue(state)
  const top = state.frames[state.frames.length - 1]
  if (top !== undefined && (top.empty || state.named))
    addField(state.reading, state.key, '', state.record)
}

/** Reads one token; returns the offset behind it. */
function step(state: Literal, index: number, end: number): number {
  const { text } = state
  const unit = text.charCodeAt(index)
  if (unit <= 32) return index + 1
  switch (unit) {
    case 34:
    case 39:
      return readQuoted(state, index, end, false)
    case 123:
      return open(state, 'object', index)
    case 91:
    case 40:
      return open(state, 'list', index)
    case 60:
      return open(state, 'tag', index)
    case 125:
    case 93:
    case 41:
    case 62:
      return close(state, index)
    case 44:
    case 59:
      finishValue(state)
      return index + 1
    case 58:
    case 61:
      return nameValue(state, index)
    default:
      return readBare(state, index, end)
  }
}

/** @see https://docs.python.org/3/library/datetime.html */
const DATE =
  /(?:datetime\.)?date(?:time)?\((\d{4}), ?(\d{1,2}), ?(\d{1,2})(?:, ?(\d{1,2}), ?(\d{1,2})(?:, ?(\d{1,2})(?:, ?(\d{1,6}))?)?)?\)/y

/** A Python date, as the others write it. Returns the offset behind it; -1: there is none. */
function readDate(state: Literal, index: number): number {
  DATE.lastIndex = index
  const match = DATE.exec(state.text)
  if (match === null) return -1
  const [whole, year, month = '', day = '', hour, minute = '', second = '00', fraction] = match
  finishValue(state)
  const two = (part: string) => part.padStart(2, '0')
  const date = `${year}-${two(month)}-${two(day)}`
  const time = hour === undefined ? '' : ` ${two(hour)}:${two(minute)}:${two(second)}`
  state.pending = date + time + (fraction === undefined ? '' : `.${fraction.padStart(6, '0')}`)
  state.quoted = false
  return index + whole.length
}

function open(state: Literal, kind: Frame['kind'], index: number): number {
  if (kind === 'tag' && state.pending !== undefined) return index + 1
  const isCall = kind === 'list' && state.pending !== undefined && !state.quoted
  if (isCall) openCall(state)
  else {
    finishValue(state)
    pushFrame(state, kind)
  }
  if (kind === 'object') state.record = ++state.reading.records
  return index + 1
}

/** The name of a call is a type: it is kept only where it looks like more than that. */
function openCall(state: Literal): void {
  const name = state.pending ?? ''
  state.pending = undefined
  if (!isFieldName(name) && !/^[\w.]{1,60}$/.test(name))
    addLeaf(state.reading, '', name, state.record)
  pushFrame(state, 'call')
}

function pushFrame(state: Literal, kind: Frame['kind']): void {
  const top = state.frames[state.frames.length - 1]
  if (top !== undefined) top.empty = false
  state.named = false
  state.frames.push({ kind, key: state.key, record: state.record, empty: true })
}

function close(state: Literal, index: number): number {
  const top = state.frames[state.frames.length - 1]
  if (state.text.charCodeAt(index) === 62 && top?.kind !== 'tag') return index + 1
  finishValue(state)
  state.frames.pop()
  if (top?.empty === true) addField(state.reading, top.key, '', state.record)
  if (top !== undefined) {
    state.record = top.record
    state.key = outerKey(state, top.key)
  }
  return index + 1
}

/** Behind a value the key of a list goes on, and that of a field is used up. */
function outerKey(state: Literal, key: string): string {
  const outer = state.frames[state.frames.length - 1]
  return outer === undefined || outer.kind === 'list' ? key : outer.key
}

function nameValue(state: Literal, index: number): number {
  const top = state.frames[state.frames.length - 1]
  const name = state.pending
  if (name === undefined || top === undefined) return index + 1
  state.pending = undefined
  if (top.kind === 'tag') return index + 1
  if (top.kind === 'call' && top.empty) state.record = ++state.reading.records
  top.empty = false
  if (!isFieldName(name)) addLeaf(state.reading, '', name, state.record)
  state.key = name
  state.named = true
  return index + 1
}

function finishValue(state: Literal): void {
  const { pending } = state
  if (pending === undefined) return
  const top = state.frames[state.frames.length - 1]
  if (top !== undefined) top.empty = false
  state.pending = undefined
  state.named = false
  if (state.quoted) readInner(state.reading, pending, state.key, state.record)
  else addLeaf(state.reading, state.key, scalarText(pending), state.record)
  if (top !== undefined) state.key = top.key
}

function readQuoted(state: Literal, index: number, end: number, raw: boolean): number {
  finishValue(state)
  const close = Math.min(stringEnd(state.text, index), end)
  const inner = state.text.slice(index + 1, close)
  state.pending = raw || !inner.includes('\\') ? inner : unescaped(inner)
  state.quoted = true
  return close + 1
}

/** A word or number, or several words: up to the next bracket, comma or colon. */
function readBare(state: Literal, index: number, end: number): number {
  const { text } = state
  if (text.startsWith('date', index)) {
    const behind = readDate(state, index)
    if (behind > 0) return behind
  }
  let close = index
  while (close < end && !isDelimiter(text, close)) close++
  if (close === index) return index + 1
  const word = text.slice(index, close).trimEnd()
  const quote = text.charCodeAt(close)
  if ((quote === 34 || quote === 39) && /^[bruf]{1,2}$/i.test(word))
    return readQuoted(state, close, end, /r/i.test(word))
  finishValue(state)
  state.pending = word
  state.quoted = false
  return close
}

/** Apostrophes, times and addresses belong to the word they stand in. */
function isDelimiter(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  if (unit === 58 || unit === 61) return isSpaceOrQuote(text.charCodeAt(index + 1)) || unit === 61
  if (unit === 34 || unit === 39) return index > 0 && /^[\sbruf]$/i.test(text[index - 1] ?? '')
  return unit === 44 || unit === 59 || isBracket(unit)
}

function isBracket(unit: number): boolean {
  return (unit | 32) === 123 || (unit | 32) === 125 || unit === 40 || unit === 41 || unit === 62
}

function isSpaceOrQuote(unit: number): boolean {
  return !(unit > 32) || unit === 34 || unit === 39 || unit === 123 || unit === 91
}

function scalarText(word: string): string {
  switch (word) {
    case 'None':
    case 'null':
    case 'undefined':
      return ''
    case 'True':
      return 'true'
    case 'False':
      return 'false'
    default:
      return word
  }
}
