import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { ApprovalEntry, ApprovalStore } from '../../core/model/ports.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { type ApprovalClock, isOver } from './clock.ts'
import type { ApprovalSettings } from './settings.ts'

/** What a book works with. */
export interface Shelf {
  readonly store: ApprovalStore
  readonly clock: ApprovalClock
  readonly maxPending: number
  readonly settingsOf: (policy: CompiledPolicy) => ApprovalSettings
  readonly onSettled: (entry: ApprovalEntry) => void
  /** Questions on their way into the store: id to whose it is. */
  readonly opening: Map<string, string>
  readonly listeners: Map<string, (entry: ApprovalEntry) => void>
}

/** The entry as it is now: what is over has expired, whether anybody looked or not. */
export function current(shelf: Shelf, id: string): MaybePromise<ApprovalEntry | undefined> {
  return andThen(shelf.store.get(id), (entry) =>
    entry !== undefined && hasEnded(shelf, entry) ? expire(shelf, entry) : entry,
  )
}

export function hasEnded({ clock }: Shelf, entry: ApprovalEntry): boolean {
  return (entry.state === 'pending' || entry.state === 'approved') && isOver(entry, clock)
}

export function expire(
  shelf: Shelf,
  entry: ApprovalEntry,
): MaybePromise<ApprovalEntry | undefined> {
  return andThen(change(shelf, entry, { state: 'expired' }), ({ now }) => now)
}

export interface Changed {
  /** False: another was first. */
  readonly isMine: boolean
  /** The entry as it is then. */
  readonly now: ApprovalEntry | undefined
}

export function change(
  { store, listeners, onSettled }: Shelf,
  entry: ApprovalEntry,
  changes: Partial<ApprovalEntry>,
): MaybePromise<Changed> {
  const changed = Object.freeze({ ...entry, ...changes, version: entry.version + 1 })
  return andThen(store.replace(changed, entry.version), (isMine): MaybePromise<Changed> => {
    // INVARIANT: anything but a clear yes of the store is a no.
    if (isMine !== true) return andThen(store.get(entry.id), (now) => ({ isMine: false, now }))
    if (changed.state !== 'used') onSettled(changed)
    if (entry.state === 'pending') listeners.get(entry.id)?.(changed)
    return { isMine: true, now: changed }
  })
}

/** Every one that is over expires, one after the other. */
export function sweep(shelf: Shelf): MaybePromise<void> {
  return andThen(shelf.store.list({ state: 'pending' }), (pending) =>
    andThen(shelf.store.list({ state: 'approved' }), (approved) =>
      expireAll(shelf, [...pending, ...approved]),
    ),
  )
}

export function expireAll(shelf: Shelf, entries: readonly ApprovalEntry[]): MaybePromise<void> {
  const over = entries.filter((entry) => hasEnded(shelf, entry))
  const from = (first: number): MaybePromise<void> => {
    for (let index = first; index < over.length; index++) {
      const entry = over[index]
      const done = entry === undefined ? undefined : expire(shelf, entry)
      if (isPromise(done)) return done.then(() => from(index + 1))
    }
  }
  return from(0)
}
