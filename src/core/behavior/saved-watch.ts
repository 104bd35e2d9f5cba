import { isList, isMap } from '../json-kind.ts'
import type { JsonValue } from '../model/json.ts'
import { createByteHash } from './lineage/half-sip-hash.ts'
import type { SavedWatch } from './watch.ts'

/** What a watch is made from. */
export type WatchState = Omit<SavedWatch, 'seal'>

/** Changes with the format of any part: what another version saved is not read. */
const FORMAT = 'callgate watch 1'

/** Puts the seal on what is saved. */
export function sealed(state: Readonly<Record<string, JsonValue>>, key: Uint8Array): JsonValue {
  return { ...state, seal: sealOf(state, key) }
}

/**
 * What was saved under this key, whole. Never throws.
 * INVARIANT: what was changed, or is of another shape, key or version, goes on as a session that has
 * forgotten: an empty history would be taken for a clean one.
 */
export function readSaved(saved: unknown, key: Uint8Array): WatchState {
  if (saved === undefined) return NEW
  try {
    // Only `sealed` makes this seal: what bears it has the shape of what was saved.
    if (isMap(saved) && saved['seal'] === sealOf(saved, key)) return saved as unknown as SavedWatch
  } catch {
    // A store gave what cannot be read, such as an object within itself.
  }
  return FORGOTTEN
}

const NEW: WatchState = Object.freeze({
  ledger: { points: 0, causes: [], repeats: [] },
  memory: {},
  suspicious: 0,
  forgot: false,
  tainted: false,
})
const FORGOTTEN: WatchState = Object.freeze({ ...NEW, forgot: true, tainted: true })

/** A keyed hash of all but the index of values, which has a seal of its own and no fixed order. */
function sealOf(saved: Readonly<Record<string, unknown>>, key: Uint8Array): string {
  const { lineage } = saved
  const covered: Record<string, unknown> = { ...saved }
  delete covered['seal']
  if (isMap(lineage)) covered['lineage'] = { ...lineage, index: null }
  const bytes = new TextEncoder().encode(FORMAT + textOf(covered))
  const hash = createByteHash(key)
  const low = hash.hash(bytes, 0, bytes.length)
  return [low, hash.high].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** The same text in whatever order a store keeps keys. Unlike canonical JSON it takes every text. */
function textOf(value: unknown): string {
  if (isList(value)) return `[${value.map(textOf).join(',')}]`
  if (!isMap(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${textOf(value[name])}`)
  return `{${members.join(',')}}`
}
