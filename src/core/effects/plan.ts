import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { clampArgument } from './clamp.ts'
import type { Effect } from './effect.ts'
import { EffectFault } from './fault.ts'
import { filterRecipients } from './filter-recipients.ts'
import { limitRows } from './limit-rows.ts'
import { rootPaths } from './root-paths.ts'
import { removeArgument, setArgument } from './set-arguments.ts'
import { truncateArgument } from './truncate.ts'

/** A rule's `compute` section, ready to be applied. */
export interface Plan {
  /** What is put in place, whatever was there. */
  readonly fixing: readonly Effect[]
  /** What must hold for whatever goes out. */
  readonly narrowing: readonly Effect[]
  readonly mask: readonly string[]
  readonly needsParser: boolean
}

type MakeEffects = (value: JsonValue, compute: JsonObject) => readonly Effect[]

// What is taken out comes before what is put in its place.
const FIXING: ReadonlyMap<string, MakeEffects> = new Map<string, MakeEffects>([
  ['remove', (value) => texts(value, 'remove').map(removeArgument)],
  ['set', (value) => entries(value, 'set').map(([target, member]) => setArgument(target, member))],
  ['dry_run', (value) => texts(value, 'dry_run').map((target) => setArgument(target, true))],
])

// A path or a query that is cut would be another one: texts are cut first.
const NARROWING: ReadonlyMap<string, MakeEffects> = new Map<string, MakeEffects>([
  ['clamp', (value) => entries(value, 'clamp').map(clampOf)],
  [
    'truncate',
    (value) =>
      entries(value, 'truncate').map(([target, max]) =>
        truncateArgument(target, whole(max, 'truncate', 0)),
      ),
  ],
  ['root', (value, compute) => [rootPaths(text(value, 'root'), fields(compute, 'path_field'))]],
  [
    'recipients',
    (value, compute) => [
      filterRecipients(texts(value, 'recipients'), fields(compute, 'recipient_field')),
    ],
  ],
  [
    'limit_rows',
    (value, compute) => [limitRows(whole(value, 'limit_rows', 1), fields(compute, 'sql_field'))],
  ],
])

/** Keys that say more about effects, and are none. */
const OTHER_KEYS: ReadonlySet<string> = new Set([
  'mask_columns',
  'path_field',
  'recipient_field',
  'sql_field',
])

/** Reads a `compute` section. @throws {EffectFault} where it says what is not understood */
export function planOf(compute: JsonObject): Plan {
  const isKnown = (key: string): boolean =>
    FIXING.has(key) || NARROWING.has(key) || OTHER_KEYS.has(key)
  if (!Object.keys(compute).every(isKnown))
    throw new EffectFault('`compute` of the policy has a key that is not known')
  const mask = own(compute, 'mask_columns')
  return {
    fixing: effectsOf(compute, FIXING),
    narrowing: effectsOf(compute, NARROWING),
    mask: Object.freeze(mask === undefined ? [] : [...texts(mask, 'mask_columns')]),
    needsParser: own(compute, 'limit_rows') !== undefined,
  }
}

function effectsOf(
  compute: JsonObject,
  makers: ReadonlyMap<string, MakeEffects>,
): readonly Effect[] {
  return [...makers].flatMap(([key, make]) => {
    const value = own(compute, key)
    return value === undefined ? [] : make(value, compute)
  })
}

function clampOf([target, value]: readonly [string, JsonValue]): Effect {
  if (!isMap(value)) throw malformed('clamp')
  const min = own(value, 'min') ?? Number.NEGATIVE_INFINITY
  const max = own(value, 'max') ?? Number.POSITIVE_INFINITY
  if (typeof min !== 'number' || typeof max !== 'number' || !(min <= max)) throw malformed('clamp')
  return clampArgument(target, { min, max })
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function fields(compute: JsonObject, key: string): readonly string[] {
  const value = own(compute, key)
  return value === undefined ? [] : texts(value, key)
}

function texts(value: JsonValue, key: string): readonly string[] {
  const list = isList(value) ? value : [value]
  return list.map((member) => text(member, key))
}

function text(value: JsonValue, key: string): string {
  if (typeof value !== 'string' || value === '') throw malformed(key)
  return value
}

function whole(value: JsonValue, key: string, least: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least)
    throw malformed(key)
  return value
}

function entries(value: JsonValue, key: string): readonly (readonly [string, JsonValue])[] {
  if (!isMap(value)) throw malformed(key)
  return Object.entries(value)
}

function malformed(key: string): EffectFault {
  return new EffectFault(`\`compute.${key}\` of the policy is not well formed`)
}
