import { isCallgateError } from '../../core/model/errors.ts'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'
import { hashOf } from '../../engine/record.ts'
import type { Ticket } from '../../engine/ticket.ts'
import type { Head } from '../guard.ts'
import type { Judged } from '../methods/judged.ts'
import { type ElicitationSettings, MOST_MS } from './elicitation-options.ts'
import { approverName, isTrustedWith } from './may-ask.ts'
import { type OpenQuestions, openQuestionsOf } from './open-questions.ts'
import type { Said } from './question.ts'

/** What becomes of a call that a person must approve. */
export type AnsweredCall =
  /** Judged again with this approval. `mayRun`: false where somebody has said no. */
  | { readonly kind: 'present'; readonly approval: string; readonly mayRun: boolean }
  /** It goes out as it was judged. */
  | { readonly kind: 'dispatch' }
  /** `approval` is what may be presented once somebody has approved it. */
  | { readonly kind: 'refused'; readonly approval: string | undefined }
  /** The answer to the request is the question itself (2026-07-28): the client calls again with what was said. */
  | { readonly kind: 'reply'; readonly reply: object }

/** One call, and what is needed to ask about it. */
export interface Asking {
  readonly judged: Judged
  readonly settings: ElicitationSettings
  readonly engine: PolicyEngine
  readonly questions: OpenQuestions
  /** The same for the same call of the same caller. */
  readonly call: string
  /** Whom the question is put to: one connection, or one caller where there are none. */
  readonly who: string
  readonly timeoutMs: number
}

export function askingOf(judged: Judged, settings: ElicitationSettings): Asking {
  const { incoming, ticket, head } = judged
  const { guard, context } = incoming
  const isModern = context.era === 'modern'
  const caller = callerOf(ticket, head)
  const { method } = incoming.request
  return {
    judged,
    settings,
    engine: guard.engine,
    questions: openQuestionsOf(guard.engine),
    call: hashOf([...caller, method, judged.target.resource, ticket.decision.input_hash]),
    who: isModern ? hashOf(caller) : context.connection,
    timeoutMs: settings.timeoutMs ?? (isModern ? MOST_MS : DEFAULT_MS),
  }
}

function callerOf({ subject }: Ticket, { session }: Head): (string | null)[] {
  const { tenant, agent, user } = subject ?? {}
  return [tenant ?? null, agent ?? null, user ?? null, session]
}

const DEFAULT_MS = 55_000

export function refused(approval: string | undefined): AnsweredCall {
  return { kind: 'refused', approval }
}

/** Writes an answer down; the engine says what it is worth when it is presented. */
export async function decide(
  asking: Asking,
  id: string,
  { isYes, reason }: Said,
): Promise<AnsweredCall> {
  const { engine, judged, settings } = asking
  // The session may have come to be doubted since it was asked.
  if (isYes && !isTrustedWith(settings, judged.ticket)) return refused(id)
  const by = approverName(settings, judged.incoming, judged.ticket)
  const answer = { by, ...(reason === undefined ? {} : { reason }) }
  try {
    await (isYes ? engine.approvals.approve(id, answer) : engine.approvals.deny(id, answer))
  } catch (error) {
    // Somebody was first: what they said stands. All else, such as `by` of the one who asks, is no answer.
    if (!isCallgateError(error) || error.code !== 'ERR_APPROVAL_CONFLICT') return refused(id)
  }
  forget(asking, id)
  return { kind: 'present', approval: id, mayRun: isYes }
}

/** The next call like it is a question of its own. */
export function forget({ questions, call }: Asking, id: string): void {
  if (questions.find(call)?.id === id) questions.drop(call)
}
