import { lineageOf } from '../core/behavior/entry.ts'
import type { Flow } from '../core/behavior/flow.ts'
import type { Lineage } from '../core/behavior/lineage/lineage.ts'
import type { CarriedBy, Carry } from '../core/behavior/watch.ts'
import { inflate } from './inflate.ts'

export interface CarryBounds {
  readonly key: Uint8Array
  /** Principals remembered; the least recently active goes first. */
  readonly maxPrincipals: number
  /** Bytes a principal and generation. */
  readonly maxBytes: number
  /** Milliseconds after which what was read may be forgotten; it is after twice that. */
  readonly generationMs: number
  /** Nothing is carried from one session to another. */
  readonly isolated: boolean
}

/** One principal's readings of about the last hour, in two generations. */
interface Store {
  current: Lineage | undefined
  previous: Lineage | undefined
  since: number
  /** The only watch that has read anything; null: there are more. */
  reader: object | null | undefined
}

// What another session has read must match closely to be held against this one.
const LEAST_CONFIDENCE = 0.85

/** What principals have read that is restricted, whatever session they read it in. */
export function createCarry(bounds: CarryBounds): Carry {
  if (bounds.isolated) return NOTHING
  const stores = new Map<string, Store>()
  const make = (): Lineage => lineageOf({ key: bounds.key, maxBytes: bounds.maxBytes, inflate })
  const known = (name: string, at: number): Store | undefined => {
    const store = stores.get(name)
    if (store === undefined) return undefined
    stores.delete(name)
    stores.set(name, store)
    rotate(store, at, bounds.generationMs)
    return store
  }
  // Only reading makes one: who merely asks takes nobody's place.
  const opened = (name: string, at: number): Store => {
    const store: Store = { current: undefined, previous: undefined, since: at, reader: undefined }
    if (stores.size >= bounds.maxPrincipals) stores.delete(stores.keys().next().value ?? '')
    stores.set(name, store)
    return store
  }
  return {
    match(request, by, reader) {
      const store = known(nameOf(by), by.at)
      if (store === undefined || store.reader === reader) return NONE
      const found = [store.current, store.previous].flatMap(
        (lineage) => lineage?.match(request) ?? NONE,
      )
      return found.filter(isClose)
    },
    received(response, by, reader) {
      const name = nameOf(by)
      const store = known(name, by.at) ?? opened(name, by.at)
      store.reader = store.reader === undefined || store.reader === reader ? reader : null
      store.current ??= make()
      store.current.received(response)
    },
  }
}

function nameOf({ subject }: CarriedBy): string {
  return JSON.stringify([subject.tenant ?? null, subject.user ?? null, subject.agent])
}

/** What nobody has touched for two generations is older than that all of it. */
function rotate(store: Store, at: number, generationMs: number): void {
  const age = at - store.since
  if (age <= generationMs) return
  store.previous = age > 2 * generationMs ? undefined : store.current
  store.current = undefined
  store.since = at
}

const NONE: readonly Flow[] = Object.freeze([])
const NOTHING: Carry = { match: () => NONE, received() {} }

function isClose({ kind, confidence }: Flow): boolean {
  return kind === 'secret' || confidence >= LEAST_CONFIDENCE
}
