import type { JsonValue } from '../../model/json.ts'
import { wordsOf } from '../name-words.ts'
import type { RequestEvent, ResponseEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { actCause } from './evidence/causes.ts'
import { numberIn } from './evidence/memory.ts'
import { onlyReads } from './evidence/reading-task.ts'
import { type SqlChange, sqlChange } from './evidence/sql-change.ts'
import { storeChange } from './evidence/store-change.ts'
import { taskSpeaksOf } from './evidence/task-words.ts'
import { quoted, sourcesOf } from './evidence/wording.ts'
import { hasWord, toolWords, wordSet } from './evidence/words.ts'

/**
 * Data is changed after restricted data or outside text was read. A statement that destroys, or gives
 * somebody more rights, is asked about, and so is any change where the task asks only to read; one
 * that moves restricted values, or changes rows, is noted; what the task asks for is let be, or only
 * noted where it destroys. Changes of many documents count like those of rows.
 * @see https://attack.mitre.org/techniques/T1565/001/ stored data manipulation
 * @see https://attack.mitre.org/techniques/T1485/ data destruction
 */
export const sqlMutationAfterRead: Rule = {
  id: 'sql_mutation_after_read',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    if (!event.traits.writes && !mayHoldSql(event)) return undefined
    const read = {
      restricted: numberIn(view.memory, 'restricted'),
      outside: numberIn(view.memory, 'outside'),
    }
    if (Math.max(read.restricted, read.outside, view.suspiciousEvent) === 0) return undefined
    const change = changeBy(event) ?? storeChange(event)
    return change === undefined ? unasked(read, event) : judge(change, read, event, view)
  },
  remember(event, view): JsonValue | undefined {
    return event.direction === 'response' ? readBy(event, view) : undefined
  },
}

/** Events that last gave restricted data, and text that strangers may have written; or 0. */
interface Read {
  readonly restricted: number
  readonly outside: number
}

function readBy(event: ResponseEvent, view: RuleView): JsonValue | undefined {
  const { name, server } = event.call.resource
  const isRestricted =
    event.traits.restricted || view.matches.some((match) => match.class === 'secret')
  const isOutside =
    !view.behavior.trustsTool(name, server) && event.leaves.some(({ kind }) => kind === 'prose')
  if (!isRestricted && !isOutside) return undefined
  return {
    restricted: isRestricted ? event.number : numberIn(view.memory, 'restricted'),
    outside: isOutside ? event.number : numberIn(view.memory, 'outside'),
  }
}

const SQL_KEYS = wordSet('sql query queries statement statements script')
const MOST_TEXTS = 16
/** What an argument of no telling name must begin with to be taken for SQL. */
const SQL_HEAD =
  /^[\s(;]{0,32}(?:with\s|insert\s+into\s|update\s+\S{1,128}\s+set\s|delete\s+from\s|drop\s+(?:table|database|schema|view|index|user|role)\s|truncate\s|alter\s+(?:table|user|role|database)\s|merge\s+into\s|replace\s+into\s|grant\s)/i

function mayHoldSql({ call, traits }: RequestEvent): boolean {
  return traits.has('sql') || call.resource.sql_dialect !== undefined || !call.resource.listed
}

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
  read: Read,
  event: RequestEvent,
  view: RuleView,
): RuleFinding | undefined {
  const isAsked = asksFor(event.call.task, change)
  if (change === 'destroys') return destroying(isAsked, read, event, view)
  if (isAsked) return undefined
  if (view.suspiciousEvent > 0)
    return findingOf(
      event,
      [view.suspiciousEvent],
      'changes data after text that speaks to the model',
      'ask',
    )
  const before = [read.restricted || read.outside]
  if (givesRights(event)) return findingOf(event, before, 'gives somebody more rights', 'ask')
  if (change === 'changes' && onlyReads(event.call.task))
    return findingOf(event, before, 'changes data, where the task asks only to read', 'ask')
  return read.restricted === 0 ? undefined : noted(change, read, event, view)
}

/** Noted where the task asks for it, and where nothing is known of either the task or the data. */
function destroying(
  isAsked: boolean,
  read: Read,
  event: RequestEvent,
  { suspiciousEvent }: RuleView,
): RuleFinding | undefined {
  const grave = Math.max(read.restricted, suspiciousEvent)
  if (isAsked && grave === 0) return undefined
  const isNoted = isAsked || (grave === 0 && event.call.task === undefined)
  const before = [grave || read.outside]
  return findingOf(event, before, 'destroys data or changes rights', isNoted ? 'warn' : 'ask')
}

function noted(
  change: SqlChange,
  read: Read,
  event: RequestEvent,
  view: RuleView,
): RuleFinding | undefined {
  const moved = view.flows.filter(({ origin, trusted }) => origin.restricted && !trusted)
  if (moved.length > 0)
    return findingOf(event, sourcesOf(moved), 'writes restricted values into a database', 'warn')
  return change === 'changes'
    ? findingOf(event, [read.restricted], 'changes rows after restricted data was read', 'warn')
    : undefined
}

const MAKES_ADMIN =
  /\b(?:roles?|is_?(?:admin|superuser|owner|staff)|permissions?|privileges?|access_?level|user_?type)["'`\]]?\s{0,8}[=:]\s{0,8}["']?(?:admin\w{0,10}|owner|root|super\w{0,10}|full|all|true|1)\b/i

/** `SET role = 'admin'`, and the like. */
function givesRights({ arguments: texts }: RequestEvent): boolean {
  return texts.slice(0, MOST_TEXTS).some(({ text }) => MAKES_ADMIN.test(text.slice(0, 4_096)))
}

const CHANGING = wordSet(
  'update set change edit modify delete remove overwrite replace patch reset adjust assign rename ' +
    'enter record grade mark cancel close approve reject archive revoke disable enable',
)

/** A call by name that changes something, where the task asks only to read and does not speak of it. */
function unasked(read: Read, event: RequestEvent): RuleFinding | undefined {
  const { call, traits } = event
  if (!traits.writes || !hasWord(toolWords(call.resource), CHANGING)) return undefined
  if (!onlyReads(call.task) || taskSpeaksOf(call)) return undefined
  const before = [Math.max(read.restricted, read.outside)]
  return findingOf(event, before, 'changes data, where the task asks only to read', 'ask')
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
