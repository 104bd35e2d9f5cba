import { type Ledger, worse } from '../core/behavior/ledger.ts'
import type { Watch } from '../core/behavior/watch.ts'
import type { Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { Disposition } from '../core/model/finding.ts'
import type { SessionView } from '../core/model/ports.ts'
import type { UsedModels } from './routing/affinity.ts'
import { createSessionTable, type Group, type SessionTable } from './session-table.ts'

/**
 * One session of one principal. Agents of the same user share it, for data that one reads another
 * may send; users and tenants never do, whatever ids they bring.
 */
export interface Session {
  readonly id: string
  readonly tenant: string | undefined
  readonly user: string | undefined
  readonly started_at: number
  /** Calls begun. */
  sequence: number
  /** Requests and responses. */
  events: number
  disposition: Disposition
  risk: number
  denied: number
  /** Made with the first call that reaches the behavioural layer. */
  watch: Watch | undefined
  /** What was found in it, where its watch had to go. */
  ledger: Ledger | undefined
  /** A session of this name was dropped with what it had read: it can no longer prove its innocence. */
  forgot: boolean
  /** Scopes of the catalogue whose data it has read. */
  readonly scopes: Set<string>
  /** The models that were used in it. */
  models: UsedModels | undefined
}

/** What is known of the sessions in flight. The one owner of their state. */
export interface Sessions {
  /** Counts one more call. Undefined: no room, since too many sessions are being held. */
  begin(id: string, subject: Subject | undefined, at: number): Session | undefined
  /** The same for what the agent hears without a call. */
  hear(id: string, subject: Subject | undefined, at: number): Session | undefined
  /** The session as it is, or as it would begin. Changes nothing. */
  look(id: string, subject: Subject | undefined, at: number): Session
  /**
   * What has been made of a session by now, also where another stands in the table in its place: it
   * may have been dropped or ended while its call was under way.
   */
  standing(session: Session): Disposition
  /** What an operator sees of an id: the gravest of its principals' sessions. */
  view(id: string, at: number): SessionView
  all(id: string, owner?: SessionOwner): readonly Session[]
  /** Only ever raises. */
  raise(session: Session, to: Disposition): boolean
  /** Raises every session of the id that is meant, also one that has not begun. */
  raiseAll(id: string, to: Disposition, owner?: SessionOwner): void
  /** Opens paused sessions again, and gives them. */
  resume(id: string, owner?: SessionOwner): readonly Session[]
  end(id: string, owner?: SessionOwner): boolean
  /** Call after a session's watch has grown: what does not fit goes, least recently used first. */
  grown(session: Session): void
  size(): number
}

/** Whose sessions of an id are meant, where several principals use it; all of them by default. */
export interface SessionOwner {
  /** Only the session of this tenant and user. */
  readonly subject?: Principal
  /** Only the sessions of this tenant. */
  readonly tenant?: string
}

export type Principal = {
  readonly [Field in 'tenant' | 'user']?: Subject[Field] | undefined
}

export interface SessionBounds {
  readonly maxSessions: number
  /** Bytes of all watches together, and of what is beside them. */
  readonly maxWatchBytes: number
  /** Bytes of what outlives sessions. @default none */
  readonly bytesBeside?: () => number
  /** Told when a session that has read restricted data had to be dropped. */
  readonly onForgotten?: () => void
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number
}

// Principals that share an id; more than a few is somebody trying.
const MAX_PRINCIPALS = 256

export function createSessions(bounds: SessionBounds): Sessions {
  const table = createSessionTable(bounds)
  const fresh = (id: string, subject: Principal | undefined, at: number): Session =>
    freshSession(table, id, subject, at)
  return {
    look(id, subject, at) {
      const group = table.get(id)
      const known = find(group, subject)
      if (known !== undefined) return known
      return { ...fresh(id, subject, at), disposition: floorOf(group, subject) }
    },
    begin(id, subject, at) {
      const session = openSession(table, id, subject, at)
      if (session !== undefined) {
        session.sequence++
        session.events++
      }
      return session
    },
    hear(id, subject, at) {
      const session = openSession(table, id, subject, at)
      if (session !== undefined) session.events++
      return session
    },
    standing(session) {
      const group = table.get(session.id)
      const now = find(group, session)?.disposition ?? floorOf(group, session)
      return worse(session.disposition, now)
    },
    view(id, at) {
      const group = table.get(id)
      const none = { ...fresh(id, undefined, at), disposition: group?.floor ?? 'allow' }
      const [first = none, ...others] = group?.sessions ?? []
      return viewOf(others.reduce(graver, first))
    },
    all: (id, owner) => table.get(id)?.sessions.filter(isOf(owner)) ?? [],
    raise: (session, to) => raise(table, session, to),
    raiseAll(id, to, owner) {
      const group = table.get(id) ?? newGroup(id)
      if (owner?.subject !== undefined) {
        if (find(group, owner.subject) === undefined)
          group.sessions.push(fresh(id, owner.subject, bounds.now?.() ?? Date.now()))
      } else if (owner?.tenant === undefined) group.floor = worse(group.floor, to)
      else {
        group.floors ??= new Map()
        group.floors.set(owner.tenant, worse(group.floors.get(owner.tenant) ?? 'allow', to))
      }
      for (const session of group.sessions.filter(isOf(owner)))
        session.disposition = worse(session.disposition, to)
      table.settle(group)
    },
    resume(id, owner) {
      const group = table.get(id)
      const paused = pausedOf(group, owner)
      for (const session of paused) session.disposition = 'warn'
      if (group?.floor === 'pause') group.floor = 'warn'
      if (group !== undefined && paused.length > 0) table.settle(group)
      return paused
    },
    end: (id, owner) => table.end(id, isOf(owner)),
    grown: (session) => table.grown(session),
    size: () => table.size(),
  }
}

function freshSession(
  table: SessionTable,
  id: string,
  subject: Principal | undefined,
  at: number,
): Session {
  return {
    id,
    tenant: subject?.tenant,
    user: subject?.user,
    started_at: at,
    sequence: 0,
    events: 0,
    disposition: 'allow',
    risk: 0,
    denied: 0,
    watch: undefined,
    ledger: undefined,
    forgot: table.hasForgotten(id, subject),
    scopes: new Set(),
    models: undefined,
  }
}

/** The principal's session of the id, made where there is none and room for it. */
function openSession(
  table: SessionTable,
  id: string,
  subject: Principal | undefined,
  at: number,
): Session | undefined {
  const known = table.get(id)
  if (known === undefined && table.isFull()) return undefined
  const group = known ?? newGroup(id)
  let session = find(group, subject)
  if (session === undefined) {
    if (group.sessions.length >= MAX_PRINCIPALS) return undefined
    session = freshSession(table, id, subject, at)
    session.disposition = floorOf(group, subject)
    group.sessions.push(session)
  }
  table.used(group)
  return session
}

function newGroup(id: string): Group {
  return { id, sessions: [], floor: 'allow' }
}

function floorOf(group: Group | undefined, principal: Principal | undefined): Disposition {
  const { tenant } = principal ?? {}
  const floor = tenant === undefined ? undefined : group?.floors?.get(tenant)
  return worse(group?.floor ?? 'allow', floor ?? 'allow')
}

export function isOf({ subject, tenant }: SessionOwner = {}): (one: Principal) => boolean {
  if (subject !== undefined)
    return (one) => one.tenant === subject.tenant && one.user === subject.user
  return tenant === undefined ? () => true : (one) => one.tenant === tenant
}

/** @throws {CallgateError} where nobody said whose session is meant, and several are paused */
function pausedOf(group: Group | undefined, owner: SessionOwner | undefined): readonly Session[] {
  const paused = group?.sessions.filter((one) => one.disposition === 'pause').filter(isOf(owner))
  const isNamed = owner?.subject !== undefined || owner?.tenant !== undefined
  if (paused === undefined || paused.length < 2 || isNamed) return paused ?? []
  throw new CallgateError(
    'ERR_OPTIONS_INVALID',
    'sessions of several principals share this id and are paused: say whose to resume, by `subject` or `tenant`',
  )
}

function find(group: Group | undefined, subject: Principal | undefined): Session | undefined {
  return group?.sessions.find(
    ({ tenant, user }) => tenant === subject?.tenant && user === subject?.user,
  )
}

function raise(table: SessionTable, session: Session, to: Disposition): boolean {
  if (RANK[to] <= RANK[session.disposition]) return false
  session.disposition = to
  // Dropped while its call was under way: what raised it must not be lost.
  const group = table.get(session.id) ?? newGroup(session.id)
  const known = group.sessions.find(
    ({ tenant, user }) => tenant === session.tenant && user === session.user,
  )
  if (known === undefined) group.sessions.push(session)
  else known.disposition = worse(known.disposition, to)
  table.settle(group)
  return true
}

export function viewOf(session: Session): SessionView {
  return Object.freeze({
    id: session.id,
    sequence: session.sequence,
    events: session.events,
    disposition: session.disposition,
    risk: session.risk,
    started_at: session.started_at,
    denied: session.denied,
  })
}

function graver(one: Session, other: Session): Session {
  return RANK[other.disposition] > RANK[one.disposition] ? other : one
}

const RANK: Readonly<Record<Disposition, number>> = { allow: 0, warn: 1, pause: 2, terminate: 3 }
