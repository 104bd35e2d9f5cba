import type { Flow } from '../core/behavior/flow.ts'
import { createLineage } from '../core/behavior/lineage/create-lineage.ts'
import type { Lineage } from '../core/behavior/lineage/lineage.ts'
import type { Carry } from '../core/behavior/watch.ts'
import type { Subject } from '../core/model/call.ts'
import { inflate } from './inflate.ts'

/** What principals have read that is restricted, whatever session they read it in. */
export interface Carries {
  of(subject: Subject, at: number): Carry
}

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
  /** The only session that has read anything; null: there are more. */
  reader: string | null | undefined
}

// What another session has read must match closely to be held against this one.
const LEAST_CONFIDENCE = 0.85

export function createCarries(bounds: CarryBounds): Carries {
  const stores = new Map<string, Store>()
  const make = (): Lineage => createLineage({ key: bounds.key, maxBytes: bounds.maxBytes, inflate })
  const storeOf = (subject: Subject, at: number): Store => {
    const name = JSON.stringify([subject.tenant ?? null, subject.user ?? null, subject.agent])
    let store = stores.get(name)
    if (store === undefined) {
      store = { current: undefined, previous: undefined, since: at, reader: undefined }
      if (stores.size >= bounds.maxPrincipals) stores.delete(stores.keys().next().value ?? '')
    } else stores.delete(name)
    stores.set(name, store)
    if (at - store.since > bounds.generationMs) {
      store.previous = store.current
      store.current = undefined
      store.since = at
    }
    return store
  }
  return {
    of(subject, at) {
      if (bounds.isolated) return NOTHING
      return {
        match(request, session) {
          const store = storeOf(subject, at)
          // What only this session has read, it knows better itself.
          if (store.reader === undefined || store.reader === session) return NONE
          const found = [store.current, store.previous].flatMap(
            (lineage) => lineage?.match(request) ?? NONE,
          )
          return found.filter(isClose)
        },
        received(response, session) {
          const store = storeOf(subject, at)
          store.reader = store.reader === undefined || store.reader === session ? session : null
          store.current ??= make()
          store.current.received(response)
        },
      }
    },
  }
}

const NONE: readonly Flow[] = Object.freeze([])
const NOTHING: Carry = { match: () => NONE, received() {} }

function isClose({ kind, confidence }: Flow): boolean {
  return kind === 'secret' || confidence >= LEAST_CONFIDENCE
}
