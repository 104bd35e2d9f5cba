import type { JsonValue } from '../../model/json.ts'
import { wordsOf } from '../name-words.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { numberIn } from './evidence/memory.ts'
import { type SqlChange, sqlChange } from './evidence/sql-change.ts'
import { quoted, sourcesOf } from './evidence/wording.ts'
import { hasWord, wordSet } from './evidence/words.ts'

/**
 * SQL that changes data after restricted data was read, or after text that spoke to the model. A
 * statement that destroys is asked about; one that moves restricted values, or changes rows, is
 * noted; what the task asks for is let be, or only noted where it destroys.
 * @see https://attack.mitre.org/techniques/T1565/001/ stored data manipulation
 * @see https://attack.mitre.org/techniques/T1485/ data destruction
 */
export const sqlMutationAfterRead: Rule = {
  id: 'sql_mutation_after_read',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const read = numberIn(view.memory, 'restricted')
    const before = Math.max(read, view.suspiciousEvent)
    if (before === 0) return undefined
    const change = changeBy(event)
    return change === undefined ? undefined : judge(change, before, event, view)
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'response') return undefined
    const isRestricted =
      event.traits.restricted || view.matches.some((match) => match.class === 'secret')
    return isRestricted ? { restricted: event.number } : undefined
  },
}

const SQL_KEYS = wordSet('sql query queries statement statements script')
const MOST_TEXTS = 16
/** What an argument of no telling name must begin with to be taken for SQL. */
const SQL_HEAD =
  /^[\s(;]{0,32}(?:with\s|insert\s+into\s|update\s+\S{1,128}\s+set\s|delete\s+from\s|drop\s+(?:table|database|schema|view|index|user|role)\s|truncate\s|alter\s+(?:table|user|role|database)\s|merge\s+into\s|replace\s+into\s|grant\s)/i

/** The gravest change that one of the request's SQL texts makes. */
function changeBy(event: RequestEvent): SqlChange | undefined {
  const { sql_dialect } = event.call.resource
  const isSqlTool = event.traits.has('sql') || sql_dialect !== undefined
  let gravest: SqlChange | undefined
  let left = MOST_TEXTS
  for (const { key, text } of event.arguments) {
    if (!(isSqlTool && isSqlKey(key)) && !SQL_HEAD.test(text)) continue
    if (left-- === 0) return gravest ?? 'changes'
    const change = sqlChange(text, sql_dialect)
    if (change !== undefined && RANK[change] > RANK[gravest ?? 'none']) gravest = change
  }
  return gravest
}

const RANK: Readonly<Record<SqlChange | 'none', number>> = {
  none: 0,
  adds: 1,
  changes: 2,
  destroys: 3,
}

function isSqlKey(key: string): boolean {
  return key === '' || hasWord(wordsOf(key), SQL_KEYS)
}

function judge(
  change: SqlChange,
  before: number,
  event: RequestEvent,
  view: RuleView,
): RuleFinding | undefined {
  const isAsked = asksFor(event.call.task, change)
  const moved = view.flows.filter(({ origin, trusted }) => origin.restricted && !trusted)
  const isSuspicious = view.suspiciousEvent > 0
  if (change === 'destroys')
    return findingOf(event, [before], 'destroys data or changes rights', isAsked ? 'warn' : 'ask')
  if (isAsked) return undefined
  if (isSuspicious)
    return findingOf(
      event,
      [view.suspiciousEvent],
      'changes data after text that speaks to the model',
      'ask',
    )
  if (moved.length > 0)
    return findingOf(event, sourcesOf(moved), 'writes restricted values into a database', 'warn')
  return change === 'changes'
    ? findingOf(event, [before], 'changes rows after restricted data was read', 'warn')
    : undefined
}

function findingOf(
  event: RequestEvent,
  sources: readonly number[],
  words: string,
  action: 'warn' | 'ask',
): RuleFinding {
  const asks = action === 'ask'
  return {
    rule: 'sql_mutation_after_read',
    severity: asks ? 'high' : 'medium',
    confidence: asks ? 0.8 : 0.6,
    message: `${quoted(event.call.resource.name)} ${words}${asks ? '; approve where the task needs it' : ''}`,
    trigger: event.number,
    sources,
    action,
    score: asks ? 50 : 20,
    cause: actCause(event),
  }
}

const ASKED: Readonly<Record<SqlChange, RegExp>> = {
  adds: /\b(?:add|insert|create|log|record|save|store|write|register|enter|copy|import|note)/i,
  changes:
    /\b(?:updat|chang|set\b|fix|correct|renam|mark|edit|delet|remov|clos|assign|mov|clean|reset|sync)/i,
  destroys: /\b(?:drop|truncat|delet|remov|clean|purg|clear|wipe|grant|revok|alter|migrat|empty)/i,
}

// A task in another language asks for nothing here: its changes are noted, not stopped.
function asksFor(task: string | undefined, change: SqlChange): boolean {
  return task !== undefined && ASKED[change].test(task.slice(0, 16_384))
}
