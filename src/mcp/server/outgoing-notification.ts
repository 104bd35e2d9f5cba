import { andThen, type MaybePromise } from '../../core/model/json.ts'
import { isObject, type Message, type Params } from '../host.ts'
import { methodResource, uriNames } from '../methods/names.ts'
import { visibleOf } from '../methods/visible.ts'
import { headFor, type Outgoing, ticketFor } from './related.ts'

/**
 * What notifications of the protocol say to anybody, by the names of their params. Numbers alone say
 * nothing of what was read.
 */
const PLAIN: ReadonlyMap<string, readonly string[]> = new Map([
  ['notifications/cancelled', ['requestId']],
  ['notifications/tools/list_changed', []],
  ['notifications/prompts/list_changed', []],
  ['notifications/resources/list_changed', []],
  ['notifications/roots/list_changed', []],
  ['notifications/resources/updated', ['uri']],
  ['notifications/progress', ['progressToken', 'progress', 'total']],
])

/** What may go out of a notification; undefined: nothing. */
export function notification(out: Outgoing): MaybePromise<Message | undefined> {
  const { message } = out
  const names = PLAIN.get(message.method ?? '')
  if (names === undefined) return lookedAt(out)
  const plain = plainOf(message, names)
  const said = (): MaybePromise<Message> =>
    plain === message ? message : andThen(lookedAt(out), (whole) => whole ?? plain)
  return message.method === 'notifications/resources/updated'
    ? andThen(isKnown(out), (known) => (known ? said() : undefined))
    : said()
}

/** The same message where it says nothing else. */
function plainOf(message: Message, names: readonly string[]): Message {
  const { params } = message
  if (!isObject(params)) return message
  const isPlain = ([name, value]: [string, unknown]): boolean =>
    name === '_meta' ? isProtocols(value) : names.includes(name) && isPlainValue(name, value)
  const fields = Object.entries(params)
  const kept = fields.filter(isPlain)
  return kept.length === fields.length ? message : { ...message, params: Object.fromEntries(kept) }
}

function isPlainValue(name: string, value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && IDS.has(name))
}

const IDS: ReadonlySet<string> = new Set(['requestId', 'uri', 'progressToken'])

/** Which stream or task something belongs to. */
function isProtocols(meta: unknown): boolean {
  return isObject(meta) && Object.keys(meta).every((name) => name.startsWith(PROTOCOL))
}

const PROTOCOL = 'io.modelcontextprotocol/'

function lookedAt(out: Outgoing): MaybePromise<Message | undefined> {
  const { message } = out
  const { method = '', params } = message
  return andThen(ticketFor(out, method), (ticket) => {
    if (!ticket.permitted) return keptBack(out, method)
    const looked = ticket.inspect(params)
    if (!looked.ok) return undefined
    const { value } = looked
    if (value === params) return message
    // Nothing is left of it but a text that says so.
    return isObject(value) ? { ...message, params: value as Params } : undefined
  })
}

function keptBack({ guard }: Outgoing, method: string): undefined {
  // A method is text of the server's own, and goes to the host's terminal.
  guard.warn(
    `${JSON.stringify(method.slice(0, 64))} of the MCP server \`${guard.server}\` is kept back: its reader may not use \`${methodResource(guard.server, 'notifications')}\``,
  )
}

function isKnown(out: Outgoing): MaybePromise<boolean> {
  const { guard, message } = out
  const names = uriNames(guard.server, message.params?.['uri'])
  return andThen(headFor(out, message.method ?? ''), (head) =>
    andThen(
      visibleOf(guard, head, [names], () => names),
      ({ length }) => length > 0,
    ),
  )
}
