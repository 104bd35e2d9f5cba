import { isCallDenied } from '../../core/model/errors.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { Outcome } from '../../engine/ticket.ts'
import { copyWith } from '../answers/hidden-links.ts'
import { unknownTask } from '../answers/unknown.ts'
import { keep } from '../connection.ts'
import type { Head } from '../guard.ts'
import { isObject } from '../host.ts'
import type { OwnedTask } from '../server/owned-tasks.ts'
import { type Incoming, paramsOf } from '../server/server-guard.ts'
import { cancel } from './cancel.ts'
import { governCall, outcomeOf } from './govern-call.ts'
import type { Judged } from './judged.ts'
import { listFailed } from './list-failed.ts'
import { methodResource } from './names.ts'
import { denied, release, releaseThrown } from './release.ts'
import { runHandler } from './run-handler.ts'

/** Tasks are reached by whoever started them, and by nobody else; their results are those of the calls. */
export function governTask(incoming: Incoming): MaybePromise<unknown> {
  const { guard, request, context } = incoming
  const { taskId } = paramsOf(request)
  const known = guard.tasks.get(taskId)
  const isNobodys = (): MaybePromise<unknown> => {
    if (guard.engine.context().enforces) throw unknownTask(request.method, taskId)
    return governCall(incoming)
  }
  if (known === undefined) return isNobodys()
  return andThen(guard.headOf(context), (head) =>
    andThen(reach(incoming, head, known), (owned) =>
      owned === undefined ? isNobodys() : handOn(incoming, head, owned),
    ),
  )
}

/** Who started it may still see what was called. */
function reach(
  incoming: Incoming,
  head: Head,
  known: OwnedTask,
): MaybePromise<OwnedTask | undefined> {
  const { engine, tasks } = incoming.guard
  const asked = {
    ...head,
    resource: known.target.resource,
    arguments: {},
    verb: 'discover' as const,
  }
  return andThen(engine.begin(asked), (ticket) => {
    const { taskId } = paramsOf(incoming.request)
    const owned = ticket.permitted ? tasks.of(taskId, ticket.subject) : undefined
    return andThen(ticket.finish({ ok: true, value: null }), () => owned)
  })
}

function handOn(
  incoming: Incoming,
  head: Head,
  { ticket, target }: OwnedTask,
): MaybePromise<unknown> {
  const { request, connection, context } = incoming
  const id = context.requestId
  const judged: Judged = { incoming, target, head, ticket }
  // What the task asks of its client meanwhile is part of the call.
  if (id !== undefined) keep(connection.running, id, { head, ticket })
  const over = (): void => {
    if (id !== undefined) connection.running.delete(id)
  }
  const taken = (value: unknown): MaybePromise<unknown> => {
    over()
    return settle(judged, request.method, outcomeOf(value), value)
  }
  // An error of the method itself, such as a cancelled request, is no result of the task.
  const failed = (error: unknown): MaybePromise<unknown> => {
    over()
    const looked = ticket.inspect(error)
    return releaseThrown(judged, looked.ok ? looked.value : looked.error)
  }
  return runHandler(incoming, taken, failed)
}

/** Its status may be asked for many times; its result closes the call. */
function settle(
  judged: Judged,
  method: string,
  outcome: Outcome,
  original: unknown,
): MaybePromise<unknown> {
  const { ticket } = judged
  if (method === 'tasks/result')
    return andThen(ticket.finish(outcome), (settled) => release(judged, settled, original))
  if (method === 'tasks/cancel' && outcome.ok) cancel(judged)
  const end = method === 'tasks/get' ? endOf(original) : undefined
  if (end === undefined) return release(judged, ticket.inspect(original), original)
  return andThen(ticket.finish(end), (closed) =>
    !closed.ok && isCallDenied(closed.error)
      ? denied(judged, closed.error.decision)
      : release(judged, ticket.inspect(original), original),
  )
}

/** What a task has come to, where its status says that too (2026-07-28). */
function endOf(task: unknown): Outcome | undefined {
  const { status, result, error } = isObject(task) ? task : NOTHING
  if (status === 'completed' && isObject(result)) return outcomeOf(result)
  return status === 'failed' && isObject(error) ? { ok: false, error } : undefined
}

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({})

/** Only the caller's own tasks are listed. */
export function governTaskList(incoming: Incoming): MaybePromise<unknown> {
  const { guard, request, context } = incoming
  const failed = (error: unknown): MaybePromise<never> => listFailed(incoming, error)
  const filter = (result: unknown): MaybePromise<unknown> =>
    andThen(guard.headOf(context), (head) => {
      const resource = methodResource(guard.server, request.method)
      const asked = { ...head, resource, arguments: {}, verb: 'discover' as const }
      return andThen(guard.engine.begin(asked), (ticket) => {
        const items = isObject(result) ? result['tasks'] : undefined
        const { enforces } = guard.engine.context()
        if (!isObject(result) || !Array.isArray(items)) return enforces ? { tasks: [] } : result
        const own = items.filter((item) => {
          if (!enforces) return true
          const id = isObject(item) ? item['taskId'] : undefined
          return guard.tasks.of(id, ticket.subject) !== undefined
        })
        return andThen(ticket.finish({ ok: true, value: null }), () =>
          own.length === items.length ? result : copyWith(result, 'tasks', own),
        )
      })
    })
  return runHandler(incoming, filter, failed)
}
