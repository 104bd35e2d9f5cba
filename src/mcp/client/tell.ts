import { andThen, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import { denialError } from '../answers/denial.ts'
import { RequestContext } from '../context.ts'
import type { IncomingRequest, Message, SendOptions } from '../host.ts'
import { methodResource, OPEN_NOTIFICATIONS } from '../methods/names.ts'
import { thawed } from '../methods/thaw.ts'
import { giveUp } from './ask.ts'
import type { ClientGuard } from './client-guard.ts'
import { type Link, passOn } from './link.ts'

/**
 * A notification of the client's. One that is none of the protocol's own is a call without an answer:
 * where it is denied, sending it fails.
 */
export function tell(
  guard: ClientGuard,
  link: Link,
  message: IncomingRequest,
  options: SendOptions | undefined,
): Promise<void> {
  const { method, params } = message
  if (method === 'notifications/cancelled' && giveUp(link, params?.['requestId']))
    return Promise.resolve()
  if (OPEN_NOTIFICATIONS.has(method)) return passOn(link, message, options)
  try {
    return Promise.resolve(judged(guard, link, message, options))
  } catch (error) {
    return Promise.reject(error)
  }
}

function judged(
  guard: ClientGuard,
  link: Link,
  message: IncomingRequest,
  options: SendOptions | undefined,
): MaybePromise<void> {
  const { method } = message
  const { _meta, ...args } = message.params ?? {}
  const context = new RequestContext(guard.server, message, undefined, link)
  return andThen(guard.headOf(context), (head) => {
    const resource = methodResource(guard.server, method)
    const asked = { ...head, resource, arguments: args as JsonObject } // checked by the engine's snapshot
    return andThen(guard.engine.begin(asked, { wait: true }), async (ticket) => {
      if (!ticket.permitted) throw denialError(ticket.decision)
      const rewritten =
        ticket.decision.patch === null ? message : withParams(message, ticket.arguments)
      try {
        await passOn(link, rewritten, options)
      } catch (error) {
        await ticket.finish({ ok: false, error })
        throw error
      }
      await ticket.finish({ ok: true, value: null })
    })
  })
}

function withParams(message: IncomingRequest, args: JsonObject): Message {
  const { _meta } = message.params ?? {}
  const meta = _meta === undefined ? {} : { _meta }
  return { ...message, params: { ...(thawed(args) as JsonObject), ...meta } } // a copy of an object
}
