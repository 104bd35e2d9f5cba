import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { Ticket } from '../../engine/ticket.ts'
import { denialError, INTERNAL_ERROR } from '../answers/denial.ts'
import { copyWith } from '../answers/hidden-links.ts'
import type { Connection, Running } from '../connection.ts'
import { RequestContext } from '../context.ts'
import type { Head } from '../guard.ts'
import { isObject, type Message, type SendOptions } from '../host.ts'
import { methodResource, uriNames } from '../methods/names.ts'
import { visibleOf } from '../methods/visible.ts'
import { originOf } from '../origin.ts'
import { askedOfClient } from './ask-client.ts'
import type { ServerGuard } from './server-guard.ts'
import { standingHead } from './standing-head.ts'

/** What leaves a server by one connection. */
export interface Outgoing {
  readonly guard: ServerGuard
  readonly connection: Connection
  readonly message: Message
  readonly options: SendOptions | undefined
}

/** What may go out in the message's place; undefined: nothing. Throws, or rejects, for a request that may not be made. */
export function outgoing(out: Outgoing): MaybePromise<Message | undefined> {
  const { message } = out
  if (message.method === undefined) return answer(out)
  return message.id === undefined ? notification(out) : request(out)
}

/** INVARIANT: no result leaves a server but those that a guarded handler has given. */
function answer({ connection, message, guard }: Outgoing): Message {
  const { id, result, error } = message
  if (id === undefined || id === null) return message
  const method = connection.answered.get(id)
  connection.answered.delete(id)
  if (error !== undefined || result === undefined) return message
  if (method === undefined) {
    guard.warn(
      `the MCP server \`${guard.server}\` answers requests past callgate: they are answered by an error`,
    )
    const said = { code: INTERNAL_ERROR, message: 'Internal error' }
    return { jsonrpc: '2.0', id, error: said }
  }
  // What one caller may see is not what the next may: no cache that callers share may keep it.
  return isObject(result) && result['cacheScope'] === 'public'
    ? { ...message, result: copyWith(result, 'cacheScope', 'private') }
    : message
}

function request(out: Outgoing): MaybePromise<Message> {
  const { guard, message } = out
  const { method = '', params } = message
  if (method === 'ping' || (isObject(params) && guard.questions.has(params))) return message
  return andThen(headFor(out, method), (head) =>
    andThen(askedOfClient(guard, head, method, params), (asked) => {
      if (!asked.ok) throw denialError(asked.decision)
      return asked.params === params ? message : { ...message, params: asked.params }
    }),
  )
}

const OPEN: ReadonlySet<string> = new Set([
  'notifications/cancelled',
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/roots/list_changed',
])

function notification(out: Outgoing): MaybePromise<Message | undefined> {
  const { message } = out
  const { method = '', params } = message
  if (OPEN.has(method)) return message
  if (method === 'notifications/resources/updated') return updated(out)
  // Numbers alone say nothing of what was read.
  if (method === 'notifications/progress' && typeof params?.['message'] !== 'string') return message
  return andThen(ticketFor(out, method), (ticket) => {
    if (!ticket.permitted) return keptBack(out, method)
    const looked = ticket.inspect(params)
    if (!looked.ok) return undefined
    const { value } = looked
    if (value === params) return message
    // Nothing is left of it but a text that says so.
    return isObject(value) ? { ...message, params: value } : undefined
  })
}

function keptBack({ guard }: Outgoing, method: string): undefined {
  guard.warn(
    `${method} of the MCP server \`${guard.server}\` is kept back: its reader may not use \`${methodResource(guard.server, 'notifications')}\``,
  )
}

function updated(out: Outgoing): MaybePromise<Message | undefined> {
  const { guard, message } = out
  const names = uriNames(guard.server, message.params?.['uri'])
  return andThen(headFor(out, message.method ?? ''), (head) =>
    andThen(
      visibleOf(guard, head, [names], () => names),
      ({ length }) => (length === 0 ? undefined : message),
    ),
  )
}

/** The call that a message belongs to: what it says is looked at as part of what that gives. */
function ticketFor(out: Outgoing, method: string): MaybePromise<Ticket> {
  const { guard, connection, message } = out
  const task = guard.tasks.get(message.params?.['taskId'])
  const known = task?.ticket ?? relatedTo(out)?.ticket
  if (known !== undefined) return known
  const { policy_digest: digest } = guard.engine.context()
  const standing = standings.get(connection)
  if (standing?.digest === digest && Date.now() < standing.until) return standing.ticket
  const resource = methodResource(guard.server, 'notifications')
  return andThen(headFor(out, method), (head) =>
    andThen(
      guard.engine.begin({ ...head, resource, arguments: {}, verb: 'discover' }),
      (ticket) => {
        const until = digest === 'unavailable' ? 0 : Date.now() + STANDING_MS
        standings.set(connection, { ticket, digest, until })
        return ticket
      },
    ),
  )
}

/** Whether somebody may hear what belongs to no call, asked once a minute: it is no call of theirs that counts. */
interface Standing {
  readonly ticket: Ticket
  readonly digest: string
  /** Epoch milliseconds. */
  readonly until: number
}

const STANDING_MS = 60_000
const standings = new WeakMap<Connection, Standing>()

/** Where it is not said which call something belongs to, it is the last of those that run. */
function relatedTo({ connection, options }: Outgoing): Running | undefined {
  const id = options?.relatedRequestId
  const related = id === undefined ? undefined : connection.running.get(id)
  return related ?? (connection.running.size > 0 ? connection.last : undefined)
}

function headFor(out: Outgoing, method: string): MaybePromise<Head> {
  const { guard, connection } = out
  const known = relatedTo(out)?.head
  if (known !== undefined) return { ...known, origin: originOf(method) }
  return (
    standingHead(connection, method) ??
    guard.headOf(new RequestContext(guard.server, { method }, undefined, connection))
  )
}

/** Puts the guard in front of what leaves by a transport, in place. Returns what takes it away. */
export function tapSend(guard: ServerGuard, connection: Connection): () => void {
  const { transport } = connection
  if (transport === undefined) return () => undefined
  const own = Object.getOwnPropertyDescriptor(transport, 'send')
  const { send } = transport
  const pass = (message: Message, options: SendOptions | undefined): Promise<void> =>
    send.call(transport, message, options)
  const guarded = (message: Message, options?: SendOptions): Promise<void> => {
    try {
      const said = outgoing({ guard, connection, message, options })
      if (isPromise(said))
        return said.then((one) => (one === undefined ? undefined : pass(one, options)))
      return said === undefined ? Promise.resolve() : pass(said, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }
  Object.defineProperty(transport, 'send', {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
    value: guarded,
  })
  return () => {
    if (transport.send !== guarded) return
    if (own === undefined) Reflect.deleteProperty(transport, 'send')
    else Object.defineProperty(transport, 'send', own)
  }
}
