import { createLedger } from '../core/behavior/ledger.ts'
import type { Disposition } from '../core/model/finding.ts'
import { createFadingSet, type FadingSet } from './forgotten-set.ts'
import type { Principal, Session, SessionBounds } from './sessions.ts'
import { createTenantShares } from './tenant-shares.ts'

/** Sessions of one id, by principal. Nearly always one. */
export interface Group {
  readonly id: string
  readonly sessions: Session[]
  /** What an operator has made of the id: sessions that begin later begin with it. */
  floor: Disposition
  /** The same for the sessions of one tenant. */
  floors?: Map<string, Disposition>
}

/**
 * Keeps `maxSessions` open ids. The tenant that holds most gives first, its least recently used.
 * INVARIANT: a paused or terminated session is never forgotten, for then it would be open again:
 * those are held apart, and when they too reach the bound, ids not yet known are refused.
 * INVARIANT: a session dropped with what it had read begins again as one that forgot; for want of
 * memory only what it had read is dropped, never what was found in it.
 */
export interface SessionTable {
  get(id: string): Group | undefined
  /** No room for another id. */
  isFull(): boolean
  hasForgotten(id: string, principal: Principal | undefined): boolean
  used(group: Group): void
  /** Puts a group where it belongs after a session's disposition changed. */
  settle(group: Group): void
  /** Forgets the open sessions of an id that are meant; true where there were any. */
  end(id: string, isMeant: (session: Session) => boolean): boolean
  grown(session: Session): void
  size(): number
}

// Stopped sessions take a line each and must outlive many open ones.
const HELD_PER_OPEN = 20

export function createSessionTable(bounds: SessionBounds): SessionTable {
  const held = new Map<string, Group>()
  const open = new Map<string, Group>()
  const groups = createTenantShares<Group>()
  const memory = new SessionMemory(bounds)
  const maxHeld = bounds.maxSessions * HELD_PER_OPEN
  const get = (id: string): Group | undefined => held.get(id) ?? open.get(id)
  const remove = (group: Group): void => {
    open.delete(group.id)
    groups.remove(group)
  }
  const use = (group: Group): void => {
    open.set(group.id, group)
    groups.put(group, { tenant: group.sessions[0]?.tenant, weight: 1 })
    if (open.size <= bounds.maxSessions) return
    const first = groups.first(group)
    if (first === undefined) return
    remove(first)
    for (const session of first.sessions) memory.drop(session)
  }
  return {
    get,
    isFull: () => held.size >= maxHeld,
    hasForgotten: (id, principal) => memory.hasForgotten(id, principal),
    used(group) {
      if (!held.has(group.id)) use(group)
    },
    settle(group) {
      if (isStopped(group)) {
        remove(group)
        held.set(group.id, group)
      } else {
        held.delete(group.id)
        use(group)
      }
      for (const session of group.sessions) memory.settle(session)
    },
    // A stopped session stays stopped: ending it must not open it again.
    end(id, isMeant) {
      const group = get(id)
      const ended = group?.sessions.filter((one) => isOpen(one) && isMeant(one)) ?? []
      if (group === undefined || ended.length === 0) return false
      const left = group.sessions.filter((one) => !ended.includes(one))
      group.sessions.splice(0, Number.POSITIVE_INFINITY, ...left)
      if (left.length === 0 && !isStopped(group)) remove(group)
      for (const session of ended) memory.end(session)
      return true
    },
    // A session may have been dropped or ended while its call was under way: it takes no room here.
    grown(session) {
      if (get(session.id)?.sessions.includes(session) === true) memory.grown(session)
    },
    size: () => open.size + held.size,
  }
}

function isStopped({ floor, floors, sessions }: Group): boolean {
  const all = [floor, ...(floors?.values() ?? []), ...sessions.map((one) => one.disposition)]
  return all.some((one) => one === 'pause' || one === 'terminate')
}

function isOpen({ disposition }: Session): boolean {
  return disposition === 'allow' || disposition === 'warn'
}

// As long as anybody is likely to come back to a session.
const FORGOTTEN_MS = 12 * 60 * 60_000

/** The bytes that sessions take, and the names of those that had to give theirs. */
class SessionMemory {
  readonly #forgotten: FadingSet = createFadingSet({ periodMs: FORGOTTEN_MS })
  readonly #bounds: SessionBounds
  readonly #shares = createTenantShares<Session>()

  constructor(bounds: SessionBounds) {
    this.#bounds = bounds
  }

  hasForgotten(id: string, principal: Principal | undefined): boolean {
    return this.#forgotten.has(nameOf(id, principal), this.#now())
  }

  grown(session: Session): void {
    this.#weigh(session)
    const room = this.#bounds.maxWatchBytes - (this.#bounds.bytesBeside?.() ?? 0)
    while (this.#shares.total > room) {
      const other = this.#shares.first(session)
      if (other === undefined) return
      this.#shrink(other)
    }
  }

  /** What is stopped gives last: it is what people look into. */
  settle(session: Session): void {
    if (session.watch !== undefined) this.#weigh(session)
  }

  /** The session goes, with all that is known of it. */
  drop(session: Session): void {
    this.#shares.remove(session)
    this.#unwatch(session)
    // It was warned, and that is forgotten too.
    if (!session.forgot && session.disposition !== 'allow') this.#mark(session)
  }

  /** The session is over. What it had read stays known of its principal. */
  end(session: Session): void {
    this.#shares.remove(session)
    if (session.forgot || session.watch?.forgot === true)
      this.#forgotten.add(nameOf(session.id, session), this.#now())
  }

  #weigh(session: Session): void {
    const weight = session.watch?.bytes ?? session.ledger?.bytes ?? 0
    const { tenant } = session
    this.#shares.put(session, { tenant, weight, last: !isOpen(session) })
  }

  /** First what it had read goes, then what was found in it but for the sum. */
  #shrink(session: Session): void {
    if (session.watch !== undefined) {
      this.#unwatch(session)
      if ((session.ledger?.bytes ?? 0) > 0) {
        this.#weigh(session)
        return
      }
    } else if (session.ledger !== undefined) {
      const { points, repeats } = session.ledger.save()
      session.ledger = createLedger({ points, repeats, causes: [] })
    }
    this.#shares.remove(session)
  }

  #unwatch(session: Session): void {
    const { watch } = session
    session.ledger = watch?.ledger ?? session.ledger
    session.watch = undefined
    const isMarked = watch?.tainted === true || watch?.suspicious === true || session.forgot
    if (isMarked) this.#mark(session)
  }

  #mark(session: Session): void {
    session.forgot = true
    this.#forgotten.add(nameOf(session.id, session), this.#now())
    this.#bounds.onForgotten?.()
  }

  #now(): number {
    return this.#bounds.now?.() ?? Date.now()
  }
}

// Users and tenants choose their ids themselves: one must not put another's under suspicion.
function nameOf(id: string, principal: Principal | undefined): string {
  return JSON.stringify([principal?.tenant ?? null, principal?.user ?? null, id])
}
