import type { JsonValue } from '../../model/json.ts'
import type {
  RequestEvent,
  ResponseEvent,
  Rule,
  RuleFinding,
  RuleView,
  SessionEvent,
} from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { listedTools, MOST_LISTED } from './evidence/listed-tools.ts'
import { numbersIn, type Row, rowOf, rowsIn, withNumbers, withRow } from './evidence/memory.ts'
import { textHash } from './evidence/text-hash.ts'
import { quoted } from './evidence/wording.ts'

/**
 * A tool is no longer what it was in this session: its entry in the catalogue, what its server says
 * of it in a list of tools, or its answers, which were fields and now are text that speaks to the model.
 * @see https://owasp.org/www-project-mcp-top-10/ tool poisoning by a changed definition ("rug pull")
 * @see https://attack.mitre.org/techniques/T1195/ supply chain compromise
 */
export const toolDrift: Rule = {
  id: 'tool_drift',
  on: 'response',
  severity: 'medium',
  evaluate(event, view) {
    if (event.direction !== 'response') return undefined
    const found: RuleFinding[] = []
    const before = rowOf(rowsIn(view.memory, 'tools'), idOf(event))
    if (before !== undefined) addCallDrift(before, event, view, found)
    addListDrift(event, view, found)
    return found
  },
  remember: rememberTools,
}

function rememberTools(event: SessionEvent, view: RuleView): JsonValue | undefined {
  const { memory } = view
  const tools = rowsIn(memory, 'tools')
  const before = rowOf(tools, idOf(event))
  if (event.direction === 'request') {
    const [id = idOf(event), entry = 0, form = 0, count = 0, ...keys] = before ?? []
    const names = keysOf(event)
    if (before !== undefined && names.every((name) => keys.includes(name))) return undefined
    const given = withNumbers(keys, names, MOST_KEYS)
    if (before !== undefined && given.length === keys.length) return undefined
    return {
      ...kept(memory),
      tools: withRow(tools, [id, entry, form, count, ...given], MOST_TOOLS),
    }
  }
  let listed = rowsIn(memory, 'listed')
  const drifted: number[] = []
  for (const [id = 0, definition = 0, bare = 0] of listedTools(event)) {
    const known = rowOf(listed, id)
    if (known !== undefined && known[1] !== definition) drifted.push(id, bare)
    listed = withRow(listed, [id, definition], MOST_LISTED)
  }
  return {
    tools: withRow(tools, rowFor(event, before), MOST_TOOLS),
    listed,
    drifted: withNumbers(numbersIn(memory, 'drifted'), drifted, MOST_DRIFTED),
  }
}

function kept(memory: JsonValue | undefined): {
  listed: readonly Row[]
  drifted: readonly number[]
} {
  return { listed: rowsIn(memory, 'listed'), drifted: numbersIn(memory, 'drifted') }
}

const MOST_TOOLS = 64
const MOST_DRIFTED = 64
/** So many answers of one form make a habit. */
const HABIT = 2

function idOf({ call }: SessionEvent): number {
  return textHash(call.resource.name)
}

/** The tool, its entry, the form of its answers, how many in a row had it, what it was given. */
function rowFor(event: ResponseEvent, before: Row | undefined): Row {
  const form = formOf(event)
  const [id = idOf(event), , lastForm, count = 0, ...keys] = before ?? []
  return [id, entryHash(event), form, lastForm === form ? count + 1 : 1, ...keys]
}

/** Names of arguments that a tool was given, as short hashes. */
const MOST_KEYS = 8

function keysOf({ call }: RequestEvent): readonly number[] {
  return Object.keys(call.arguments)
    .slice(0, MOST_KEYS)
    .map((key) => textHash(key) & 0xffff)
}

function entryHash({ call }: ResponseEvent): number {
  const { server, tags, payload_class, kind } = call.resource
  let hash = textHash(kind, textHash(payload_class ?? '', textHash(call.scope ?? '')))
  hash = textHash(server ?? '', hash)
  for (const tag of tags) hash = textHash(tag, hash)
  return hash
}

const MOST_LEAVES = 256

/** Which fields an answer has, in any order and number, without their values; 0 for running text. */
function formOf({ leaves }: ResponseEvent): number {
  const keys = new Set<string>()
  for (const { kind, key } of leaves) {
    if (kind === 'prose') return 0
    if (keys.size < MOST_LEAVES) keys.add(key)
  }
  let sum = 1
  for (const key of keys) sum = (sum + textHash(key)) >>> 0
  return sum === 0 ? 1 : sum
}

function addCallDrift(
  before: Row,
  event: ResponseEvent,
  view: RuleView,
  found: RuleFinding[],
): void {
  const [, entry, form = 0, count = 0] = before
  // A tool that has been called but has not answered yet has no entry.
  if (entry !== 0 && entry !== entryHash(event))
    found.push(
      findingOf(
        event,
        'has another entry in the catalogue than before',
        0.8,
        `entry ${entryHash(event)}`,
      ),
    )
  const speaks = view.matches.some((match) => match.class === 'instruction')
  if (speaks && form !== 0 && count >= HABIT && formOf(event) !== form)
    found.push(
      findingOf(
        event,
        'answers in another form than before, with text that speaks to the model',
        0.7,
        'form',
      ),
    )
}

function addListDrift(event: ResponseEvent, view: RuleView, found: RuleFinding[]): void {
  const listed = rowsIn(view.memory, 'listed')
  if (listed.length === 0) return
  let changed = 0
  let hash = 0
  for (const [id = 0, definition = 0] of listedTools(event)) {
    const before = rowOf(listed, id)
    if (before === undefined || before[1] === definition) continue
    changed++
    hash = (hash + definition) | 0
  }
  if (changed > 0)
    found.push(
      findingOf(
        event,
        `describes ${changed} of its tools otherwise than before`,
        0.9,
        `list ${hash}`,
      ),
    )
}

/**
 * The side of requests: a tool that is described otherwise than before is given something new, in an
 * argument that it was never given before, or for a place that nobody has named.
 */
export const driftedCall: Rule = {
  id: 'tool_drift',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    if (!numbersIn(view.memory, 'drifted').includes(idOf(event))) return undefined
    const isNew = isGivenMore(event, view)
    const isAway = view.destinations.some(({ known, allowed }) => !known && !allowed)
    const carried = view.flows.find(({ trusted }) => !trusted)
    if (!(isAway || (isNew && carried !== undefined))) return undefined
    const { name } = event.call.resource
    return {
      rule: 'tool_drift',
      severity: 'high',
      confidence: isNew ? 0.8 : 0.6,
      message: `${quoted(name)} is described otherwise than before, and is given ${isNew ? 'what it was never given' : 'a place that nobody has named'}`,
      trigger: event.number,
      sources: carried === undefined ? [event.number] : [carried.from],
      action: 'ask',
      score: 60,
      cause: actCause(event),
    }
  },
}

function isGivenMore(event: RequestEvent, view: RuleView): boolean {
  const [, , , , ...keys] = rowOf(rowsIn(view.memory, 'tools'), idOf(event)) ?? []
  return keysOf(event).some((key) => !keys.includes(key))
}

function findingOf(
  event: ResponseEvent,
  words: string,
  confidence: number,
  cause: string,
): RuleFinding {
  const { name } = event.call.resource
  return {
    rule: 'tool_drift',
    severity: 'medium',
    confidence,
    message: `${quoted(name)} ${words}`,
    trigger: event.number,
    sources: [event.number],
    action: 'warn',
    score: 25,
    cause: `${name}>${cause}`,
  }
}
