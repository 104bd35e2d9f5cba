import type { Call, ResourceEntry } from '../../model/call.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { SessionView } from '../../model/ports.ts'
import { behaviorSettings } from '../behavior-settings.ts'
import type { Flow, Origin } from '../flow.ts'
import type { Explanation } from '../intent/intent.ts'
import type { Argument } from '../lineage/lineage.ts'
import type { Leaf } from '../payload/leaf.ts'
import type {
  Destination,
  EventMatch,
  RequestEvent,
  ResponseEvent,
  Rule,
  RuleFinding,
  RuleView,
  SessionEvent,
} from '../rule.ts'
import { traitsOf } from '../traits.ts'

/** Builds events and views for tests of rules: whatever is not said is harmless. */

export interface CallParts {
  readonly tool?: string
  readonly server?: string
  readonly listed?: boolean
  readonly tags?: readonly string[]
  readonly scope?: string
  readonly payloadClass?: string
  readonly verb?: Call['verb']
  readonly agent?: string
  readonly task?: string
}

export interface RequestParts extends CallParts {
  readonly number?: number
  readonly at?: number
  readonly arguments?: Readonly<Record<string, string>> | readonly Argument[]
  /** The arguments as the call has them, where `arguments` does not say it. */
  readonly json?: JsonObject
}

export interface ResponseParts extends CallParts {
  readonly number?: number
  readonly at?: number
  readonly leaves?: readonly Leaf[]
  readonly isError?: boolean
}

export interface ViewParts {
  readonly flows?: readonly Flow[]
  readonly matches?: readonly EventMatch[]
  readonly explanation?: Explanation
  readonly proposal?: RuleView['proposal']
  readonly suspiciousEvent?: number
  readonly memory?: JsonValue
  readonly destinations?: readonly Destination[]
  readonly denied?: number
  /** The policy's `behavior` section. */
  readonly policy?: Readonly<Record<string, unknown>>
}

export function callOf(parts: CallParts): Call {
  const name = parts.tool ?? 'crm.get_customer'
  const resource: ResourceEntry = {
    name,
    kind: 'tool',
    server: parts.server ?? name.split('.', 1)[0],
    listed: parts.listed ?? true,
    scope: parts.scope,
    tags: parts.tags ?? [],
    payload_class: parts.payloadClass,
    sql_dialect: undefined,
    tier: undefined,
  }
  return {
    id: 'call',
    trace: 'trace',
    session: 'session',
    sequence: 1,
    subject: { agent: parts.agent ?? 'support-bot' },
    verb: parts.verb ?? 'invoke',
    resource,
    scope: parts.scope,
    arguments: {},
    at: 0,
    task: parts.task,
    ids: {},
    parent: undefined,
  }
}

export function requestOf(parts: RequestParts = {}): RequestEvent {
  const given = parts.arguments ?? {}
  const json = parts.json ?? (isArguments(given) ? {} : given)
  const call = { ...callOf(parts), arguments: json }
  return {
    direction: 'request',
    number: parts.number ?? 3,
    call,
    at: parts.at ?? 0,
    traits: traitsOf(call.resource),
    arguments: isArguments(given)
      ? given
      : Object.entries(given).map(([key, text]) => argumentOf(key, text)),
  }
}

export function responseOf(parts: ResponseParts = {}): ResponseEvent {
  const call = callOf(parts)
  const number = parts.number ?? 2
  return {
    direction: 'response',
    number,
    request: number - 1,
    call,
    at: parts.at ?? 0,
    traits: traitsOf(call.resource),
    leaves: parts.leaves ?? [],
    isError: parts.isError ?? false,
  }
}

export function argumentOf(
  key: string,
  text: string,
  role: Argument['role'] = 'content',
  record = 0,
): Argument {
  return { key, text, role, record, kind: text.split(' ').length > 4 ? 'prose' : 'field' }
}

export function leafOf(key: string, text: string, record = 0): Leaf {
  return { key, text, record, kind: text.split(' ').length > 4 ? 'prose' : 'field' }
}

/** A value out of a restricted database, in event 2, that is sent on as content. */
export function flowOf(parts: Partial<Flow> = {}, origin: Partial<Origin> = {}): Flow {
  const from = parts.from ?? 2
  const to = parts.to ?? 3
  return {
    from,
    to,
    kind: 'value',
    confidence: 0.9,
    hops: 1,
    chain: [from, to],
    origin: {
      event: from,
      resource: 'db.execute_sql',
      server: 'db',
      scope: undefined,
      restricted: true,
      outside: true,
      ...origin,
    },
    role: 'content',
    encoded: [],
    value: 'h1',
    trusted: false,
    length: 24,
    ...parts,
  }
}

export function placeOf(text: string, parts: Partial<Destination> = {}): Destination {
  return { text, known: false, allowed: false, denied: false, ...parts }
}

export function matchOf(kind: string, parts: Partial<EventMatch> = {}): EventMatch {
  return { class: 'secret', kind, start: 0, end: 20, confidence: 0.9, leaf: 0, ...parts }
}

export function explanationOf(parts: Partial<Explanation> = {}): Explanation {
  return { score: 0.7, event: 2, cue: false, values: 0, task: 0.1, hasTask: true, ...parts }
}

export function viewFor(rule: Rule, parts: ViewParts = {}): RuleView {
  const behavior = behaviorSettings(parts.policy)
  const session: SessionView = {
    id: 'session',
    sequence: 1,
    events: 0,
    disposition: 'allow',
    risk: 0,
    started_at: 0,
    denied: parts.denied ?? 0,
  }
  return {
    session,
    settings: behavior.rule(rule.id),
    behavior,
    flows: parts.flows ?? [],
    matches: parts.matches ?? [],
    explanation: parts.explanation,
    proposal: parts.proposal,
    suspiciousEvent: parts.suspiciousEvent ?? 0,
    memory: parts.memory,
    destinations: parts.destinations ?? [],
  }
}

/** What a rule finds in one event. */
export function findingsIn(
  rule: Rule,
  event: SessionEvent,
  parts: ViewParts = {},
): readonly RuleFinding[] {
  if (rule.on !== event.direction) return []
  const found = rule.evaluate(event, viewFor(rule, parts))
  if (found === undefined) return []
  return isFindings(found) ? found : [found]
}

export type Step = readonly [event: SessionEvent, view?: ViewParts]

/** What a rule finds in each event of a session in which every request goes out. */
export function findingsOver(rule: Rule, steps: readonly Step[]): readonly RuleFinding[][] {
  let memory: JsonValue | undefined
  return steps.map(([event, parts]) => {
    const view = memory === undefined ? { ...parts } : { ...parts, memory }
    const found = findingsIn(rule, event, view)
    memory = rule.remember?.(event, viewFor(rule, view)) ?? memory
    return [...found]
  })
}

/** Action and what is told apart by, of every finding in order. */
export function actionsOf(found: readonly (readonly RuleFinding[])[]): readonly string[] {
  return found.flat().map(({ action }) => action)
}

function isArguments(
  given: Readonly<Record<string, string>> | readonly Argument[],
): given is readonly Argument[] {
  return Array.isArray(given)
}

function isFindings(found: RuleFinding | readonly RuleFinding[]): found is readonly RuleFinding[] {
  return Array.isArray(found)
}
