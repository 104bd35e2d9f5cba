import type { JsonObject } from '../../core/model/json.ts'
import { andThen } from '../../core/model/json.ts'
import { RequestContext } from '../context.ts'
import type { NotificationHandler } from '../host.ts'
import { FALLBACK } from '../server/guard-handlers.ts'
import type { ServerGuard } from '../server/server-guard.ts'
import { methodResource, OPEN_NOTIFICATIONS } from './names.ts'

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
    return andThen(connection.last?.head ?? guard.headOf(context), (head) => {
      const asked = {
        ...head,
        resource: methodResource(guard.server, method),
        arguments: args as JsonObject, // checked by the engine's snapshot
        origin: { method, source: 'mcp' },
      }
      return andThen(guard.engine.begin(asked), (ticket) => {
        if (!ticket.permitted) return undefined
        return andThen(handler(notification, ...more), (value) =>
          andThen(ticket.finish({ ok: true, value: null }), () => value),
        )
      })
    })
  }
}
