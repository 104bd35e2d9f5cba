import { isList, isMap } from '../json-kind.ts'
import { VERBS } from '../model/call.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { PolicyDocument } from './document.ts'

/**
 * One document for one meaning: keys in one order, what is a default left out, frozen. Lists keep
 * their order, except verbs, which are a set. Values come from `plainCopy`, sorted and frozen
 * already, so that only what changes is copied.
 */
export function normalize(merged: JsonObject): PolicyDocument {
  const document: Record<string, JsonValue> = {}
  for (const key of Object.keys(merged).sort()) {
    const value = merged[key]
    if (value === undefined || (isNothing(value) && !SWITCHES.has(key))) continue
    document[key] = normalizeSection(key, value)
  }
  return Object.freeze(document) as PolicyDocument // the schema has said so
}

/** Sections that say something by being there: their defaults are then in force. */
const SWITCHES: ReadonlySet<string> = new Set(['limits', 'scanner', 'redaction'])

function isNothing(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(value).length === 0
}

function normalizeSection(key: string, value: JsonValue): JsonValue {
  switch (key) {
    case 'roles':
      return mapList(value, normalizeRole)
    case 'servers':
      return mapList(value, normalizeServer)
    // Merging may have put these together: sort and freeze them again.
    case 'limits':
    case 'behavior':
    case 'blocklist':
    case 'secrets':
    case 'scanner':
    case 'router':
      return settle(value)
    default:
      return Object.freeze(value)
  }
}

function mapList(value: JsonValue, change: (item: JsonValue) => JsonValue): JsonValue {
  if (!Array.isArray(value)) return value
  return Object.freeze(value.map(change))
}

/** A server that says only its name is that name. */
function normalizeServer(server: JsonValue): JsonValue {
  if (!isMap(server)) return server
  const { name } = server
  return Object.keys(server).length === 1 && name !== undefined ? name : server
}

function normalizeRole(role: JsonValue): JsonValue {
  if (!isMap(role)) return role
  const { rules } = role
  if (!isList(rules)) return role
  const changed = normalizeRules(rules)
  return changed === rules ? role : Object.freeze({ ...role, rules: changed })
}

function normalizeRules(rules: readonly JsonValue[]): readonly JsonValue[] {
  let changed: JsonValue[] | undefined
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index]
    if (!isMap(rule)) continue
    const normal = normalizeRule(rule)
    if (normal === rule) continue
    changed ??= [...rules]
    changed[index] = normal
  }
  return changed === undefined ? rules : Object.freeze(changed)
}

function normalizeRule(rule: JsonObject): JsonObject {
  const verbs = normalizeVerbs(rule['verbs'])
  const hasDefault =
    rule['effect'] === 'allow' || isEmpty(rule['constraints']) || isEmpty(rule['when'])
  if (!hasDefault && verbs === rule['verbs']) return rule
  const kept: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(rule)) {
    if (key === 'effect' && value === 'allow') continue
    if ((key === 'constraints' || key === 'when') && isEmpty(value)) continue
    kept[key] = key === 'verbs' && verbs !== undefined ? verbs : value
  }
  return Object.freeze(kept)
}

/** Each once, weakest first. */
function normalizeVerbs(verbs: JsonValue | undefined): JsonValue | undefined {
  if (!isList(verbs) || verbs.length < 2) return verbs
  return Object.freeze(VERBS.filter((verb) => verbs.includes(verb)))
}

function isEmpty(value: JsonValue | undefined): boolean {
  return isMap(value) && Object.keys(value).length === 0
}

/** At most as deep as a source may be. */
function settle(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return Object.freeze(value.map(settle))
  const sorted: Record<string, JsonValue> = {}
  for (const key of Object.keys(value).sort()) {
    const item = value[key]
    if (item !== undefined) sorted[key] = settle(item)
  }
  return Object.freeze(sorted)
}
