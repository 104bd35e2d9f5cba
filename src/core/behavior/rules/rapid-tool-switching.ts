import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { goesToStranger } from './evidence/leaving-data.ts'
import { type Row, rowsIn, rowsOf } from './evidence/memory.ts'
import { textHash } from './evidence/text-hash.ts'

/**
 * Many different tools of several servers within seconds, as when somebody feels out what there is.
 * A person is asked where a call of the burst takes out what the others gave.
 * Needs real times: where all events bear the same one, as in recordings, it says nothing.
 * @see https://attack.mitre.org/techniques/T1526/ cloud service discovery
 */
export const rapidToolSwitching: Rule = {
  id: 'rapid_tool_switching',
  on: 'request',
  severity: 'medium',
  evaluate(event, view) {
    if (event.direction !== 'request' || event.call.automatic === true) return undefined
    const before = rowsIn(view.memory, 'calls')
    const least = Math.max(2, view.settings.minCalls ?? DEFAULT_TOOLS)
    if (before.length + 1 < least || before.every(([at]) => at === event.at)) return undefined
    const now = [...before, rowFor(event)]
    if (!isBurst(now, event.at, view)) return undefined
    const isNoted = isBurst(before, before.at(-1)?.[0] ?? 0, view)
    if (isNoted && gathered(event, now, view).length === 0) return undefined
    return findingOf(event, now, view, gathered(event, now, view))
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'request' || event.call.automatic === true) return undefined
    const before = within(rowsIn(view.memory, 'calls'), event.at, view)
    return { calls: rowsOf([...before.slice(1 - MOST_CALLS), rowFor(event)]) }
  },
}

const DEFAULT_WINDOW_MS = 10_000
const DEFAULT_TOOLS = 8
const LEAST_SERVERS = 3
const MOST_CALLS = 64

/** When, which tool, of which server, which event, 1 where it reads what is restricted. */
function rowFor({ at, call, number, traits }: RequestEvent): Row {
  const { name, server } = call.resource
  return [at, textHash(name), textHash(server ?? ''), number, traits.restricted ? 1 : 0]
}

function within(rows: readonly Row[], at: number, view: RuleView): readonly Row[] {
  const start = at - (view.settings.windowMs ?? DEFAULT_WINDOW_MS)
  return rows.filter(([time = 0]) => time >= start && time <= at)
}

function isBurst(rows: readonly Row[], at: number, view: RuleView): boolean {
  const recent = within(rows, at, view)
  const least = Math.max(2, view.settings.minCalls ?? DEFAULT_TOOLS)
  if (recent.length < least) return false
  return (
    hasDistinct(recent, 1, least) &&
    hasDistinct(recent, 2, LEAST_SERVERS) &&
    hasDistinct(recent, 0, 2)
  )
}

/** Stops at the count that is asked for: most sessions never come near it. */
function hasDistinct(rows: readonly Row[], column: number, least: number): boolean {
  const found: (number | undefined)[] = []
  for (const row of rows) {
    if (found.includes(row[column])) continue
    found.push(row[column])
    if (found.length >= least) return true
  }
  return false
}

function distinct(rows: readonly Row[], column: number): number {
  return new Set(rows.map((row) => row[column])).size
}

/** So many sources, or one where something restricted was read, make a collection. */
const LEAST_SOURCES = 2

/** The events of the burst whose data the request takes out; none where that is little. */
function gathered(event: RequestEvent, rows: readonly Row[], view: RuleView): readonly number[] {
  if (!event.traits.egress) return NO_SOURCES
  const burst = within(rows, event.at, view)
  const start = burst[0]?.[3] ?? event.number
  const sources = new Set<number>()
  for (const { from, trusted, role } of view.flows)
    if (!trusted && from >= start && role !== 'destination') sources.add(from)
  if (sources.size >= LEAST_SOURCES) return [...sources]
  const restricted = burst.filter(([, , , , isRestricted = 0]) => isRestricted === 1)
  if (restricted.length === 0) return NO_SOURCES
  // What was read may go out in other words.
  if (sources.size === 0 && !goesToStranger(event, view)) return NO_SOURCES
  return restricted.map(([, , , number = 0]) => number)
}

const NO_SOURCES: readonly number[] = []

function findingOf(
  event: RequestEvent,
  rows: readonly Row[],
  view: RuleView,
  sources: readonly number[],
): RuleFinding {
  const asks = sources.length > 0
  const recent = within(rows, event.at, view)
  return {
    rule: 'rapid_tool_switching',
    severity: asks ? 'high' : 'medium',
    confidence: asks ? 0.7 : 0.6,
    message: `${distinct(recent, 1)} different tools of ${distinct(recent, 2)} servers within ${(view.settings.windowMs ?? DEFAULT_WINDOW_MS) / 1000} s${asks ? ', and what they gave goes out' : ''}`,
    trigger: event.number,
    sources: asks ? sources : [recent[0]?.[3] ?? event.number],
    action: asks ? 'ask' : 'warn',
    score: asks ? 50 : 20,
    cause: asks ? actCause(event) : 'burst',
  }
}
