import type { CallRequest } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { Denial } from '../engine/denial-text.ts'
import type { Outcome, Ticket } from '../engine/ticket.ts'
import type { Guard, Head } from './guard.ts'
import type { Plan, Target } from './plan.ts'

/** A request that may go out, and the tickets it goes out on. */
export interface Judged {
  readonly head: Head
  readonly plan: Plan
  /** Of the model, or of the API's method. */
  readonly ticket: Ticket
  /** Of tools that run elsewhere. */
  readonly besides: readonly Ticket[]
}

export type Verdict =
  | { readonly ok: true; readonly judged: Judged }
  | { readonly ok: false; readonly denial: Denial }

/** Judges all that a request asks for. Nothing goes out where any of it is denied. */
export async function judge(guard: Guard, head: Head, plan: Plan): Promise<Verdict> {
  const { engine } = guard
  // Only observed, it goes out as it came.
  if (plan.fault !== undefined && engine.context().enforces) {
    const { decision } = await engine.begin(malformed(head, plan.first))
    return { ok: false, denial: denialOf(decision, plan.fault) }
  }
  const ticket = await engine.begin({ ...head, ...plan.first })
  if (!ticket.permitted) return { ok: false, denial: ticket.decision }
  const besides: Ticket[] = []
  const refuse = async (denial: Denial): Promise<Verdict> => {
    await finishAll([ticket, ...besides], { ok: false, error: NOT_SENT })
    return { ok: false, denial }
  }
  for (const target of plan.alternatives) {
    // Nobody is asked for a model that may never be used: it is left out, or nothing is sent.
    const decision = await engine.propose({ ...inside(head, ticket), ...target })
    if (decision.enforced && isRefused(decision)) return refuse(decision)
  }
  for (const target of plan.hosted) {
    const hosted = await engine.begin({ ...inside(head, ticket), ...target })
    if (!hosted.permitted) return refuse(hosted.decision)
    besides.push(hosted)
  }
  return { ok: true, judged: { head, plan, ticket, besides } }
}

const NOT_SENT = new CallgateError('ERR_CALL_CANCELLED', 'another part of the request was denied')

function isRefused({ effect }: Decision): boolean {
  return effect === 'deny' || effect === 'escalate'
}

function denialOf({ id, effect, reason, retry_after_ms }: Decision, detail: string): Denial {
  return { id, effect, reason, detail, retry_after_ms }
}

/** On behalf of a call. An approval is for one call alone. */
export function inside({ approval: _, ...head }: Head, { decision }: Ticket): Head {
  return { ...head, parent: decision.id }
}

/** Recorded as what it is: a call without arguments that could be judged. */
export function malformed(head: Head, target: Target): CallRequest {
  const nothing: unknown = null
  return { ...head, ...target, arguments: nothing as CallRequest['arguments'] } // refused for it
}

/** Judged again, without anything counted or recorded anew. Undefined: it may go out once more. */
export async function judgeAgain(
  { engine }: Guard,
  { head, plan, ticket }: Judged,
): Promise<Denial | undefined> {
  for (const target of [plan.first, ...plan.hosted]) {
    const of = target === plan.first ? head : inside(head, ticket)
    const { decision } = await engine.explain({ ...of, ...target })
    // What the call itself has taken of a limit is still its own.
    const isOverLimit = decision.gate === 'rate_limit'
    if (decision.enforced && decision.effect === 'deny' && !isOverLimit) return decision
  }
  return undefined
}

/** Closes the records of a request. What became of its first call comes back. */
export async function finishAll(
  [first, ...more]: readonly Ticket[],
  outcome: Outcome,
): Promise<Outcome> {
  const { usage: _, ...plain } = outcome
  for (const ticket of more) await ticket.finish(plain)
  return first === undefined ? outcome : first.finish(outcome)
}
