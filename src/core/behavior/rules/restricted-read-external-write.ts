import type { JsonValue } from '../../model/json.ts'
import type { Flow } from '../flow.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { relayedSecrets } from './evidence/carried-secrets.ts'
import { placeCause } from './evidence/causes.ts'
import { isContent, isHidden, leavesTrust } from './evidence/leaving-data.ts'
import { recordsAfter, tellsOwnRecord } from './evidence/own-record.ts'
import { originWords, quoted, sourcesOf } from './evidence/wording.ts'

/**
 * Restricted content goes to a place that neither the task nor the policy names. Who is told is not
 * what is told: an address, an identifier and what a server gets back from itself are no content.
 * A customer who is told what his own record says is no stranger to it.
 * A place that the policy denies ends the session. Secrets and hidden data are other rules' business.
 * @see https://genai.owasp.org/llmrisk/llm022025-sensitive-information-disclosure/ LLM02:2025
 * @see https://attack.mitre.org/techniques/T1048/ exfiltration over an alternative protocol
 */
export const restrictedReadExternalWrite: Rule = {
  id: 'restricted_read_external_write',
  on: 'request',
  severity: 'critical',
  evaluate(event, view) {
    if (event.direction !== 'request' || !event.traits.egress || view.flows.length === 0)
      return undefined
    // The text around a secret is the same relay, and not found twice.
    const relayed = new Set(relayedSecrets(event, view).map(({ flow }) => flow.from))
    const leaving = view.flows.filter(
      (flow) => !relayed.has(flow.from) && isPlainContent(flow, event, view),
    )
    if (together(leaving) < LEAST_EVIDENCE) return undefined
    const isDenied = view.destinations.some(({ denied }) => denied)
    if (!isDenied && tellsOwnRecord(leaving, event, view.memory)) return undefined
    return findingOf(leaving, event, view)
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'response') return undefined
    const records = recordsAfter(event, view.memory)
    return records === undefined ? undefined : { records }
  },
}

/** Less is a date or a number that may stand there by chance: `slow_drip_exfiltration` counts it. */
const LEAST_EVIDENCE = 0.5

// Values are taken to be independent of one another.
function together(flows: readonly Flow[]): number {
  const surest = new Map<string, number>()
  for (const { value, confidence } of flows)
    surest.set(value, Math.max(confidence, surest.get(value) ?? 0))
  let doubt = 1
  for (const confidence of surest.values()) doubt *= 1 - confidence
  return 1 - doubt
}

function isPlainContent(flow: Flow, event: RequestEvent, view: RuleView): boolean {
  if (flow.kind === 'secret' || isHidden(flow)) return false
  return leavesTrust(flow, event, view) && isContent(flow, event, view)
}

function findingOf(leaving: readonly Flow[], event: RequestEvent, view: RuleView): RuleFinding {
  const surest = leaving.reduce((one, other) => (other.confidence > one.confidence ? other : one))
  const sources = sourcesOf(leaving)
  const isDenied = view.destinations.some(({ denied }) => denied)
  const tool = quoted(event.call.resource.name)
  const place = isDenied ? 'to a place that the policy denies' : 'to a place that nobody has named'
  return {
    rule: 'restricted_read_external_write',
    severity: 'critical',
    confidence: Math.min(0.99, together(leaving)),
    message: `restricted data from ${originWords(surest)} goes out with ${tool} ${place}`,
    trigger: event.number,
    sources,
    action: isDenied ? 'terminate' : 'ask',
    score: 80,
    cause: `${sources.join(',')}>${placeCause(event, view.destinations)}`,
  }
}
