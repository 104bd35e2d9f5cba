import type { Explanation } from '../intent/intent.ts'
import { ASK, STRONG } from '../intent/scale.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { taskSpeaksOf } from './evidence/task-words.ts'
import { isSameThread, rememberThread } from './evidence/thread.ts'
import { quoted } from './evidence/wording.ts'

/** Up to here the task has nothing to do with the call. */
const TASK_SILENT = 0.25

/**
 * A call does what outside text says, and the user's task does not explain it. A person is asked. The
 * session is paused only where the text also speaks to the model, the call carries a value that
 * stands nowhere else, the task is known and silent, and the call is sensitive or sends data out.
 * A sensitive call that no task speaks of, after text that spoke to the model, is asked about without
 * any value in common: `change the password` needs none.
 * @see https://genai.owasp.org/llmrisk/llm01-prompt-injection/ LLM01:2025
 * @see https://atlas.mitre.org/techniques/AML.T0051.001 indirect prompt injection
 */
export const instructionInjectionEcho: Rule = {
  id: 'instruction_injection_echo',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const { explanation } = view
    if (explanation !== undefined && isEcho(explanation, event))
      return answersInPlace(explanation, event, view) ? undefined : echoFinding(explanation, event)
    return isUnaskedFor(event, view) ? sensitiveFinding(event, view) : undefined
  },
  remember: (event, view) =>
    event.direction === 'response' ? rememberThread(event, view) : undefined,
}

function isEcho({ score, cue }: Explanation, event: RequestEvent): boolean {
  if (!(score >= ASK)) return false
  const { writes, egress, sensitive } = event.traits
  if (writes || egress || sensitive) return true
  // To read is harmless by itself: it takes more to ask about it.
  return cue && score >= STRONG
}

/**
 * Answering who wrote, where they wrote: a reply to the ticket that asks for one, on the server the
 * ticket came from, to nobody else. Without a task that is what an agent is there for; what the reply
 * may hold is the business of the rules on data that leaves.
 */
function answersInPlace(explanation: Explanation, event: RequestEvent, view: RuleView): boolean {
  if (explanation.hasTask || explanation.cue || event.traits.sensitive) return false
  if (view.destinations.some(({ known, allowed }) => !known && !allowed)) return false
  return isSameThread(event, explanation.event, view)
}

function isStrong(explanation: Explanation, { traits }: RequestEvent): boolean {
  const { score, cue, values, hasTask, task } = explanation
  if (!hasTask || task > TASK_SILENT || !cue || values === 0) return false
  return score >= STRONG && (traits.sensitive || traits.egress)
}

function echoFinding(explanation: Explanation, event: RequestEvent): RuleFinding {
  const strong = isStrong(explanation, event)
  const tool = quoted(event.call.resource.name)
  const task = explanation.hasTask ? ', and the task does not' : '; no task is known'
  return {
    rule: 'instruction_injection_echo',
    severity: strong ? 'critical' : 'high',
    confidence: explanation.score,
    message: `outside text in event ${explanation.event} asks for ${tool} as it is called${task}`,
    trigger: event.number,
    sources: [explanation.event],
    action: strong ? 'pause' : 'ask',
    score: strong ? 80 : 60,
    cause: actCause(event),
  }
}

/** After suspicious text, with no word of it in the task. */
function isUnaskedFor(event: RequestEvent, { explanation, suspiciousEvent }: RuleView): boolean {
  if (!event.traits.sensitive || suspiciousEvent === 0) return false
  if (explanation?.hasTask === true) return explanation.task <= TASK_SILENT
  return !taskSpeaksOf(event.call)
}

function sensitiveFinding(event: RequestEvent, view: RuleView): RuleFinding {
  return {
    rule: 'instruction_injection_echo',
    severity: 'high',
    confidence: 0.6,
    message: `${quoted(event.call.resource.name)} is a sensitive call that the task does not speak of, after event ${view.suspiciousEvent} had text that speaks to the model`,
    trigger: event.number,
    sources: [view.suspiciousEvent],
    action: 'ask',
    score: 60,
    cause: actCause(event),
  }
}
