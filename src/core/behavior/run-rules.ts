import type { Finding } from '../model/finding.ts'
import type { JsonValue } from '../model/json.ts'
import type { SessionView } from '../model/ports.ts'
import { withoutSecrets } from '../redaction/without-secrets.ts'
import type { Rule, RuleFinding, RuleView, SessionEvent } from './rule.ts'
import { BUILT_IN_RULES } from './rules/built-in-rules.ts'
import type { BehaviorSettings, RuleSettings } from './settings.ts'
import { sizeOf } from './size-of.ts'

/** What is known of one event; every rule sees the same. */
export type Evidence = Pick<
  RuleView,
  'flows' | 'matches' | 'explanation' | 'proposal' | 'suspiciousEvent' | 'destinations'
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
  const { name, server } = event.call.resource
  const shared = viewOf(evidence, context)
  for (const one of readyRules(rules, context.settings)[event.direction]) {
    const { rule, settings } = one
    if (!settings.enabled || settings.excepts(name, server)) continue
    const result = rule.evaluate(event, viewFor(one, shared, memory))
    if (result === undefined) continue
    for (const finding of listOf(result)) {
      // NaN is not below: what does not say how sure it is counts.
      if (finding.confidence < settings.minConfidence) continue
      found.push(settle(rule, finding, settings, event.number))
    }
  }
  return found
}

/** Lets every rule take note of a request that goes out, or of a response. */
export function rememberEvent(
  rules: readonly Rule[],
  event: SessionEvent,
  evidence: Evidence,
  memory: RuleMemory,
  context: RuleContext,
): void {
  const shared = viewOf(evidence, context)
  for (const one of readyRules(rules, context.settings).remembering) {
    const kept = one.rule.remember?.(event, viewFor(one, shared, memory))
    if (kept !== undefined) memory.set(one.rule.id, kept)
  }
}

/** Bytes that the rules of a host keep, about; the built-in ones keep little. */
export function hostMemoryBytes(
  rules: readonly Rule[],
  memory: RuleMemory,
  { settings }: RuleContext,
): number {
  let bytes = 0
  for (const { rule, isBuiltIn } of readyRules(rules, settings).remembering)
    if (!isBuiltIn) bytes += sizeOf(memory.get(rule.id))
  return bytes
}

interface ReadyRule {
  readonly rule: Rule
  readonly settings: RuleSettings
  readonly isBuiltIn: boolean
}

/** Rules with what the policy says of them, by what they are asked for. */
interface ReadyRules {
  readonly request: readonly ReadyRule[]
  readonly response: readonly ReadyRule[]
  readonly remembering: readonly ReadyRule[]
}

// Neither changes while an engine runs with one policy.
const READY = new WeakMap<BehaviorSettings, WeakMap<readonly Rule[], ReadyRules>>()
const BUILT_IN: ReadonlySet<Rule> = new Set(BUILT_IN_RULES)

function readyRules(rules: readonly Rule[], settings: BehaviorSettings): ReadyRules {
  const before = READY.get(settings)?.get(rules)
  if (before !== undefined) return before
  const known = READY.get(settings) ?? new WeakMap<readonly Rule[], ReadyRules>()
  READY.set(settings, known)
  const all = rules.map((rule) => ({
    rule,
    settings: settings.rule(rule.id),
    isBuiltIn: BUILT_IN.has(rule),
  }))
  const ready = {
    request: all.filter(({ rule }) => rule.on === 'request'),
    response: all.filter(({ rule }) => rule.on === 'response'),
    remembering: all.filter(({ rule }) => rule.remember !== undefined),
  }
  known.set(rules, ready)
  return ready
}

function listOf(result: Finding | readonly RuleFinding[]): readonly RuleFinding[] {
  return Array.isArray(result) ? result : [result as Finding] // a list was the other case
}

type Shared = { -readonly [Field in keyof RuleView]: RuleView[Field] }

function viewOf(evidence: Evidence, { session, settings }: RuleContext): Shared {
  return {
    session,
    settings: settings.rule(''),
    behavior: settings,
    flows: evidence.flows,
    matches: evidence.matches,
    explanation: evidence.explanation,
    proposal: evidence.proposal,
    suspiciousEvent: evidence.suspiciousEvent,
    destinations: evidence.destinations,
    memory: undefined,
  }
}

/** One view goes round among the built-in rules, which keep none; a host's rule is given its own. */
function viewFor(
  { rule, settings, isBuiltIn }: ReadyRule,
  shared: Shared,
  memory: RuleMemory,
): RuleView {
  const view = isBuiltIn ? shared : { ...shared }
  view.settings = settings
  view.memory = memory.get(rule.id)
  return view
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
    message: withoutSecrets(String(message)).slice(0, MAX_MESSAGE),
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
