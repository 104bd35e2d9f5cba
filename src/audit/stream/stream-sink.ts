import type { AuditRecord } from '../../core/model/audit-record.ts'
import { CallgateError } from '../../core/model/errors.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { seal } from '../ledger/seal.ts'
import { MAX_DELAY_MS, wholeNumber } from '../sink-options.ts'
import { systemTimers, type Timers } from '../timers.ts'
import {
  FAMILIES,
  type StreamAbout,
  type StreamEvents,
  type StreamFamily,
  type StreamTotals,
  type StreamViewer,
} from './events.ts'
import { createHub, type Hub, type HubOptions, type HubStats } from './hub.ts'
import { createSessionTally, type SessionTally } from './session-tally.ts'
import { attachSocket, type StreamSocket } from './socket.ts'
import { answerWithEvents } from './sse.ts'

export interface StreamSinkOptions {
  /** Connections at the same time. @default 1000 */
  readonly maxClients?: number
  /** Connections of one user at the same time. @default 8 */
  readonly perUser?: number
  /** Events that wait for one slow reader; the oldest are dropped, and it is told. @default 1000 */
  readonly queue?: number
  /** Events of each family that are kept for readers who come back. @default 1000 */
  readonly history?: number
  /** @default 15000 */
  readonly heartbeatMs?: number
  /** @default those of the system */
  readonly timers?: Timers
}

export interface StreamStats extends HubStats {
  readonly totals: StreamTotals
  /** Events that were too large to send. */
  readonly skipped: number
}

/** Tells records, and other events, to everybody who is connected and may see them. */
export interface StreamSink extends AuditSink {
  write(records: readonly AuditRecord[]): void
  /**
   * The answer to a GET: server-sent events. Who asks is what the host says, never the request.
   * Without `user` it is refused, unless `sees` says more than `own`.
   */
  fetch(request: Request, viewer?: StreamViewer): Response
  /** The same over a WebSocket that is open, or about to be. False: it was refused, and closed. */
  attach(
    socket: StreamSocket,
    viewer?: StreamViewer & { readonly lastEventId?: string | undefined },
  ): boolean
  /**
   * Tells an event of the host's own. Whom it is about decides who sees it; about nobody, it is for
   * those alone who see everything.
   * @throws {CallgateError} ERR_OPTIONS_INVALID for a family that is none, and for more than 1 MiB
   */
  publish<Family extends StreamFamily>(
    family: Family,
    event: StreamEvents[Family],
    about?: StreamAbout,
  ): void
  stats(): StreamStats
  close(): void
}

const MAX_EVENT_BYTES = 1024 * 1024
const NAMES = ['maxClients', 'perUser', 'queue', 'history', 'heartbeatMs', 'timers']

/**
 * A live stream of decisions for dashboards. It accepts at once, whether anybody listens or not, and
 * keeps nothing: beside a sink that keeps records, as one of `bestEffort` in `fanOut`, never alone.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function streamSink(options: StreamSinkOptions = {}): StreamSink {
  checkNames('streamSink', options, NAMES)
  const tally = createSessionTally()
  const hub = createHub({
    ...boundsOf(options),
    onHeartbeat: () => tellTotals(hub, tally, options.timers ?? systemTimers),
  })
  let [prev, skipped, isClosed]: [string | null, number, boolean] = [null, 0, false]

  const send = (family: StreamFamily, type: string, data: string, about: StreamAbout): void => {
    if (Buffer.byteLength(data) <= MAX_EVENT_BYTES) {
      hub.publish(family, type, data, about)
      return
    }
    skipped += 1
    hub.skip()
  }
  const tell = (record: AuditRecord): void => {
    const sealed = seal(record, prev)
    prev = sealed.hash
    const { kind, user_id: user, tenant, session_id: session } = record
    const data = `{"type":${JSON.stringify(kind)},"record":${sealed.line}}`
    send('system', kind, data, { user, tenant, session })
    const also = tally.read(record)
    if (also === undefined) return
    send('analytics', also.event.type, JSON.stringify(also.event), also.about)
  }
  return {
    name: 'stream',
    durable: false,
    write(records) {
      if (isClosed) throw new CallgateError('ERR_AUDIT_UNAVAILABLE', 'the stream was closed')
      for (const record of records) tell(record)
    },
    fetch: (request, viewer = {}) => answerWithEvents(hub, request, viewer),
    attach(socket, { lastEventId, ...viewer } = {}) {
      const timers = options.timers ?? systemTimers
      return attachSocket(socket, { hub, timers, viewer, lastEventId: lastEventId ?? null })
    },
    publish(family, event, about = {}) {
      if (!FAMILIES.includes(family)) refuseOption('streamSink: there is no such family of events')
      const data = JSON.stringify(event)
      if (Buffer.byteLength(data) > MAX_EVENT_BYTES)
        refuseOption(`streamSink: an event has at most ${MAX_EVENT_BYTES} bytes of JSON`)
      if (!isClosed) send(family, event.type, data, about)
    },
    stats: () => ({ ...hub.stats(), totals: totalsOf(hub, tally), skipped }),
    close() {
      isClosed = true
      hub.close()
    },
  }
}

function totalsOf(hub: Hub, tally: SessionTally): StreamTotals {
  const { clients, users } = hub.stats()
  return { clients, users, ...tally.totals() }
}

function tellTotals(hub: Hub, tally: SessionTally, timers: Timers): void {
  const at = new Date(timers.now()).toISOString()
  const data = JSON.stringify({ type: 'RealTimeStats', at, totals: totalsOf(hub, tally) })
  hub.tellOperators('analytics', 'RealTimeStats', data)
}

function boundsOf(options: StreamSinkOptions): Omit<HubOptions, 'onHeartbeat'> {
  const { maxClients = 1_000, perUser = 8, queue = 1_000, history = 1_000 } = options
  const { heartbeatMs = 15_000, timers = systemTimers } = options
  return {
    maxClients: wholeNumber('streamSink: `maxClients`', maxClients, 1, 1_000_000),
    perUser: wholeNumber('streamSink: `perUser`', perUser, 1, 1_000_000),
    queue: wholeNumber('streamSink: `queue`', queue, 1, 100_000),
    history: wholeNumber('streamSink: `history`', history, 0, 100_000),
    heartbeatMs: wholeNumber('streamSink: `heartbeatMs`', heartbeatMs, 1, MAX_DELAY_MS),
    timers,
  }
}
