import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { EffectFault } from './fault.ts'
import { escapedKey } from './json-pointer.ts'

/** One step from the arguments that came to those that go out. @see RFC 6902 */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string }

const DEEPEST = 200

/**
 * The operations that turn `before` into `after`, to be applied in order. What did not change is in
 * none of them; a list of which members were taken out is not written anew.
 */
export function patchOf(before: JsonObject, after: JsonObject): readonly PatchOperation[] {
  const operations: PatchOperation[] = []
  compare(before, after, '', 0, operations)
  return Object.freeze(operations)
}

function compare(
  before: JsonValue,
  after: JsonValue,
  path: string,
  depth: number,
  operations: PatchOperation[],
): void {
  if (before === after) return
  if (depth > DEEPEST) throw new EffectFault('the arguments are nested too deeply')
  if (isList(before) && isList(after)) compareLists(before, after, path, depth, operations)
  else if (isMap(before) && isMap(after)) compareObjects(before, after, path, depth, operations)
  else operations.push(Object.freeze({ op: 'replace', path, value: after }))
}

function compareObjects(
  before: JsonObject,
  after: JsonObject,
  path: string,
  depth: number,
  operations: PatchOperation[],
): void {
  for (const key of Object.keys(before))
    if (!Object.hasOwn(after, key))
      operations.push(Object.freeze({ op: 'remove', path: below(path, key) }))
  for (const key of Object.keys(after)) {
    const value = after[key]
    if (value === undefined) continue
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    if (old === value) continue
    const place = below(path, key)
    if (old === undefined) operations.push(Object.freeze({ op: 'add', path: place, value }))
    else compare(old, value, place, depth + 1, operations)
  }
}

function compareLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  path: string,
  depth: number,
  operations: PatchOperation[],
): void {
  if (before.length === after.length) {
    before.forEach((old, index) => {
      compare(old, after[index] ?? null, `${path}/${index}`, depth + 1, operations)
    })
    return
  }
  const gone = missingFrom(before, after)
  if (gone === undefined) {
    operations.push(Object.freeze({ op: 'replace', path, value: after }))
    return
  }
  // From the end on, so that no index moves before its turn.
  for (const index of gone.reverse())
    operations.push(Object.freeze({ op: 'remove', path: `${path}/${index}` }))
}

/** The indexes whose members are left out of `after`; undefined where it holds anything else. */
function missingFrom(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): number[] | undefined {
  const gone: number[] = []
  let next = 0
  before.forEach((member, index) => {
    if (next < after.length && member === after[next]) next++
    else gone.push(index)
  })
  return next === after.length ? gone : undefined
}

// INVARIANT: no patch names `__proto__`: what applies it might change more than the arguments.
function below(path: string, key: string): string {
  if (key === '__proto__') throw new EffectFault('an argument is called `__proto__`: rename it')
  return `${path}/${escapedKey(key)}`
}
