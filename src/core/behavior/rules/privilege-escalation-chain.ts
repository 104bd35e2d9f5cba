import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView, SessionEvent } from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { farRight } from './evidence/far-rights.ts'
import { numberIn } from './evidence/memory.ts'
import { onlyReads } from './evidence/reading-task.ts'
import { isForItself, type RightsStep, rightsStep, taskAsksForFar } from './evidence/rights.ts'
import { taskSpeaksOf } from './evidence/task-words.ts'
import { quoted } from './evidence/wording.ts'

/**
 * Rights grow step by step: credentials are read, an identity is taken on or a key is made with them,
 * and rights are given. Also: rights that the agent gives to itself, to an address that only outside
 * text has named, or after calls that were denied; and rights over everything that the task does not
 * ask for, by the form of the arguments. What the user's task speaks of is no escalation.
 * @see https://attack.mitre.org/techniques/T1098/ account manipulation
 * @see https://attack.mitre.org/techniques/T1078/ valid accounts
 * @see https://genai.owasp.org/llmrisk/llm062025-excessive-agency/ LLM06:2025
 */
export const privilegeEscalationChain: Rule = {
  id: 'privilege_escalation_chain',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const step = rightsStep(event)
    const far = event.traits.writes || step !== undefined ? farRight(event) : undefined
    const reason =
      (step === undefined ? undefined : reasonFor(step, event, view, far !== undefined)) ??
      farReason(far, step, event)
    return reason === undefined ? undefined : findingOf(reason, event)
  },
  remember: rememberSteps,
}

interface Reason {
  readonly words: string
  readonly sources: readonly number[]
  readonly confidence: number
  readonly action: RuleFinding['action']
}

const DEFAULT_DENIALS = 3

function reasonFor(
  step: RightsStep,
  event: RequestEvent,
  view: RuleView,
  isFar: boolean,
): Reason | undefined {
  const { memory } = view
  const [read, gained] = [numberIn(memory, 'read'), numberIn(memory, 'gained')]
  if (step === 'grant' && isForItself(event))
    return {
      words: 'gives rights to the agent itself',
      sources: [],
      confidence: isFar ? 0.9 : 0.8,
      action: 'ask',
    }
  if (taskSpeaksOf(event.call)) return undefined
  if (step === 'grant' && gained > 0)
    return {
      words: 'gives rights with an identity that was taken on with credentials that had been read',
      sources: [read, gained],
      confidence: 0.85,
      action: 'ask',
    }
  const address = strangersAddress(event, view)
  if (step === 'grant' && address > 0)
    return {
      words: 'gives rights to an address that only outside text has named',
      sources: [address],
      confidence: 0.7,
      action: 'ask',
    }
  const denials = Math.max(1, view.settings.minCalls ?? DEFAULT_DENIALS)
  if (view.session.denied >= denials)
    return {
      words: `changes rights after ${view.session.denied} denied calls`,
      sources: [],
      confidence: 0.65,
      action: 'ask',
    }
  if (step === 'gain' && read > 0 && usesSecret(view))
    return {
      words: 'takes on an identity with a credential that was read',
      sources: [read],
      confidence: 0.6,
      action: 'warn',
    }
  return undefined
}

/** Far-reaching rights, or any where the task asks only to read. */
function farReason(
  far: string | undefined,
  step: RightsStep | undefined,
  { call, traits }: RequestEvent,
): Reason | undefined {
  if (far !== undefined && step !== undefined && !taskAsksForFar(call))
    return {
      words: `gives ${far}, and the task does not`,
      sources: [],
      confidence: 0.75,
      action: 'ask',
    }
  if (far !== undefined && traits.has('code_exec') && !taskAsksForFar(call))
    return {
      words: `gives ${far}, and the task does not`,
      sources: [],
      confidence: 0.65,
      action: 'ask',
    }
  if (step !== 'grant' || !traits.has('privilege_grant')) return undefined
  if (!onlyReads(call.task) || taskAsksForFar(call)) return undefined
  return {
    words: 'gives rights, where the task asks only to read',
    sources: [],
    confidence: 0.7,
    action: 'ask',
  }
}

/** The event of an address to which rights go, and which nobody but a stranger may have written; or 0. */
function strangersAddress({ traits }: RequestEvent, view: RuleView): number {
  if (view.suspiciousEvent === 0 || !traits.writes) return 0
  if (!view.destinations.some(({ known, allowed }) => !known && !allowed)) return 0
  const flow = view.flows.find(
    ({ role, origin, trusted }) => role !== 'content' && origin.outside && !trusted,
  )
  return flow?.from ?? 0
}

function usesSecret({ flows }: RuleView): boolean {
  return flows.some(({ kind, trusted }) => kind === 'secret' && !trusted)
}

/** The last response with a secret, and the last time one was used to take on an identity. */
function rememberSteps(event: SessionEvent, view: RuleView): JsonValue | undefined {
  const read = numberIn(view.memory, 'read')
  const gained = numberIn(view.memory, 'gained')
  if (event.direction === 'response') {
    const hasSecret = view.matches.some((match) => match.class === 'secret')
    return hasSecret ? { read: event.number, gained } : undefined
  }
  if (read === 0 || !usesSecret(view) || rightsStep(event) !== 'gain') return undefined
  return { read, gained: event.number }
}

function findingOf(reason: Reason, event: RequestEvent): RuleFinding {
  const isWarning = reason.action === 'warn'
  return {
    rule: 'privilege_escalation_chain',
    severity: isWarning ? 'medium' : 'high',
    confidence: reason.confidence,
    message: `${quoted(event.call.resource.name)} ${reason.words}`,
    trigger: event.number,
    sources: reason.sources.length === 0 ? [event.number] : reason.sources,
    action: reason.action,
    score: isWarning ? 20 : 65,
    cause: actCause(event),
  }
}
