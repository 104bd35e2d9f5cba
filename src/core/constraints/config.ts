import type { JsonObject, JsonValue } from '../model/json.ts'
import type { ConstraintConfig } from './constraint.ts'
import { type NameTest, nameTest } from './support/argument-names.ts'
import { type AbsenceMode, type Found, membersOf, valuesOf, wholeValuesOf } from './values.ts'

/** JSON Schema of `field`, for the object form of every kind that looks at arguments. */
export const FIELD_SCHEMA: JsonObject = {
  description:
    'Which arguments are judged: one name or several, found at any depth and compared without case, `_` and `-`, or a JSON Pointer such as `/options/path` for one exact place.',
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
  ],
}

/** JSON Schema of `mode`. */
export const MODE_SCHEMA: JsonObject = {
  description:
    'What an absent argument means: `strict` (the default) is unverifiable, `permissive` is no objection.',
  enum: ['strict', 'permissive'],
}

/** Where a constraint looks. */
export interface Target {
  readonly mode: AbsenceMode
  /** The names, for messages. */
  readonly wanted: string
  /** Lists stand for their members. */
  find(args: JsonObject): readonly Found[]
  /** Lists are values. */
  findWhole(args: JsonObject): readonly Found[]
}

/**
 * Reads `field` and `mode` of a config; without `field` the kind's aliases are looked at, and what
 * ends in one of its words.
 */
export function targetOf(
  config: ConstraintConfig,
  aliases: readonly string[],
  words: readonly string[] = [],
): Target {
  const fields = fieldsOf(config)
  const pointers = fields.filter((field) => field.startsWith('/')).map(pointerOf)
  const named = fields.filter((field) => !field.startsWith('/'))
  const names = fields.length === 0 ? nameTest(aliases, words) : nameTest(named, [])
  return {
    mode: textOption(config, 'mode') === 'permissive' ? 'permissive' : 'strict',
    wanted: wantedText(fields.length === 0 ? aliases : fields),
    find: (args) => foundIn(args, names, pointers, valuesOf, membersOf),
    findWhole: (args) => foundIn(args, names, pointers, wholeValuesOf, wholeMember),
  }
}

/** One key of the object form; undefined in the list form. */
export function option(config: ConstraintConfig, key: string): JsonValue | undefined {
  if (!isObject(config)) return undefined
  return Object.hasOwn(config, key) ? config[key] : undefined
}

export function textOption(config: ConstraintConfig, key: string): string | undefined {
  const value = option(config, key)
  return typeof value === 'string' ? value : undefined
}

export function numberOption(config: ConstraintConfig, key: string): number | undefined {
  const value = option(config, key)
  return typeof value === 'number' ? value : undefined
}

/** What is allowed: the list form itself, or `allow` of the object form. */
export function allowedOf(config: ConstraintConfig): readonly JsonValue[] {
  const list = isObject(config) ? option(config, 'allow') : config
  return Array.isArray(list) ? list : []
}

/** As `allowedOf`, texts only, each with the way to it from the config. */
export function allowedTexts(config: ConstraintConfig): readonly AllowedText[] {
  const way = isObject(config) ? ['allow'] : []
  return allowedOf(config).flatMap((text, index) =>
    typeof text === 'string' ? [{ text, way: [...way, index] }] : [],
  )
}

export interface AllowedText {
  readonly text: string
  readonly way: readonly (string | number)[]
}

/** JSON Schema of an object form. */
export function objectSchema(properties: JsonObject, required: readonly string[]): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    required,
    properties: { ...properties, field: FIELD_SCHEMA, mode: MODE_SCHEMA },
  }
}

function isObject(config: ConstraintConfig): config is JsonObject {
  return !Array.isArray(config)
}

function fieldsOf(config: ConstraintConfig): readonly string[] {
  const field = option(config, 'field')
  const list = Array.isArray(field) ? field : [field]
  return list.filter((name) => typeof name === 'string')
}

function wantedText(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `\`${name}\``)
  return names.length > shown.length ? `${shown.join(', ')} or the like` : shown.join(' or ')
}

function foundIn(
  args: JsonObject,
  names: NameTest,
  pointers: readonly (readonly string[])[],
  search: (args: JsonObject, names: NameTest) => readonly Found[],
  members: (path: string, value: JsonValue) => readonly Found[],
): readonly Found[] {
  const found = search(args, names)
  if (pointers.length === 0) return found
  return [...found, ...pointers.flatMap((parts) => valueAt(args, parts, members))]
}

const wholeMember = (path: string, value: JsonValue): readonly Found[] => [{ path, value }]

/** @see RFC 6901 */
function pointerOf(text: string): readonly string[] {
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(
  args: JsonObject,
  parts: readonly string[],
  members: (path: string, value: JsonValue) => readonly Found[],
): readonly Found[] {
  let value: JsonValue = args
  for (const part of parts) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return []
    // An array takes its indexes as own keys, and `length`, which is no place in JSON.
    const next: JsonValue | undefined =
      Array.isArray(value) && part === 'length' ? undefined : (value as JsonObject)[part] // a JSON array or object: both are read by key
    if (next === undefined) return []
    value = next
  }
  return members(`/${parts.join('/')}`, value)
}
