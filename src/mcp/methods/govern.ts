import type { MaybePromise } from '../../core/model/json.ts'
import { keep } from '../connection.ts'
import type { RequestHandler } from '../host.ts'
import { FALLBACK } from '../server/guard-handlers.ts'
import { handingOver, wasJudged } from '../server/hand-over.ts'
import { type Incoming, incomingOf, type ServerGuard } from '../server/server-guard.ts'
import { governCall } from './govern-call.ts'
import { governList } from './govern-list.ts'
import { governTask, governTaskList } from './govern-task.ts'
import { LISTS, OPEN_METHODS, TASK_METHODS } from './names.ts'

/** Puts the guard in front of one handler of a server. */
export function guardedHandler(
  guard: ServerGuard,
  stored: string,
  handler: RequestHandler,
): RequestHandler {
  const handed = handingOver(guard, handler)
  return (request, extra) => {
    // What is judged is the method that the handler is for, whatever the request calls itself.
    const isOwn = stored === FALLBACK || stored === request.method
    const asked = isOwn ? request : { ...request, method: stored }
    if (wasJudged(guard, asked)) return handler(request, extra)
    const incoming = incomingOf(guard, asked, extra, handed)
    return answered(incoming, governed(incoming))
  }
}

/** What becomes of a request, by what it is. */
export function governed(incoming: Incoming): MaybePromise<unknown> {
  const { method } = incoming.request
  const list = LISTS.get(method)
  if (list !== undefined) return governList(incoming, list)
  if (TASK_METHODS.has(method)) return governTask(incoming)
  if (method === 'tasks/list') return governTaskList(incoming)
  if (OPEN_METHODS.has(method)) return incoming.handler(incoming.request, incoming.extra)
  return governCall(incoming)
}

/** Only what a guard has answered goes out by the transport. */
function answered({ connection, context, request }: Incoming, answer: unknown): unknown {
  const id = context.requestId
  if (id === undefined) return answer
  const note = (value: unknown): unknown => {
    if (context.signal?.aborted !== true) keep(connection.answered, id, request.method)
    return value
  }
  const then = (answer as { then?: unknown } | undefined)?.then
  return typeof then === 'function' ? (answer as Promise<unknown>).then(note) : note(answer)
}
