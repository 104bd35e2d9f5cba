import type { EventMatch, ResponseEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { quoted } from './evidence/wording.ts'

/**
 * Text in a response speaks to the model: in results, errors, answers of writes, and in what a server
 * says of its tools. Suspicion only: what comes of it is for the rules on requests to see.
 * @see https://genai.owasp.org/llmrisk/llm01-prompt-injection/ LLM01:2025
 * @see https://atlas.mitre.org/techniques/AML.T0051.001 indirect prompt injection
 */
export const toolPoisoningIndicator: Rule = {
  id: 'tool_poisoning_indicator',
  on: 'response',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'response' || view.matches.length === 0) return undefined
    const { name, server } = event.call.resource
    if (view.behavior.trustsTool(name, server)) return undefined
    const found = view.matches.filter((match) => speaksToModel(match, event, view))
    return found.length === 0 ? undefined : findingOf(found, event)
  },
}

function speaksToModel(match: EventMatch, event: ResponseEvent, view: RuleView): boolean {
  if (match.class !== 'instruction') return false
  const key = event.leaves[match.leaf]?.key ?? ''
  return key === '' || !view.behavior.trustsField(event.call.resource.name, key)
}

function findingOf(found: readonly EventMatch[], event: ResponseEvent): RuleFinding {
  const { name } = event.call.resource
  const kinds = [...surestByKind(found)].sort(([, a], [, b]) => b - a)
  const names = kinds.slice(0, MOST_NAMED).map(([kind]) => quoted(kind))
  const place = event.isError ? 'the error' : 'the response'
  return {
    rule: 'tool_poisoning_indicator',
    severity: 'high',
    confidence: together(kinds.map(([, confidence]) => confidence)),
    message: `${place} of ${quoted(name)} has text that speaks to the model (${names.join(', ')})`,
    trigger: event.number,
    sources: [event.number],
    action: 'warn',
    score: 25,
    // One more page of the same kind of text from the same tool is no more suspicious.
    cause: `${name}:${kinds
      .map(([kind]) => kind)
      .sort()
      .join(',')}`,
  }
}

const MOST_NAMED = 4

function surestByKind(found: readonly EventMatch[]): ReadonlyMap<string, number> {
  const surest = new Map<string, number>()
  for (const { kind, confidence } of found)
    surest.set(kind, Math.max(confidence, surest.get(kind) ?? 0))
  return surest
}

// Kinds of cues are taken to be independent of one another: each halves what is left of the doubt.
function together(confidences: readonly number[]): number {
  const doubt = confidences.reduce((left, confidence) => left * (1 - confidence), 1)
  return Math.min(0.99, 1 - doubt)
}
