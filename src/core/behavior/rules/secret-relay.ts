import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { type CarriedSecret, relayedSecrets, rememberCarriers } from './evidence/carried-secrets.ts'
import { placeCause } from './evidence/causes.ts'
import { originWords, quoted, sourcesOf, travelWords } from './evidence/wording.ts'

/**
 * A secret of an earlier response goes out with a tool through which data leaves: as it was, hidden,
 * in a longer text, or as what another call made of it. One finding for each secret.
 * @see https://genai.owasp.org/llmrisk/llm022025-sensitive-information-disclosure/ LLM02:2025
 * @see https://attack.mitre.org/techniques/T1567/ exfiltration over a web service
 */
export const secretRelay: Rule = {
  id: 'secret_relay',
  on: 'request',
  severity: 'critical',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    return relayedSecrets(event, view).map((carried) => findingOf(carried, event, view))
  },
  remember: rememberCarriers,
}

/** What a call made of a secret is proof only where it is sure that it did. */
const SURE = 0.7

function findingOf(
  { value, flow }: CarriedSecret,
  event: RequestEvent,
  view: RuleView,
): RuleFinding {
  const tool = quoted(event.call.resource.name)
  const isSure = flow.kind !== 'derived' || flow.confidence >= SURE
  return {
    rule: 'secret_relay',
    severity: 'critical',
    confidence: flow.confidence,
    message: `a secret from ${originWords(flow)} goes out with ${tool}${travelWords(flow)}`,
    trigger: event.number,
    sources: sourcesOf([flow]),
    action: isSure ? 'terminate' : 'ask',
    score: 90,
    // Where a person is asked, the answer holds for the place as well.
    cause: isSure ? value : `${value}>${placeCause(event, view.destinations)}`,
  }
}
