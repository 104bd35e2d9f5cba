import type { Decision, Reason } from '../../core/model/decision.ts'
import { APPROVAL } from '../guard.ts'
import { isObject } from '../host.ts'

/** JSON-RPC code of a denial; none that the SDKs give another meaning. */
export const DENIED = -32001
export const INVALID_PARAMS = -32602
export const METHOD_NOT_FOUND = -32601
export const INTERNAL_ERROR = -32603

/** Under this key of `_meta`, and in the `data` of errors, stands what was decided. */
export const DECISION = 'callgate/decision'

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

/** A result that the model reads and can act upon. */
export function denialResult(denial: Denial, approval?: string): object {
  return {
    content: [{ type: 'text', text: denialText(denial, approval) }],
    isError: true,
    _meta: marks(denial, approval),
  }
}

/** The approval stands under the key by which a client presents it. */
function marks(denial: Denial, approval: string | undefined): object {
  return { [DECISION]: told(denial), ...(approval === undefined ? {} : { [APPROVAL]: approval }) }
}

/** What SDKs turn into a JSON-RPC error, whatever class it is of. */
export class ProtocolDenial extends Error {
  readonly code: number
  readonly data?: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.name = 'McpError'
    this.code = code
    if (data !== undefined) this.data = data
  }
}

export function denialError(denial: Denial, approval?: string): ProtocolDenial {
  return new ProtocolDenial(DENIED, denialText(denial, approval), marks(denial, approval))
}

/** A tool that failed. */
export function errorResult(text: string): object {
  return { content: [{ type: 'text', text }], isError: true }
}

/** True for a result that says of itself that the tool failed. */
export function isErrorResult(value: unknown): boolean {
  return isObject(value) && value['isError'] === true
}
