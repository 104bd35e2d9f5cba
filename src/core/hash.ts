import * as crypto from 'node:crypto'
import type { JsonValue } from './model/json.ts'

/** SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal. */
export function sha256Hex(text: string): string {
  // `crypto.hash` skips a stream object per call; Node 20 has it from 20.12 on.
  return crypto.hash === undefined
    ? crypto.createHash('sha256').update(text, 'utf8').digest('hex')
    : crypto.hash('sha256', text, 'hex')
}

/** Deepest nesting `canonicalJson` takes, so that no value can exhaust the stack. */
export const MAX_CANONICAL_DEPTH = 256

/**
 * The one JSON text of a value: keys in UTF-16 order, no blanks, numbers as ECMAScript writes them.
 * Throws a TypeError for what JSON cannot say: NaN, infinities, undefined, lone surrogates, too deep.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, MAX_CANONICAL_DEPTH)
}

function write(value: JsonValue, depth: number): string {
  if (typeof value === 'string') return writeText(value)
  if (typeof value === 'number') return writeNumber(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') throw new TypeError(`JSON cannot hold a ${typeof value}`)
  if (depth === 0) throw new TypeError(`nested deeper than ${MAX_CANONICAL_DEPTH} levels`)
  return isList(value) ? writeList(value, depth) : writeObject(value, depth)
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON cannot hold ${value}`)
  return Object.is(value, -0) ? '0' : String(value)
}

function writeText(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new TypeError('the text has a lone surrogate')
  return JSON.stringify(value)
}

const LONE_SURROGATE = /\p{Cs}/u

function writeList(list: readonly JsonValue[], depth: number): string {
  let text = '['
  for (let index = 0; index < list.length; index++) {
    const item = list[index]
    if (item === undefined) throw new TypeError('JSON cannot hold undefined')
    text += (index === 0 ? '' : ',') + write(item, depth - 1)
  }
  return `${text}]`
}

function writeObject(value: { readonly [key: string]: JsonValue }, depth: number): string {
  // `sort` without a comparer is UTF-16 order, as the RFC asks.
  let text = '{'
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member === undefined) throw new TypeError('JSON cannot hold undefined')
    text += `${text === '{' ? '' : ','}${writeText(key)}:${write(member, depth - 1)}`
  }
  return `${text}}`
}
