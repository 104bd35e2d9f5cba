import type { Decision } from '../../core/model/decision.ts'
import { isCallDenied } from '../../core/model/errors.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import type { Outcome } from '../../engine/ticket.ts'
import { carryOver } from '../answers/carry-over.ts'
import { denialError, denialResult, isErrorResult } from '../answers/denial.ts'
import { fitSchema } from '../answers/fit-schema.ts'
import { withoutHiddenLinks } from '../answers/hidden-links.ts'
import { answerUnknown } from '../answers/unknown.ts'
import { type AnsweredCall, askThroughClient } from '../approvals/ask-through-client.ts'
import { keep } from '../connection.ts'
import type { Head } from '../guard.ts'
import { type IncomingRequest, isObject } from '../host.ts'
import { type Incoming, paramsOf } from '../server/server-guard.ts'
import type { Judged } from './judged.ts'
import { type Target, targetOf } from './names.ts'
import { thawed } from './thaw.ts'

/** A request that calls something: judged, then handed to its handler, then looked at. Synchronous up to the handler. */
export function governCall(incoming: Incoming): MaybePromise<unknown> {
  const { guard, request, context } = incoming
  const target = targetOf(guard.server, request.method, paramsOf(request))
  return andThen(guard.headOf(context), (head) => {
    const answered = askThroughClient.answerOf(incoming, head)
    return andThen(answered, (call) => judge(call.incoming, target, call.head))
  })
}

function judge(incoming: Incoming, target: Target, head: Head): MaybePromise<unknown> {
  const { guard } = incoming
  const definition =
    target.kind === 'tool'
      ? guard.options.definitions?.stateOf(guard.server, target.name)
      : undefined
  const request = {
    ...head,
    resource: target.resource,
    arguments: target.arguments as JsonObject, // checked by the engine's snapshot
    ...(definition === undefined ? {} : { definition }),
  }
  // Who asks through the client does not wait elsewhere.
  const wait = guard.options.approvals === undefined
  return andThen(guard.engine.begin(request, { wait }), (ticket) => {
    const judged = { incoming, target, head, ticket }
    if (ticket.permitted) return dispatch(judged)
    if (wait || ticket.decision.effect !== 'escalate') return refuse(judged)
    return andThen(askThroughClient.ask(judged), (answer) => goOn(judged, answer))
  })
}

/** A person has answered, or is asked by the answer to this request. */
function goOn(judged: Judged, answer: AnsweredCall): MaybePromise<unknown> {
  if (answer.kind === 'reply') return answer.reply
  if (answer.kind === 'refused') return refuse(judged)
  const { incoming, target, head } = judged
  const { engine } = incoming.guard
  const again = {
    ...head,
    resource: target.resource,
    arguments: target.arguments as JsonObject, // checked by the engine's snapshot
    approval: answer.approval,
  }
  return andThen(engine.begin(again, { wait: false }), (ticket) => {
    const now = { ...judged, ticket }
    return ticket.permitted ? dispatch(now) : refuse(now)
  })
}

function dispatch(judged: Judged): MaybePromise<unknown> {
  const { incoming, head, ticket } = judged
  const { connection, handler, extra, context } = incoming
  const id = context.requestId
  connection.last = { head, ticket }
  if (id !== undefined) keep(connection.running, id, { head, ticket })
  const done = (outcome: Outcome): MaybePromise<unknown> => {
    if (id !== undefined) connection.running.delete(id)
    return finish(judged, outcome)
  }
  try {
    const given = handler(settledRequest(judged), extra)
    if (!isPromise(given)) return done(outcomeOf(given))
    return given.then(
      (value) => done(outcomeOf(value)),
      (error: unknown) => done({ ok: false, error }),
    )
  } catch (error) {
    return done({ ok: false, error })
  }
}

/** INVARIANT: what was judged is what is dispatched, whatever became of the caller's object meanwhile. */
function settledRequest({ incoming, target, ticket }: Judged): IncomingRequest {
  const { request } = incoming
  const params = paramsOf(request)
  if (target.field === undefined || params[target.field] === undefined) {
    if (target.field === undefined || Object.keys(ticket.arguments).length === 0) return request
  }
  return { ...request, params: { ...params, [target.field]: thawed(ticket.arguments) } }
}

/** A tool says of itself that it failed: that is no success, and is looked at all the same. */
function outcomeOf(value: unknown): Outcome {
  return isErrorResult(value) ? { ok: false, error: value } : { ok: true, value }
}

function finish(judged: Judged, outcome: Outcome): MaybePromise<unknown> {
  const { incoming, target, ticket } = judged
  const task = outcome.ok ? taskOf(outcome.value) : undefined
  // The result of a task is the call's result: it is looked at when it is fetched.
  if (task !== undefined && outcome.ok) {
    incoming.guard.tasks.add(task, { resource: target.resource, ticket })
    return release(judged, ticket.inspect(outcome.value), outcome.value)
  }
  return andThen(ticket.finish(outcome), (settled) =>
    release(judged, settled, outcome.ok ? outcome.value : outcome.error),
  )
}

function taskOf(value: unknown): string | undefined {
  const task = isObject(value) ? value['task'] : undefined
  const id = isObject(task) ? task['taskId'] : undefined
  return typeof id === 'string' ? id : undefined
}

/** What goes back to the caller. */
export function release(
  judged: Judged,
  settled: Outcome,
  original: unknown,
): MaybePromise<unknown> {
  if (!settled.ok) {
    const { error } = settled
    if (isCallDenied(error)) return denied(judged, error.decision)
    // An error result is an answer like any other.
    if (isErrorResult(error)) return carryOver(error, original)
    throw error
  }
  const { value } = settled
  const released =
    value === original ? value : fitSchema(judged, carryOver(value, original), original)
  return withoutHiddenLinks(judged, released)
}

/** INVARIANT: what may not be known of is answered as what is not there. */
function refuse(judged: Judged): MaybePromise<unknown> {
  const { incoming, target, head, ticket } = judged
  const { gate, reason } = ticket.decision
  // Other gates speak of what the caller may see, or of every name alike.
  if (gate !== 'rbac' && gate !== 'blocklist' && reason !== 'malformed_request')
    return denied(judged, ticket.decision)
  const { engine } = incoming.guard
  return andThen(engine.discover(head, [target.resource], same), (visible) =>
    visible.length === 0 ? answerUnknown(incoming, target) : denied(judged, ticket.decision),
  )
}

const same = (name: string): string => name

function denied({ incoming, target }: Judged, decision: Decision): object {
  if (target.kind === 'tool' && incoming.request.method === 'tools/call')
    if (incoming.guard.options.denial !== 'jsonrpc') return denialResult(decision)
  throw denialError(decision)
}
