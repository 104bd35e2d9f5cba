import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import { denialError, INTERNAL_ERROR } from '../answers/denial.ts'
import { copyWith } from '../answers/hidden-links.ts'
import type { Connection } from '../connection.ts'
import { isObject, type Message, type SendOptions } from '../host.ts'
import { askedOfClient } from './ask-client.ts'
import { notification } from './outgoing-notification.ts'
import { asIts, headFor, type Outgoing } from './related.ts'
import type { ServerGuard } from './server-guard.ts'

/** What may go out in the message's place; undefined: nothing. Throws, or rejects, for a request that may not be made. */
export function outgoing(out: Outgoing): MaybePromise<Message | undefined> {
  const { message } = out
  if (message.method === undefined) return answer(out)
  return asIts(out, () => (message.id === undefined ? notification(out) : request(out)))
}

/** INVARIANT: no result leaves a server but those that a guarded handler has given. */
function answer({ connection, message, guard }: Outgoing): Message {
  const { id, result, error } = message
  if (id === undefined || id === null) return message
  const method = connection.answered.get(id)
  connection.answered.delete(id)
  if (error !== undefined || result === undefined) return message
  if (!guard.engine.context().enforces) return message
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
