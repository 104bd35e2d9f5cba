import { isList, isMap } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'

/** All texts of a call's arguments in one, and which argument each part came from. */
export interface ArgumentText {
  readonly text: string
  /** The argument that holds the character at an offset: the name at the top, and a JSON Pointer. */
  placeOf(offset: number): { readonly name: string; readonly pointer: string }
}

/**
 * Each text after the name of its field, as `password: ...`, since names tell what a value is. Names
 * are texts too: one may hold what a value should. Arguments come from `snapshot`, so their depth is bounded.
 */
export function textOfArguments(args: JsonObject): ArgumentText {
  const reading: Reading = { text: '', parts: [] }
  readMembers(reading, args, undefined)
  return { text: reading.text, placeOf: (offset) => placeOf(reading.parts, offset) }
}

interface Reading {
  text: string
  readonly parts: Part[]
}

interface Part {
  readonly from: number
  readonly path: Path
}

/** Linked upward: written out only where something was found, and most calls hold nothing. */
interface Path {
  readonly key: string
  readonly up: Path | undefined
}

function readMembers(
  reading: Reading,
  map: Readonly<Record<string, unknown>>,
  up: Path | undefined,
): void {
  for (const key of Object.keys(map)) {
    const path = { key, up }
    const value = map[key]
    // A name that is no plain word may itself be what is looked for.
    if (key.length > LONGEST_PLAIN_NAME && typeof value !== 'string') add(reading, key, path)
    read(reading, key, value, path)
  }
}
const LONGEST_PLAIN_NAME = 32

function read(reading: Reading, name: string, value: unknown, path: Path): void {
  if (typeof value === 'string') add(reading, `${name}: ${value}`, path)
  else if (isList(value))
    value.forEach((member, index) => {
      read(reading, name, member, { key: String(index), up: path })
    })
  else if (isMap(value)) readMembers(reading, value, path)
}

function add(reading: Reading, text: string, path: Path): void {
  reading.parts.push({ from: reading.text.length, path })
  reading.text += `${text}\n`
}

function placeOf(
  parts: readonly Part[],
  offset: number,
): { readonly name: string; readonly pointer: string } {
  const keys: string[] = []
  let path: Path | undefined = parts.findLast(({ from }) => from <= offset)?.path
  for (; path !== undefined; path = path.up) keys.unshift(path.key)
  const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  return { name: keys[0] ?? '', pointer }
}
