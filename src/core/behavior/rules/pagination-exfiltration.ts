import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { type Row, rowOf, rowsIn, withRow } from './evidence/memory.ts'
import { type PagePosition, pagePosition } from './evidence/page-position.ts'
import { textHash } from './evidence/text-hash.ts'
import { quoted } from './evidence/wording.ts'

/**
 * A list is read page by page until all of it is out. Any move counts, up, down or back to the start,
 * so that a reset silences nothing; a search that stays on its page does not. Three pages of a list
 * are ordinary and only noted, once; many, or many rows of a restricted source, are asked about.
 * @see https://attack.mitre.org/techniques/T1119/ automated collection
 */
export const paginationExfiltration: Rule = {
  id: 'pagination_exfiltration',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request' || !reads(event)) return undefined
    const read = pagePosition(event)
    if (read === undefined) return undefined
    const before = rowOf(rowsIn(view.memory, 'tools'), toolOf(event))
    const now = moved(before, read, event)
    const level = levelOf(now, event, view)
    return level > levelOf(before ?? [], event, view) ? findingOf(event, now, level) : undefined
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'request' || !reads(event)) return undefined
    const read = pagePosition(event)
    if (read === undefined) return undefined
    const tools = rowsIn(view.memory, 'tools')
    return { tools: withRow(tools, moved(rowOf(tools, toolOf(event)), read, event), MOST_TOOLS) }
  },
}

const DEFAULT_CALLS = 3
const MANY_PAGES = 25
const MANY_RESTRICTED_PAGES = 10
const MANY_RESTRICTED_ROWS = 1000
/** From here on each doubling is another level. */
const VERY_MANY_PAGES = 100
const MOST_TOOLS = 64
/** Positions told apart, for the question whether there are enough of them. */
const MOST_POSITIONS = 32

function reads(event: RequestEvent): boolean {
  return !event.traits.writes || event.traits.has('data_source')
}

function toolOf(event: RequestEvent): number {
  return textHash(event.call.resource.name)
}

/** The tool, moves, rows asked for, first and last event, last position, positions. */
function moved(
  before: Row | undefined,
  { position, size }: PagePosition,
  event: RequestEvent,
): Row {
  const [tool, moves = 0, rows = 0, first = 0, , last] = before ?? []
  if (tool === undefined)
    return [toolOf(event), 1, size, event.number, event.number, position, position]
  const positions = before?.slice(FIXED) ?? []
  const isKnown = positions.includes(position) || positions.length >= MOST_POSITIONS
  const isMove = position !== last
  return [
    tool,
    isMove ? moves + 1 : moves,
    isMove ? rows + size : rows,
    first,
    event.number,
    position,
    ...positions,
    ...(isKnown ? [] : [position]),
  ]
}
const FIXED = 6

/** 0: nothing; 1: pages are turned; 2: many; more: each doubling of very many. */
function levelOf(row: Row, event: RequestEvent, view: RuleView): number {
  const [, moves = 0, rows = 0] = row
  const least = Math.max(2, view.settings.minCalls ?? DEFAULT_CALLS)
  if (row.length - FIXED < Math.min(least, MOST_POSITIONS) || moves < least) return 0
  if (moves >= VERY_MANY_PAGES) return 3 + Math.floor(Math.log2(moves / VERY_MANY_PAGES))
  const { restricted } = event.traits
  if (restricted && (moves >= MANY_RESTRICTED_PAGES || rows >= MANY_RESTRICTED_ROWS)) return 2
  return moves >= MANY_PAGES ? 2 : 1
}

function findingOf(event: RequestEvent, row: Row, level: number): RuleFinding {
  const [, moves = 0, , first = event.number, last = event.number] = row
  const tool = event.call.resource.name
  const isMuch = level >= 2
  return {
    rule: 'pagination_exfiltration',
    severity: isMuch ? 'critical' : 'high',
    confidence: Math.min(0.95, 0.55 + 0.15 * level),
    message: `${quoted(tool)} is read page by page: ${moves} pages so far${isMuch ? '; approve where the task needs the whole list' : ''}`,
    trigger: event.number,
    sources: first === last ? [first] : [first, last],
    action: isMuch ? 'ask' : 'warn',
    score: isMuch ? 50 : 20,
    cause: `${tool}#${level}`,
  }
}
