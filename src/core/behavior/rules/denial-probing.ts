import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView, SessionEvent } from '../rule.ts'
import { openedSource, refusalsAfter, refusalsOf } from './evidence/denials.ts'
import { numberIn, numbersIn, rowsIn } from './evidence/memory.ts'
import { quoted } from './evidence/wording.ts'

/**
 * Call after call has been denied: somebody tries what is open. Denials by the policy are asked about
 * once at each doubling. After as many refusals by a server (wrong PINs, tables that may not be read,
 * amounts over the limit) its next call that matters is asked about, and what gave way at last does
 * not leave unasked.
 * @see https://attack.mitre.org/techniques/T1087/ and T1069: discovery of accounts and permissions
 * @see https://attack.mitre.org/techniques/T1110/ brute force
 */
export const denialProbing: Rule = {
  id: 'denial_probing',
  on: 'request',
  severity: 'medium',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const refused = refusedFinding(event, view)
    if (refused !== undefined) return refused
    const level = levelOf(view.session.denied, leastOf(view))
    return level > numberIn(view.memory, 'level') ? deniedFinding(event, view, level) : undefined
  },
  remember: rememberDenials,
}

const DEFAULT_CALLS = 5

function leastOf({ settings }: RuleView): number {
  return Math.max(1, settings.minCalls ?? DEFAULT_CALLS)
}

/** 1 at so many denials, and one more at each doubling. */
function levelOf(count: number, least: number): number {
  return count < least ? 0 : 1 + Math.floor(Math.log2(count / least))
}

function rememberDenials(event: SessionEvent, view: RuleView): JsonValue | undefined {
  const { memory } = view
  const level = numberIn(memory, 'level')
  if (event.direction === 'response') {
    const refusals = refusalsAfter(event, memory, leastOf(view))
    return refusals === undefined ? undefined : { level, ...refusals }
  }
  const now = levelOf(view.session.denied, leastOf(view))
  if (now <= level) return undefined
  return {
    level: now,
    families: rowsIn(memory, 'families'),
    opened: numbersIn(memory, 'opened'),
  }
}

function refusedFinding(event: RequestEvent, view: RuleView): RuleFinding | undefined {
  const { traits, call } = event
  const count = refusalsOf(event, view.memory)
  const level = levelOf(count, leastOf(view))
  const tool = quoted(call.resource.name)
  if (level > 0 && (traits.writes || traits.sensitive || traits.restricted))
    return findingOf(event, {
      level: level + 1,
      message: `${tool} is called after its server has refused ${count} calls; somebody may be trying what is open`,
      cause: `${call.resource.name} refused ${level}`,
    })
  if (!traits.egress) return undefined
  const source = openedSource(view.flows, view.memory)
  if (source === 0) return undefined
  return findingOf(event, {
    level: 2,
    message: `${tool} sends out what its source gave only after many refusals`,
    cause: `${call.resource.name} opened ${source}`,
    source,
  })
}

function deniedFinding(event: RequestEvent, view: RuleView, level: number): RuleFinding {
  return findingOf(event, {
    level,
    message: `${view.session.denied} calls of this session have been denied; see whether the agent lacks a binding or tries what is open`,
    cause: `level ${level}`,
  })
}

interface Words {
  /** From 2 on a person is asked. */
  readonly level: number
  readonly message: string
  readonly cause: string
  readonly source?: number
}

function findingOf(event: RequestEvent, { level, message, cause, source }: Words): RuleFinding {
  const isMuch = level >= 2
  return {
    rule: 'denial_probing',
    severity: isMuch ? 'high' : 'medium',
    confidence: Math.min(0.9, 0.5 + 0.15 * level),
    message,
    trigger: event.number,
    sources: [source ?? event.number],
    action: isMuch ? 'ask' : 'warn',
    score: isMuch ? 60 : 30,
    cause,
  }
}
