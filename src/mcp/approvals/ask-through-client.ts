import type { MaybePromise } from '../../core/model/json.ts'
import type { Head } from '../guard.ts'
import type { Judged } from '../methods/judged.ts'
import type { Incoming } from '../server/server-guard.ts'
import { retryOf } from './answer-by-retry.ts'
import { ask } from './ask.ts'
import { type AnsweredCall, type Asking, askingOf, decide, refused } from './asking.ts'
import { elicitationSettings } from './elicitation-options.ts'
import { openQuestionsOf } from './open-questions.ts'
import type { Said } from './question.ts'
import type { QuestionState } from './signed-state.ts'

/** What the client of this very request has said to a question of ours. */
export interface ClientAnswer {
  readonly state: QuestionState
  readonly isAnswered: boolean
  readonly said: Said | undefined
}

/** A request with what its client has said to a question of ours taken out of it. */
export interface Answering {
  readonly incoming: Incoming
  readonly head: Head
  readonly answer: ClientAnswer | undefined
}

/** No approval has it. */
const NO_APPROVAL = 'none'

export const askThroughClient = {
  /**
   * Takes in what the client has said. INVARIANT: a state that is forged or over answers nothing; what
   * it names is presented, so that the engine says what it is worth to this caller and this call.
   */
  answerOf(incoming: Incoming, head: Head): Answering {
    const { engine, options } = incoming.guard
    const settings = elicitationSettings(options.approvals)
    const retry =
      settings === undefined
        ? undefined
        : retryOf(incoming, settings.key ?? openQuestionsOf(engine).key)
    if (retry === undefined) return { incoming, head, answer: undefined }
    const { state, isAnswered, said } = retry
    return {
      incoming: retry.incoming,
      head: { ...head, approval: state?.approval ?? NO_APPROVAL },
      answer:
        state === undefined || state.expires <= Date.now()
          ? undefined
          : { state, isAnswered, said },
    }
  },
  /** What becomes of a call that was not simply let through. */
  ask(judged: Judged): MaybePromise<AnsweredCall> {
    const { ticket, head, answer, incoming } = judged
    const settings = elicitationSettings(incoming.guard.options.approvals)
    if (settings === undefined) return refused(undefined)
    const asking = askingOf(judged, settings)
    if (answer !== undefined) return answered(asking, answer)
    if (ticket.decision.effect === 'escalate') return ask(asking)
    return refused(ticket.decision.reason === 'approval_required' ? head.approval : undefined)
  },
}

/** The client calls again, with what a person has said. */
function answered(asking: Asking, answer: ClientAnswer): MaybePromise<AnsweredCall> {
  const { decision, permitted } = asking.judged.ticket
  const { approval } = answer.state
  const said = countedOf(asking, answer)
  if (permitted && said?.isYes !== false) return { kind: 'dispatch' }
  if (!permitted && decision.reason !== 'approval_required') return refused(undefined)
  return said === undefined ? refused(approval) : decide(asking, approval, said)
}

/** INVARIANT: nobody answers for another caller or another call, and a question is answered once, if only by dismissing it. */
function countedOf(
  { questions, call, judged }: Asking,
  { state, isAnswered, said }: ClientAnswer,
): Said | undefined {
  if (!isAnswered || state.call !== call || judged.ticket.subject === undefined) return undefined
  return questions.use(state.nonce, state.expires, Date.now()) ? said : undefined
}
