import { isPlainObject } from '../../json-kind.ts'
import type { JsonValue } from '../../model/json.ts'
import { isProtoKey } from '../read/proto-key.ts'
import type { Fault, Path } from '../read/source.ts'
import { copyPlainBinding, copyPlainRule, type SharedLists } from './plain-parts.ts'

/** Values one policy may have: bounds what an object handed in by a program can cost. */
const MAX_VALUES = 10_000_000

export interface PlainCopy {
  readonly value: JsonValue | undefined
  readonly faults: readonly Fault[]
  /** Numbers that JSON cannot say. They are kept, so that the schema can say what they should be. */
  readonly notFinite: readonly Path[]
  /** Lists of rules and of bindings of which nothing more need be checked, each by itself. */
  readonly plain: ReadonlySet<unknown>
}

/**
 * A frozen copy with the keys of every map in one fixed order, read once: what is checked is what is
 * used, whatever the original does later. Takes plain objects, lists, texts, numbers, booleans, null.
 */
export function plainCopy(value: unknown, maxDepth: number): PlainCopy {
  const state: State = {
    maxDepth,
    path: [],
    faults: [],
    notFinite: [],
    plain: new Set(),
    lists: new Map(),
    values: 0,
  }
  try {
    const copied = isPlainObject(value) ? copyRoot(state, value) : copy(state, value)
    const { faults, notFinite, plain } = state
    return { value: copied, faults, notFinite, plain }
  } catch (error) {
    if (!(error instanceof CopyStopped)) state.faults.push(unreadableFault(state.path))
    return { value: undefined, faults: state.faults, notFinite: [], plain: new Set() }
  }
}

interface State {
  readonly maxDepth: number
  readonly path: (string | number)[]
  readonly faults: Fault[]
  readonly notFinite: Path[]
  readonly plain: Set<unknown>
  readonly lists: SharedLists
  values: number
}

class CopyStopped extends Error {}

function copy(state: State, value: unknown): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return copyNumber(state, value)
    case 'object':
      return value === null ? null : copyCollection(state, value)
    default:
      return refuse(state, 'wrong_type', `a ${typeof value} is no part of a policy`)
  }
}

function copyNumber(state: State, value: number): JsonValue {
  if (!Number.isFinite(value)) state.notFinite.push([...state.path])
  return value === 0 ? 0 : value
}

function refuse(state: State, kind: Fault['kind'], message: string): null {
  state.faults.push({ kind, message, at: null, path: [...state.path] })
  return null
}

function copyCollection(state: State, value: object): JsonValue {
  state.values++
  if (state.path.length >= state.maxDepth) stop(state, value)
  if (state.values > MAX_VALUES) {
    refuse(state, 'too_large', `the policy has more than ${MAX_VALUES} values`)
    throw new CopyStopped()
  }
  if (Array.isArray(value)) return copyList(state, value, copy)
  if (!isPlainObject(value))
    return refuse(state, 'wrong_type', 'only plain objects and lists are part of a policy')
  return copyMap(state, value, copy)
}

type Copier = (state: State, value: unknown, key: string) => JsonValue

function copyRoot(state: State, root: object): JsonValue {
  return copyMap(state, root, (_, value, key) => {
    if (key === 'bindings') return copyParts(state, value, copyPlainBinding)
    return key === 'roles' && Array.isArray(value)
      ? copyList(state, value, copyRole)
      : copy(state, value)
  })
}

function copyRole(state: State, role: unknown): JsonValue {
  if (!isPlainObject(role)) return copy(state, role)
  return copyMap(state, role, copyRoleMember)
}

function copyRoleMember(state: State, value: unknown, key: string): JsonValue {
  return key === 'rules' ? copyParts(state, value, copyPlainRule) : copy(state, value)
}

/** Rules, or bindings: the plain ones the quick way. */
function copyParts(
  state: State,
  list: unknown,
  copyPlain: (value: unknown, lists: SharedLists) => JsonValue | undefined,
): JsonValue {
  if (!Array.isArray(list)) return copy(state, list)
  let isPlain = true
  const copied = copyList(state, list, (_, value) => {
    const plain = copyPlain(value, state.lists)
    if (plain !== undefined) return plain
    isPlain = false
    return copy(state, value)
  })
  if (isPlain) state.plain.add(copied)
  return copied
}

function stop(state: State, value: object): never {
  const isCycle = isOnPath(state, value)
  state.faults.push({
    kind: isCycle ? 'alias_cycle' : 'too_deep',
    message: isCycle ? 'the object contains itself' : `nested deeper than ${state.maxDepth} levels`,
    at: null,
    path: isCycle ? [] : [...state.path],
  })
  throw new CopyStopped()
}

/** After running too deep: does some value hold itself? */
function isOnPath(state: State, deepest: object): boolean {
  let value: unknown = deepest
  for (
    let level = 0;
    level < state.maxDepth && typeof value === 'object' && value !== null;
    level++
  ) {
    const members: unknown[] = Object.values(value)
    if (members.includes(deepest)) return true
    value = members.find((member) => typeof member === 'object' && member !== null)
  }
  return false
}

function copyList(state: State, list: readonly unknown[], copyItem: Copier): JsonValue {
  const { path } = state
  const depth = path.length
  const copied: JsonValue[] = []
  path.push(0)
  for (let index = 0; index < list.length; index++) {
    path[depth] = index
    copied.push(copyItem(state, list[index], ''))
    state.values++
  }
  path.pop()
  return Object.freeze(copied)
}

function copyMap(state: State, map: object, copyMember: Copier): JsonValue {
  const { path } = state
  const depth = path.length
  const keys = sortedKeys(map)
  const copied: Record<string, JsonValue> = {}
  path.push('')
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? ''
    path[depth] = key
    const member = (map as Record<string, unknown>)[key]
    // As in JSON text, a member that is undefined is not there.
    if (member === undefined) continue
    if (isProtoKey(key)) refuse(state, 'proto_key', `\`${key}\` is not allowed as a key`)
    else copied[key] = copyMember(state, member, key)
  }
  path.pop()
  return Object.freeze(copied)
}

/** Most maps of a policy have two to five keys, often in order already. */
function sortedKeys(map: object): readonly string[] {
  const keys = Object.keys(map)
  for (let index = 1; index < keys.length; index++)
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort()
  return keys
}

function unreadableFault(path: Path): Fault {
  return { kind: 'wrong_type', message: 'the object cannot be read', at: null, path: [...path] }
}
