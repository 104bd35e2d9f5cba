import { nameTest } from '../constraints/support/argument-names.ts'
import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { Effect } from './effect.ts'
import { EffectFault } from './fault.ts'
import { pointerParts, rewriteAt } from './json-pointer.ts'
import { rewriteWhole } from './places.ts'

const DEEPEST_VALUE = 64
// Keys by which careless programs reach what all objects share.
const SHARED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Sets an argument. By name: at the top, and wherever else an argument of that name is, however
 * spelled, so that no second one says otherwise. By JSON Pointer: at that place alone.
 */
export function setArgument(target: string, value: JsonValue): Effect {
  refuseSharedKeys(target)
  const fixed = frozenCopy(value, 0)
  if (target.startsWith('/')) {
    const edit = { pointer: target, creates: true, rewrite: () => fixed }
    return (args) => rewriteAt(args, edit)
  }
  const names = nameTest([target], [])
  return (args) => {
    const next = rewriteWhole(args, names, () => fixed)
    return Object.hasOwn(next, target) ? next : Object.freeze({ ...next, [target]: fixed })
  }
}

/** Takes an argument out: by name wherever one is, by JSON Pointer at that place alone. */
export function removeArgument(target: string): Effect {
  if (target === '') throw new EffectFault('`remove` has an empty name')
  if (target.startsWith('/')) {
    const edit = { pointer: target, creates: false, rewrite: () => undefined }
    return (args) => rewriteAt(args, edit)
  }
  const names = nameTest([target], [])
  return (args) => rewriteWhole(args, names, () => undefined)
}

function refuseSharedKeys(target: string): void {
  const parts = target.startsWith('/') ? pointerParts(target) : [target]
  if (target === '' || parts.some((part) => SHARED_KEYS.has(part)))
    throw new EffectFault('the policy sets an argument that is empty or called `__proto__`')
}

// Never the policy's own value: what it holds must not change with what becomes of a call.
function frozenCopy(value: JsonValue, depth: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST_VALUE) throw new EffectFault('the policy sets a value nested too deeply')
  if (isList(value)) return Object.freeze(value.map((member) => frozenCopy(member, depth + 1)))
  return isMap(value) ? copyOfObject(value, depth) : null
}

function copyOfObject(object: JsonObject, depth: number): JsonValue {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(object).map(([key, member]) => {
        if (SHARED_KEYS.has(key))
          throw new EffectFault(`the policy sets a value with a key \`${key}\``)
        return [key, frozenCopy(member, depth + 1)]
      }),
    ),
  )
}
