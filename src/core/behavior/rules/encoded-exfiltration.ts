import type { JsonValue } from '../../model/json.ts'
import type { Flow } from '../flow.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView, SessionEvent } from '../rule.ts'
import { blobPlace } from './evidence/blob-place.ts'
import { relayedSecrets, rememberCarriers } from './evidence/carried-secrets.ts'
import { placeCause } from './evidence/causes.ts'
import { isHidden, leavesTrust } from './evidence/leaving-data.ts'
import { numberIn, numbersIn, withNumbers } from './evidence/memory.ts'
import { originWords, quoted, sourcesOf, travelWords } from './evidence/wording.ts'

/**
 * Restricted data goes out encoded, in pieces, or as what a call made of it; or, right after a
 * restricted read, a text that no person wrote stands where nobody puts one: in a host's name, a
 * URL's path, a header. What is encoded for a place that the task names is an attachment.
 * @see https://attack.mitre.org/techniques/T1132/ data encoding
 * @see https://attack.mitre.org/techniques/T1048/003/ exfiltration over protocols that nobody watches, such as DNS
 */
export const encodedExfiltration: Rule = {
  id: 'encoded_exfiltration',
  on: 'request',
  severity: 'critical',
  evaluate(event, view) {
    if (event.direction !== 'request' || !event.traits.egress) return undefined
    if (view.flows.length > 0) {
      const found = hiddenFinding(event, view)
      if (found !== undefined) return found
    }
    return overEncodedFinding(event, view) ?? blobFinding(event, view)
  },
  remember: rememberReads,
}

/** Events with secrets, the last restricted read, and which requests carried a secret. */
function rememberReads(event: SessionEvent, view: RuleView): JsonValue | undefined {
  if (event.direction === 'request') {
    const carried = rememberCarriers(event, view)
    return carried === undefined ? undefined : { ...readsOf(view.memory), ...carried }
  }
  const hasSecret = view.matches.some((match) => match.class === 'secret')
  if (!hasSecret && !event.traits.restricted) return undefined
  const before = readsOf(view.memory)
  return {
    ...before,
    restricted: event.number,
    secrets: hasSecret ? withNumbers(before.secrets, [event.number], MOST_EVENTS) : before.secrets,
  }
}

const MOST_EVENTS = 64

function readsOf(memory: JsonValue | undefined): {
  readonly restricted: number
  readonly secrets: readonly number[]
  readonly carriers: JsonValue
} {
  const carriers =
    typeof memory === 'object' && memory !== null && 'carriers' in memory
      ? (memory.carriers ?? [])
      : []
  return {
    restricted: numberIn(memory, 'restricted'),
    secrets: numbersIn(memory, 'secrets'),
    carriers,
  }
}

function hiddenFinding(event: RequestEvent, view: RuleView): RuleFinding | undefined {
  const relayed = relayedSecrets(event, view)
  const reported = new Set(relayed.flatMap(({ value, flow }) => [value, flow.value]))
  const hidden = view.flows.filter(
    (flow) =>
      flow.kind !== 'secret' &&
      !reported.has(flow.value) &&
      isHidden(flow) &&
      leavesTrust(flow, event, view),
  )
  if (hidden.length === 0) return undefined
  const surest = hidden.reduce((one, other) => (other.confidence > one.confidence ? other : one))
  const sources = sourcesOf(hidden)
  return {
    rule: 'encoded_exfiltration',
    severity: 'critical',
    confidence: surest.confidence,
    message: `restricted data from ${originWords(surest)} goes out with ${quoted(event.call.resource.name)}${travelWords(surest)}`,
    trigger: event.number,
    sources,
    action: hidden.some((flow) => isOfSecrets(flow, view)) ? 'terminate' : 'ask',
    score: 85,
    cause: `${sources.join(',')}>${placeCause(event, view.destinations)}`,
  }
}

const SURE = 0.7

// Encoding by itself, of a response that held secrets: the part that was taken may be one.
function isOfSecrets(flow: Flow, { memory }: RuleView): boolean {
  if (flow.kind === 'derived' || flow.confidence < SURE) return false
  return numbersIn(memory, 'secrets').includes(flow.from)
}

/** Letters and digits that need no encoding, in percent signs: no program writes them so. */
const OVER_ENCODED = /(?:%(?:3\d|4[1-9a-f]|5[\da]|6[1-9a-f]|7[\da])){4}/gi
const LEAST_RUNS = 2
const MOST_TEXTS = 32
const LONGEST_TEXT = 8_192

/** Asked about where something was read that may be hidden there. */
function overEncodedFinding(event: RequestEvent, view: RuleView): RuleFinding | undefined {
  const carried = view.flows.find(({ trusted }) => !trusted)
  const from = carried?.from ?? numberIn(view.memory, 'restricted')
  if (from === 0 && carried === undefined) return undefined
  if (!Object.values(event.call.arguments).slice(0, MOST_TEXTS).some(isOverEncoded))
    return undefined
  return {
    rule: 'encoded_exfiltration',
    severity: 'high',
    confidence: 0.75,
    message: `${quoted(event.call.resource.name)} has letters in percent signs that need none, after data was read`,
    trigger: event.number,
    sources: [from],
    action: 'ask',
    score: 60,
    cause: `percent>${placeCause(event, view.destinations)}`,
  }
}

function isOverEncoded(value: JsonValue): boolean {
  if (typeof value !== 'string') return false
  const runs = value.slice(0, LONGEST_TEXT).match(OVER_ENCODED)
  return runs !== null && runs.length >= LEAST_RUNS
}

/** So many events after a restricted read a text without words is taken to be of it. */
const RIGHT_AFTER = 8

function blobFinding(event: RequestEvent, view: RuleView): RuleFinding | undefined {
  const read = numberIn(view.memory, 'restricted')
  if (read === 0 || event.number - read > RIGHT_AFTER) return undefined
  const place = blobPlace(event, view)
  if (place === undefined) return undefined
  const isName = place === 'a host name'
  return {
    rule: 'encoded_exfiltration',
    severity: 'high',
    confidence: isName ? 0.6 : 0.5,
    message: `${quoted(event.call.resource.name)} has ${place} that looks like encoded data, right after restricted data was read`,
    trigger: event.number,
    sources: [read],
    action: isName ? 'ask' : 'warn',
    score: isName ? 60 : 25,
    cause: `blob>${placeCause(event, view.destinations)}`,
  }
}
