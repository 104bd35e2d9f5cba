import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { withoutSecrets } from '../redaction/without-secrets.ts'
import { INSIDE, type Judgement, NOTHING, type Standing, UNSURE } from './constraint.ts'
import type { NameMatch, NameTest } from './support/argument-names.ts'
import { type Budget, newBudget, spend, TOO_MUCH } from './support/budget.ts'

/** A value an argument has, and where. `path` reads like code: `files[1].path`. */
export interface Found {
  readonly path: string
  readonly value: JsonValue
}

/** What an absent argument means: `strict` cannot be verified, `permissive` is no objection. */
export type AbsenceMode = 'strict' | 'permissive'

/** Judges one value, and takes what that costs from the budget of the call. */
export type JudgeValue = (value: JsonValue, budget: Budget) => Judgement

const LONGEST_SHOWN_PATH = 80
const SHORTEST_SECRET = 16
// More are not looked for. No tool of ours is called with so many; they cost 2 µs each.
const MOST_VALUES = 10_000
// Steps for a value, besides its characters and what its own judge spends: measured with URLs.
const VALUE_STEPS = 250
const EVERY_BIT = 7

/**
 * Every value whose key is one of the names, at any depth, repeated ones too. Lists, also nested
 * ones, stand for their members; an empty list is no value. An object is a value and is searched as
 * well. Under a key that only ends in a word of the names, numbers, booleans and null are no values:
 * `max_files` and `is_file` name no file. Linear in the size of the arguments, whose depth the caller
 * has bounded; a search ends soon after `MOST_VALUES`.
 */
export function valuesOf(args: JsonObject, names: NameTest): readonly Found[] {
  const found: Found[] = []
  searchObject(args, '', names, found)
  return found
}

/** As `valuesOf`, with lists kept whole: for constraints that compare a list as one value. */
export function wholeValuesOf(args: JsonObject, names: NameTest): readonly Found[] {
  const found: Found[] = []
  collectWhole(args, '', names, found)
  return found
}

/** The members a value stands for: its own where it is a list, at any depth, else itself. */
export function membersOf(path: string, value: JsonValue): readonly Found[] {
  const found: Found[] = []
  if (isList(value)) collectMembers(value, path, found)
  else found.push({ path, value })
  return found
}

/**
 * The findings of all values in one judgement: the standings OR-ed, so that no value hides another,
 * with the detail of the first that is not inside, led by its place. What is past the budget is unsure.
 */
export function judgeValues(
  found: readonly Found[],
  mode: AbsenceMode,
  judgeOne: JudgeValue,
  wanted: string,
): Judgement {
  if (found.length === 0) return absent(mode, wanted)
  const budget = newBudget()
  let standing: Standing = NOTHING
  let first: Found | undefined
  let detail = ''
  let count = 0
  for (const one of found) {
    const isPast = budget.left <= 0 || ++count > MOST_VALUES
    const judged = isPast ? TOO_MUCH : judgeOne(one.value, budget)
    const isWorse = judged.standing !== INSIDE && (standing & ~INSIDE) === 0
    if (first === undefined || isWorse) {
      first = one
      detail = judged.detail
    }
    standing |= judged.standing
    if (standing === EVERY_BIT || judged === TOO_MUCH) break
    spend(budget, VALUE_STEPS + (typeof one.value === 'string' ? one.value.length : 0))
  }
  return { standing, detail: `\`${shownPath(first?.path ?? '')}\` ${detail}` }
}

/** What is said where no argument of the wanted name is there. */
function absent(mode: AbsenceMode, wanted: string): Judgement {
  const detail = `there is no argument ${wanted}`
  return mode === 'permissive' ? { standing: NOTHING, detail } : { standing: UNSURE, detail }
}

/** A place fit for a message: keys are the caller's text, so they are cut and made printable. */
export function shownPath(path: string): string {
  // Before anything of it changes: half a secret is known no more. Short names, as nearly all are, hold none.
  const plain = path.length < SHORTEST_SECRET ? path : withoutSecrets(path)
  const printable = plain.replace(/[^\p{L}\p{N}_.[\]$@/ -]/gu, '?')
  return printable.length > LONGEST_SHOWN_PATH
    ? `${printable.slice(0, LONGEST_SHOWN_PATH)}...`
    : printable
}

function searchObject(object: JsonObject, path: string, names: NameTest, found: Found[]): void {
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (value === undefined) continue
    const match = names(key)
    if (match === 'none' && (typeof value !== 'object' || value === null)) continue
    search(value, path === '' ? key : `${path}.${key}`, match, names, found)
  }
}

function search(
  value: JsonValue,
  path: string,
  match: NameMatch,
  names: NameTest,
  found: Found[],
): void {
  if (found.length > MOST_VALUES) return
  if (isList(value)) {
    for (let index = 0; index < value.length; index++)
      search(value[index] ?? null, `${path}[${index}]`, match, names, found)
    return
  }
  const isObject = isMap(value)
  if (match === 'name' || (match === 'word' && (isObject || typeof value === 'string')))
    found.push({ path, value })
  if (isObject) searchObject(value, path, names, found)
}

function collectWhole(value: JsonValue, path: string, names: NameTest, found: Found[]): void {
  if (typeof value !== 'object' || value === null || found.length > MOST_VALUES) return
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
    if (names(key) !== 'none') found.push({ path: place, value: member })
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
