import type { Disposition } from '../core/model/finding.ts'
import { createForgottenSet, type ForgottenSet } from './forgotten-set.ts'
import type { Session, SessionBounds } from './sessions.ts'

/** Sessions of one id, by principal. Nearly always one. */
export interface Group {
  readonly id: string
  readonly sessions: Session[]
  /** What an operator has made of the id: sessions that begin later begin with it. */
  floor: Disposition
}

/**
 * Keeps `maxSessions` open ids, the least recently used going first.
 * INVARIANT: a paused or terminated session is never forgotten, for then it would be open again:
 * those are held apart, and when they too reach the bound, ids not yet known are refused.
 * INVARIANT: a session dropped with what it had read begins again as one that forgot.
 */
export interface SessionTable {
  get(id: string): Group | undefined
  /** No room for another id. */
  isFull(): boolean
  hasForgotten(id: string): boolean
  used(group: Group): void
  /** Puts a group where it belongs after a session's disposition changed. */
  settle(group: Group): void
  end(id: string): boolean
  grown(session: Session): void
  size(): number
}

// Stopped sessions take a line each and must outlive many open ones.
const HELD_PER_OPEN = 20

export function createSessionTable(bounds: SessionBounds): SessionTable {
  const held = new Map<string, Group>()
  const maxHeld = bounds.maxSessions * HELD_PER_OPEN
  const open = new OpenGroups(bounds, held)
  const get = (id: string): Group | undefined => held.get(id) ?? open.groups.get(id)
  return {
    get,
    isFull: () => held.size >= maxHeld,
    hasForgotten: (id) => open.forgotten.has(id),
    used(group) {
      if (!held.has(group.id)) open.used(group)
    },
    settle(group) {
      if (isStopped(group.floor) || group.sessions.some((one) => isStopped(one.disposition))) {
        open.groups.delete(group.id)
        held.set(group.id, group)
      } else {
        held.delete(group.id)
        open.used(group)
      }
    },
    // A stopped session stays stopped: ending it must not open it again.
    end: (id) => open.end(id),
    // A session may have been dropped or ended while its call was under way: it takes no room here.
    grown(session) {
      if (get(session.id)?.sessions.includes(session) === true) open.grown(session)
    },
    size: () => open.groups.size + held.size,
  }
}

function isStopped(disposition: Disposition): boolean {
  return disposition === 'pause' || disposition === 'terminate'
}

/** The groups that are not held, and the bytes that the watches of all take. */
class OpenGroups {
  readonly groups = new Map<string, Group>()
  readonly forgotten: ForgottenSet = createForgottenSet()
  readonly #bounds: SessionBounds
  readonly #held: ReadonlyMap<string, Group>
  readonly #bytes = new WeakMap<Session, number>()
  #total = 0

  constructor(bounds: SessionBounds, held: ReadonlyMap<string, Group>) {
    this.#bounds = bounds
    this.#held = held
  }

  used(group: Group): void {
    this.groups.delete(group.id)
    this.groups.set(group.id, group)
    if (this.groups.size <= this.#bounds.maxSessions) return
    const oldest = this.groups.values().next().value
    if (oldest === undefined) return
    this.groups.delete(oldest.id)
    for (const session of oldest.sessions) this.#unwatch(session)
  }

  end(id: string): boolean {
    const group = this.groups.get(id)
    if (group === undefined) return false
    this.groups.delete(id)
    for (const session of group.sessions) this.#release(session)
    return true
  }

  grown(session: Session): void {
    const now = session.watch?.bytes ?? 0
    this.#total += now - (this.#bytes.get(session) ?? 0)
    this.#bytes.set(session, now)
    for (const other of this.#leastUsed()) {
      if (this.#total <= this.#bounds.maxWatchBytes) return
      if (other !== session && other.watch !== undefined) this.#unwatch(other)
    }
  }

  /** What is stopped comes last: it is what people look into. */
  *#leastUsed(): Iterable<Session> {
    for (const groups of [this.groups, this.#held])
      for (const group of groups.values()) yield* group.sessions
  }

  #release(session: Session): void {
    this.#total -= this.#bytes.get(session) ?? 0
    this.#bytes.delete(session)
  }

  #unwatch(session: Session): void {
    this.#release(session)
    if (session.watch?.tainted === true || session.forgot) {
      session.forgot = true
      this.forgotten.add(session.id)
      this.#bounds.onForgotten?.()
    }
    session.watch = undefined
  }
}
