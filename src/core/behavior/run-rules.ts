import type { Finding } from '../model/finding.ts'
import type { JsonValue } from '../model/json.ts'
import type { SessionView } from '../model/ports.ts'
import type { Rule, RuleFinding, RuleView, SessionEvent } from './rule.ts'
import type { BehaviorSettings, RuleSettings } from './settings.ts'

/** What is known of one event; every rule sees the same. */
export type Evidence = Pick<
  RuleView,
  'flows' | 'matches' | 'explanation' | 'suspiciousEvent' | 'destinations'
>

/** What each rule keeps between events, by its id. */
export type RuleMemory = Map<string, JsonValue>

export interface RuleContext {
  readonly settings: BehaviorSettings
  readonly session: SessionView
}

/** Evaluates every rule for the event's side; the policy's word on action, severity and score counts. */
export function evaluateRules(
  rules: readonly Rule[],
  event: SessionEvent,
  evidence: Evidence,
  memory: RuleMemory,
  context: RuleContext,
): RuleFinding[] {
  const found: RuleFinding[] = []
  for (const rule of rules) {
    if (rule.on !== event.direction) continue
    const settings = context.settings.rule(rule.id)
    const { name, server } = event.call.resource
    if (!settings.enabled || settings.excepts(name, server)) continue
    const result = rule.evaluate(event, viewOf(rule, evidence, memory, context))
    for (const finding of listOf(result)) {
      // NaN is not below: what does not say how sure it is counts.
      if (finding.confidence < settings.minConfidence) continue
      found.push(settle(rule, finding, settings, event.number))
    }
  }
  return found
}

function listOf(result: ReturnType<Rule['evaluate']>): readonly RuleFinding[] {
  if (result === undefined) return NONE
  return Array.isArray(result) ? result : [result as Finding] // a list was the other case
}

const NONE: readonly RuleFinding[] = Object.freeze([])

export function viewOf(
  rule: Rule,
  evidence: Evidence,
  memory: RuleMemory,
  { session, settings }: RuleContext,
): RuleView {
  return {
    session,
    settings: settings.rule(rule.id),
    behavior: settings,
    flows: evidence.flows,
    matches: evidence.matches,
    explanation: evidence.explanation,
    suspiciousEvent: evidence.suspiciousEvent,
    destinations: evidence.destinations,
    memory: memory.get(rule.id),
  }
}

/** Each field read once and of its type: a host's rule may be written without types. */
function settle(
  rule: Rule,
  finding: RuleFinding,
  settings: RuleSettings,
  number: number,
): RuleFinding {
  const { message, trigger, sources, cause } = finding
  return Object.freeze({
    rule: rule.id,
    severity: settings.severity ?? oneOf(SEVERITIES, finding.severity, 'critical'),
    confidence: Math.round(within(1, finding.confidence) * 100) / 100,
    message: String(message).slice(0, MAX_MESSAGE),
    trigger: isNumber(trigger) ? trigger : number,
    sources: Object.freeze([...sources].filter(isNumber).slice(0, MAX_SOURCES)),
    action: settings.action ?? oneOf(ACTIONS, finding.action, 'terminate'),
    score: settings.score ?? within(100, finding.score),
    ...(cause === undefined ? {} : { cause }),
  })
}

const MAX_MESSAGE = 500
const MAX_SOURCES = 32
const ACTIONS = ['warn', 'ask', 'pause', 'terminate'] as const
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

// INVARIANT: what is of no type stops: as sure and as much as can be, and the gravest of its kind.
function within(most: number, value: unknown): number {
  return typeof value === 'number' && value <= most ? Math.max(0, value) : most
}

function oneOf<T extends string>(known: readonly T[], value: unknown, gravest: T): T {
  return known.find((one) => one === value) ?? gravest
}
