import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { numberIn } from './evidence/memory.ts'

/**
 * Call after call of the session has been denied: somebody tries what is open. Asked about once at
 * each doubling, before the next call that would go out.
 * @see https://attack.mitre.org/techniques/T1087/ and T1069: discovery of accounts and permissions
 */
export const denialProbing: Rule = {
  id: 'denial_probing',
  on: 'request',
  severity: 'medium',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const level = levelOf(view)
    return level > numberIn(view.memory, 'level') ? findingOf(event, view, level) : undefined
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'request') return undefined
    const level = levelOf(view)
    return level > numberIn(view.memory, 'level') ? { level } : undefined
  },
}

const DEFAULT_CALLS = 5

/** 1 at so many denials, and one more at each doubling. */
function levelOf({ session, settings }: RuleView): number {
  const least = Math.max(1, settings.minCalls ?? DEFAULT_CALLS)
  return session.denied < least ? 0 : 1 + Math.floor(Math.log2(session.denied / least))
}

function findingOf(event: RequestEvent, view: RuleView, level: number): RuleFinding {
  const isMuch = level >= 2
  return {
    rule: 'denial_probing',
    severity: isMuch ? 'high' : 'medium',
    confidence: Math.min(0.9, 0.5 + 0.15 * level),
    message: `${view.session.denied} calls of this session have been denied; see whether the agent lacks a binding or tries what is open`,
    trigger: event.number,
    sources: [event.number],
    action: isMuch ? 'ask' : 'warn',
    score: isMuch ? 60 : 30,
    cause: `level ${level}`,
  }
}
