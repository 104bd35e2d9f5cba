import { isPlainObject } from '../../json-kind.ts'
import { VERBS } from '../../model/call.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { BINDING_KEYS } from '../document.ts'

/**
 * The rules and bindings that large policies consist of, copied and checked in one look each.
 * INVARIANT: what is taken here is what the schema and the checks of meaning would pass; anything
 * else is left to them. With 50,000 rules this is two thirds of the time of loading.
 */

const TOOL = /^[A-Za-z0-9_/-]{1,64}\.[A-Za-z0-9_/-]{1,64}$/
const NAME = /^[A-Za-z0-9_.@/-]{1,128}$/

/** A frozen copy of a rule of plain tool names without constraints, or undefined. */
export function copyPlainRule(value: unknown, lists: SharedLists): JsonObject | undefined {
  if (!isPlainObject(value)) return undefined
  const { name, effect, resources, verbs } = value
  let known = 2
  if (name !== undefined) {
    if (typeof name !== 'string') return undefined
    known++
  }
  if (effect !== undefined) {
    if (effect !== 'deny' && effect !== 'escalate' && effect !== 'allow') return undefined
    known++
  }
  if (Object.keys(value).length !== known) return undefined
  const copiedResources = copyTexts(resources, TOOL, lists)
  const copiedVerbs = copyVerbs(verbs)
  if (copiedResources === undefined || copiedVerbs === undefined) return undefined
  // The default effect is left out here already: `normalize` would copy every rule again.
  const kept = effect === 'allow' ? undefined : effect
  return Object.freeze(ruleOf(name, kept, copiedResources, copiedVerbs))
}

// Literals, keys in order: several times quicker than setting one key after the other.
function ruleOf(
  name: string | undefined,
  effect: string | undefined,
  resources: JsonValue,
  verbs: JsonValue,
): JsonObject {
  if (effect === undefined)
    return name === undefined ? { resources, verbs } : { name, resources, verbs }
  return name === undefined ? { effect, resources, verbs } : { effect, name, resources, verbs }
}

const SUBJECT_KEYS = new Set<string>(BINDING_KEYS.filter((key) => key !== 'tier'))

/** A frozen copy of a binding of plain names, or undefined. */
export function copyPlainBinding(value: unknown, lists: SharedLists): JsonObject | undefined {
  if (!isPlainObject(value)) return undefined
  const copied: Record<string, JsonValue> = {}
  let isBound = false
  for (const key of Object.keys(value).sort()) {
    const member = copyBindingMember(key, value[key], lists)
    if (member === undefined) return undefined
    copied[key] = member
    isBound ||= SUBJECT_KEYS.has(key)
  }
  return isBound && copied['roles'] !== undefined ? Object.freeze(copied) : undefined
}

function copyBindingMember(key: string, value: unknown, lists: SharedLists): JsonValue | undefined {
  if (SUBJECT_KEYS.has(key))
    return typeof value === 'string' && NAME.test(value) ? value : undefined
  return key === 'roles' || key === 'scopes' ? copyTexts(value, NAME, lists) : undefined
}

/** Frozen lists of one text, by that text: rules of a large policy mostly name the same few thousand. */
export type SharedLists = Map<RegExp, Map<unknown, readonly string[]>>

function copyTexts(
  value: unknown,
  form: RegExp,
  lists: SharedLists,
): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > 1000) return undefined
  return value.length === 1 ? oneText(value[0], form, lists) : manyTexts(value, form)
}

function oneText(text: unknown, form: RegExp, lists: SharedLists): readonly string[] | undefined {
  const known = lists.get(form) ?? new Map<unknown, readonly string[]>()
  const shared = known.get(text)
  if (shared !== undefined) return shared
  if (typeof text !== 'string' || !form.test(text)) return undefined
  const list = Object.freeze([text])
  known.set(text, list)
  lists.set(form, known)
  return list
}

// The copy is what is tested: a list that answers differently each time is read once.
function manyTexts(value: readonly unknown[], form: RegExp): readonly string[] | undefined {
  const copied = value.slice()
  for (const item of copied) if (typeof item !== 'string' || !form.test(item)) return undefined
  return Object.freeze(copied) as readonly string[] // every item is a text
}

// One frozen list for all rules that say the same: most of them.
const ONE_VERB: ReadonlyMap<unknown, readonly string[]> = new Map(
  VERBS.map((verb) => [verb, Object.freeze([verb])]),
)

function copyVerbs(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > 3) return undefined
  const copied: unknown[] = value.length === 1 ? [value[0]] : value.slice()
  if (copied.length === 1) return ONE_VERB.get(copied[0])
  for (const item of copied) if (!ONE_VERB.has(item)) return undefined
  return Object.freeze(copied) as readonly string[] // every item is a verb
}
