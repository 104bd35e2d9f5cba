import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { Outcome } from '../../engine/ticket.ts'
import { INVALID_PARAMS, isErrorResult, ProtocolDenial } from '../answers/denial.ts'
import { copyWith } from '../answers/hidden-links.ts'
import type { Head } from '../guard.ts'
import { isObject } from '../host.ts'
import type { OwnedTask } from '../server/owned-tasks.ts'
import { type Incoming, paramsOf } from '../server/server-guard.ts'
import { release } from './govern-call.ts'
import type { Judged } from './judged.ts'
import { methodResource, type Target } from './names.ts'

/** Tasks are reached by whoever started them, and by nobody else; their results are those of the calls. */
export function governTask(incoming: Incoming): MaybePromise<unknown> {
  const { guard, request, context } = incoming
  const { taskId } = paramsOf(request)
  const known = guard.tasks.get(taskId)
  if (known === undefined) throw unknownTask(taskId)
  return andThen(guard.headOf(context), (head) =>
    andThen(reach(incoming, head, known), (owned) => {
      if (owned === undefined) throw unknownTask(taskId)
      return handOn(incoming, head, owned)
    }),
  )
}

/** Who started it may still see what was called. */
function reach(
  incoming: Incoming,
  head: Head,
  known: OwnedTask,
): MaybePromise<OwnedTask | undefined> {
  const { engine, tasks } = incoming.guard
  const asked = { ...head, resource: known.resource, arguments: {}, verb: 'discover' as const }
  return andThen(engine.begin(asked), (ticket) => {
    const { taskId } = paramsOf(incoming.request)
    const owned = ticket.permitted ? tasks.of(taskId, ticket.subject) : undefined
    return andThen(ticket.finish({ ok: true, value: null }), () => owned)
  })
}

function handOn(
  incoming: Incoming,
  head: Head,
  { ticket, resource }: OwnedTask,
): MaybePromise<unknown> {
  const { handler, request, extra } = incoming
  const { method } = request
  const target: Target = { kind: 'tool', name: '', resource, arguments: {}, field: undefined }
  const judged: Judged = { incoming, target, head, ticket }
  const settle = (outcome: Outcome, original: unknown): MaybePromise<unknown> => {
    // Its status may be asked for many times; its result closes the call.
    if (method !== 'tasks/result' || !outcome.ok) {
      const looked = ticket.inspect(original)
      return release(
        judged,
        outcome.ok || !looked.ok ? looked : { ok: false, error: looked.value },
        original,
      )
    }
    return andThen(ticket.finish(outcome), (settled) => release(judged, settled, original))
  }
  const given = handler(request, extra)
  const taken = (value: unknown): MaybePromise<unknown> =>
    settle(isErrorResult(value) ? { ok: false, error: value } : { ok: true, value }, value)
  return isPromise(given) ? given.then(taken) : taken(given)
}

/** Only the caller's own tasks are listed. */
export function governTaskList(incoming: Incoming): MaybePromise<unknown> {
  const { guard, handler, request, extra, context } = incoming
  const given = handler(request, extra)
  const filter = (result: unknown): MaybePromise<unknown> =>
    andThen(guard.headOf(context), (head) => {
      const resource = methodResource(guard.server, request.method)
      const asked = { ...head, resource, arguments: {}, verb: 'discover' as const }
      return andThen(guard.engine.begin(asked), (ticket) => {
        const items = isObject(result) ? result['tasks'] : undefined
        if (!isObject(result) || !Array.isArray(items)) return { tasks: [] }
        const own = items.filter((item) => {
          const id = isObject(item) ? item['taskId'] : undefined
          return guard.tasks.of(id, ticket.subject) !== undefined
        })
        return andThen(ticket.finish({ ok: true, value: null }), () =>
          own.length === items.length ? result : copyWith(result, 'tasks', own),
        )
      })
    })
  return isPromise(given) ? given.then(filter) : filter(given)
}

function unknownTask(id: unknown): ProtocolDenial {
  return new ProtocolDenial(
    INVALID_PARAMS,
    `MCP error ${INVALID_PARAMS}: Task not found: ${String(id)}`,
  )
}
