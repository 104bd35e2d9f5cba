import type { CallRequest } from '../../core/model/call.ts'
import type { Decision } from '../../core/model/decision.ts'
import { CallgateError } from '../../core/model/errors.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import type { Outcome } from '../../engine/ticket.ts'
import { isErrorResult } from '../answers/denial.ts'
import { answerUnknown } from '../answers/unknown.ts'
import { type Answering, askThroughClient } from '../approvals/ask-through-client.ts'
import type { AnsweredCall } from '../approvals/asking.ts'
import { keep } from '../connection.ts'
import type { Head } from '../guard.ts'
import { isObject } from '../host.ts'
import { type Incoming, paramsOf } from '../server/server-guard.ts'
import { cancel, cancelled } from './cancel.ts'
import type { Judged } from './judged.ts'
import { namesOf, type Target, targetOf } from './names.ts'
import { denied, release, releaseThrown } from './release.ts'
import { settledRequest } from './settled-request.ts'
import { visibleOf } from './visible.ts'
import { isWellFormed } from './well-formed.ts'

/** A request that calls something: judged, then handed to its handler, then looked at. Synchronous up to the handler. */
export function governCall(incoming: Incoming): MaybePromise<unknown> {
  const { guard, request, context } = incoming
  const target = targetOf(guard.server, request.method, paramsOf(request))
  return andThen(guard.headOf(context), (head) => {
    const call = askThroughClient.answerOf(incoming, head)
    if (target.spelled === undefined) return judge(call, target)
    return andThen(guard.engine.discover(head, [target.spelled]), ({ length }) =>
      // Who may not know of it as it is spelled may not use it either, and is told so by that name.
      judge(call, length > 0 ? target : { ...target, resource: target.spelled ?? target.resource }),
    )
  })
}

function judge({ incoming, head, answer }: Answering, target: Target): MaybePromise<unknown> {
  const { engine, options } = incoming.guard
  // Who asks through the client does not wait elsewhere.
  const wait = options.approvals === undefined
  return andThen(engine.begin(requestOf(incoming, head, target), { wait }), (ticket) => {
    const judged = { incoming, target, head, ticket, answer }
    if (wait || (ticket.permitted && answer === undefined)) return settled(judged)
    return andThen(askThroughClient.ask(judged), (asked) => goOn(judged, asked))
  })
}

function requestOf({ guard }: Incoming, head: Head, target: Target): CallRequest {
  const definition =
    target.kind === 'tool'
      ? guard.options.definitions?.stateOf(guard.server, target.name)
      : undefined
  return {
    ...head,
    resource: target.resource,
    arguments: target.arguments as JsonObject, // checked by the engine's snapshot
    ...(definition === undefined ? {} : { definition }),
  }
}

function settled(judged: Judged): MaybePromise<unknown> {
  const { ticket } = judged
  if (!ticket.permitted) return refuse(judged)
  return isWellFormed(judged.incoming.request) || !ticket.decision.enforced
    ? dispatch(judged)
    : closed(judged, MALFORMED)
}

const MALFORMED: Pick<Decision, 'reason' | 'detail'> = {
  reason: 'malformed_request',
  detail: 'the params are not what the protocol has for this method',
}

/** A person has answered, or is asked by the answer to this request. */
function goOn(judged: Judged, answered: AnsweredCall): MaybePromise<unknown> {
  switch (answered.kind) {
    case 'reply':
      return answered.reply
    case 'dispatch':
      return settled(judged)
    case 'refused':
      return refuse(judged, answered.approval)
    case 'present':
      return present(judged, answered)
  }
}

/** The gates speak again, under the policy and the session of this moment. */
function present(
  judged: Judged,
  { approval, mayRun }: Extract<AnsweredCall, { kind: 'present' }>,
): MaybePromise<unknown> {
  const { incoming, target, ticket: first } = judged
  const head = { ...judged.head, approval }
  const request = requestOf(incoming, head, target)
  // A no also stands where the policy has come to allow the call meanwhile.
  if (first.permitted) return stopped(judged)
  return andThen(incoming.guard.engine.begin(request, { wait: false }), (ticket) => {
    const now = { ...judged, ticket }
    if (!ticket.permitted) return refuse(now, approval)
    return mayRun ? dispatch(now) : stopped(now)
  })
}

/** Nothing goes out for a call that a person has refused. */
function stopped(judged: Judged): MaybePromise<unknown> {
  return closed(judged, { reason: 'approval_denied', detail: 'a person refused this call' })
}

/** A call that was let through, and does not go out after all. */
function closed(judged: Judged, why: Pick<Decision, 'reason' | 'detail'>): MaybePromise<unknown> {
  const { ticket } = judged
  const error = new CallgateError('ERR_CALL_CANCELLED', 'the call did not go out')
  const { id } = ticket.decision
  return andThen(ticket.finish({ ok: false, error }), () =>
    denied(judged, { id, effect: 'deny', retry_after_ms: null, ...why }),
  )
}

function dispatch(judged: Judged): MaybePromise<unknown> {
  const { incoming, head, ticket } = judged
  const { connection, handler, extra, context } = incoming
  const id = context.requestId
  const running = { head: withoutApproval(head), ticket }
  connection.last = running
  if (id !== undefined) keep(connection.running, id, running)
  const { signal } = context
  const over = (): void => {
    if (id !== undefined && connection.running.get(id) === running) connection.running.delete(id)
  }
  const giveUp = (): void => {
    over()
    cancel(judged)
  }
  const done = (outcome: Outcome, isThrown = false): MaybePromise<unknown> => {
    signal?.removeEventListener('abort', giveUp)
    over()
    return finish(judged, outcome, isThrown)
  }
  const failed = (error: unknown): MaybePromise<unknown> => done({ ok: false, error }, true)
  if (signal?.aborted === true) return failed(cancelled())
  const request = settledRequest(judged)
  if (request === undefined) return unchangeable(judged)
  let given: unknown
  try {
    given = handler(request, extra)
  } catch (error) {
    return failed(error)
  }
  if (!isPromise(given)) return done(outcomeOf(given))
  signal?.addEventListener('abort', giveUp, { once: true })
  return given.then((value) => done(outcomeOf(value)), failed)
}

/** Fails closed: what the policy wants changed cannot be, so it does not go out. */
function unchangeable(judged: Judged): MaybePromise<unknown> {
  const { connection, context } = judged.incoming
  if (context.requestId !== undefined) connection.running.delete(context.requestId)
  return closed(judged, {
    reason: 'constraint_unverifiable',
    detail: 'what is asked for cannot be rewritten as the policy wants it',
  })
}

/** It was this call's: what the server asks of its client meanwhile is another. */
function withoutApproval(head: Head): Head {
  if (head.approval === undefined) return head
  const { approval: _, ...rest } = head
  return rest
}

/** A tool says of itself that it failed: that is no success, and is looked at all the same. */
export function outcomeOf(value: unknown): Outcome {
  return isErrorResult(value) ? { ok: false, error: value } : { ok: true, value }
}

function finish(judged: Judged, outcome: Outcome, isThrown: boolean): MaybePromise<unknown> {
  const { incoming, target, ticket } = judged
  const task = outcome.ok ? taskOf(incoming, outcome.value) : undefined
  // The result of a task is the call's result: it is looked at when it is fetched.
  if (task !== undefined && outcome.ok) {
    incoming.guard.tasks.add(task, { target, ticket })
    return release(judged, ticket.inspect(outcome.value), outcome.value)
  }
  return andThen(ticket.finish(outcome), (settled) =>
    isThrown && !settled.ok
      ? releaseThrown(judged, settled.error)
      : release(judged, settled, outcome.ok ? outcome.value : outcome.error),
  )
}

/**
 * The call goes on as a task where its caller has asked for that (2025-11-25), or where the result says so.
 * @see https://github.com/modelcontextprotocol/ext-tasks
 */
function taskOf({ request }: Incoming, value: unknown): string | undefined {
  if (!isObject(value)) return undefined
  const isAsked = paramsOf(request)['task'] !== undefined
  const task = value['resultType'] === 'task' ? value : isAsked ? value['task'] : undefined
  const id = isObject(task) ? task['taskId'] : undefined
  return typeof id === 'string' ? id : undefined
}

/** INVARIANT: what may not be known of is answered as what is not there. */
function refuse(judged: Judged, approval?: string): MaybePromise<unknown> {
  const { incoming, target, head, ticket } = judged
  const { gate, reason, id } = ticket.decision
  // INVARIANT: this is the same whatever is named: it tells nobody which names there are.
  if (!isWellFormed(incoming.request))
    return denied(judged, { id, effect: 'deny', retry_after_ms: null, ...MALFORMED })
  // Other gates speak of what the caller may see, or of every name alike.
  if (gate !== 'rbac' && gate !== 'blocklist' && reason !== 'malformed_request')
    return denied(judged, ticket.decision, approval)
  const names = namesOf(target)
  return andThen(
    visibleOf(incoming.guard, head, [target], () => names),
    (visible) =>
      visible.length === 0
        ? answerUnknown(incoming, target)
        : denied(judged, ticket.decision, approval),
  )
}
