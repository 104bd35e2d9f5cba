import { andThen, isPromise, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import type { Ticket } from '../../engine/ticket.ts'
import { RequestContext } from '../context.ts'
import type { NotificationHandler } from '../host.ts'
import { originOf } from '../origin.ts'
import { FALLBACK } from '../server/guard-handlers.ts'
import type { ServerGuard } from '../server/server-guard.ts'
import { standingHead } from '../server/standing-head.ts'
import { methodResource, OPEN_NOTIFICATIONS } from './names.ts'
import { isRewritten, rewrittenParams } from './settled-request.ts'

/** A notification that is none of the protocol's own is a call without an answer: one that is denied is dropped. */
export function guardedNotification(
  guard: ServerGuard,
  stored: string,
  handler: NotificationHandler,
): NotificationHandler {
  if (OPEN_NOTIFICATIONS.has(stored)) return handler
  return (notification, ...more) => {
    const method = stored === FALLBACK ? notification.method : stored
    if (OPEN_NOTIFICATIONS.has(method)) return handler(notification, ...more)
    const connection = guard.connectionOf(guard.host.transport)
    const context = new RequestContext(guard.server, notification, undefined, connection)
    const { _meta, ...args } = notification.params ?? {}
    return andThen(standingHead(connection, method) ?? guard.headOf(context), (head) => {
      const asked = {
        ...head,
        resource: methodResource(guard.server, method),
        arguments: args as JsonObject, // checked by the engine's snapshot
        origin: originOf(method),
      }
      return andThen(guard.engine.begin(asked), (ticket) => {
        if (!ticket.permitted) return undefined
        const params = rewrittenParams(notification.params ?? {}, ticket.arguments)
        const heard = isRewritten(ticket) ? { ...notification, params } : notification
        return closedBy(ticket, () => handler(heard, ...more))
      })
    })
  }
}

/** What a handler of notifications gives goes to nobody. */
function closedBy(ticket: Ticket, handle: () => unknown): MaybePromise<unknown> {
  const failed = (error: unknown): MaybePromise<never> =>
    andThen(ticket.finish({ ok: false, error }), () => {
      throw error
    })
  const done = (value: unknown): MaybePromise<unknown> =>
    andThen(ticket.finish({ ok: true, value: null }), () => value)
  let given: unknown
  try {
    given = handle()
  } catch (error) {
    return failed(error)
  }
  return isPromise(given) ? given.then(done, failed) : done(given)
}
