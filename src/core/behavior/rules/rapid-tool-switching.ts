import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { type Row, rowsIn } from './evidence/memory.ts'
import { textHash } from './evidence/text-hash.ts'

/**
 * Many different tools of several servers within seconds, as when somebody feels out what there is.
 * Needs real times: where all events bear the same one, as in recordings, it says nothing.
 * @see https://attack.mitre.org/techniques/T1526/ cloud service discovery
 */
export const rapidToolSwitching: Rule = {
  id: 'rapid_tool_switching',
  on: 'request',
  severity: 'medium',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const before = rowsIn(view.memory, 'calls')
    const least = Math.max(2, view.settings.minCalls ?? DEFAULT_TOOLS)
    if (before.length + 1 < least || before.every(([at]) => at === event.at)) return undefined
    const now = [...before, rowFor(event)]
    if (!isBurst(now, event.at, view) || isBurst(before, before.at(-1)?.[0] ?? 0, view))
      return undefined
    return findingOf(event, now, view)
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'request') return undefined
    const before = within(rowsIn(view.memory, 'calls'), event.at, view)
    return { calls: [...before.slice(1 - MOST_CALLS), rowFor(event)] }
  },
}

const DEFAULT_WINDOW_MS = 10_000
const DEFAULT_TOOLS = 8
const LEAST_SERVERS = 3
const MOST_CALLS = 64

/** When, which tool, of which server, which event. */
function rowFor({ at, call, number }: RequestEvent): Row {
  const { name, server } = call.resource
  return [at, textHash(name), textHash(server ?? ''), number]
}

function within(rows: readonly Row[], at: number, view: RuleView): readonly Row[] {
  const start = at - (view.settings.windowMs ?? DEFAULT_WINDOW_MS)
  return rows.filter(([time = 0]) => time >= start && time <= at)
}

function isBurst(rows: readonly Row[], at: number, view: RuleView): boolean {
  const recent = within(rows, at, view)
  const least = Math.max(2, view.settings.minCalls ?? DEFAULT_TOOLS)
  if (recent.length < least) return false
  const times = distinct(recent, 0)
  return times >= 2 && distinct(recent, 1) >= least && distinct(recent, 2) >= LEAST_SERVERS
}

function distinct(rows: readonly Row[], column: number): number {
  return new Set(rows.map((row) => row[column])).size
}

function findingOf(event: RequestEvent, rows: readonly Row[], view: RuleView): RuleFinding {
  const recent = within(rows, event.at, view)
  return {
    rule: 'rapid_tool_switching',
    severity: 'medium',
    confidence: 0.6,
    message: `${distinct(recent, 1)} different tools of ${distinct(recent, 2)} servers within ${(view.settings.windowMs ?? DEFAULT_WINDOW_MS) / 1000} s`,
    trigger: event.number,
    sources: [recent[0]?.[3] ?? event.number],
    action: 'warn',
    score: 20,
    cause: 'burst',
  }
}
