import type { JsonObject, JsonValue } from '../model/json.ts'
import { INSIDE, type Judgement, NOTHING, type Standing, UNSURE } from './constraint.ts'

/** A value an argument has, and where. `path` reads like code: `files[1].path`. */
export interface Found {
  readonly path: string
  readonly value: JsonValue
}

/** Argument names as `foldName` folds them. */
export type Names = readonly string[] | ReadonlySet<string>

/** What an absent argument means: `strict` cannot be verified, `permissive` is no objection. */
export type AbsenceMode = 'strict' | 'permissive'

const LONGEST_SHOWN_PATH = 80
const EVERY_BIT = 7

/**
 * Every value whose key is one of the names, at any depth, repeated ones too. Lists, also nested
 * ones, stand for their members; an empty list is no value. An object is a value and is searched as
 * well. Linear in the size of the arguments, whose depth the caller has bounded.
 */
export function valuesOf(args: JsonObject, names: Names): readonly Found[] {
  const found: Found[] = []
  searchObject(args, '', names, found)
  return found
}

/** As `valuesOf`, with lists kept whole: for constraints that compare a list as one value. */
export function wholeValuesOf(args: JsonObject, names: Names): readonly Found[] {
  const found: Found[] = []
  collectWhole(args, '', names, found)
  return found
}

/** The members a value stands for: its own where it is a list, at any depth, else itself. */
export function membersOf(path: string, value: JsonValue): readonly Found[] {
  const found: Found[] = []
  if (Array.isArray(value)) collectMembers(value, path, found)
  else found.push({ path, value })
  return found
}

/** Lower case, without `_` and `-`: `File_Path`, `filePath` and `file-path` are one name. */
export function foldName(name: string): string {
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index)
    const isFolded = (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57)
    if (!isFolded) return name.toLowerCase().replace(/[_-]/g, '')
  }
  return name
}

/** Names folded once, for many searches. */
export function foldNames(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(foldName))
}

/**
 * The findings of all values in one judgement: the standings OR-ed, so that no value hides another,
 * with the detail of the first that is not inside, led by its place.
 */
export function judgeValues(
  found: readonly Found[],
  mode: AbsenceMode,
  judgeOne: (value: JsonValue) => Judgement,
  wanted: string,
): Judgement {
  if (found.length === 0) return absent(mode, wanted)
  let standing: Standing = NOTHING
  let first: Found | undefined
  let detail = ''
  for (const one of found) {
    const judged = judgeOne(one.value)
    const isWorse = judged.standing !== INSIDE && (standing & ~INSIDE) === 0
    if (first === undefined || isWorse) {
      first = one
      detail = judged.detail
    }
    standing |= judged.standing
    if (standing === EVERY_BIT) break
  }
  return { standing, detail: `\`${shownPath(first?.path ?? '')}\` ${detail}` }
}

/** What is said where no argument of the wanted name is there. */
export function absent(mode: AbsenceMode, wanted: string): Judgement {
  const detail = `there is no argument ${wanted}`
  return mode === 'permissive' ? { standing: NOTHING, detail } : { standing: UNSURE, detail }
}

/** A place fit for a message: keys are the caller's text, so they are cut and made printable. */
export function shownPath(path: string): string {
  const printable = path.replace(/[^\p{L}\p{N}_.[\]$@/ -]/gu, '?')
  return printable.length > LONGEST_SHOWN_PATH
    ? `${printable.slice(0, LONGEST_SHOWN_PATH)}...`
    : printable
}

function hasName(names: Names, key: string): boolean {
  const folded = foldName(key)
  return 'has' in names ? names.has(folded) : names.includes(folded)
}

function searchObject(object: JsonObject, path: string, names: Names, found: Found[]): void {
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (value === undefined) continue
    const isNamed = hasName(names, key)
    if (!isNamed && (typeof value !== 'object' || value === null)) continue
    search(value, path === '' ? key : `${path}.${key}`, isNamed, names, found)
  }
}

function search(
  value: JsonValue,
  path: string,
  isNamed: boolean,
  names: Names,
  found: Found[],
): void {
  if (isList(value)) {
    for (let index = 0; index < value.length; index++)
      search(value[index] ?? null, `${path}[${index}]`, isNamed, names, found)
    return
  }
  if (isNamed) found.push({ path, value })
  if (typeof value === 'object' && value !== null) searchObject(value, path, names, found)
}

function collectWhole(value: JsonValue, path: string, names: Names, found: Found[]): void {
  if (typeof value !== 'object' || value === null) return
  if (isList(value)) {
    value.forEach((member, index) => {
      collectWhole(member, `${path}[${index}]`, names, found)
    })
    return
  }
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member === undefined) continue
    const place = path === '' ? key : `${path}.${key}`
    if (hasName(names, key)) found.push({ path: place, value: member })
    collectWhole(member, place, names, found)
  }
}

function collectMembers(list: readonly JsonValue[], path: string, found: Found[]): void {
  list.forEach((member, index) => {
    const place = `${path}[${index}]`
    if (isList(member)) collectMembers(member, place, found)
    else found.push({ path: place, value: member })
  })
}

// Array.isArray does not narrow a readonly array.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
