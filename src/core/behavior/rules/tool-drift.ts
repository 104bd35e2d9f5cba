import type { JsonValue } from '../../model/json.ts'
import type { Leaf } from '../payload/leaf.ts'
import type { ResponseEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { type Row, rowOf, rowsIn, withRow } from './evidence/memory.ts'
import { fieldsHash, textHash } from './evidence/text-hash.ts'
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
    const before = rowOf(rowsIn(view.memory, 'tools'), toolId(event))
    if (before !== undefined) addCallDrift(before, event, view, found)
    addListDrift(event, view, found)
    return found
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'response') return undefined
    const tools = rowsIn(view.memory, 'tools')
    let listed = rowsIn(view.memory, 'listed')
    for (const row of listedTools(event)) listed = withRow(listed, row, MOST_LISTED)
    const row = rowFor(event, rowOf(tools, toolId(event)))
    return { tools: withRow(tools, row, MOST_TOOLS), listed }
  },
}

const MOST_TOOLS = 64
const MOST_LISTED = 256
/** So many answers of one form make a habit. */
const HABIT = 2

function toolId({ call }: ResponseEvent): number {
  return textHash(call.resource.name)
}

/** The tool, its entry, the form of its answers, how many in a row had it. */
function rowFor(event: ResponseEvent, before: Row | undefined): Row {
  const form = formOf(event)
  const [id = toolId(event), , lastForm, count = 0] = before ?? []
  return [id, entryHash(event), form, lastForm === form ? count + 1 : 1]
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
  if (entry !== entryHash(event))
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

const LIST = /(?:^|[./:_-])(?:tools?[./_-]list|list[_-]?tools)$/i
const NAME_KEYS: ReadonlySet<string> = new Set(['name', 'tool', 'tool_name'])
const DESCRIBING_KEYS: ReadonlySet<string> = new Set(['description', 'title', 'instructions'])

/**
 * Tools that a list describes: name, and a hash of all that is said of it, its schema included. A
 * record with a name and a description begins a tool; what follows, up to the next, belongs to it.
 */
function listedTools({ call, leaves, isError }: ResponseEvent): readonly Row[] {
  if (isError || (call.verb !== 'discover' && !LIST.test(call.resource.name))) return []
  const names = toolNames(leaves)
  const seed = textHash(call.resource.server ?? '')
  const rows = new Map<number, Leaf[]>()
  let current: Leaf[] | undefined
  for (const leaf of leaves) {
    const name = names.get(leaf.record)
    if (name !== undefined && rows.size < MOST_LISTED) {
      const id = textHash(name, seed)
      current = rows.get(id) ?? []
      rows.set(id, current)
    }
    current?.push(leaf)
  }
  return [...rows].map(([id, said]) => [id, fieldsHash(said)])
}

/** Names of tools by the records that describe one. */
function toolNames(leaves: readonly Leaf[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  const described = new Set<number>()
  for (const { key, record, text } of leaves) {
    if (NAME_KEYS.has(key) && !names.has(record)) names.set(record, text)
    else if (DESCRIBING_KEYS.has(key)) described.add(record)
  }
  for (const record of names.keys()) if (!described.has(record)) names.delete(record)
  return names
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
