import type { JsonValue } from '../../model/json.ts'
import type { Flow } from '../flow.ts'
import type {
  EventMatch,
  RequestEvent,
  ResponseEvent,
  Rule,
  RuleFinding,
  RuleView,
} from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { isToolList } from './evidence/listed-tools.ts'
import { numbersIn, withNumbers } from './evidence/memory.ts'
import { textHash } from './evidence/text-hash.ts'
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
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'response' || !isToolList(event.call.resource.name)) return undefined
    const known = numbersIn(view.memory, 'said')
    const said = withNumbers(known, quotedIn(event), MOST_SAID)
    return said.length === known.length ? undefined : { said }
  },
}

const MOST_SAID = 256
const MOST_TEXTS = 256
const LONGEST_TEXT = 4_096
const QUOTED = /["'`“«„]([^"'`”»“„]{6,120})["'`”»“]/g

/** Hashes of what stands in quotes in the descriptions: too short, perhaps, to be known again as text. */
function quotedIn({ leaves }: ResponseEvent): readonly number[] {
  const found: number[] = []
  for (const { text, kind } of leaves.slice(0, MOST_TEXTS)) {
    if (kind !== 'prose') continue
    for (const [, words = ''] of text.slice(0, LONGEST_TEXT).matchAll(QUOTED))
      if (found.length < MOST_SAID) found.push(textHash(words.trim().toLowerCase()))
  }
  return found
}

/**
 * The side of requests: where something goes, or what a payment or another grave call is given,
 * stands in what a server says of its tools. That is where a call's form is told, not what is in it.
 */
export const describedCall: Rule = {
  id: 'tool_poisoning_indicator',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request' || !event.traits.writes) return undefined
    const flow = view.flows.find((one) => isDescribed(one, event))
    if (flow === undefined && !isQuoted(event, view)) return undefined
    return {
      rule: 'tool_poisoning_indicator',
      severity: 'high',
      confidence: Math.min(0.9, flow?.confidence ?? 0.7),
      message: `${quoted(event.call.resource.name)} is given what the description of a tool says`,
      trigger: event.number,
      sources: [flow?.from ?? event.number],
      action: 'ask',
      score: 60,
      cause: actCause(event),
    }
  },
}

/** Words and formats that a description gives are shorter. */
const SHORTEST_VALUE = 12
const SURE = 0.5

function isQuoted(event: RequestEvent, { memory, destinations }: RuleView): boolean {
  const said = numbersIn(memory, 'said')
  if (said.length === 0) return false
  const isKnown = (text: string): boolean =>
    destinations.some((place) => place.text === text && (place.known || place.allowed))
  return event.arguments.some(
    ({ text, role }) =>
      (role === 'destination' || (event.traits.sensitive && text.length >= SHORTEST_VALUE)) &&
      said.includes(textHash(text.trim().toLowerCase())) &&
      !isKnown(text),
  )
}

function isDescribed(
  { origin, trusted, confidence, length, role }: Flow,
  event: RequestEvent,
): boolean {
  if (trusted || confidence < SURE || !isToolList(origin.resource)) return false
  return role === 'destination' || (event.traits.sensitive && length >= SHORTEST_VALUE)
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
