import { isSecretName } from '../detection/secrets/field-name.ts'
import { isList, isMap } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'

/** All texts of a call's arguments in one, and which argument each part came from. */
export interface ArgumentText {
  readonly text: string
  /** Each part for itself: where what ends one must not run into the next. */
  parts(): Iterable<string>
  /** The argument that holds the character at an offset: the name at the top, and a JSON Pointer. */
  placeOf(offset: number): { readonly name: string; readonly pointer: string }
}

/**
 * Each text after the name of its field, as `password: ...`, since names tell what a value is. Names
 * are texts too: one may hold what a value should. Arguments come from `snapshot`, so their depth is bounded.
 */
export function textOfArguments(args: JsonObject): ArgumentText {
  const reading: Reading = { text: '', parts: [] }
  readMembers(reading, args, '', undefined)
  return {
    text: reading.text,
    parts: () => partsOf(reading),
    placeOf: (offset) => placeOf(reading.parts, offset),
  }
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
  /** What stands beside as `command`: a list of words may be what it is given. */
  readonly command?: string | undefined
}

function readMembers(
  reading: Reading,
  map: Readonly<Record<string, unknown>>,
  parent: string,
  up: Path | undefined,
): void {
  const keys = Object.keys(map)
  const label = labelOf(map, keys)
  const command = typeof map['command'] === 'string' ? map['command'] : undefined
  for (const key of keys) {
    const path = { key, up, command }
    const value = map[key]
    // A name that is no plain word may itself be what is looked for.
    if (typeof value !== 'string' && !PLAIN_NAME.test(key)) add(reading, key, path)
    const name = isValueKey(key) ? nameBy(label, parent === '' ? key : parent) : key
    read(reading, name, value, path)
  }
}
const PLAIN_NAME = /^[a-z_][A-Za-z_]{0,31}$/

function isValueKey(key: string): boolean {
  return key.length === 5 && key.toLowerCase() === 'value'
}

/** What names a value beside it: `{ name: 'password', value: '...' }`. */
function labelOf(
  map: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): string | undefined {
  if (!keys.some(isValueKey)) return undefined
  const labels = keys.filter((key) => key.length <= 4 && /^(?:name|key)$/i.test(key))
  const texts = labels.map((key) => map[key]).filter((label) => typeof label === 'string')
  return texts.find(isSecretName) ?? texts[0]
}

/** The name that says more: what stands beside a value, unless only what stands above tells of a secret. */
function nameBy(label: string | undefined, parent: string): string {
  if (label === undefined || label === '' || label.length > LONGEST_LABEL) return parent
  return isSecretName(parent) && !isSecretName(label) ? parent : label
}
const LONGEST_LABEL = 128

function read(reading: Reading, name: string, value: unknown, path: Path): void {
  if (typeof value === 'string') add(reading, `${name}: ${value}`, path)
  else if (typeof value === 'number' || typeof value === 'boolean') {
    if (isSecretName(name)) add(reading, `${name}: ${value}`, path)
  } else if (isList(value)) readList(reading, name, value, path)
  else if (isMap(value)) readMembers(reading, value, name, path)
}

function readList(reading: Reading, name: string, list: readonly unknown[], path: Path): void {
  let hasShortFlag = false
  list.forEach((member, index) => {
    const up = { key: String(index), up: path }
    hasShortFlag ||= typeof member === 'string' && /^-[A-Za-z]$/.test(member)
    if (isPair(member)) readPair(reading, name, member, up)
    else read(reading, nameBy(flagOf(list[index - 1]), name), member, up)
  })
  if (hasShortFlag) addCommand(reading, list, path)
}
const FLAG = /^--?([A-Za-z][\w.-]{1,63})$/

/** `--password` names what follows it. */
function flagOf(word: unknown): string | undefined {
  return typeof word === 'string' ? FLAG.exec(word)?.[1] : undefined
}

/** `['API_KEY', '...']` */
function isPair(value: unknown): value is readonly [string, unknown] {
  return isList(value) && value.length === 2 && typeof value[0] === 'string' && !FLAG.test(value[0])
}

function readPair(
  reading: Reading,
  name: string,
  [label, value]: readonly [string, unknown],
  up: Path,
): void {
  read(reading, name, label, { key: '0', up })
  read(reading, nameBy(label, name), value, { key: '1', up })
}

/** A command's words in one line: `-p` means little without the command, and beside a user a password. */
function addCommand(reading: Reading, list: readonly unknown[], path: Path): void {
  const isLogin = list.some((word) => typeof word === 'string' && LOGIN.test(word))
  addWord(reading, path.command ?? '', path)
  list.forEach((word, index) => {
    if (typeof word !== 'string') return
    const isPassword = isLogin && list[index - 1] === '-p' && !PORTS.test(word)
    addWord(reading, isPassword ? `password: ${word}` : word, { key: String(index), up: path })
  })
  reading.text += '\n'
}
const LOGIN = /^(?:-u|--user|--username|login|sshpass)$/
const PORTS = /^\d[\d.:-]*(?:\/\w+)?$/

function addWord(reading: Reading, word: string, path: Path): void {
  reading.parts.push({ from: reading.text.length, path })
  reading.text += `${word} `
}

function add(reading: Reading, text: string, path: Path): void {
  reading.parts.push({ from: reading.text.length, path })
  reading.text += `${text}\n`
}

function* partsOf({ text, parts }: Reading): Iterable<string> {
  for (const [index, { from }] of parts.entries())
    yield text.slice(from, (parts[index + 1]?.from ?? text.length) - 1)
}

function placeOf(
  parts: readonly Part[],
  offset: number,
): { readonly name: string; readonly pointer: string } {
  const keys: string[] = []
  let path: Path | undefined = parts[lastUpTo(parts, offset)]?.path
  for (; path !== undefined; path = path.up) keys.unshift(path.key)
  const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  return { name: keys[0] ?? '', pointer }
}

/** By halves: there may be as many matches as parts. */
function lastUpTo(parts: readonly Part[], offset: number): number {
  let low = 0
  let high = parts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((parts[middle]?.from ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}
