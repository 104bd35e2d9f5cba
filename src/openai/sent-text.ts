import { isMap } from '../core/json-kind.ts'
import type { JsonObject } from '../core/model/json.ts'
import type { Ticket } from '../engine/ticket.ts'
import type { Guard } from './guard.ts'
import type { Incoming } from './incoming.ts'

/** What goes out in the place of the body that came. */
export type Sent =
  | {
      readonly ok: true
      /** Undefined: what came. */
      readonly text: string | undefined
      /** True where the answer's last event tells what the caller has not asked for. */
      readonly addsUsage: boolean
    }
  | { readonly ok: false; readonly fault: string }

/** INVARIANT: what was judged is what is sent. */
export function sentText({ engine }: Guard, incoming: Incoming, ticket: Ticket): Sent {
  const { body, endpoint } = incoming
  const { decision } = ticket
  const isRewritten = decision.enforced && decision.dispatch_hash !== null
  if (body.kind !== 'json') return sentAsItCame(body, isRewritten)
  const judged = endpoint.kind === 'api' ? ticket.arguments['body'] : ticket.arguments
  if (isRewritten && !isMap(judged))
    return { ok: false, fault: 'the policy has taken the body of the request away' }
  const rewritten = isRewritten ? (judged as JsonObject) : undefined // an object, as was just seen
  const value = rewritten === undefined ? body.value : body.light.restore(rewritten)
  const came = rewritten === undefined ? body.text : JSON.stringify(value)
  if (TELLING.has(endpoint.kind) && engine.context().enforces && lacksUsage(value))
    return { ok: true, text: withUsage(came, value), addsUsage: true }
  const isChanged = isRewritten || incoming.isChanged
  return { ok: true, text: isChanged ? came : undefined, addsUsage: false }
}

const TELLING: ReadonlySet<string> = new Set(['chat', 'completions'])

function sentAsItCame(body: Incoming['body'], isRewritten: boolean): Sent {
  if (body.kind === 'unread' && body.sent === undefined)
    return { ok: false, fault: 'the body of the request could not be read to its end' }
  return isRewritten
    ? { ok: false, fault: 'the policy rewrites a request whose body is no JSON' }
    : { ok: true, text: undefined, addsUsage: false }
}

/** Streams tell what they cost only where they are asked to. */
function lacksUsage({ stream, stream_options: options }: JsonObject): boolean {
  if (stream !== true) return false
  return (
    options === undefined ||
    options === null ||
    (isMap(options) && options['include_usage'] === undefined)
  )
}

/** Where it can be done, the rest of the text stays as it is: numbers keep every digit. */
function withUsage(text: string, value: JsonObject): string {
  const { stream_options: options } = value
  if (options === undefined) return text.replace('{', '{"stream_options":{"include_usage":true},')
  const more = isMap(options) ? options : {}
  return JSON.stringify({ ...value, stream_options: { ...more, include_usage: true } })
}
