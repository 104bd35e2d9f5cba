import { types } from 'node:util'
import { isPlainObject } from '../core/json-kind.ts'

/** What can be read of an object without waiting for anything. */
export interface Parts {
  /** What it stands for: a text, a number, or what it gives of itself as JSON. */
  readonly core?: unknown
  readonly bytes?: Uint8Array
  readonly list?: Iterable<unknown>
  /** Members by key, from the first on with each call. */
  readonly pairs?: () => Iterable<unknown>
  /** Names of the fields to be read beside that. */
  readonly fields: readonly string[]
  /** False where it holds what cannot be read, or comes later. */
  readonly whole: boolean
}

/** Names of what classes compute, by prototype. */
export type Computed = Map<object, readonly string[]>

/**
 * Takes an object apart by what it is, not by what it calls itself or which realm made it. May throw
 * what the object throws.
 */
export function partsOf(value: object, computed: Computed): Parts {
  if (Array.isArray(value)) return { list: value, fields: NONE, whole: true }
  const data = dataOf(value)
  if (data !== undefined) return data
  if (types.isNativeError(value) || value instanceof Error)
    return { fields: [...SAID_BY_ERRORS, ...scalarsOf(value)], whole: true }
  const toJson = field(value, 'toJSON')
  if (typeof toJson === 'function') return givenAsJson(value, toJson.call(value))
  return isPlainObject(value) ? plainParts(value) : instanceParts(value, computed)
}

const NONE: readonly string[] = Object.freeze([])

// Objects and lists beside these are not read: clients hang the request with its credentials on an error.
const SAID_BY_ERRORS = ['name', 'message', 'cause', 'errors', 'data', 'stdout', 'stderr'] as const

/** What the language itself keeps in an object, out of the reach of `Object.keys`. */
function dataOf(value: object): Parts | undefined {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    return { bytes, fields: NONE, whole: true }
  }
  const fields = Object.keys(value)
  if (types.isMap(value))
    return { pairs: () => Map.prototype.entries.call(value), fields, whole: true }
  if (types.isSet(value)) return { list: Set.prototype.values.call(value), fields, whole: true }
  if (types.isDate(value))
    return { core: String(Date.prototype.getTime.call(value)), fields, whole: true }
  if (types.isAnyArrayBuffer(value)) return { bytes: new Uint8Array(value), fields, whole: true }
  if (types.isStringObject(value)) {
    const core = String.prototype.valueOf.call(value)
    // Its letters are fields too.
    return { core, fields: fields.slice(core.length), whole: true }
  }
  if (types.isBoxedPrimitive(value)) return { core: value.valueOf(), fields, whole: true }
  return undefined
}

/** What those see who are sent it as JSON, and what that leaves out. */
function givenAsJson(value: object, core: unknown): Parts {
  const given = typeof core === 'object' && core !== null ? core : {}
  const isLeftOut = (name: string): boolean => {
    const own = field(value, name)
    return typeof own !== 'function' && !Object.is(field(given, name), own)
  }
  return { core, fields: Object.keys(value).filter(isLeftOut), whole: true }
}

function plainParts(value: object): Parts {
  return { fields: Object.keys(value), whole: !comesLater(value) }
}

function instanceParts(value: object, computed: Computed): Parts {
  if (isMapLike(value)) {
    const entries = field(value, 'entries') as () => Iterable<unknown> // `isMapLike` has looked
    return { pairs: () => entries.call(value), fields: Object.keys(value), whole: true }
  }
  const own = Object.keys(value)
  if (comesLater(value)) {
    // Streams compute their sockets; an answer of a server computes its headers.
    const isAnswer = typeof field(value, 'arrayBuffer') === 'function'
    return { fields: isAnswer ? [...own, ...computedBy(value, computed)] : own, whole: false }
  }
  const fields = [...own, ...computedBy(value, computed)]
  return { fields, whole: fields.length > 0 }
}

/** Headers, forms, parameters: what can be gone through again and again without being used up. */
function isMapLike(value: object): boolean {
  if (!(Symbol.iterator in value) || typeof field(value, 'next') === 'function') return false
  return ['entries', 'forEach', 'has'].every((name) => typeof field(value, name) === 'function')
}

/** What it holds comes when it is counted or waited for. */
export function comesLater(value: object): boolean {
  if (Symbol.iterator in value || Symbol.asyncIterator in value) return true
  return ['then', 'next', 'arrayBuffer'].some((name) => typeof field(value, name) === 'function')
}

const MAX_PROTOTYPES = 16

function computedBy(value: object, computed: Computed): readonly string[] {
  const names: string[] = []
  let prototype: object | null = Object.getPrototypeOf(value)
  for (let level = 0; level < MAX_PROTOTYPES && prototype !== null; level++) {
    const above: object | null = Object.getPrototypeOf(prototype)
    // The last is that of all objects.
    if (above === null) break
    names.push(...accessorsOf(prototype, computed))
    prototype = above
  }
  return names
}

function accessorsOf(prototype: object, computed: Computed): readonly string[] {
  const known = computed.get(prototype)
  if (known !== undefined) return known
  const names = Object.getOwnPropertyNames(prototype).filter(
    (name) => Object.getOwnPropertyDescriptor(prototype, name)?.get !== undefined,
  )
  computed.set(prototype, names)
  return names
}

function scalarsOf(value: object): readonly string[] {
  const said: readonly string[] = SAID_BY_ERRORS
  return Object.keys(value).filter((name) => {
    if (said.includes(name)) return false
    const own = Object.getOwnPropertyDescriptor(value, name)?.value
    return typeof own === 'string' || typeof own === 'number' || typeof own === 'bigint'
  })
}

function field(value: object, name: string): unknown {
  return (value as Record<string, unknown>)[name] // any object may be asked for any name
}
