import type { Rule } from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { quoted } from './evidence/wording.ts'

/**
 * A call that does something was executed, and no model has proposed it so: it was never proposed, or
 * with other arguments. Known only where the session's models go through the engine too. What merely
 * reads, and what protocols do by themselves, is left alone.
 * @see https://genai.owasp.org/llmrisk/llm062025-excessive-agency/ LLM06:2025
 */
export const unproposedCall: Rule = {
  id: 'unproposed_call',
  on: 'request',
  severity: 'low',
  evaluate(event, view) {
    const { proposal } = view
    if (event.direction !== 'request' || proposal === undefined || proposal === 'same')
      return undefined
    const { traits, call } = event
    // A call made on behalf of another is that call's business.
    if (call.automatic === true || call.parent !== undefined) return undefined
    if (!traits.writes && !traits.egress && !traits.sensitive) return undefined
    const isChanged = proposal === 'changed'
    return {
      rule: 'unproposed_call',
      severity: 'low',
      confidence: isChanged ? 0.6 : 0.5,
      message: isChanged
        ? `${quoted(call.resource.name)} was proposed with other arguments than those it is called with`
        : `${quoted(call.resource.name)} is called, and no model of this session has proposed it`,
      trigger: event.number,
      sources: [event.number],
      action: 'warn',
      score: isChanged ? 15 : 10,
      cause: actCause(event),
    }
  },
}
