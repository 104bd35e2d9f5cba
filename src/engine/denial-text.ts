import type { Decision, Reason } from '../core/model/decision.ts'

/** What adapters say of a denial, to callers and to models. */

/** What a caller may know of a decision: never a rule, a binding or a payload. */
export interface ToldDecision {
  readonly id: string
  readonly effect: string
  readonly reason: string
  readonly retry_after_ms?: number
}

/** What is said of a decision. */
export type Denial = Pick<Decision, 'id' | 'effect' | 'reason' | 'detail' | 'retry_after_ms'>

export function told({ id, effect, reason, retry_after_ms }: Denial): ToldDecision {
  return {
    id,
    effect,
    reason,
    ...(retry_after_ms === null ? {} : { retry_after_ms }),
  }
}

/** What to do about it, in one sentence for a model. */
const ADVICE: Partial<Record<Reason, string>> = {
  approval_required:
    'Wait until a person has approved it, then call again with the same arguments.',
  approval_denied: 'A person has refused it: do not try again.',
  rate_limited: 'Wait before you call again.',
  budget_exceeded: 'The budget is spent: stop, and tell the user.',
  session_paused: 'A person must resume the session: stop, and tell the user.',
  session_terminated: 'The session is over: stop, and tell the user.',
  behavior_blocked: 'Do not repeat it in another form: tell the user.',
  secret_detected: 'Leave the secret out of the arguments.',
  tool_changed: 'A person must accept the new definition of the tool.',
  constraint_unverifiable: 'Change the arguments so that they can be judged.',
  constraint_violation: 'Change the arguments so that they are within what is allowed.',
}

/** One text for models and people. */
export function denialText({ reason, detail, id }: Denial, approval?: string): string {
  const advice = ADVICE[reason]
  return [
    `Denied by policy (${reason})${detail === null ? '.' : `: ${detail}.`}`,
    ...(advice === undefined ? [] : [advice]),
    ...(approval === undefined ? [] : [`Approval ${approval}.`]),
    `Decision ${id}.`,
  ].join(' ')
}
