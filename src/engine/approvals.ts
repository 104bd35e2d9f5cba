import type { Call } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import type { JsonObject } from '../core/model/json.ts'
import { isPromise } from '../core/model/json.ts'
import type { Approval, Approvals } from '../core/model/ports.ts'
import { within } from './wait.ts'

export const DEFAULT_APPROVAL_TIMEOUT_MS = 300_000

/** What became of asking a person. */
export type Answer =
  | { readonly kind: 'approved'; readonly by: string }
  | {
      readonly kind: 'denied'
      readonly reason: 'approval_denied' | 'approval_expired' | 'gate_failed'
      readonly detail: string
    }

/** What is asked: bound to this call, its frozen arguments and a time after which no answer counts. */
export interface Question {
  readonly approvals: Approvals
  readonly call: Call
  readonly decision: Decision
  readonly arguments: JsonObject
  readonly signal: AbortSignal | undefined
}

/** Asks, and waits no longer than the limit. Anything but a clear yes of somebody else is a no. */
export async function ask(question: Question): Promise<Answer> {
  const { approvals, call, decision, signal } = question
  const timeoutMs = approvals.timeoutMs ?? DEFAULT_APPROVAL_TIMEOUT_MS
  const over = new AbortController()
  const approval: Approval = Object.freeze({
    id: decision.id,
    call,
    decision,
    arguments: question.arguments,
    expires_at: call.at + timeoutMs,
  })
  const stopped = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
  try {
    const asking = approvals.ask(approval, stopped)
    const answer = isPromise(asking)
      ? await within(Promise.race([asking, whenAborted(signal)]), timeoutMs, late)
      : asking
    if (answer === EXPIRED)
      return refuse('approval_expired', `nobody answered within ${timeoutMs} ms`)
    if (answer?.outcome !== 'approved')
      return refuse('approval_denied', 'a person refused this call')
    if (typeof answer.by !== 'string' || answer.by === '')
      return refuse('approval_denied', 'the approval does not say who gave it')
    if (answer.by === call.subject.agent || answer.by === call.subject.user)
      return refuse('approval_denied', 'the one who asks cannot approve')
    return { kind: 'approved', by: answer.by }
  } catch {
    return refuse('gate_failed', 'asking for approval failed')
  } finally {
    over.abort()
  }
}

const late = (): typeof EXPIRED => EXPIRED
const EXPIRED: unique symbol = Symbol('expired')

function whenAborted(signal: AbortSignal | undefined): Promise<typeof EXPIRED> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve(EXPIRED)
    else signal?.addEventListener('abort', () => resolve(EXPIRED), { once: true })
  })
}

function refuse(
  reason: 'approval_denied' | 'approval_expired' | 'gate_failed',
  detail: string,
): Answer {
  return { kind: 'denied', reason, detail }
}
