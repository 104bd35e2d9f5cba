import type { JsonValue } from '../../model/json.ts'
import type { Flow } from '../flow.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView, SessionEvent } from '../rule.ts'
import {
  type CarriedSecret,
  carriersOf,
  relayedSecrets,
  rememberCarriers,
} from './evidence/carried-secrets.ts'
import { placeCause } from './evidence/causes.ts'
import { numbersIn, withNumbers } from './evidence/memory.ts'
import { secretDoubt } from './evidence/sure-secret.ts'
import { originWords, quoted, sourcesOf, travelWords } from './evidence/wording.ts'

/**
 * A secret of an earlier response goes out with a tool through which data leaves: as it was, hidden,
 * in a longer text, or as what another call made of it. One finding for each secret. The session ends
 * where the secret is beyond doubt: out of a restricted source, of a vendor's format, or a private key;
 * what only looks like one, in a source that is not restricted, may be an example, and is asked about.
 * @see https://genai.owasp.org/llmrisk/llm022025-sensitive-information-disclosure/ LLM02:2025
 * @see https://attack.mitre.org/techniques/T1567/ exfiltration over a web service
 */
export const secretRelay: Rule = {
  id: 'secret_relay',
  on: 'request',
  severity: 'critical',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    return relayedSecrets(event, view)
      .filter(({ flow }) => !isHarmless(flow, view))
      .map((carried) => findingOf(carried, event, view))
  },
  remember,
}

/** What a call made of a secret is proof only where it is sure that it did. */
const SURE = 0.7

const MOST_EVENTS = 64

/** Which requests carried a secret, and which responses held what may be none. */
function remember(event: SessionEvent, view: RuleView): JsonValue | undefined {
  if (event.direction === 'request') {
    const carried = rememberCarriers(event, view)
    return carried === undefined ? undefined : { ...doubtsIn(view.memory), ...carried }
  }
  // What a restricted source holds is no example. What is forgotten is beyond doubt.
  if (event.traits.restricted || view.matches.length === 0) return undefined
  const doubt = secretDoubt(event, view.matches)
  if (doubt === undefined || doubt === 'none') return undefined
  const doubts = doubtsIn(view.memory)
  const list = doubt === 'some' ? 'doubtful' : 'harmless'
  return {
    ...carriersOf(view.memory),
    ...doubts,
    [list]: withNumbers(doubts[list], [event.number], MOST_EVENTS),
  }
}

function doubtsIn(memory: JsonValue | undefined): {
  readonly doubtful: readonly number[]
  readonly harmless: readonly number[]
} {
  return { doubtful: numbersIn(memory, 'doubtful'), harmless: numbersIn(memory, 'harmless') }
}

function isHarmless({ from, kind }: Flow, { memory }: RuleView): boolean {
  return kind === 'secret' && numbersIn(memory, 'harmless').includes(from)
}

function isBeyondDoubt({ kind, confidence, from }: Flow, { memory }: RuleView): boolean {
  if (kind === 'derived' && confidence < SURE) return false
  return !numbersIn(memory, 'doubtful').includes(from)
}

function findingOf(
  { value, flow }: CarriedSecret,
  event: RequestEvent,
  view: RuleView,
): RuleFinding {
  const tool = quoted(event.call.resource.name)
  const isSure = isBeyondDoubt(flow, view)
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
