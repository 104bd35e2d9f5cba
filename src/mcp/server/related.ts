import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { Ticket } from '../../engine/ticket.ts'
import type { Connection, Running } from '../connection.ts'
import { RequestContext } from '../context.ts'
import type { Head } from '../guard.ts'
import type { Message, SendOptions } from '../host.ts'
import { methodResource } from '../methods/names.ts'
import { originOf } from '../origin.ts'
import type { ServerGuard } from './server-guard.ts'
import { standingHead } from './standing-head.ts'

/** What leaves a server by one connection. */
export interface Outgoing {
  readonly guard: ServerGuard
  readonly connection: Connection
  readonly message: Message
  readonly options: SendOptions | undefined
}

/** Runs something in the name of its own call, or of nobody but whose connection it is. */
export function asIts<T>(out: Outgoing, run: () => T): T {
  return relatedTo(out) === undefined ? out.connection.within(run) : run()
}

/** The call that a message belongs to: what it says is looked at as part of what that gives. */
export function ticketFor(out: Outgoing, method: string): MaybePromise<Ticket> {
  const { guard, connection, message } = out
  // Of somebody else's task nothing is said in that one's name.
  const task = guard.tasks.of(message.params?.['taskId'], connection.last?.ticket.subject)
  const known = task?.ticket ?? relatedTo(out)?.ticket
  if (known !== undefined) return known
  const { policy_digest: digest } = guard.engine.context()
  const who = readerOf(connection)
  const standing = standings.get(connection)
  if (standing?.digest === digest && standing.who === who && Date.now() < standing.until)
    return standing.ticket
  const resource = methodResource(guard.server, 'notifications')
  return andThen(headFor(out, method), (head) =>
    andThen(
      guard.engine.begin({ ...head, resource, arguments: {}, verb: 'discover' }),
      (ticket) => {
        const until = digest === 'unavailable' ? 0 : Date.now() + STANDING_MS
        standings.set(connection, { ticket, digest, who, until })
        return ticket
      },
    ),
  )
}

/** Whether somebody may hear what belongs to no call, asked once a minute: it is no call of theirs that counts. */
interface Standing {
  readonly ticket: Ticket
  readonly digest: string
  readonly who: string
  /** Epoch milliseconds. */
  readonly until: number
}

/** Several may call by one connection. */
function readerOf({ last }: Connection): string {
  return last === undefined ? '' : JSON.stringify([last.head.session, last.ticket.subject])
}

const STANDING_MS = 60_000
const standings = new WeakMap<Connection, Standing>()

/**
 * Where it is not said which call something belongs to, it is the last of those that run. What is said of
 * a call that is over belongs to none: the others may be somebody else's.
 */
function relatedTo({ connection, options }: Outgoing): Running | undefined {
  const id = options?.relatedRequestId
  if (id !== undefined) return connection.running.get(id)
  return connection.running.size > 0 ? connection.last : undefined
}

export function headFor(out: Outgoing, method: string): MaybePromise<Head> {
  const { guard, connection } = out
  const known = relatedTo(out)?.head
  if (known !== undefined) return { ...known, origin: originOf(method) }
  return (
    standingHead(connection, method) ??
    guard.headOf(new RequestContext(guard.server, { method }, undefined, connection))
  )
}
