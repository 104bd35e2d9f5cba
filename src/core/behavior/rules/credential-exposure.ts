import type { ResponseEvent, Rule, RuleFinding } from '../rule.ts'
import { quoted } from './evidence/wording.ts'

/**
 * A response holds a secret. To read one is no harm yet, so this only warns; the response counts as
 * restricted from here on, and what becomes of the secret is for `secret_relay` to see.
 * @see https://genai.owasp.org/llmrisk/llm022025-sensitive-information-disclosure/ LLM02:2025
 * @see https://attack.mitre.org/techniques/T1552/ unsecured credentials
 */
export const credentialExposure: Rule = {
  id: 'credential_exposure',
  on: 'response',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'response' || view.matches.length === 0) return undefined
    const surest = new Map<string, number>()
    for (const match of view.matches)
      if (match.class === 'secret')
        surest.set(match.kind, Math.max(match.confidence, surest.get(match.kind) ?? 0))
    return [...surest]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_KINDS)
      .map(([kind, confidence]) => findingOf(kind, confidence, event))
  },
}

/** More kinds in one response say nothing new. */
const MOST_KINDS = 4

function findingOf(kind: string, confidence: number, event: ResponseEvent): RuleFinding {
  return {
    rule: 'credential_exposure',
    severity: 'high',
    confidence,
    message: `the response of ${quoted(event.call.resource.name)} holds a secret (${quoted(kind)})`,
    trigger: event.number,
    sources: [event.number],
    action: 'warn',
    score: 20,
    cause: `${kind}@${event.number}`,
  }
}
