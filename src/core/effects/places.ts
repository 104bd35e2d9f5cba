import { type NameMatch, type NameTest, nameTest } from '../constraints/support/argument-names.ts'
import { shownPath } from '../constraints/values.ts'
import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { EffectFault } from './fault.ts'
import { rewriteAt } from './json-pointer.ts'

/** Where an effect looks: as a constraint does, by name at any depth or by JSON Pointer. */
export interface Places {
  readonly names: NameTest
  readonly pointers: readonly string[]
}

/** `undefined`: the value is taken out. Throws an `EffectFault` whose message follows the place. */
export type Rewrite = (value: JsonValue, place: string) => JsonValue | undefined

// Deeper than arguments may be by default, and far from where recursion fails.
const DEEPEST = 200
// As many as a constraint judges.
const MOST_VALUES = 10_000

/** Names and pointers as a policy lists them. */
export function placesOf(fields: readonly string[]): Places {
  return {
    names: nameTest(
      fields.filter((field) => !field.startsWith('/')),
      [],
    ),
    pointers: fields.filter((field) => field.startsWith('/')),
  }
}

/** The listed places, or without any those of a constraint's aliases. */
export function placesOrAliases(
  fields: readonly string[],
  kind: { readonly aliases: readonly string[]; readonly words?: readonly string[] },
): Places {
  if (fields.length > 0) return placesOf(fields)
  return { names: nameTest(kind.aliases, kind.words ?? []), pointers: [] }
}

interface Walk {
  readonly names: NameTest
  /** Lists are values; otherwise they stand for their members. */
  readonly isWhole: boolean
  readonly rewrite: Rewrite
  seen: number
}

/**
 * Rewrites every value that a constraint would judge at these places; of a list, each member.
 * The same object where nothing changed.
 */
export function rewriteMembers(args: JsonObject, places: Places, rewrite: Rewrite): JsonObject {
  const walk: Walk = { names: places.names, isWhole: false, rewrite, seen: 0 }
  const named = walkObject(args, '', 0, walk)
  return places.pointers.reduce((current, pointer) => {
    const inner = (value: JsonValue | undefined): JsonValue | undefined =>
      value === undefined ? undefined : walkValue(value, pointer, 'name', 0, walk)
    return rewriteAt(current, { pointer, creates: false, rewrite: inner })
  }, named)
}

/** Rewrites every value under these names, lists and objects as one. */
export function rewriteWhole(args: JsonObject, names: NameTest, rewrite: Rewrite): JsonObject {
  return walkObject(args, '', 0, { names, isWhole: true, rewrite, seen: 0 })
}

function walkObject(object: JsonObject, path: string, depth: number, walk: Walk): JsonObject {
  if (depth > DEEPEST) throw new EffectFault('the arguments are nested too deeply')
  const kept: [string, JsonValue][] = []
  let isChanged = false
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (value === undefined) continue
    const next = walkMember(value, key, path, depth + 1, walk)
    if (next !== value) isChanged = true
    if (next !== undefined) kept.push([key, next])
  }
  return isChanged ? Object.freeze(Object.fromEntries(kept)) : object
}

function walkMember(
  value: JsonValue,
  key: string,
  path: string,
  depth: number,
  walk: Walk,
): JsonValue | undefined {
  const match = walk.names(key)
  if (match === 'none' && (typeof value !== 'object' || value === null)) return value
  return walkValue(value, path === '' ? key : `${path}.${key}`, match, depth, walk)
}

function walkValue(
  value: JsonValue,
  place: string,
  match: NameMatch,
  depth: number,
  walk: Walk,
): JsonValue | undefined {
  const isFound = match !== 'none'
  if (isFound && walk.isWhole) return rewritten(value, place, walk)
  if (isList(value)) return walkList(value, place, match, depth, walk)
  if (isMap(value))
    return isFound ? rewritten(value, place, walk) : walkObject(value, place, depth, walk)
  // `max_files` and `is_file` name no file.
  const isValue = match === 'name' || (match === 'word' && typeof value === 'string')
  return isValue ? rewritten(value, place, walk) : value
}

function walkList(
  list: readonly JsonValue[],
  place: string,
  match: NameMatch,
  depth: number,
  walk: Walk,
): JsonValue {
  if (depth > DEEPEST) throw new EffectFault('the arguments are nested too deeply')
  const kept: JsonValue[] = []
  let isChanged = false
  list.forEach((member, index) => {
    const next = walkValue(member, `${place}[${index}]`, match, depth + 1, walk)
    if (next !== member) isChanged = true
    if (next !== undefined) kept.push(next)
  })
  return isChanged ? Object.freeze(kept) : list
}

function rewritten(value: JsonValue, place: string, walk: Walk): JsonValue | undefined {
  if (++walk.seen > MOST_VALUES)
    throw new EffectFault(`more than ${MOST_VALUES} values would be rewritten: send fewer`)
  try {
    return walk.rewrite(value, place)
  } catch (error) {
    if (error instanceof EffectFault)
      throw new EffectFault(`\`${shownPath(place)}\` ${error.message}`)
    throw error
  }
}
