import { randomBytes } from 'node:crypto'
import type { Timers } from '../timers.ts'
import { type Broadcaster, createBroadcaster, placeOf, type Sequence } from './broadcaster.ts'
import { type Connection, createConnection, type Ending, type Pipe } from './connection.ts'
import { FAMILIES, type StreamAbout, type StreamFamily, type StreamViewer } from './events.ts'
import { type Frame, frameOf } from './frame.ts'

export interface HubOptions {
  readonly maxClients: number
  readonly perUser: number
  readonly queue: number
  readonly history: number
  readonly heartbeatMs: number
  readonly timers: Timers
  /** What else goes out with a heartbeat. */
  readonly onHeartbeat: () => void
}

/** Why nobody more is let in. */
export type Refused = 'closed' | 'full' | 'user_full' | 'no_user'

export interface HubStats {
  readonly clients: number
  readonly users: number
  /** Connections that were refused, and that were ended, by why. */
  readonly refused: number
  readonly ended: Readonly<Record<Ending, number>>
}

/** All connections, and one broadcaster for each family. */
export interface Hub {
  publish(family: StreamFamily, type: string, data: string, about: StreamAbout): void
  /** Instead of an event that is too large. */
  skip(): void
  /** To those who see everything; not kept. */
  tellOperators(family: StreamFamily, type: string, data: string): void
  admit(viewer: StreamViewer): Refused | undefined
  /** After `admit`. */
  open(viewer: StreamViewer, pipe: Pipe, lastEventId: string | null): Connection
  drop(connection: Connection, why: Ending): void
  stats(): HubStats
  close(): void
}

export function createHub(options: HubOptions): Hub {
  const { timers, heartbeatMs } = options
  const sequence = createSequence()
  const broadcasters = new Map<StreamFamily, Broadcaster>(
    FAMILIES.map((family) => [family, createBroadcaster(family, sequence, options.history)]),
  )
  const connections = new Set<Connection>()
  const users = new Map<string, number>()
  const ended = { slow: 0, dead: 0, gone: 0, closed: 0 }
  let refused = 0
  let isClosed = false
  let cancelTick: (() => void) | undefined

  const drop = (connection: Connection, why: Ending): void => {
    if (!connections.delete(connection)) return
    countUser(users, connection.viewer, -1)
    ended[why] += 1
    connection.end(why)
    if (connections.size > 0) return
    cancelTick?.()
    cancelTick = undefined
  }
  const tick = (): void => {
    cancelTick = timers.after(heartbeatMs, tick)
    const at = new Date(timers.now()).toISOString()
    const data = JSON.stringify({ type: 'Heartbeat', at })
    const beat = frameOf({ at: 0, id: null, event: 'analytics' }, 'Heartbeat', data)
    for (const connection of connections) {
      const fault = connection.judge()
      if (fault === undefined) connection.nudge(beat)
      else drop(connection, fault)
    }
    options.onHeartbeat()
  }
  return {
    publish(family, type, data, about) {
      const frame = broadcasters.get(family)?.publish(type, data, about)
      if (frame === undefined) return
      for (const connection of connections) connection.offer(frame)
    },
    skip() {
      for (const connection of connections) connection.lose(null)
    },
    tellOperators(family, type, data) {
      const frame = frameOf({ at: 0, id: null, event: family }, type, data)
      for (const connection of connections)
        if (connection.viewer.sees === 'all') connection.offer(frame)
    },
    admit(viewer) {
      const why = isClosed ? 'closed' : refusalOf(viewer, connections.size, users, options)
      if (why !== undefined) refused += 1
      return why
    },
    open(viewer, pipe, lastEventId) {
      const connection = createConnection(viewer, pipe, options.queue)
      connections.add(connection)
      countUser(users, viewer, 1)
      cancelTick ??= timers.after(heartbeatMs, tick)
      if (lastEventId !== null)
        replay(connection, lastEventId, [...broadcasters.values()], sequence)
      return connection
    },
    drop,
    stats: () => ({ clients: connections.size, users: users.size, refused, ended: { ...ended } }),
    close() {
      isClosed = true
      for (const connection of connections) drop(connection, 'closed')
    },
  }
}

function createSequence(): Sequence {
  let at = 0
  return { epoch: randomBytes(6).toString('hex'), next: () => ++at }
}

/** What came after the id, oldest first. Where some is gone, or nobody knows, the reader is told so. */
function replay(
  connection: Connection,
  lastEventId: string,
  broadcasters: readonly Broadcaster[],
  sequence: Sequence,
): void {
  const at = placeOf(lastEventId, sequence.epoch)
  const parts = broadcasters.map((broadcaster) => broadcaster.since(at ?? 0))
  if (at === undefined || parts.some(({ isWhole }) => !isWhole)) connection.lose(null)
  const frames: Frame[] = parts.flatMap((part) => part.frames)
  for (const frame of frames.sort((one, other) => one.at - other.at)) connection.offer(frame)
  connection.pump()
}

function refusalOf(
  viewer: StreamViewer,
  clients: number,
  users: ReadonlyMap<string, number>,
  options: HubOptions,
): Refused | undefined {
  const { user = '', tenant = '', sees = 'own' } = viewer
  if ((sees === 'own' && user === '') || (sees === 'tenant' && tenant === '')) return 'no_user'
  if (clients >= options.maxClients) return 'full'
  return (users.get(keyOf(viewer) ?? '') ?? 0) >= options.perUser ? 'user_full' : undefined
}

/** Undefined for somebody without a name: those are bounded by the number of all. */
function keyOf({ user = '', tenant = '' }: StreamViewer): string | undefined {
  return user === '' ? undefined : JSON.stringify([tenant, user])
}

function countUser(users: Map<string, number>, viewer: StreamViewer, by: 1 | -1): void {
  const key = keyOf(viewer)
  if (key === undefined) return
  const count = (users.get(key) ?? 0) + by
  if (count > 0) users.set(key, count)
  else users.delete(key)
}
